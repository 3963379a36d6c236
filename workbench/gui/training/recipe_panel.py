"""The recipe as a form, its settings in the groups in which people think of them."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtWidgets import QFrame, QPushButton, QScrollArea, QVBoxLayout, QWidget

from workbench.gui.document import Document
from workbench.gui.editor.form import Form
from workbench.gui.editor.inspector import Try
from workbench.gui.folding import Fold
from workbench.gui.training.recipe_finder import RecipeFinder
from workbench.project import Project, Recipe

GROUPS: dict[str, tuple[str, ...]] = {
    "Steps": ("epochs", "batch_size", "learning_rate", "optimizer", "momentum", "nesterov", "beta2", "accumulate"),
    "Schedule": ("schedule", "warmup_epochs", "step_epochs", "milestones", "factor", "plateau_patience"),
    "Penalties: J = Loss + λ·Penalty": ("l1", "l2", "weight_decay", "decay_norms_and_biases"),
    "Implicit regularization": (
        "early_stopping", "min_delta", "restore_best", "input_noise", "discard_outliers", "label_smoothing",
        "mixup", "cutmix", "ema", "clip_norm",
    ),
    "Augmentation": ("crop_padding", "flip", "rotation", "cutout", "colour"),
    "Start and loss": ("init", "loss", "seed"),
    "Fine-tuning": ("weights", "weights_sha256", "all_but_head", "frozen", "rate_factors"),
    "Machine": ("device", "precision", "channels_last", "compile", "checkpoint_seconds"),
}  # fmt: skip

ONLY_WITH: dict[str, tuple[str, tuple[object, ...]]] = {
    "momentum": ("optimizer", ("sgd", "rmsprop")),
    "nesterov": ("optimizer", ("sgd",)),
    "beta2": ("optimizer", ("adam", "adamw", "rmsprop")),
    "step_epochs": ("schedule", ("step",)),
    "milestones": ("schedule", ("multistep",)),
    "factor": ("schedule", ("step", "multistep", "plateau")),
    "plateau_patience": ("schedule", ("plateau",)),
}
"""Settings that decide nothing unless another has one of these values."""

_OPEN = ("Steps", "Penalties: J = Loss + λ·Penalty", "Implicit regularization")


class RecipePanel(QScrollArea):
    """Edits the document's recipe."""

    def __init__(self, document: Document, attempt: Try) -> None:
        super().__init__()
        self._document, self._attempt = document, attempt
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self._page = page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(12, 12, 12, 12)
        layout.setSpacing(6)
        self.recipes = QPushButton("Take a recipe …")
        self.recipes.clicked.connect(self.choose)
        layout.addWidget(self.recipes)
        known = {field.name: field for field in Recipe.fields()}
        self._forms: list[Form] = []
        for title, names in GROUPS.items():
            form = Form(tuple(known[name] for name in names))
            form.edited.connect(self._set)
            form.refused.connect(lambda field, value: attempt(lambda: field.check(value)))
            self._forms.append(form)
            layout.addWidget(Fold(title, form, title in _OPEN))
        layout.addStretch(1)
        self.setWidget(page)
        document.changed.connect(lambda before, after: self._follow(before, after))
        self._fill()

    def reveal(self, name: str) -> None:
        """Open the group of a setting, and put the cursor into it."""
        for form, names in zip(self._forms, GROUPS.values(), strict=True):
            if name in names:
                fold = form.parentWidget()
                if isinstance(fold, Fold):
                    fold.open()
                editor = form.editor(name)
                self._lay_out()
                self.ensureWidgetVisible(editor)
                editor.setFocus()

    def editor(self, name: str) -> QWidget:
        """What a setting is edited with."""
        (form,) = (form for form, names in zip(self._forms, GROUPS.values(), strict=True) if name in names)
        return form.editor(name)

    def _lay_out(self) -> None:
        """Give a group that has just been opened its room now: what stands in it can be scrolled to only then."""
        self._page.resize(self.viewport().width(), self._page.minimumSizeHint().height())

    def choose(self) -> None:
        """List the recipes that can be taken."""
        RecipeFinder(self._take, self).open()

    def _take(self, recipe: Recipe, title: str) -> None:
        now = self._document.recipe
        recipe = recipe.changed(**{name: getattr(now, name) for name in GROUPS["Fine-tuning"]})
        self._document.set_recipe(recipe, f"Take the recipe {title}")

    def _follow(self, before: Project, after: Project) -> None:
        if before.recipe != after.recipe:
            self._fill()

    def _fill(self) -> None:
        values = self._document.recipe.values()
        idle = {name for name, (other, needed) in ONLY_WITH.items() if values[other] not in needed}
        for form in self._forms:
            form.show_values(values)
            form.show_idle(idle)

    def _set(self, name: str, value: object) -> None:
        recipe = self._document.recipe
        values = {name: value}
        if name == "weights" and value != recipe.weights:
            values["weights_sha256"] = ""  # that was the other ones'
        self._attempt(
            lambda: self._document.apply(
                replace(self._document.project, recipe=recipe.changed(**values)),
                f"Set {name.replace('_', ' ')}",
                f"recipe {name}",
            )
        )
