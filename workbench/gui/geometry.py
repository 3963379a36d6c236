"""Where a window stood when it was closed, kept for the next time."""

from __future__ import annotations

import base64
import binascii

from PySide6.QtCore import QByteArray
from PySide6.QtWidgets import QWidget

from workbench.gui.settings import Settings


def keep_geometry(window: QWidget, settings: Settings) -> None:
    """Remember where a window stands, which has to be seen still."""
    settings.set("geometry", base64.b64encode(window.saveGeometry().data()).decode())


def restore_geometry(window: QWidget, settings: Settings) -> None:
    """Put a window where it stood; what is no geometry is as if there were none."""
    try:
        content = base64.b64decode(settings.get("geometry", ""), validate=True)
    except (binascii.Error, ValueError):
        return
    if content:
        window.restoreGeometry(QByteArray(content))
