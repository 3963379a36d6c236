"""The trash, from which a person can take back what was thrown away."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QFile, QStandardPaths


def move_to_trash(path: Path) -> bool:
    """Whether it is there now. Qt makes no folder above the trash's, which a new home may lack."""
    try:
        data = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.GenericDataLocation)
        Path(data).mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError:
        pass  # a home that cannot be written to: some disks have a trash of their own
    return QFile(str(path)).moveToTrash()
