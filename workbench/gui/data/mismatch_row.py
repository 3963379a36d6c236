"""Where the network ends in another number of classes than the images have: a sentence, and what mends it."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from workbench.gui.data.fitting import ending_in, ends_in
from workbench.gui.document import Document
from workbench.gui.editor.inspector import Try
from workbench.gui.theme import Appearance, Theme


class MismatchRow(QWidget):
    """Hidden where all is well."""

    def __init__(self, document: Document, appearance: Appearance, attempt: Try) -> None:
        super().__init__()
        self._document, self._attempt = document, attempt
        self._classes = 0
        self._sentence = QLabel()
        self._sentence.setWordWrap(True)
        self.fit_button = QPushButton("Fit the network")
        self.fit_button.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.fit_button.clicked.connect(self._fit_network)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self._sentence)
        layout.addWidget(self.fit_button)
        document.analysed.connect(lambda _: self._compare())
        appearance.changed.connect(self._set_theme)
        self._set_theme(appearance.theme)
        self._compare()

    @property
    def sentence(self) -> str:
        """What is wrong; nothing where nothing is."""
        return "" if self.isHidden() else self._sentence.text()

    def show_classes(self, classes: int) -> None:
        """The images have so many classes; 0 where there are no images."""
        self._classes = classes
        self._compare()

    def _compare(self) -> None:
        ends, classes = ends_in(self._document.graph), self._classes
        self.setVisible(classes > 0 and ends is not None and ends != classes)
        self._sentence.setText(f"The network ends in {ends} classes, but these images have {classes}.")
        self.fit_button.setText(f"Let it end in {classes}")

    def _fit_network(self) -> None:
        classes = self._classes
        graph = ending_in(self._document.graph, classes)
        self._attempt(lambda: self._document.set_graph(graph, f"End in {classes} classes"))

    def _set_theme(self, theme: Theme) -> None:
        self._sentence.setStyleSheet(f"color: {theme.warning}")
