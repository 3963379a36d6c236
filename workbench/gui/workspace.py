"""The editor with panels round it that can be moved, closed, stacked and brought back."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from typing import Literal

from PySide6.QtCore import QByteArray, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QApplication, QDockWidget, QMainWindow, QScrollArea, QTabBar, QWidget

from workbench.gui.hints import centred

_VERSION = 1
_AREAS = Qt.DockWidgetArea

Side = Literal["left", "right", "bottom"]
_FORM_WIDTH = 330
_SIDES: dict[Side, Qt.DockWidgetArea] = {
    "left": _AREAS.LeftDockWidgetArea,
    "right": _AREAS.RightDockWidgetArea,
    "bottom": _AREAS.BottomDockWidgetArea,
}

PANELS: dict[str, tuple[Qt.DockWidgetArea, str]] = {
    "Layers": (_AREAS.LeftDockWidgetArea, ""),
    "Edits": (_AREAS.LeftDockWidgetArea, "Layers"),
    "Inspector": (_AREAS.RightDockWidgetArea, ""),
    "Recipe": (_AREAS.RightDockWidgetArea, "Inspector"),
    "Data": (_AREAS.RightDockWidgetArea, "Inspector"),
    "Curves": (_AREAS.BottomDockWidgetArea, ""),
    "Weights": (_AREAS.BottomDockWidgetArea, "Curves"),
    "Value": (_AREAS.BottomDockWidgetArea, "Curves"),
    "Health": (_AREAS.BottomDockWidgetArea, "Curves"),
    "Confusion": (_AREAS.BottomDockWidgetArea, "Curves"),
    "Mistakes": (_AREAS.BottomDockWidgetArea, "Curves"),
    "Hardest": (_AREAS.BottomDockWidgetArea, "Curves"),
    "Runs": (_AREAS.BottomDockWidgetArea, "Curves"),
    "Pre-flight": (_AREAS.BottomDockWidgetArea, "Curves"),
    "Problems": (_AREAS.BottomDockWidgetArea, "Curves"),
    "Maps": (_AREAS.RightDockWidgetArea, ""),
    "Attribution": (_AREAS.RightDockWidgetArea, "Maps"),
    "Excitation": (_AREAS.RightDockWidgetArea, "Maps"),
}
"""Each panel's side, and the panel behind whose tab it stands."""

_WIDTHS = (150, 0.16, 204, 0.1, 250), (264, 0.26, 330, 0.19, 480)
"""Of what is at the left and the right: the least, a small window's share, the usual, a large one's share, the most."""

_MOST_STOPS = 1000
"""Of the keyboard in a window that shows none of them: then it stays at the last one."""

_IN_FRONT = ("Layers", "Inspector", "Curves", "Maps")


