"""Maps and prediction of the chosen picture, one above the other, with what chooses it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QDragEnterEvent, QDropEvent, QIcon, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QVBoxLayout, QWidget

from workbench.data import read_picture
from workbench.gui.actions import FOR_MAPS
from workbench.gui.copying import accept_a_copy
from workbench.gui.inspection.dropped import is_picture
from workbench.gui.inspection.maps import ActivationMaps
from workbench.gui.inspection.photos import PHOTOS, content
from workbench.gui.inspection.picture import Picture, PictureChoice
from workbench.gui.inspection.prediction import PredictionView
from workbench.gui.menus import Actions
from workbench.gui.pixels import picture
from workbench.gui.theme import Appearance
from workbench.gui.wrapped import Wrapped
from workbench.inspection import Seen

_THUMBNAIL = 40

Try = Callable[[Callable[[], object], str], None]
"""Takes a picture, which may turn out to be none, and its name for saying so."""


class MapsPanel(QWidget):
    """What the network makes of the picture. A picture that is dropped on it is looked at."""

    def __init__(self, choice: PictureChoice, appearance: Appearance, actions: Actions, attempt: Try) -> None:
        super().__init__()
        self._choice, self._attempt = choice, attempt
        self.setAcceptDrops(True)
        self.maps = ActivationMaps(appearance)
        self.prediction = PredictionView(appearance)
        self._name = Wrapped("muted")
        row = QHBoxLayout()
        row.setContentsMargins(6, 0, 10, 4)
        row.setSpacing(0)
        for name in ("previous_picture", "next_picture"):
            row.addWidget(_button(actions[name]))
        self.photos = _button(actions["next_photo"])
        self.photos.setPopupMode(QToolButton.ToolButtonPopupMode.MenuButtonPopup)
        self._menu = QMenu(self)
        self._menu.aboutToShow.connect(self._fill_menu)
        self.photos.setMenu(self._menu)
        row.addWidget(self.photos)
        for name in ("open_picture", "paste_picture"):
            row.addWidget(_button(actions[name]))
        row.addSpacing(6)
        row.addWidget(self._name, 1, Qt.AlignmentFlag.AlignVCenter)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.maps, 1)
        layout.addWidget(self.prediction)
        layout.addLayout(row)
        for view in (self.maps.view, self.maps.large.image):
            view.asked.connect(lambda place: actions.menu_for(FOR_MAPS, self).popup(place))
        choice.changed.connect(self.show_picture)
        if choice.picture is not None:
            self.show_picture(choice.picture)

    def show_seen(self, seen: Seen, classes: tuple[str, ...], trained: bool = True) -> None:
        """Draw what has come of the picture."""
        self.maps.show_seen(seen)
        self.prediction.show_seen(seen, classes, trained)

    def clear(self, message: str, picture: bool = False) -> None:
        """Nothing has come of the picture, and why; there may not even be a ``picture``."""
        self.maps.clear(message)
        self.prediction.clear(picture)
        if picture:
            self._name.setText("")

    def show_picture(self, chosen: Picture) -> None:
        """Show which picture it is that is looked at."""
        self.prediction.show_picture(chosen.pixels, chosen.truth)
        self._name.setText(chosen.name)

    def _fill_menu(self) -> None:
        """The photos with what is on them; read when the menu is first opened."""
        if self._menu.actions():
            return
        for photo in PHOTOS:
            action = QAction(photo.title, self._menu)
            action.setToolTip(photo.credit)
            try:
                pixels = read_picture(content(photo), 4 * _THUMBNAIL).numpy()
                action.setIcon(QIcon(_thumbnail(QPixmap.fromImage(picture(pixels)))))
            except OSError:
                action.setEnabled(False)
            action.triggered.connect(
                lambda _=False, p=photo: self._attempt(lambda: self._choice.take_photo(p), p.title)
            )
            self._menu.addAction(action)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if is_picture(event.mimeData()):
            accept_a_copy(event)

    def dropEvent(self, event: QDropEvent) -> None:
        mime = event.mimeData()
        if is_picture(mime):
            accept_a_copy(event)
            self._attempt(lambda: self._choice.take_handed(mime, "dropped"), "What was dropped")


def _button(action: QAction) -> QToolButton:
    button = QToolButton()
    button.setDefaultAction(action)
    button.setAutoRaise(True)
    button.setIconSize(QSize(18, 18))
    return button


def _thumbnail(pixmap: QPixmap) -> QPixmap:
    """The middle of a picture, square."""
    fill, smooth = Qt.AspectRatioMode.KeepAspectRatioByExpanding, Qt.TransformationMode.SmoothTransformation
    scaled = pixmap.scaled(_THUMBNAIL, _THUMBNAIL, fill, smooth)
    left, top = (scaled.width() - _THUMBNAIL) // 2, (scaled.height() - _THUMBNAIL) // 2
    return scaled.copy(left, top, _THUMBNAIL, _THUMBNAIL)
