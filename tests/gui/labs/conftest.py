"""Trainings of the labs made short: what is tested is what a lab shows of them."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest

from workbench.gui.labs import excitation
from workbench.labs import lineups
from workbench.labs.race import Variant


@pytest.fixture
def two_epochs(monkeypatch: pytest.MonkeyPatch) -> None:
    """The lab of gates trains for two epochs."""
    monkeypatch.setattr(excitation, "study", partial(excitation.study, epochs=2))


@pytest.fixture
def two_of_depth() -> list[Variant]:
    """The two networks of 20 layers, for one epoch of 100 small images."""
    chosen = lineups.depth(epochs=1, side=8)[::2]
    return [replace(one, project=replace(one.project, data=one.project.data.changed(subset=100))) for one in chosen]
