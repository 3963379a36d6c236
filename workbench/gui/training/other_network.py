"""A line above the network that says so while the panels show a training of another one."""

from __future__ import annotations

from PySide6.QtWidgets import QPushButton

from workbench.gui.document import Document
from workbench.gui.training.line_above import LineAbove
from workbench.gui.training.session import TrainingSession


class OtherNetworkBar(LineAbove):
    """Comes when another network is opened while one trains, and stays while the panels show that training."""

    def __init__(self, document: Document, session: TrainingSession) -> None:
        self.open = QPushButton("Open its network")
        super().__init__("Which network trains", self.open)
        self._document, self._session = document, session
        self.is_of_another = False
        document.opened.connect(self._look)
        session.state_changed.connect(self._follow)

    def _look(self) -> None:
        session = self._session
        self.is_of_another = (
            session.active and session.project is not None and session.project.graph != self._document.graph
        )
        self._tell()

    def _follow(self, state: str) -> None:
        if state == "preparing":
            self.is_of_another = False
        self._tell()

    def _tell(self) -> None:
        session = self._session
        self.setVisible(self.is_of_another)
        if self.is_of_another and session.directory is not None:
            name = session.directory.name
            does = f"{name} trains" if session.active else f"The training of {name} has ended"
            self.text.setText(f"{does}: curves and figures are of that network, not of the one that is open.")