class Workspace(QMainWindow):
    """Panels by title.

    Tabs are made and the layout restored when it is first shown: before, Qt leaves tab bars behind. ``arranged`` when
    that is done, and each panel has the room that it will have.
    """

    seen_changed = Signal()
    arranged = Signal()

    def __init__(self, centre: QWidget, layout: str) -> None:
        super().__init__()
        self.setWindowFlags(Qt.WindowType.Widget)
        self.setCentralWidget(centre)
        self.setDockNestingEnabled(True)
        self.setCorner(Qt.Corner.BottomRightCorner, _AREAS.RightDockWidgetArea)
        self.setCorner(Qt.Corner.BottomLeftCorner, _AREAS.LeftDockWidgetArea)
        self._kept: str | None = layout
        self._stacked = False
        self._wanted: list[str] = []
        self._default = QByteArray()
        self._docks: dict[str, QDockWidget] = {}
        self._seen: dict[str, bool] = {}
        for title, (area, _) in PANELS.items():
            dock = QDockWidget(title, self)
            dock.setObjectName(title)
            dock.setWidget(_later())
            self.addDockWidget(area, dock)
            self._docks[title] = dock
            dock.visibilityChanged.connect(lambda seen, name=title: self._keep_seen(name, seen))

    def put(self, title: str, widget: QWidget) -> None:
        """Fill a panel."""
        if not widget.accessibleName():
            widget.setAccessibleName(title)
        # Or each frame of a curve would have the panel's title, the panels' page and the window painted under it.
        widget.setAutoFillBackground(True)
        before = self._docks[title].widget()
        self._docks[title].setWidget(widget)
        if before is not None:
            before.deleteLater()

    def reveal(self, title: str) -> None:
        """Bring a panel to the front, also one that was closed."""
        if self._kept is not None:
            self._wanted.append(title)
            return
        dock = self._docks[title]
        if dock.isFloating() and dock.isHidden():
            dock.setFloating(False)  # X11 has forgotten where it floated: it would lie over the menus
        dock.show()
        dock.raise_()

    def go_to(self, title: str) -> None:
        """Bring a panel to the front and give it the keyboard: the part that it names for that, or the first."""
        self.reveal(title)
        dock = self._docks[title]
        # Not by the chain of Qt: PySide makes each widget that it returns a child, and holds the window for ever.
        takes = (w for w in dock.findChildren(QWidget) if w.focusPolicy() & Qt.FocusPolicy.TabFocus)
        first = next((w for w in takes if w.isVisibleTo(dock) and w.isEnabled()), None)
        inside = dock.widget()
        named = inside.focusProxy() if inside is not None else None
        (named or first or dock).setFocus(Qt.FocusReason.ShortcutFocusReason)

    @property
    def current(self) -> str:
        """The panel that has the keyboard; '' where none has."""
        holder = QApplication.focusWidget()
        while holder is not None and holder not in self._docks.values():
            holder = holder.parentWidget()
        return holder.objectName() if holder is not None else ""

    def next_open(self, step: int) -> str:
        """The panel after the one that has the keyboard, or before it, of those that are open; '' for the network."""
        open_ones = ["", *(title for title, dock in self._docks.items() if not dock.isHidden())]
        here = open_ones.index(self.current) if self.current in open_ones else 0
        return open_ones[(here + step) % len(open_ones)]

    def is_open(self, title: str) -> bool:
        """Whether a panel is there, be it behind another's tab."""
        return not self._docks[title].isHidden()

    def move_panel(self, title: str, side: Side) -> None:
        """Have a panel at this side, as a tab where others are there."""
        dock, area = self._docks[title], _SIDES[side]
        there = [d for d in self._docks.values() if self.dockWidgetArea(d) == area]
        there = [d for d in there if d is not dock and not d.isHidden() and not d.isFloating()]
        dock.setFloating(False)
        self.addDockWidget(area, dock)
        if there:
            self.tabifyDockWidget(next((d for d in there if self.is_seen(d.objectName())), there[0]), dock)
        if side != "bottom":  # a form is cut off where layers have room
            self.resizeDocks([dock], [max(dock.width(), _FORM_WIDTH)], Qt.Orientation.Horizontal)
        self.go_to(title)

    def close_panel(self, title: str) -> None:
        self._docks[title].close()

    def detach(self, title: str) -> None:
        """Have a panel in a window of its own, or back at its side."""
        dock = self._docks[title]
        dock.setFloating(not dock.isFloating())
        dock.activateWindow()
        self.go_to(title)

    def is_seen(self, title: str) -> bool:
        """Whether a panel is open and not behind another's tab, where Qt still calls it visible."""
        return self._seen.get(title, False) and self._docks[title].isVisible()

    def pass_over_unseen(self, go_on: Callable[[], bool]) -> bool:
        """Take the keyboard from stop to stop until it is where a person sees it; whether there was a next one.

        A panel behind another's tab lies beside the window, and for Qt that is no reason to leave it out.
        """
        for _ in range(_MOST_STOPS):
            if not go_on():
                return False
            holder = QApplication.focusWidget()
            unseen = (dock for title, dock in self._docks.items() if not self.is_seen(title))
            if holder is None or not any(dock.isAncestorOf(holder) for dock in unseen):
                break
        return True

    def _keep_seen(self, title: str, seen: bool) -> None:
        # Qt makes bars of tabs, and ends them, as panels are moved: then some of them come to be seen or unseen.
        for bar in self.findChildren(QTabBar, options=Qt.FindChildOption.FindDirectChildrenOnly):
            bar.setAccessibleName("Panels")
        if self._seen.get(title) != seen:
            self._seen[title] = seen
            self.seen_changed.emit()

    def set_title(self, panel: str, title: str) -> None:
        self._docks[panel].setWindowTitle(title)

    def reset(self) -> None:
        """The layout as it was at the first start."""
        if self._kept is not None:  # it has not been shown yet
            self._kept, self._wanted = "", []
            return
        self.restoreState(self._default, _VERSION)
        for dock in self._docks.values():
            dock.show()
        self._to_front()

    def layout_text(self) -> str:
        """The layout as it is, for the next start."""
        if self._kept is not None:
            return self._kept
        return base64.b64encode(self.saveState(_VERSION).data()).decode()

    def minimumSizeHint(self) -> QSize:
        """None before it is shown: panels that do not stand behind each other yet would widen the whole window."""
        return super().minimumSizeHint() if self._stacked else QSize(0, 0)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stacked:
            return
        # At once: beside each other the panels would make the window wider than the screen.
        self._stacked = True
        for title, (_, beside) in PANELS.items():
            if beside:
                self.tabifyDockWidget(self._docks[beside], self._docks[title])
        QTimer.singleShot(0, self._arrange)

    def _arrange(self) -> None:
        """Restore the layout once the window has its real size."""
        if self._kept is None:
            return
        kept, self._kept = self._kept, None
        self._set_sizes()
        self._to_front()
        self._default = self.saveState(_VERSION)
        try:
            content = base64.b64decode(kept, validate=True)
        except (binascii.Error, ValueError):
            content = b""
        if content:
            self.restoreState(QByteArray(content), _VERSION)
        for title in self._wanted:
            self.reveal(title)
        QTimer.singleShot(0, self, self.arranged.emit)

    def _set_sizes(self) -> None:
        """A large window gives its panels more, up to where they need no more."""
        docks, sides = self._docks, Qt.Orientation
        left, right = (
            int(min(max(least, min(usual, small * self.width()), large * self.width()), most))
            for least, small, usual, large, most in _WIDTHS
        )
        self.resizeDocks([docks["Layers"], docks["Inspector"]], [left, right], sides.Horizontal)
        self.resizeDocks([docks["Curves"]], [int(min(max(280, 0.3 * self.height()), 420))], sides.Vertical)
        self.resizeDocks([docks["Inspector"], docks["Maps"]], [300, 420], sides.Vertical)

    def _to_front(self) -> None:
        for title in _IN_FRONT:
            self._docks[title].raise_()


def _later() -> QScrollArea:
    """What stands where a panel will be once torch is there."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setWidget(centred("Loading PyTorch …"))
    return area
