"""What the menu Training offers: trainings run, examined, compared and looked at again."""

from __future__ import annotations

from workbench.gui.actions.action import Action

TRAINING = (
    Action("train", "Training", "Train", "F5", lambda w: w.training.train(), "mdi6.play", "can_train"),
    Action(
        "pause", "Training", "Pause or go on", "F6", lambda w: w.training.pause_or_go_on(), "mdi6.pause", "training"
    ),
    Action(
        "preflight",
        "Training",
        "Pre-flight",
        "F4",
        lambda w: w.training.examine(),
        "mdi6.clipboard-check-outline",
        "engine",
    ),
    Action(
        "weights",
        "Training",
        "Start from weights …",
        "Ctrl+Alt+W",
        lambda w: w.training.start.choose(),
        "mdi6.weight",
        "engine",
    ),
    Action("stop", "Training", "Stop", "Shift+F5", lambda w: w.session.stop(), "mdi6.stop", "training"),
    Action(
        "one_step",
        "Training",
        "One more batch",
        "F10",
        lambda w: w.training.one_step(),
        "mdi6.skip-next-outline",
        "can_step",
        True,
    ),
    Action(
        "one_epoch",
        "Training",
        "One more epoch",
        "F11",
        lambda w: w.training.one_epoch(),
        "mdi6.skip-forward-outline",
        "can_step",
    ),
    Action(
        "variants",
        "Training",
        "Compare with one thing changed …",
        "Ctrl+F5",
        lambda w: w.training.compare_variants(),
        "mdi6.flag-checkered",
        "engine",
        True,
    ),
    Action(
        "replay",
        "Training",
        "Play the training again",
        "Ctrl+Alt+P",
        lambda w: w.travel.bar.toggle_play(),
        "mdi6.play-circle-outline",
        "epochs",
        True,
    ),
    Action(
        "compare_epochs",
        "Training",
        "Compare epochs …",
        "Ctrl+Alt+E",
        lambda w: w.travel.compare(),
        "mdi6.compare-horizontal",
        "epochs",
    ),
    Action(
        "now",
        "Training",
        "Back to now",
        "Ctrl+Alt+N",
        lambda w: w.travel.bar.go_back_to_now(),
        "mdi6.skip-forward",
        "epochs",
    ),
)
