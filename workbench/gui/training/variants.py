"""The window in which variants of one's own network race, each with one thing changed and each kept as a run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QComboBox, QDialog, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from workbench.graph import FieldError, parse_value
from workbench.gui.labs.lab import Row
from workbench.gui.labs.race import RaceLab
from workbench.gui.theme import Appearance
from workbench.labs.race import Lap, Variant, race
from workbench.labs.variants import AS_IT_WAS, kept_in, one_thing_changed, with_setting
from workbench.project import Project, Recipe

_TICKED = (AS_IT_WAS, "L2", "dropout", "augmentation", "half the width")
_MACHINE = ("precision", "channels_last", "compile", "checkpoint_seconds")
_WORDS = ("text", "texts", "ints")


class VariantsLab(RaceLab):
    """Who races: the project as it was, the usual changes, and whatever setting a person adds."""

    kept = Signal()

    def __init__(self, appearance: Appearance, project: Project, root: Callable[[], Path]) -> None:
        self._project, self._root = project, root
        self._added: list[Variant] = []
        self._usual = one_thing_changed(project)
        super().__init__(appearance, lambda: [*self._usual, *self._added], "Validation loss")
        self.order: QComboBox = self.controls.choice("train", ("an epoch of each in turn", "one after the other"))
        self._build_adding()
        self._tick_only(_TICKED)
        self.told.setText(f"Tick what to try; each becomes a run of {project.recipe.epochs} epochs.")

    def racing(self, variants: list[Variant], check: Callable[[], object]) -> Iterator[Lap]:
        return race(variants, check, kept_in(self._root()), self.order.currentIndex() == 0)

    def ended(self) -> None:
        self.kept.emit()

    def add_setting(self) -> None:
        """Have the chosen setting's values race too, and what was ticked as before."""
        name = self.setting.currentText()
        values = [parse_value(text.strip()) for text in self.values.text().split(",") if text.strip()]
        try:
            found = with_setting(self._project, name, values)
        except FieldError as error:
            self.told.setText(f"{error}.")
            return
        known = {variant.project for variant in (*self._usual, *self._added)}
        new = [variant for variant in found if variant.project not in known]
        if not new:
            self.told.setText(
                f"Type values of {name.replace('_', ' ')} that are not among them yet, such as {self._such(name)}."
            )
            return
        ticked = [variant.name for row, variant in enumerate(self._variants) if self.table.takes_part(row)]
        self._added += new
        self.take(self._line_up)
        self._tick_only((*ticked, *(variant.name for variant in new)))
        self.values.clear()
        self.told.setText(f"{len(new)} more to try.")

    def _build_adding(self) -> None:
        row = Row()
        fields = (field for field in Recipe.fields() if field.type not in _WORDS)
        names = tuple(field.name for field in fields if field.name not in _MACHINE)
        self.setting: QComboBox = row.choice("also try", names)
        self.setting.setCurrentText("learning_rate")
        self.values = QLineEdit()
        self.values.setMinimumWidth(300)
        row.put("at", self.values)
        add = QPushButton("Add")
        add.clicked.connect(self.add_setting)
        self.values.returnPressed.connect(self.add_setting)
        row.add(add)
        layout: Any = self.layout()
        layout.insertWidget(1, row)
        # There are many to choose from, more than can be seen beside their curves.
        layout.setStretchFactor(self.plots, 1)
        layout.setStretchFactor(self.table, 1)
        self.setting.currentTextChanged.connect(self._hint)
        self._hint(self.setting.currentText())

    def _hint(self, name: str) -> None:
        self.values.setPlaceholderText(f"values with commas, such as {self._such(name)}")

    def _such(self, name: str) -> str:
        field = next(field for field in Recipe.fields() if field.name == name)
        now = getattr(self._project.recipe, name)
        if field.choices:
            return ", ".join(choice for choice in field.choices if choice != now)
        if isinstance(now, bool):
            return "false" if now else "true"
        if isinstance(now, int | float) and now:
            return f"{field.check(type(now)(now / 2) or 1):g}, {now * 2:g}"
        return "0.1, 0.3" if field.type == "float" else "1, 2"

    def _tick_only(self, names: tuple[str, ...]) -> None:
        for row, variant in enumerate(self._variants):
            item = self.table.item(row, 0)
            if item is not None:
                item.setCheckState(Qt.CheckState.Checked if variant.name in names else Qt.CheckState.Unchecked)


class VariantsWindow(QDialog):
    """One comparison, which ends when the window is closed. ``kept`` when runs have come to stand in the folder."""

    kept = Signal()

    def __init__(
        self, project: Project, of: str, root: Callable[[], Path], appearance: Appearance, parent: QWidget
    ) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setWindowTitle(f"Compare variants of {of}")
        self.resize(1100, 760)
        text = QLabel(
            "The same network and images, trained again with one thing changed. The star marks each one's best epoch; "
            "the gap is validation loss minus training loss. All of them stay among the runs."
        )
        text.setWordWrap(True)
        text.setProperty("role", "muted")
        self.lab = VariantsLab(appearance, project, root)
        self.lab.kept.connect(self.kept)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 12, 14, 12)
        layout.addWidget(text)
        layout.addWidget(self.lab, 1)
        for button in self.findChildren(QPushButton):
            button.setAutoDefault(False)  # Return in a field would press the dialog's first button

    def closeEvent(self, event: QCloseEvent) -> None:
        self.lab.leave()
        super().closeEvent(event)
