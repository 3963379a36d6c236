"""What can be done now, by the words with which an action says what it needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workbench.gui.main_window import MainWindow


def conditions(window: MainWindow) -> dict[str, bool]:
    """Each word that the table of actions knows, and whether it holds."""
    document, session, is_ready = window.document, window.session, window.engine.is_ready
    can_train = is_ready and session.state in ("idle", "paused") and not window.has_problems
    return {
        "undo": bool(document.undo_title),
        "redo": bool(document.redo_title),
        "selection": bool(document.selection),
        "training": session.active,
        "can_train": can_train,
        "can_step": can_train or session.active,
        "engine": is_ready,
        "fix": bool(window.problems.fixes),
        "excluded": bool(document.data.excluded),
        "fitting_batch": is_ready and not window.training.preflight.use_batch.isHidden(),
        "found_rate": is_ready and not window.training.preflight.use_rate.isHidden(),
        "chosen_run": is_ready and bool(window.training.history.current),
        "unfinished_run": is_ready and window.training.history.resume_button.isEnabled(),
        "never_begun": is_ready and bool(window.training.history.never_begun),
        "ticked_images": is_ready and bool(window.training.hardest.ticked),
        "data": window.picture.dataset is not None,
        "run": is_ready and window.reporting.run is not None,
        "lab": window.pages.shows_lab,
        "kept_weights": is_ready and window.training.offer.stands,
        "epochs": is_ready and window.travel.has_epochs,
    }
