"""A random user does one thing after another, and finds what is wrong."""

from __future__ import annotations

from tests.gui.random_edits import ACTIONS, redo, undo
from tests.gui.random_user import User
from workbench.graph import FieldError, GraphError


def play(user: User, actions: int, every: int = 25) -> User:
    """So many actions, with what holds at every moment checked behind every so many of them."""
    for number in range(actions):
        act(user)
        if number % every == 0:
            user.check()
        if number % 300 == 299:
            user.undo_all_and_redo_all()
    user.check()
    user.undo_all_and_redo_all()
    return user


def act(user: User) -> None:
    """One action. A refusal must be a sentence and change nothing."""
    what = user.random.choice(ACTIONS)
    before, steps, at = user.document.project, user.document.steps, user.document.place
    try:
        what(user)
        said = "done"
    except (GraphError, FieldError) as error:
        said = str(error).strip()
        user.refused += 1
        unchanged = user.document.project is before and user.document.steps == steps
        if not unchanged:
            raise AssertionError(f"{what.__name__} was refused, but changed something") from error
    assert said, "a refusal says why"
    user.done += 1
    if what in (undo, redo) or user.document.project is before:
        return
    # An edit is one step behind those before it, or the last step once more where a value is being turned.
    after = user.document.steps
    merged = len(after) == at + 1 and bool(after[at].merge) and after[at].merge == steps[at].merge
    assert merged or len(after) == at + 2, f"{what.__name__} made {len(after) - at - 1} steps"
    assert after[: at + (not merged)] == steps[: at + (not merged)]
    assert after[-1].project is user.document.project
    assert user.document.modified == (user.document.project != user.saved)


def actions_until_caught(most: int, seed: int = 0) -> int | None:
    """How many actions it takes users to find that something is wrong; None where all is as it should be."""
    done = 0
    while done < most:
        user = User(seed)
        try:
            play(user, 500, 10)
        except Exception:  # whatever it is, it shows that something is wrong
            return done + user.done + 1
        done, seed = done + user.done, seed + 1
    return None
