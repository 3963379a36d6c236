"""The window: wires the rooms together. Each of them knows the document or nothing at all, and none another."""

from __future__ import annotations

import base64
import binascii
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QApplication,
    QFileDialog,
    QLabel,
    QMainWindow,
    QMenu,
    QMessageBox,
    QSizePolicy,
    QStackedWidget,
    QToolBar,
)

from workbench import __version__
from workbench.gui import places
from workbench.gui.actions import Actions
from workbench.gui.background import Background, close_all
from workbench.gui.data.images import Images
from workbench.gui.document import Document
from workbench.gui.editor.inspector import InspectorPanel
from workbench.gui.editor.palette import LayerPalette
from workbench.gui.editor.panel import EditorPanel
from workbench.gui.editor.problems import ProblemsPanel
from workbench.gui.engine import Engine
from workbench.gui.errors import ErrorDialogs, is_expected
from workbench.gui.files import Files
from workbench.gui.icons import icon
from workbench.gui.inspection.picture import PictureChoice
from workbench.gui.settings import Settings
from workbench.gui.start_page import StartPage
from workbench.gui.theme import Appearance, Theme
from workbench.gui.training.recipe_panel import RecipePanel
from workbench.gui.training.session import TrainingSession
from workbench.gui.workspace import Workspace
from workbench.presets import PRESETS, build
from workbench.project import Project, make_folders

if TYPE_CHECKING:
    from workbench.gui.inspection.previewer import Preview
    from workbench.inspection import Seen

_FRAME_MILLISECONDS = 50


def first_project() -> Project:
    """What is open at the first start: LeNet-5 on the handwritten digits, ready to train."""
    return Project(build("lenet5"), recipe=PRESETS["lenet5"].starter)


