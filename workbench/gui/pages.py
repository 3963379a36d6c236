"""What the window shows in its middle: presets and examples, the network with its panels, or a lab."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget

from workbench.gui.editor.panel import EditorPanel
from workbench.gui.start_page import StartPage
from workbench.gui.theme import Appearance
from workbench.gui.workspace import Workspace

if TYPE_CHECKING:
    from workbench.gui.labs.page import LabsPage


class Pages(QStackedWidget):
    """One of them at a time. ``network_wanted(name)`` and ``report_wanted`` come from the labs."""

    network_wanted = Signal(str)
    report_wanted = Signal()

    def __init__(
        self, start_page: StartPage, editor: EditorPanel, workspace: Workspace, appearance: Appearance
    ) -> None:
        super().__init__()
        self._start_page, self._editor, self._workspace = start_page, editor, workspace
        self._appearance = appearance
        self._labs: LabsPage | None = None
        self.addWidget(start_page)
        self.addWidget(workspace)
        start_page.left.connect(self.show_editor)

    @property
    def shows_editor(self) -> bool:
        """Whether it is the editor that is shown, and neither the presets nor a lab."""
        return self.currentWidget() is self._workspace

    @property
    def shows_lab(self) -> bool:
        return self._labs is not None and self.currentWidget() is self._labs

    @property
    def labs(self) -> LabsPage | None:
        """The page of the labs; None before one was opened."""
        return self._labs

    def show_start_page(self) -> None:
        self.setCurrentWidget(self._start_page)
        self._start_page.show_recent()
        self._start_page.setFocus()

    def show_editor(self) -> None:
        self.setCurrentWidget(self._workspace)
        self._editor.view.setFocus()

    def show_lab(self, name: str) -> Any:
        """Open one of the labs, in place of the editor; its view."""
        if self._labs is None:
            from workbench.gui.labs.page import LabsPage

            self._labs = LabsPage(self._appearance)
            self._labs.network_wanted.connect(self.network_wanted)
            self._labs.report_wanted.connect(self.report_wanted)
            self.addWidget(self._labs)
        self.setCurrentWidget(self._labs)
        self._labs.show_lab(name)
        return self._labs.lab

    def go_to_panel(self, title: str) -> None:
        """Bring a panel to the front, also one that was closed, and give it the keyboard."""
        self.setCurrentWidget(self._workspace)
        self._workspace.go_to(title)

    def go_to_next_panel(self, step: int) -> None:
        """Give the keyboard to the panel after the one that has it, or before it; the network is one of them."""
        title = self._workspace.next_open(step)
        self.go_to_panel(title) if title else self.show_editor()
