"""How the selected layers learn: frozen, or with a learning rate of their own."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QCheckBox, QFormLayout, QLabel, QWidget

from workbench.graph import Graph
from workbench.gui.document import Document
from workbench.gui.editor import commands
from workbench.gui.editor.boxes import DecimalBox
from workbench.project.fine_tuning import factor_of, is_frozen
from workbench.project.recipe import MOST_FACTOR


class LearningForm(QWidget):
    """Edits ``frozen`` and ``rate_factors`` of the recipe for some layers or blocks."""

    def __init__(self, document: Document, names: Sequence[str]) -> None:
        super().__init__()
        self._document, self._names = document, tuple(names)
        self.frozen = QCheckBox()
        self.frozen.setAccessibleName("frozen")
        self.factor = DecimalBox(0.0, MOST_FACTOR)
        self.factor.setAccessibleName("learning rate times")
        rows = QFormLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setHorizontalSpacing(10)
        for text, tip, editor in (
            (
                "frozen",
                "Its weights stay as they are; it runs in evaluation mode, batch normalization too",
                self.frozen,
            ),
            ("learning rate ×", "What the recipe's learning rate is multiplied by here", self.factor),
        ):
            label = QLabel(text)
            label.setToolTip(tip)
            label.setBuddy(editor)
            editor.setToolTip(tip)
            rows.addRow(label, editor)
        self.show_recipe()
        self.frozen.clicked.connect(lambda on: commands.freeze(self._document, self._names, on))
        self.factor.valueChanged.connect(lambda value: commands.set_rate_factor(self._document, self._names, value))

    def show_recipe(self) -> None:
        """Show what the recipe says of these layers now."""
        nodes = _nodes(self._document.graph, self._names)
        if not nodes:
            return
        recipe = self._document.recipe
        frozen = all(is_frozen(recipe, name) for name in nodes)
        self.frozen.setChecked(frozen)
        self.factor.blockSignals(True)
        self.factor.setValue(factor_of(recipe, nodes[0]))
        self.factor.blockSignals(False)
        self.factor.setEnabled(not frozen)


def _nodes(graph: Graph, names: Sequence[str]) -> list[str]:
    return [n for name in names for n in ([name] if name in graph else [node.name for node in graph.members(name)])]
