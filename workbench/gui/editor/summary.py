"""The summary bar: what the network costs, and what a dense one would."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy

from workbench.gui.document import Document
from workbench.gui.figures import count, size

if TYPE_CHECKING:
    from workbench.compiler import Analysis


class SummaryBar(QFrame):
    """One line above the cards; nothing in it can be edited."""

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._document = document
        self._text = QLabel("Loading PyTorch …")
        self._text.setTextFormat(Qt.TextFormat.RichText)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._text.setAccessibleName("Summary")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(14, 7, 14, 7)
        self._text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        layout.addWidget(self._text)
        document.analysed.connect(self._show)
        document.changed.connect(lambda *_: self._show(document.analysis))

    def _show(self, analysis: Analysis | None) -> None:
        if analysis is None:
            return
        whole = analysis.inference()
        batch = self._document.recipe.batch_size
        memory = 3 * 4 * analysis.parameters + 2 * batch * analysis.activation_bytes
        parts = [
            f"<b>{count(whole.parameters)}</b> parameters"
            if whole.parameters >= 1e6
            else f"<b>{whole.parameters:,}</b> parameters",
            f"<b>{count(whole.macs)}</b> multiply-adds",
            f"<b>{len(analysis.layers)}</b> layers",
            f"about <b>{size(memory)}</b> to train {batch} at once",
        ]
        field = analysis.receptive_field
        if field is not None:
            parts.append(f"last map sees <b>{float(field.height.size):g}×{float(field.width.size):g}</b> pixels")
        if whole.dense_parameters:
            parts.append(f"dense layers would need <b>{count(whole.dense_parameters)}</b> weights")
        self._text.setText(" &nbsp;·&nbsp; ".join(parts))
        self._text.setToolTip(
            "Multiply-adds of one picture. Memory: weights, gradients and momentum, and each layer's output and its "
            "gradient, in 32-bit numbers."
        )
