"""Steps of the story: trainings, what is learnt of them, and their epochs again."""

from __future__ import annotations

from pathlib import Path
from statistics import mean

from workbench.gui.data.thumbnails import PLACE
from workbench.gui.editor import commands
from workbench.gui.tour.playing import StepFailed, Tour
from workbench.gui.travel.comparison import PAGES
from workbench.presets import build
from workbench.project import Project, Recipe


def training(tour: Tour) -> None:
    window = tour.window
    window.actions_table["train"].trigger()
    tour.wait("three epochs are over", lambda: len(window.session.series.epochs) >= 3)
    tour.picture("training")
    tour.wait("the training has ended", lambda: window.session.state == "idle")
    accuracy = window.session.series.epochs[-1].validation_accuracy
    if accuracy < 0.95:
        raise StepFailed(f"LeNet-5 reached {accuracy:.1%} on the digits; 95 % at least was expected")
    tour.picture("trained")
    window.workspace.reveal("Weights")
    window.document.select(["conv2"])
    window.editor.view.show_card("conv2")
    tour.wait("the filters are drawn", lambda: window.inspection.weights.filters.picture is not None)
    tour.rest(1.0)
    tour.picture("weights")
    window.workspace.reveal("Runs")
    tour.wait("the run is listed", lambda: any(row["state"] == "completed" for row in window.training.history.rows))
    tour.picture("runs")
    window.workspace.reveal("Curves")


def time_travel(tour: Tour) -> None:
    """The training's second epoch again, played to its end, and its first beside its last."""
    window, travel = tour.window, tour.window.travel
    tour.wait("the epochs can be looked at", lambda: travel.has_epochs)
    window.document.select(["conv2"])
    travel.bar.go_to(2)
    tour.wait("the second epoch is shown", lambda: travel.moment is not None and travel.moment.record.epoch == 2)
    tour.picture("time-travel")
    window.actions_table["replay"].trigger()
    tour.wait("it has been played", lambda: not travel.bar.play.isChecked())
    window.actions_table["compare_epochs"].trigger()
    travel.comparison.left.slider.setValue(0)
    tour.wait("two epochs are compared", lambda: "From epoch 1 " in travel.comparison.told)
    for number, page in enumerate(PAGES):
        travel.comparison.pages.setCurrentIndex(number)
        tour.picture(f"two-epochs-{page.split()[0].lower()}", travel.comparison)
    travel.comparison.close()
    window.actions_table["now"].trigger()
    tour.report("run", window.reporting.export_run)


def mistakes(tour: Tour) -> None:
    """What the trained network gets wrong and how sure it is, and its images in a plane."""
    window, panel = tour.window, tour.window.training.mistakes_panel
    window.workspace.reveal("Mistakes")
    tour.wait("mistakes and points are shown", lambda: panel.scatter.shown and panel.pictures.count())
    tour.picture("mistakes")
    panel.method.setCurrentText("t-SNE")
    tour.wait("the images are laid out", lambda: "Laying" not in panel.pointed)
    panel.scatter.picked.emit(panel.pictures.item(0).data(PLACE))
    tour.picture("mistakes-by-t-sne")
    window.workspace.reveal("Curves")


def overfitting(tour: Tour) -> None:
    """LeNet-5 on sixty images, some of them mislabelled: the curves part, the window says so and offers what helps."""
    window = tour.window
    data = window.document.data.changed(subset=60, label_noise=0.1)
    recipe = Recipe(epochs=40, batch_size=20, optimizer="adam", learning_rate=0.003)
    window.document.apply(Project(window.document.graph, data, recipe), "Few images")
    window.actions_table["train"].trigger()
    tour.wait("the training runs", lambda: window.session.active)
    tour.wait("the training has ended", lambda: not window.session.active)
    gap = [e.validation_loss - e.train_loss_eval for e in window.session.series.epochs]
    if gap[-1] < gap[0] + 0.05:
        raise StepFailed(f"sixty images were not overfitted: the gap went from {gap[0]:.2f} to {gap[-1]:.2f}")
    tour.picture("overfitting")
    window.workspace.reveal("Confusion")
    tour.picture("confusion")
    window.workspace.reveal("Curves")
    while window.document.undo_title:
        window.document.undo()


def health(tour: Tour) -> None:
    """56 layers without shortcuts and with: how the gradient fares on its way back through each is seen at a glance."""
    window = tour.window
    window.actions_table["health_gradient"].trigger()
    window.workspace.reveal("Health")
    arrives: dict[str, float] = {}
    for name in ("cifar-plain56", "cifar-resnet56"):
        recipe = Recipe(epochs=100, batch_size=32, learning_rate=0.02)
        window.document.open(Project(build(name, 10, (1, 8, 8)), recipe=recipe), saved=False)
        tour.wait("the images are there", lambda: window.picture.dataset is not None)
        window.actions_table["train"].trigger()
        tour.wait("the layers were measured six times", lambda: len(window.session.health_history) >= 6)
        window.workspace.reveal("Health")
        window.editor.view.fit()
        tour.picture(f"health-{name}")
        arrives[name] = mean(card.tint.value for card in window.editor.scene.cards.values() if card.tint is not None)
        window.session.stop()
        tour.wait("the training has ended", lambda: window.session.state == "idle")
    if arrives["cifar-plain56"] >= arrives["cifar-resnet56"]:
        raise StepFailed(f"gradients were to vanish without shortcuts, and not with them: {arrives}")
    window.actions_table["health_off"].trigger()
    window.workspace.reveal("Curves")


def fine_tuning(tour: Tour) -> None:
    """A network goes on from a run's weights: what fits is told, the convolutions are frozen, the head is new."""
    window = tour.window
    window.document.open(Project(build("lenet5"), recipe=Recipe(epochs=3)), saved=False)
    tour.wait("the images are there", lambda: window.picture.dataset is not None)
    window.actions_table["train"].trigger()
    tour.wait("the training runs", lambda: window.session.active)
    tour.wait("the training has ended", lambda: not window.session.active)
    commands.set_argument(window.document, ["fc2"], "out_features", 60)
    window.actions_table["weights"].trigger()
    from workbench.gui.training.weights_dialog import WeightsDialog

    dialog = window.findChild(WeightsDialog)
    tour.wait("the run's weights are read", lambda: dialog is not None and dialog.take.isEnabled())
    assert dialog is not None
    tour.picture("weights-dialog", dialog)
    dialog.take.click()
    window.document.select(["conv1", "conv2"])
    window.editor.freeze()
    commands.set_rate_factor(window.document, ["fc1"], 0.1)
    window.document.select(["conv1"])
    tour.wait("what is kept is told", lambda: window.training.start.match is not None)
    window.editor.view.show_start()
    tour.picture("fine-tuning")
    window.actions_table["train"].trigger()
    tour.wait("the training runs", lambda: window.session.active)
    tour.wait("the training has ended", lambda: not window.session.active)
    accuracy = window.session.series.epochs[0].validation_accuracy
    if accuracy < 0.8:
        raise StepFailed(f"after an epoch on a run's weights the accuracy was {accuracy:.1%}; 80 % was expected")
    window.document.saved_as(Path("tour.json"))
