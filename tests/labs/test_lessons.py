"""What lessons claim is so: each right answer from the labs' own arithmetic."""

from __future__ import annotations

import numpy as np
import pytest

from workbench.gui.labs import LABS
from workbench.labs import lineups
from workbench.labs.bottleneck import Branch
from workbench.labs.convolution import Convolution
from workbench.labs.descent import Bowl, descend
from workbench.labs.inception import Inception
from workbench.labs.lessons import LESSONS
from workbench.labs.pooling import Pooling
from workbench.labs.race import race
from workbench.labs.timeline import PUBLISHED, milestone


def right(name: str) -> str:
    return LESSONS[name].answers[LESSONS[name].right]


def test_every_lab_has_a_lesson_that_can_be_answered() -> None:
    assert set(LESSONS) == {lab.name for lab in LABS}
    for lesson in LESSONS.values():
        assert 0 <= lesson.right < len(lesson.answers)
        assert len(set(lesson.answers)) == len(lesson.answers) >= 3


def test_arithmetic() -> None:
    lab = Convolution(np.zeros((3, 32, 32)), np.zeros((3, 5, 5)))
    assert right("convolution") == f"{lab.weights} weights, {lab.size[0]}×{lab.size[1]}"
    before, after = np.zeros((4, 4)), np.zeros((4, 4))
    before[0, 0] = after[0, 1] = 9
    assert (Pooling(before).map() == Pooling(after).map()).all()
    straight = Branch(narrow=None)
    assert straight.weights / Branch().weights == pytest.approx(9.7, abs=0.05)
    assert descend(Bowl(100), Bowl(100).best_rate).steps == 691
    assert descend(Bowl(1), 1.0).steps == 1
    assert right("inception") == str(sum(maps for _, _, maps in Inception(bottlenecks=False).price().values()))
    fewest = min((milestone(name) for name in PUBLISHED if name != "lenet5"), key=lambda found: found.parameters)
    assert right("timeline") == fewest.title


@pytest.mark.slow
def test_augmentation_helps_most() -> None:
    best: dict[str, float] = {}
    for lap in race(lineups.overfitting()):
        if lap.epoch:
            best[lap.variant] = min(best.get(lap.variant, np.inf), lap.epoch.validation_loss)
    assert min(best, key=lambda name: best[name]) == "augmentation"


@pytest.mark.slow
def test_the_deep_plain_network_cannot_be_trained() -> None:
    last = {lap.variant: lap.epoch.train_loss for lap in race(lineups.depth()) if lap.epoch}
    assert max(last, key=lambda name: last[name]) == "plain56"


@pytest.mark.slow
def test_the_widest_network_learns_by_heart() -> None:
    ends = {lap.variant: lap.epoch for lap in race(lineups.capacity()) if lap.epoch}
    assert ends["×2"].validation_loss > ends["×0.5"].validation_loss
    assert ends["×2"].train_loss_eval < ends["×0.5"].train_loss_eval
