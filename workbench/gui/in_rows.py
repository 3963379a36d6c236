"""Widgets side by side, in as many rows as they need."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

_SPACING = 6


class InRows(QWidget):
    """Asks for one row, and is content with the width of its widest widget: buttons never widen a window.

    A widget whose own width is ignored takes what is left of its row, and moves those after it to the right.
    """

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
        self._widgets = []
        self.add(*widgets)

    def add(self, *widgets: QWidget) -> None:
        """Have these too, after those that are there."""
        self._widgets += widgets
        for widget in widgets:
            widget.setParent(self)
            widget.show()
        self._settle()

    def sizeHint(self) -> QSize:
        shown = self._shown
        width = sum(_wanted(widget).width() for widget in shown) + _SPACING * max(0, len(shown) - 1)
        return QSize(width, max((widget.sizeHint().height() for widget in shown), default=0))

    def minimumSizeHint(self) -> QSize:
        widest = max((_wanted(widget).width() for widget in self._shown), default=0)
        # Where panels are laid out for the first time it has the least width: a dock would grow by rows for that.
        width = self.width() if self.isVisible() and self.width() > widest else self.sizeHint().width()
        return QSize(widest, self.heightForWidth(width))

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return max((y + size.height() for _, _, y, size in self._places(width)), default=0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()
        if self.heightForWidth(event.oldSize().width()) != self.heightForWidth(self.width()):
            self.updateGeometry()

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
        rows: list[list[tuple[QWidget, QSize]]] = []
        x = 0
        for widget in self._shown:
            size = _wanted(widget)
            if not rows or x + size.width() > width:
                rows.append([])
                x = 0
            rows[-1].append((widget, size))
            x += size.width() + _SPACING
        high = max((size.height() for row in rows for _, size in row), default=0)
        found, y = [], 0
        for row in rows:
            x, left = 0, width - sum(size.width() + _SPACING for _, size in row) + _SPACING
            for widget, size in row:
                if _takes_the_rest(widget):
                    size.setWidth(max(0, left))
                found.append((widget, x, y + (high - size.height()) // 2, size))
                x += size.width() + _SPACING
            y += high + _SPACING
        return found


def _takes_the_rest(widget: QWidget) -> bool:
    return widget.sizePolicy().horizontalPolicy() == QSizePolicy.Policy.Ignored


def _wanted(widget: QWidget) -> QSize:
    hint = widget.sizeHint()
    return QSize(0, hint.height()) if _takes_the_rest(widget) else hint
