"""One run in the history's list."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTreeWidget, QTreeWidgetItem

from workbench.runs import Run, state_in_words

COLUMNS = ("Run", "Network", "Data", "State", "Epochs", "Best loss", "Accuracy")

_UNFINISHED = ("stopped", "interrupted", "failed")


class RunRow(QTreeWidgetItem):
    """A run in one line, made of its summary; its name can be typed anew."""

    def __init__(self, parent: QTreeWidget, run: Run, summary: dict[str, Any]) -> None:
        loss, accuracy = summary["validation_loss"], summary["validation_accuracy"]
        super().__init__(
            parent,
            [
                summary["run"], summary["network"], Path(summary["data"]).name, state_in_words(summary),
                str(summary["epochs"]), "" if loss is None else f"{loss:.4f}",
                "" if accuracy is None else f"{accuracy:.1%}",
            ],
        )  # fmt: skip
        self.directory = str(run.directory)
        self.state: str = summary["status"]
        self.is_unfinished = self.state in _UNFINISHED
        self.has_never_begun = self.is_unfinished and not summary["begun"]
        self.setFlags(self.flags() | Qt.ItemFlag.ItemIsEditable)
        sentence = run.report.get("sentence", "")
        self.setToolTip(0, f"{run.directory}\n{sentence}".strip())
        self.setToolTip(1, summary["network"])
        if self.has_never_begun:
            self.setToolTip(3, sentence or "It left nothing but its settings.")

    @property
    def is_ticked(self) -> bool:
        return self.checkState(0) == Qt.CheckState.Checked

    def tick(self, on: bool) -> None:
        self.setCheckState(0, Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)
