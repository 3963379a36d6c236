"""Maps and prediction of the chosen picture, side by side, with what chooses it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from workbench.gui.actions import Actions
from workbench.gui.inspection.maps import ActivationMaps
from workbench.gui.inspection.picture import Picture, PictureChoice
from workbench.gui.inspection.prediction import PredictionView
from workbench.gui.theme import Appearance

if TYPE_CHECKING:
    from workbench.training import Probe


class MapsPanel(QWidget):
    """What the network makes of the picture."""

    def __init__(self, choice: PictureChoice, appearance: Appearance, actions: Actions) -> None:
        super().__init__()
        self.maps = ActivationMaps(appearance)
        self.prediction = PredictionView(appearance)
        self._name = QLabel()
        self._name.setProperty("role", "muted")
        row = QHBoxLayout()
        row.setContentsMargins(10, 0, 10, 6)
        for name in ("previous_picture", "next_picture", "open_picture"):
            button = QToolButton()
            button.setDefaultAction(actions[name])
            button.setAutoRaise(True)
            row.addWidget(button)
        row.addWidget(self._name, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.maps, 1)
        layout.addWidget(self.prediction)
        layout.addLayout(row)
        choice.changed.connect(self._show_picture)
        if choice.picture is not None:
            self._show_picture(choice.picture)

    def show_probe(self, probe: Probe | None, classes: tuple[str, ...]) -> None:
        self.maps.show_probe(probe)
        self.prediction.show_probe(probe, classes)

    def _show_picture(self, picture: Picture) -> None:
        self.prediction.show_picture(picture.pixels, picture.truth)
        self._name.setText(picture.name + (f", class {picture.truth}" if picture.truth else ""))
