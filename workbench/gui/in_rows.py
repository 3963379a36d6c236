"""Widgets side by side, in as many rows as they need."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

_SPACING = 6


class InRows(QWidget):
    """Asks for one row, and is content with the width of its widest widget: buttons never widen a window."""

    def __init__(self, *widgets: QWidget) -> None:
        super().__init__()
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._widgets: list[QWidget] = []
        self.show_widgets(*widgets)

    def show_widgets(self, *widgets: QWidget) -> None:
        """Have these in place of those that were there, which are deleted."""
        for widget in self._widgets:
            widget.hide()  # it is deleted later, and would be seen until then
            widget.deleteLater()
        self._widgets = list(widgets)
        for widget in widgets:
            widget.setParent(self)
            widget.show()
        self._settle()

    def sizeHint(self) -> QSize:
        shown = self._shown
        width = sum(widget.sizeHint().width() for widget in shown) + _SPACING * max(0, len(shown) - 1)
        return QSize(width, max((widget.sizeHint().height() for widget in shown), default=0))

    def minimumSizeHint(self) -> QSize:
        widest = max((widget.sizeHint().width() for widget in self._shown), default=0)
        return QSize(widest, self.heightForWidth(max(widest, self.width())))

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return max((y + size.height() for _, _, y, size in self._places(width)), default=0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self._settle()
        return super().event(event)

    @property
    def _shown(self) -> list[QWidget]:
        return [widget for widget in self._widgets if not widget.isHidden()]

    def _settle(self) -> None:
        """Others are there, or they say something else."""
        self._place()
        self.updateGeometry()

    def _place(self) -> None:
        places = self._places(self.width())
        above = max(0, self.height() - max((y + size.height() for _, _, y, size in places), default=0)) // 2
        for widget, x, y, size in places:
            widget.setGeometry(x, above + y, size.width(), size.height())

    def _places(self, width: int) -> list[tuple[QWidget, int, int, QSize]]:
        """Where each stands in this width, and how large."""
        found, x, y = [], 0, 0
        row = max((widget.sizeHint().height() for widget in self._shown), default=0)
        for widget in self._shown:
            size = widget.sizeHint()
            if x and x + size.width() > width:
                x, y = 0, y + row + _SPACING
            found.append((widget, x, y + (row - size.height()) // 2, size))
            x += size.width() + _SPACING
        return found
