"""Another program, from which a file is dragged as a file manager offers it: to be copied, or rather moved.

python -m tests.gui.offered_files FILE LEFT TOP
"""

from __future__ import annotations

import sys

from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QDrag, QMouseEvent
from PySide6.QtWidgets import QApplication, QLabel


class Offer(QLabel):
    """A small window above all others. What became of the file is printed."""

    def __init__(self, file: str, left: int, top: int) -> None:
        super().__init__("a file")
        self._file = file
        above = Qt.WindowType.BypassWindowManagerHint | Qt.WindowType.WindowStaysOnTopHint
        self.setWindowFlags(Qt.WindowType.FramelessWindowHint | above)
        self.setGeometry(left, top, 100, 36)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(self._file)])
        drag = QDrag(self)
        drag.setMimeData(mime)
        actions = Qt.DropAction.CopyAction | Qt.DropAction.MoveAction
        print(drag.exec(actions, Qt.DropAction.MoveAction).name, flush=True)


def main() -> int:
    application = QApplication(sys.argv)
    offer = Offer(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
    offer.show()
    return application.exec()


if __name__ == "__main__":
    sys.exit(main())
