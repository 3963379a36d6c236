"""The stops of the Tab key, and how each is called."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QTabBar, QWidget


def _takes_tab(widget: QWidget) -> bool:
    return bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus) and widget.isEnabled() and widget.focusProxy() is None


def shown(inside: QWidget) -> Iterator[QWidget]:
    """What the Tab key goes through, in its order."""
    widget = inside
    while True:
        if inside.isAncestorOf(widget) and _takes_tab(widget) and widget.isVisibleTo(inside):
            yield widget
        widget = widget.nextInFocusChain()
        if widget is inside:
            return


def spoken(widget: QWidget) -> str:
    told = QAccessible.queryAccessibleInterface(widget)
    return told.text(QAccessible.Text.Name).strip() if told is not None else ""


def nameless(inside: QWidget) -> list[str]:
    # What a list drops down is a window of its own.
    widgets = [w for w in inside.findChildren(QWidget) if _takes_tab(w) and w.window() is inside.window()]
    return [
        f"{type(w).__name__} {w.objectName()} in {place_of(w)}" for w in widgets if not w.isHidden() and not name_of(w)
    ]


def name_of(widget: QWidget) -> str:
    """Its own: a tab bar speaks with the name of the tab in front, which does not tell what is chosen there."""
    return widget.accessibleName() if isinstance(widget, QTabBar) else spoken(widget)


def place_of(widget: QWidget) -> str:
    parts = []
    above = widget.parentWidget()
    while above is not None and len(parts) < 4:
        parts.append(type(above).__name__)
        above = above.parentWidget()
    return " in ".join(parts)
