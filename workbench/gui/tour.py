"""The story of the product, played in the real window: each step does something, waits for what must come of it, and
saves a picture. A step that fails ends the tour with its name."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMessageBox, QWidget

from workbench.gui.app import make_application, open_window
from workbench.gui.data.thumbnails import PLACE
from workbench.gui.editor import commands
from workbench.gui.errors import Unexpected
from workbench.gui.labs import LABS
from workbench.gui.main_window import MainWindow
from workbench.presets import build
from workbench.project import Project, Recipe

_PATIENCE = 120.0


class StepFailed(Exception):
    """A step that did not come to what it should; the message says what was awaited."""


class Tour:
    """One window being used."""

    def __init__(self, application: QApplication, window: MainWindow, out: Path) -> None:
        self.application, self.window, self.out = application, window, out
        self.problems: list[str] = []
        # Nobody is there to answer: a question fails the step, where it would wait for ever.
        self._watch = QTimer(window)
        self._watch.timeout.connect(self._refuse_questions)
        self._watch.start(500)
        self._number = 0

    def wait(self, what: str, until: Callable[[], object], seconds: float = _PATIENCE) -> None:
        """Let the window live until something is so. Raises `StepFailed` when it is not in time."""
        end = time.monotonic() + seconds
        while not until():
            if time.monotonic() > end:
                raise StepFailed(f"waited {seconds:.0f} s in vain until {what}")
            self.application.processEvents()
            time.sleep(0.002)

    def _refuse_questions(self) -> None:
        asked = self.application.activeModalWidget()
        if isinstance(asked, QMessageBox):
            self.problems.append(f"nobody answers the question: {asked.text()}")
            asked.reject()

    def rest(self, seconds: float = 0.25) -> None:
        end = time.monotonic() + seconds
        self.wait("a moment has passed", lambda: time.monotonic() > end)

    def picture(self, name: str, of: QWidget | None = None) -> None:
        """Save what the window, or another, shows now."""
        self._number += 1
        self.rest()
        path = self.out / f"{self._number:02d}-{name}.png"
        if not (of or self.window).grab().save(str(path)):
            raise StepFailed(f"{path} could not be written")
        print(path)


def start_page(tour: Tour) -> None:
    tour.picture("start-page")
    tour.wait("PyTorch is loaded", lambda: tour.window.engine.is_ready)


def lenet(tour: Tour) -> None:
    """The network that is open at the first start, with a picture running through it."""
    window = tour.window
    window.pages.show_editor()
    tour.wait("the images are there", lambda: window.picture.dataset is not None)
    window.document.select(["conv1"])
    tour.wait("the maps are drawn", lambda: window.inspection.maps.shown is not None)
    tour.picture("lenet")


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
    tour.wait("the filters are drawn", lambda: window.inspection.weights.filters.picture is not None)
    tour.rest(1.0)
    tour.picture("weights")
    window.workspace.reveal("Runs")
    tour.wait("the run is listed", lambda: any(row["state"] == "completed" for row in window.training.history.rows))
    tour.picture("runs")
    window.workspace.reveal("Curves")


def one_value(tour: Tour) -> None:
    """One value of a map, the sum that made it, and the steps back to a pixel of the picture."""
    window = tour.window
    window.document.select(["conv2"])
    tour.wait("the maps are drawn", lambda: window.inspection.maps.values.shape[1:] == (10, 10))
    window.actions_table["explain_value"].trigger()
    panel = window.inspection.value
    tour.wait("the value is explained", lambda: panel.told is not None)
    tour.picture("one-value")
    while panel.back.isEnabled() and panel.told is not None:
        above = panel.told.made.nearest
        panel.step_back()
        tour.wait("the value above is explained", lambda: panel.told is not None and panel.told.place == above)  # noqa: B023
    if panel.told is None or panel.told.kind != "Input":
        raise StepFailed("the steps back did not lead to the picture")
    tour.picture("its-pixel")
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
    tour.picture("two-epochs", travel.comparison)
    travel.comparison.close()
    window.actions_table["now"].trigger()


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


def explaining(tour: Tour) -> None:
    """Why this class: by the last convolution's maps, and by what covering a patch costs."""
    window = tour.window
    window.workspace.reveal("Attribution")
    panel = window.inspection.attribution.panel
    for method in ("grad-cam", "occlusion"):
        panel.methods.setCurrentIndex(panel.methods.findData(method))
        tour.wait(f"{method} has answered", lambda: panel.answered_by(panel.method))
        tour.picture(f"attribution-{method}")


def exciting(tour: Tour) -> None:
    """What excites a map: nine images, and a picture made for it."""
    window = tour.window
    window.document.select(["conv2"])
    window.workspace.reveal("Maps")
    maps = window.inspection.maps
    tour.wait("the maps are drawn", lambda: len(maps.values) == 16)
    maps.open(3)
    maps.bar.exciting_button.click()
    panel = window.inspection.excitation.panel
    tour.wait("the images are found", lambda: panel.found and not panel.busy)
    tour.picture("excitation")
    panel.tabs.setCurrentIndex(1)
    panel.make()
    tour.wait("the picture is made", lambda: not panel.busy)
    tour.picture("made-picture")
    panel.tabs.setCurrentIndex(0)
    maps.close_map()
    window.workspace.reveal("Maps")


def editing(tour: Tour) -> None:
    """A layer inserted, a problem made and mended, everything undone."""
    window = tour.window
    before = window.document.graph
    window.document.select(["relu1"])
    window.editor.insert("layer:BatchNorm2d")
    window.editor.insert("template:BasicBlock")
    tour.picture("inserted")
    while window.document.undo_title:
        window.document.undo()
    if window.document.graph != before:
        raise StepFailed("undoing every step did not give the network back")


