"""Asking whether a run is trained does not make it look as if it were."""

from __future__ import annotations

import threading
from pathlib import Path

from workbench.runs.lock import is_locked, locked


def test_many_who_ask_at_once_are_not_taken_for_a_training(tmp_path: Path) -> None:
    with locked(tmp_path):
        assert is_locked(tmp_path)
    answers: list[bool] = []

    def ask() -> None:
        answers.extend(is_locked(tmp_path) for _ in range(200))

    asking = [threading.Thread(target=ask) for _ in range(3)]
    for thread in asking:
        thread.start()
    for thread in asking:
        thread.join()
    assert len(answers) == 600
    assert not any(answers)
