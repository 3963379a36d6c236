"""Runs as each released version left them, kept so that every later version opens them and goes on.

python -m tests.runs.released VERSION     makes one with the version that is about to be released
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import torch

from workbench.data import find
from workbench.graph import Builder
from workbench.project import DataChoice, Project, Recipe
from workbench.runs import Run, layout, start
from workbench.training import Control, Step

FIXTURES = Path(__file__).parent / "fixtures"
ANSWERS = "answers.json"
"""What the run's two networks, best and last, say of `picture`."""


def make(version: str) -> Path:
    """A training of three epochs, stopped in the midst of the second."""
    builder = Builder((1, 8, 8))
    builder.add("conv", "Conv2d", out_channels=4, kernel_size=3)
    builder.add("bn", "BatchNorm2d")
    builder.add("relu", "ReLU")
    builder.add("pool", "AdaptiveAvgPool2d", output_size=2)
    builder.add("flatten", "Flatten")
    builder.add("drop", "Dropout", p=0.2)
    builder.add("fc", "Linear", out_features=10)
    recipe = Recipe(epochs=3, batch_size=16, optimizer="adamw", ema=0.9, crop_padding=1, checkpoint_seconds=1000.0)
    directory = FIXTURES / f"run-v{version}"
    control = Control()
    for event in start(Project(builder.build("small"), DataChoice(subset=80), recipe), directory, control):
        if isinstance(event, Step) and event.step == 7:
            control.stop()
    (directory / layout.LOCK).unlink(missing_ok=True)
    (directory / ANSWERS).write_text(json.dumps(answers(Run.open(directory)), indent=1) + "\n")
    return directory


def answers(run: Run) -> dict[str, list[float]]:
    """The ten logits of the best and of the last weights."""
    images = find("digits").train.images[:1].float() / 255 - 0.3  # type: ignore[union-attr]
    with torch.inference_mode():
        return {name: run.network(best=name == "best")(images)[0].tolist() for name in ("best", "last")}


if __name__ == "__main__":
    print(make(sys.argv[1]))
