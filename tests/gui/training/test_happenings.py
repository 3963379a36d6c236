"""What happened on the way is marked in the curves."""

from __future__ import annotations

from pathlib import Path

from workbench.gui.main_window import MainWindow


def test_checkpoints_another_rate_and_an_early_end_are_marked(window: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    recipe = window.document.recipe.changed(epochs=40, schedule="constant", early_stopping=1, learning_rate=0.05)
    window.document.set_recipe(recipe, "for the test")
    window.training.train()
    session, curves = window.session, window.training.curves
    qtbot.waitUntil(lambda: session.series.count > 12, timeout=60_000)
    session.set_learning_rate(0.01)
    qtbot.waitUntil(lambda: session.state == "idle", timeout=120_000)
    kinds = {one.kind for one in session.happenings}
    assert {"checkpoint", "rate", "end"} <= kinds
    words = [words for _, words in curves.plots[0].uprights.marked.values()]
    assert "rate 0.01" in words
    assert "stopped early" in words
    steps = [one.step for one in session.happenings if one.kind == "checkpoint"]
    assert curves.plots[0].uprights.ticked == steps
    curves.plots[0].pointed.emit((float(session.happenings[-1].step), 1.0))
    assert "stopped early" in curves.told
    marked, ticked = sorted(curves.plots[0].uprights.marked.values()), curves.plots[0].uprights.ticked
    window.document.saved_as(Path("elsewhere.json"))
    window.files.open_preset("lenet5")
    assert curves.plots[0].uprights.marked == {}
    window.training.open_run(session.directory)
    qtbot.waitUntil(lambda: curves.series.count > 0, timeout=20_000)
    assert sorted(curves.plots[0].uprights.marked.values()) == marked, "a run that is opened tells what it told live"
    assert curves.plots[0].uprights.ticked == ticked
