"""The summary bar: what the network costs, and what a dense one would."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy

from workbench.gui.document import Document
from workbench.gui.figures import count, size
from workbench.gui.own_keys import SelectableLabel
from workbench.project import Project

if TYPE_CHECKING:
    from workbench.compiler import Analysis


class SummaryBar(QFrame):
    """A line above the cards, or two where it is narrow; nothing in it can be edited."""

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._document = document
        self._text = SelectableLabel("Loading PyTorch …")
        self._text.setTextFormat(Qt.TextFormat.RichText)
        self._text.setAccessibleName("Summary")
        self._text.setWordWrap(True)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(14, 7, 14, 7)
        self._text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        layout.addWidget(self._text)
        document.analysed.connect(self._show)
        document.changed.connect(self._follow)

    def _follow(self, before: Project, after: Project) -> None:
        # Another graph is told of when it has been analysed.
        if before.recipe != after.recipe:
            self._show(self._document.analysis)

    def _show(self, analysis: Analysis | None) -> None:
        if analysis is None:
            return
        whole = analysis.inference()
        batch = self._document.recipe.batch_size
        memory = self._memory(batch)
        parts = [
            f"<b>{count(whole.parameters)}</b> parameters"
            if whole.parameters >= 1e6
            else f"<b>{whole.parameters:,}</b> parameters",
            f"<b>{count(whole.macs)}</b> multiply-adds",
            f"<b>{len(analysis.layers)}</b> layers",
        ]
        if memory is not None:
            parts.append(f"about <b>{size(memory)}</b> to train {batch} at once")
        field = analysis.receptive_field
        if field is not None:
            parts.append(f"last map sees <b>{float(field.height.size):g}×{float(field.width.size):g}</b> pixels")
        if whole.dense_parameters:
            parts.append(f"dense layers would need <b>{count(whole.dense_parameters)}</b> weights")
        # A line may end between two figures, not within one; a dot between them would be left hanging there.
        self._text.setText("&nbsp;&nbsp;&nbsp;&nbsp; ".join(part.replace(" ", "&nbsp;") for part in parts))
        self._text.setToolTip(
            "Multiply-adds are those of one picture. Memory is what a step needs: weights, gradients, the optimizer's "
            "memory, and every layer's output, which is kept for the way back."
        )

    def _memory(self, batch: int) -> int | None:
        """Bytes of a training step; None where the recipe asks for a device that is not here."""
        from workbench.training import DeviceError, choose
        from workbench.training.memory import estimate

        document = self._document
        try:
            return estimate(document.graph, document.recipe, batch, choose(document.recipe, document.graph))
        except DeviceError:
            return None
