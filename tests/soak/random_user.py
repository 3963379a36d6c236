"""R12: users of the document, 5,000 actions each (2,000 users asked for: 10 M actions)."""

from __future__ import annotations

import os
import random
from pathlib import Path

from tests.gui.random_play import play
from tests.gui.random_user import User
from tests.soak.repeating import repeat

ACTIONS = 5_000


def use_it(chance: random.Random, folder: Path) -> int:
    """Gives how many were refused."""
    os.environ["WORKBENCH_HOME"] = str(folder)
    return play(User(chance.randrange(2**32)), ACTIONS, 100).refused


if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtWidgets import QApplication

    application = QApplication([])
    repeat(
        f"R12: users, {ACTIONS:,} actions each",
        2000,
        use_it,
        lambda refused: f"{ACTIONS * len(refused):,} actions, {sum(refused):,} of them refused with a sentence",
    )
