"""Projects in which something of the lecture happens within a minute on two cores, on the digits that come along."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import MappingProxyType

from workbench.graph import Builder, Graph
from workbench.presets.lenet import PRESETS as LENETS
from workbench.project import DataChoice, Project, Recipe

_FEW = DataChoice(subset=60, label_noise=0.1)
_LONG = Recipe(epochs=60, batch_size=20, optimizer="adam", learning_rate=0.003)


@dataclass(frozen=True)
class Experiment:
    """A project to train; ``shows`` says what will be seen, and ``make`` makes it."""

    name: str
    title: str
    shows: str
    make: Callable[[], Project]


def _lenet() -> Graph:
    lenet = next(preset for preset in LENETS if preset.name == "lenet5")
    return lenet.make(lenet.input, lenet.classes)


def _tiny() -> Graph:
    builder = Builder((1, 28, 28))
    builder.add("conv", "Conv2d", out_channels=1, kernel_size=5, stride=4)
    builder.add("pool", "AdaptiveAvgPool2d", output_size=1)
    builder.add("flatten", "Flatten")
    builder.add("fc", "Linear", out_features=10)
    return builder.build("One filter")


_ALL = (
    Experiment(
        "overfitting",
        "Overfitting",
        "60 images, six of them with a wrong label: LeNet-5 learns them by heart, and the curves part.",
        lambda: Project(_lenet(), _FEW, _LONG),
    ),
    Experiment(
        "overfitting-cured",
        "Overfitting, cured",
        "The same 60 images, shifted and turned anew in each epoch, and stopped when it gets no better.",
        lambda: Project(_lenet(), _FEW, _LONG.changed(crop_padding=3, rotation=10.0, early_stopping=15)),
    ),
    Experiment(
        "wrong-labels",
        "Wrong labels, left out",
        "Every fifth label is wrong. The quarter of each batch with the highest loss is discarded, and most of it is "
        "what is wrong.",
        lambda: Project(
            _lenet(),
            DataChoice(label_noise=0.2),
            Recipe(epochs=30, optimizer="adam", learning_rate=0.002, discard_outliers=0.25),
        ),
    ),
    Experiment(
        "underfitting",
        "Underfitting",
        "One filter and its mean: both curves stay high together, however long it trains.",
        lambda: Project(_tiny(), DataChoice(), Recipe(epochs=25, optimizer="adam", learning_rate=0.02)),
    ),
    Experiment(
        "too-fast",
        "Steps too large",
        "A learning rate of 0.3: the first steps throw the weights so far that the network only guesses.",
        lambda: Project(_lenet(), DataChoice(), Recipe(epochs=10, learning_rate=0.3)),
    ),
)

EXPERIMENTS = MappingProxyType({experiment.name: experiment for experiment in _ALL})
