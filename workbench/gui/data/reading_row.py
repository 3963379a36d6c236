"""How reading the images goes: a sentence, how far it is, and what can be done about it."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from workbench.gui.data.images import Images
from workbench.gui.figures import size
from workbench.gui.theme import Appearance, Theme

_FRAME_MILLISECONDS = 100


class ReadingRow(QWidget):
    """Follows the images by itself; `tell` says what they are once they are there."""

    def __init__(self, images: Images, appearance: Appearance) -> None:
        super().__init__()
        self._images, self._theme = images, appearance.theme
        self._sentence = QLabel("The images are read when PyTorch is there.")
        self._sentence.setWordWrap(True)
        self._sentence.setTextFormat(Qt.TextFormat.PlainText)
        self._sentence.setAccessibleName("What the images are")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedHeight(10)
        self._bar.setAccessibleName("Progress of reading the images")
        self.cancel_button = QPushButton("Cancel")
        self.cancel_button.clicked.connect(images.cancel)
        self.again_button = QPushButton("Read again")
        self.again_button.setToolTip("Read the images anew")
        self.again_button.clicked.connect(lambda: images.read_again())
        self.download_button = QPushButton("Download")
        self.download_button.clicked.connect(lambda: images.read_again(download=True))
        buttons = QHBoxLayout()
        buttons.addWidget(self._bar, 1)
        for button in (self.cancel_button, self.download_button, self.again_button):
            button.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
            buttons.addWidget(button)
        buttons.addStretch(0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self._sentence)
        layout.addLayout(buttons)
        self._timer = QTimer(self)
        self._timer.setInterval(_FRAME_MILLISECONDS)
        self._timer.timeout.connect(self._show_progress)
        images.state_changed.connect(self._follow)
        appearance.changed.connect(self._set_theme)
        self._follow()

    @property
    def sentence(self) -> str:
        return self._sentence.text()

    def tell(self, sentence: str) -> None:
        self._sentence.setText(sentence)

    def _follow(self, _: str = "") -> None:
        state = self._images.state
        reading = state == "reading"
        self._bar.setVisible(reading)
        self.cancel_button.setVisible(reading)
        self.download_button.setVisible(state == "away")
        self.again_button.setVisible(state in ("cancelled", "failed"))
        self._colour()
        if reading:
            self._bar.setRange(0, 0)
            self.tell("Reading images …")
            self._timer.start()
            return
        self._timer.stop()
        if state in ("failed", "away", "cancelled"):
            self.tell(self._images.sentence)

    def _show_progress(self) -> None:
        what, done, total = self._images.progress
        if not what:
            return
        in_bytes = what.startswith(("downloading", "checking ")) and not what.endswith("images")
        written = size if in_bytes else (lambda value: f"{value:,.0f}")
        amount = f": {written(done)}" + (f" of {written(total)}" if total else "") if done else ""
        self.tell(f"{what[0].upper()}{what[1:]}{amount} …")
        # Qt counts in 32 bits; some downloads have more bytes.
        self._bar.setRange(0, 1000 if total else 0)
        self._bar.setValue(round(1000 * done / total) if total else 0)

    def _colour(self) -> None:
        self._sentence.setStyleSheet(f"color: {self._theme.error}" if self._images.state == "failed" else "")

    def _set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self._colour()