class MainWindow(QMainWindow):
    """One window, one document, one training at a time."""

    closed = Signal()

    appearance: Appearance
    document: Document
    session: TrainingSession
    files: Files
    images: Images
    picture: PictureChoice
    editor: EditorPanel
    workspace: Workspace

    def __init__(self, appearance: Appearance, settings: Settings, project: Project | None = None) -> None:
        super().__init__()
        self.appearance, self.settings = appearance, settings
        self.document = Document(project or first_project(), self)
        self.session = TrainingSession(self)
        self.engine = Engine(self)
        self.images = Images(self.document, self)
        self.picture = PictureChoice(self)
        self.files = Files(self, self.document, settings)
        self.errors = ErrorDialogs(self, self._keep)
        self._has_problems = False
        self._is_closed = False
        self.busy: list[str] = []
        self._epochs_seen = 0
        self.setWindowTitle("CNN Workbench")
        room = self.screen().availableGeometry().size()
        self.resize(min(1440, room.width() - 20), min(900, room.height() - 40))
        self.setAcceptDrops(True)
        self.actions_table = Actions(self, self.attempt)
        self._menus = self.actions_table.fill(self.menuBar())
        self._build_centre()
        self._fill_panels()
        self._build_bars()
        self._timer = QTimer(self)
        self._timer.setInterval(_FRAME_MILLISECONDS)
        self._timer.timeout.connect(self._frame)
        self.document.state_changed.connect(self._show_state)
        self.document.selection_changed.connect(self._select_layer)
        self.session.state_changed.connect(self._follow_training)
        self.session.finished.connect(self._training_finished)
        self.session.failed.connect(self._training_failed)
        self.engine.ready.connect(self._engine_is_ready)
        self.engine.failed.connect(self.complain)
        appearance.changed.connect(self._set_theme)
        self._restore_geometry()
        self._show_state()

    # what actions call

    def attempt(self, what: Callable[[], object]) -> None:
        """Do something that may be impossible, and say why in one sentence where it is."""
        try:
            what()
        except Exception as error:
            if not is_expected(error):
                raise
            self.complain(str(error))

    def complain(self, message: str) -> None:
        """Say what could not be done, where a person looks, without stopping them."""
        self._message.setText(message)
        self._message.setToolTip(message)
        self._message.setStyleSheet(f"color: {self.appearance.theme.error}")
        self._forget.start(12_000)

    def tell(self, message: str) -> None:
        self._message.setText(message)
        self._message.setToolTip(message)
        self._message.setStyleSheet("")
        self._forget.start(8_000)

    @property
    def message(self) -> str:
        """What the status bar says now."""
        return self._message.text()

    def show_start_page(self) -> None:
        self._pages.setCurrentWidget(self.start_page)

    def show_editor(self) -> None:
        self._pages.setCurrentWidget(self.workspace)
        self.editor.view.setFocus()

    def search_layers(self, text: str) -> None:
        self.workspace.reveal("Layers")
        self.palette_panel.search(text)

    def train(self) -> None:
        """Train the project as it is now; later edits do not touch the run."""
        from workbench.runs import new_directory

        if self.session.active:
            self.session.go_on()
            return
        if self.images.state in ("away", "cancelled", "failed"):
            self.complain(self.images.sentence)
            self.workspace.reveal("Data")
            return
        self.show_editor()
        make_folders(places.runs())
        project = self.document.project
        self.session.start(project, new_directory(places.runs(), self.document.title), self.images.lend)
        self._watch_layer()
        self.curves.diagnosis.say("Training …")
        self.workspace.reveal("Curves")

    def pause_or_go_on(self) -> None:
        if self.session.state == "paused":
            self.session.go_on()
        else:
            self.session.pause()

    def export_curves(self) -> None:
        from workbench.gui.training.curve_export import export_curves

        name = str(Path.home() / f"{self.document.title}.png")
        kinds = "Picture (*.png);;Drawing (*.svg);;Every number (*.csv)"
        given, _ = QFileDialog.getSaveFileName(self, "Export the curves", name, kinds)
        if given:
            export_curves(self.curves, Path(given))
            self.tell(f"Wrote {given}.")

    def open_run(self, directory: Path) -> None:
        """Open the network that a run was made from, with its weights."""
        from workbench.runs import Run

        self.files.open_project(Run.open(directory).project)
        self._previewer.use_weights_of(directory)

    def resume(self, directory: Path) -> None:
        """Go on with a run from its last checkpoint."""
        if self.session.active:
            self.complain("A training runs already; stop it before going on with another.")
            return
        self.show_editor()
        self.session.resume(directory, self.images.lend)
        self._watch_layer()
        self.workspace.reveal("Curves")

    def apply_remedy(self, words: str) -> None:
        """Make the change that a diagnosis advises, and show where it is."""
        from workbench.gui.training.remedies import BY_WORDS

        remedy = BY_WORDS[words]
        changed = remedy.change(self.document.project)
        if changed == self.document.project:
            self.tell(f"{remedy.button}: the project does so already.")
            return
        self.document.apply(changed, remedy.button)
        if remedy.shows:
            self.show_setting(remedy.shows)
        self.tell(f"{remedy.button}: changed. Train again to see what it does; undo takes it back.")

    def show_setting(self, name: str) -> None:
        """Put the cursor into a setting of the recipe."""
        self.workspace.reveal("Recipe")
        self.recipe_panel.reveal(name)

    def open_picture(self) -> None:
        name, _ = QFileDialog.getOpenFileName(
            self, "Open a picture", str(Path.home()), "Pictures (*.png *.jpg *.jpeg *.bmp *.gif *.webp *.tif *.tiff)"
        )
        if name:
            self.take_picture(Path(name))

    def take_picture(self, path: Path) -> None:
        self._try_picture(lambda: self.picture.open(path), path.name)

    def paste(self) -> None:
        """Paste layers, or look at a picture."""
        mime = QApplication.clipboard().mimeData()
        if mime.hasImage() and not mime.hasText() and self.engine.is_ready:
            self.paste_picture()
        else:
            self.editor.paste()

    def paste_picture(self) -> None:
        mime = QApplication.clipboard().mimeData()
        self._try_picture(lambda: self.picture.take_handed(mime, "from the clipboard"), "What is on the clipboard")

    def _try_picture(self, take: Callable[[], object], what: str) -> None:
        from workbench.data import PictureError

        try:
            take()
        except PictureError as error:
            self.complain(f"{what} cannot be shown: {error}")
            return
        self.workspace.reveal("Maps")

    def toggle_previews(self) -> None:
        self.settings.set("previews", not self.settings.get("previews", True))
        self._previewer.refresh(self.settings.get("previews", True))

    def find_action(self) -> None:
        from workbench.gui.action_finder import ActionFinder

        ActionFinder(self.actions_table, self).open()

    def about(self) -> None:
        QMessageBox.about(
            self,
            "About CNN Workbench",
            f"<b>CNN Workbench {__version__}</b><p>Build, train and understand convolutional networks.</p>"
            f"<p>Settings, runs and drafts are kept in {places.home()}.</p>",
        )

    @property
    def conditions(self) -> dict[str, bool]:
        """What actions can be done now, by the word in the table."""
        return {
            "undo": bool(self.document.undo_title),
            "redo": bool(self.document.redo_title),
            "selection": bool(self.document.selection),
            "training": self.session.active,
            "can_train": self.engine.is_ready and (self.session.state in ("idle", "paused")) and not self._has_problems,
            "engine": self.engine.is_ready,
            "data": self.picture.dataset is not None,
        }

    # building

    def _build_centre(self) -> None:
        self.editor = EditorPanel(self.document, self.appearance, self.attempt)
        self.start_page = StartPage(self.settings, self.appearance)
        self.start_page.preset_chosen.connect(self.open_preset)
        self.start_page.file_chosen.connect(lambda path: self.attempt(lambda: self.files.open(Path(path))))
        self.workspace = Workspace(self.editor, self.settings.get("layout", ""))
        self._pages = QStackedWidget()
        self._pages.addWidget(self.start_page)
        self._pages.addWidget(self.workspace)
        self.setCentralWidget(self._pages)
        self.editor.layer_search.connect(self.search_layers)
        self.editor.layer_opened.connect(lambda _: self.workspace.reveal("Inspector"))
        self.editor.menu_wanted.connect(self._context_menu)

    def open_preset(self, name: str) -> None:
        preset = PRESETS[name]
        self.files.open_project(Project(build(name), self.document.data, preset.starter))

    def _fill_panels(self) -> None:
        self.palette_panel = LayerPalette(self.appearance)
        self.palette_panel.chosen.connect(lambda what: self.editor.insert(what))
        self.recipe_panel = RecipePanel(self.document, self.attempt)
        self.problems = ProblemsPanel(self.document, self.appearance, self.attempt)
        self.problems.counted.connect(self._count_problems)
        self.problems.chosen.connect(lambda name: self.editor.view.show_card(name))
        self.editor.block_saved.connect(self.palette_panel.refresh)
        self.workspace.put("Layers", self.palette_panel)
        self.workspace.put("Inspector", InspectorPanel(self.document, self.attempt))
        self.workspace.put("Recipe", self.recipe_panel)
        self.workspace.put("Problems", self.problems)
        menu = self._menus["Window"]
        menu.addSeparator()
        menu.addActions(self.workspace.toggles())

    def _build_bars(self) -> None:
        from workbench.gui.training.controls import DeviceChoice, RateControl, TrainingStatus

        bar = QToolBar("Main")
        bar.setObjectName("Main")
        bar.setMovable(False)
        bar.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        for group in (
            ("start_page", "open", "save"),
            ("undo", "redo"),
            ("train", "pause", "stop", "one_step", "one_epoch"),
        ):
            for name in group:
                bar.addAction(self.actions_table[name])
            bar.addSeparator()
        train = bar.widgetForAction(self.actions_table["train"])
        train.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)  # type: ignore[attr-defined]
        self.device_choice = DeviceChoice(self.document)
        bar.addWidget(self.device_choice)
        self.rate = RateControl(self.session)
        bar.addWidget(self.rate)
        self.addToolBar(bar)
        self.status = TrainingStatus(self.session)
        self._message = QLabel()
        self._message.setAccessibleName("Message")
        # A long message is cut off by the window's edge and told whole by its tool tip; it never widens the window.
        self._message.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._problem_count = QLabel()
        self._forget = QTimer(self)
        self._forget.setSingleShot(True)
        self._forget.timeout.connect(lambda: self._message.setText(""))
        self.statusBar().addWidget(self.status)
        self.statusBar().addWidget(self._message, 1)
        self.statusBar().addPermanentWidget(self._problem_count)

    # what follows from what

    def show_icons(self) -> None:
        """Icons come after the first picture: their font takes a moment to load."""
        theme = self.appearance.theme
        self.actions_table.set_icons(lambda name: icon(name, theme))
        self.actions_table["train"].setIcon(icon("mdi6.play", theme, theme.good))

    def begin_loading(self) -> None:
        """The window has been painted: now what takes longer."""
        self.attempt(self.files.draft.begin)
        self.show_icons()
        self.engine.load()

    def _engine_is_ready(self) -> None:
        from workbench.gui.data.panel import DataPanel
        from workbench.gui.inspection.maps import ActivationMaps
        from workbench.gui.inspection.panel import MapsPanel
        from workbench.gui.inspection.previewer import Previewer
        from workbench.gui.inspection.weights import WeightsPanel
        from workbench.gui.training.confusion import ConfusionPanel
        from workbench.gui.training.curves import CurvesView
        from workbench.gui.training.history import HistoryPanel
        from workbench.gui.training.mistakes import Mistakes

        self.curves = CurvesView(self.appearance)
        self.curves.show_series(self.session.series)
        self.workspace.put("Curves", self.curves)
        self.curves.diagnosis.chosen.connect(lambda words: self.attempt(lambda: self.apply_remedy(words)))
        self.confusion = ConfusionPanel(self.appearance)
        self.workspace.put("Confusion", self.confusion)
        self.history = HistoryPanel(places.runs, self.attempt)
        self.workspace.put("Runs", self.history)
        self.history.overlaid.connect(self.curves.compare)
        self.history.network_wanted.connect(lambda path: self.attempt(lambda: self.open_run(Path(path))))
        self.history.resume_wanted.connect(lambda path: self.attempt(lambda: self.resume(Path(path))))
        self.history.refresh()
        self.mistakes = Mistakes(self.session, self.picture, self)
        self.confusion.cell_chosen.connect(self.mistakes.look_for)
        self.confusion.picked.connect(lambda place: self.picture.take(place, "validation"))
        self.mistakes.found.connect(self.confusion.show_images)
        self.maps: ActivationMaps
        self.maps_panel = MapsPanel(self.picture, self.appearance, self.actions_table, self._try_picture)
        self.maps = self.maps_panel.maps
        self.workspace.put("Maps", self.maps_panel)
        self.weights_panel = WeightsPanel(self.appearance)
        self.workspace.put("Weights", self.weights_panel)
        self.workspace.seen_changed.connect(self._look)
        self.maps.wishes_changed.connect(self._look)
        self.weights_panel.filters.wishes_changed.connect(self._look)
        self.picture.refused.connect(lambda why: self.complain(f"What was dropped cannot be shown: {why}"))
        self.data_panel = DataPanel(self.document, self.images, self.appearance, self.attempt)
        self.data_panel.list_sources()
        self.workspace.put("Data", self.data_panel)
        self.data_panel.picked.connect(lambda part, place: self.picture.take(place, part))
        self.data_panel.augmentation_wanted.connect(lambda: self.show_setting("crop_padding"))
        self.images.loaded.connect(self._take_dataset)
        self.device_choice.find_devices()
        self._previewer = Previewer(self.document, self.picture, self.session, self)
        self._previewer.strips_made.connect(self.editor.scene.show_strips)
        self._previewer.previewed.connect(self._show_preview)
        self._previewer.failed.connect(self.maps.say)
        self.document.changed.connect(lambda before, after: self._watch_layer())
        self.document.begin_analysing()
        self.start_page.show_figures()
        self._previewer.begin(self.settings.get("previews", True))
        self.images.read_again()
        self._show_state()

    def _take_dataset(self, dataset: object) -> None:
        self.picture.set_dataset(dataset)  # type: ignore[arg-type]
        self._show_state()

    def _show_preview(self, preview: Preview) -> None:
        classes = self.picture.dataset.classes if self.picture.dataset else ()
        self._show_seen(preview.seen, classes, preview.trained)

    def _show_seen(self, seen: Seen, classes: tuple[str, ...], trained: bool = True) -> None:
        self.maps_panel.show_seen(seen, classes, trained)
        self.weights_panel.show_seen(seen)

    def _select_layer(self, names: tuple[str, ...]) -> None:
        self._show_state()
        self._watch_layer()

    def _watch_layer(self) -> None:
        """Look at the selected layer, or at the first convolution."""
        if not self.engine.is_ready:
            return
        from workbench.gui.editor.commands import last_of

        project = self.session.project
        graph = project.graph if self.session.active and project else self.document.graph
        chosen = last_of(self.document.graph, self.document.selection[0]) if self.document.selection else None
        layer = chosen or next((n.name for n in graph.nodes if n.kind == "Conv2d"), "")
        self.maps.watch(layer, graph)
        self.weights_panel.filters.watch(layer, graph)
        self._look()

    def _look(self) -> None:
        """Have looked at what the panels that are seen want to show."""
        from workbench.inspection import Wishes

        if not self.engine.is_ready:
            return
        maps = self.maps.wishes if self.workspace.is_seen("Maps") else Wishes()
        weights = self.weights_panel.wishes if self.workspace.is_seen("Weights") else Wishes()
        filters = tuple(dict.fromkeys((*maps.filters, *weights.filters)))
        self._previewer.look_at(replace(maps, filters=filters, spreads=weights.spreads))

    def _follow_training(self, state: str) -> None:
        if state == "preparing":
            self.curves.show_series(self.session.series)
            self._epochs_seen = 0
            self._timer.start()
        elif state == "running":
            self.history.refresh()
        elif state == "idle":
            self.history.refresh()
            self._frame()
            self._timer.stop()
        self._show_state()

    def _frame(self) -> None:
        """Take what has come since the last look, and draw it."""
        self.status.refresh()
        self.rate.refresh()
        if self.curves.series is not self.session.series:
            self.curves.show_series(self.session.series)
        self.curves.refresh()
        if self.session.probe is not None and self.session.started is not None:
            self._show_seen(self.session.probe.seen, self.session.started.classes)
            self._previewer.follow_training()
        epochs, started = self.session.series.epochs, self.session.started
        if epochs and started is not None and len(epochs) != self._epochs_seen:
            self._epochs_seen = len(epochs)
            self.confusion.show_epoch(epochs[-1], started.classes)
        if self.session.messages:
            self.tell(self.session.messages.popleft())

    def _training_finished(self, finished: object) -> None:
        if finished.traceback:  # type: ignore[attr-defined]
            self.errors.show(finished.sentence, finished.traceback)  # type: ignore[attr-defined]
        self.tell(finished.sentence)  # type: ignore[attr-defined]
        self._previewer.use_weights_of(self.session.directory)

    def _keep(self) -> str:
        """Keep what can be kept, after an error that nobody foresaw; says what."""
        kept = self.files.keep_now()
        if self.session.directory is None:
            return kept
        end = "goes on" if self.session.active else "is kept"
        return f"{kept} The run in {self.session.directory} {end}."

    def _training_failed(self, message: str, details: str) -> None:
        if details:
            self.errors.show(message, details)
        else:
            self.complain(message)

    def _count_problems(self, errors: int, warnings: int) -> None:
        self._has_problems = errors > 0
        parts = [f"{n} {word}{'s' if n > 1 else ''}" for n, word in ((errors, "problem"), (warnings, "remark")) if n]
        self._problem_count.setText(", ".join(parts) or "no problems")
        theme = self.appearance.theme
        colour = theme.error if errors else theme.warning if warnings else theme.muted
        self._problem_count.setStyleSheet(f"color: {colour}")
        title = "Problems" + (f" ({errors + warnings})" if errors + warnings else "")
        self.workspace.set_title("Problems", title)
        self._show_state()

    def _show_state(self) -> None:
        document = self.document
        self.setWindowTitle(f"{document.title}[*]{self.files.note} – CNN Workbench")
        self.setWindowModified(document.modified)
        self.actions_table["undo"].setText(f"Undo {document.undo_title}".strip())
        self.actions_table["redo"].setText(f"Redo {document.redo_title}".strip())
        paused = self.session.state == "paused"
        self.actions_table["pause"].setText("Go on" if paused else "Pause")
        self.actions_table.enable(self.conditions)

    def _context_menu(self, position: QPoint) -> None:
        menu = QMenu(self)
        names = (
            "insert",
            "",
            "cut",
            "copy",
            "paste",
            "duplicate",
            "delete",
            "",
            "rename",
            "group",
            "ungroup",
            "toggle_block",
        )
        for name in names:
            menu.addAction(self.actions_table[name]) if name else menu.addSeparator()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(position)

    def _set_theme(self, theme: Theme) -> None:
        self.settings.set("scheme", self.appearance.scheme)
        self.show_icons()

    def _restore_geometry(self) -> None:
        try:
            content = base64.b64decode(self.settings.get("geometry", ""), validate=True)
        except (binascii.Error, ValueError):
            return
        if content:
            self.restoreGeometry(QByteArray(content))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            self.attempt(lambda: self._take(paths[0]))

    def _take(self, path: Path) -> None:
        """Use what was dropped: a project, a folder of images, a picture."""
        if path.suffix == ".json":
            self.files.open(path)
        elif path.is_dir():
            self.document.set_data(self.document.data.changed(source=str(path), excluded=()), f"Use {path.name}")
        elif self.engine.is_ready:
            self.take_picture(path)

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self._is_closed:
            if not self.files.may_leave():
                event.ignore()
                return
            geometry, layout = self.saveGeometry().data(), self.workspace.layout_text()
            # What follows may take a moment, which nobody has to watch.
            self.hide()
            self.settings.set("geometry", base64.b64encode(geometry).decode())
            self.settings.set("layout", layout)
            self.busy = self.shut_down()
            self.files.close()
            self._is_closed = True
        event.accept()
        self.closed.emit()

    def shut_down(self, seconds: float = 0.8) -> list[str]:
        """End every thread of this window's; the names of those that nothing can interrupt, and that save nothing."""
        for timer in self.findChildren(QTimer):
            timer.stop()
        if self.engine.is_ready:
            self.history.save_notes()
        works = self.findChildren(Background)
        for work in works:
            work.give_up()
        self.session.stop()
        end = time.monotonic() + seconds
        left = [] if self.session.wait(seconds) else ["training"]
        left += close_all(works, max(0.0, end - time.monotonic()))
        return left if self.engine.wait(max(0.0, end - time.monotonic())) else [*left, "engine"]