def comparing(tour: Tour) -> None:
    """Two edits, the network before them beside the one after them, and back by the list of edits."""
    window = tour.window
    commands.set_argument(window.document, ["conv2"], "out_channels", 32)
    window.document.select(["conv1"])
    window.editor.insert("layer:BatchNorm2d")
    window.workspace.reveal("Edits")
    window.actions_table["compare"].trigger()
    comparison = window.comparison
    tour.wait("both networks are drawn", lambda: len(comparison.list.lines) == 3)
    comparison.list.show_line(1)
    tour.picture("compared", comparison)
    comparison.close()
    window.edits_panel.list.clicked.emit(window.edits_panel.steps.index(0))
    if window.document.place:
        raise StepFailed("the first line of the edits did not lead to the first state")
    window.workspace.reveal("Layers")


def mending(tour: Tour) -> None:
    """A network that cannot run says where and why, and one click mends it."""
    window = tour.window
    window.document.select(["flatten"])
    window.editor.delete()
    window.workspace.reveal("Problems")
    window.editor.view.show_card("fc1")
    tour.wait("the problem is listed", lambda: window.problems.fixes)
    tour.picture("problem")
    window.problems.fixes[0].click()
    analysis = window.document.analysis
    if analysis is None or not analysis.runs:
        raise StepFailed("the quick fix did not mend the network")
    while window.document.undo_title:
        window.document.undo()


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


def dark(tour: Tour) -> None:
    window = tour.window
    before = window.appearance.scheme
    window.appearance.choose("light" if window.appearance.theme.name == "dark" else "dark")
    tour.picture("other-scheme")
    window.appearance.choose(before)


def networks(tour: Tour) -> None:
    window = tour.window
    for name in ("googlenet", "resnet18", "senet154"):
        window.files.open_preset(name)
        tour.wait("the layers are drawn", lambda: window.editor.scene.cards)
        tour.picture(name)
    window.editor.view.fit()
    tour.picture("whole-network")


def labs(tour: Tour) -> None:
    """The lecture by hand: each lab opens, one of them trains."""
    window = tour.window
    for lab in LABS:
        window.pages.show_lab(lab.name)
        tour.picture(f"lab-{lab.name}")
    race = window.pages.show_lab("overfitting")
    race.begin()
    tour.wait("every network has trained for five epochs", lambda: min(map(len, race.laps.values()), default=0) >= 5)
    tour.picture("lab-race")
    race.stop()
    labs = window.pages.labs
    if labs is None:
        raise StepFailed("the labs are not there")
    labs.lessons["overfitting"].answers.button(1).click()
    labs.lessons["overfitting"].show_claim()
    page = tour.out / "lesson-overfitting.html"
    window.reporting.export_lesson(page)
    tour.wait("the lesson's page is written", lambda: window.message == f"Wrote {page}")
    print(page)
    window.pages.show_editor()


def health(tour: Tour) -> None:
    """56 layers without shortcuts and with: how the gradient fares on its way back through each is seen at a glance."""
    window = tour.window
    window.actions_table["health_gradient"].trigger()
    window.workspace.reveal("Health")
    reach: dict[str, float] = {}
    for name in ("cifar-plain56", "cifar-resnet56"):
        recipe = Recipe(epochs=100, batch_size=32, learning_rate=0.02)
        window.document.open(Project(build(name, 10, (1, 8, 8)), recipe=recipe), saved=False)
        tour.wait("the images are there", lambda: window.picture.dataset is not None)
        window.actions_table["train"].trigger()
        tour.wait("the layers were measured four times", lambda: len(window.session.health_history) >= 4)
        window.workspace.reveal("Health")
        window.editor.view.fit()
        tour.picture(f"health-{name}")
        tints = [card.tint.value for card in window.editor.scene.cards.values() if card.tint is not None]
        reach[name] = max(tints) - min(tints)
        window.session.stop()
        tour.wait("the training has ended", lambda: window.session.state == "idle")
    if reach["cifar-plain56"] <= reach["cifar-resnet56"]:
        raise StepFailed(f"gradients did not lie farther apart without shortcuts: {reach}")
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


STEPS: tuple[Callable[[Tour], None], ...] = (
    start_page, lenet, training, one_value, explaining, exciting, time_travel, mistakes, editing, comparing, mending,
    overfitting, health, fine_tuning, dark, networks, labs,
)  # fmt: skip


def play(out: Path, scheme: str = "light", size: tuple[int, int] = (1280, 800)) -> int:
    """Play every step into a folder; the exit status. Settings and runs of the person's own are not touched."""
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="workbench-tour-") as home:
        os.environ["WORKBENCH_HOME"] = home
        application = make_application()
        window = open_window(application)
        window.appearance.choose("dark" if scheme == "dark" else "light")
        window.resize(*size)
        tour = Tour(application, window, out)
        unexpected = Unexpected(application)
        unexpected.raised.connect(lambda message, details: tour.problems.append(message))
        status = 0
        for step in STEPS:
            try:
                step(tour)
                if tour.problems:
                    raise StepFailed(tour.problems[0])
            except Exception as error:
                print(f"workbench: the tour's step '{step.__name__}' failed: {error}", file=sys.stderr)
                tour.picture(f"failed-{step.__name__}")
                status = 1
                break
        window.document.saved_as(Path(home) / "tour.json")
        window.close()
        application.processEvents()
    return status
