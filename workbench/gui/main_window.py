"""The window: wires the rooms together. Each of them knows the document or nothing at all, and none another."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QMainWindow

from workbench.gui import commands
from workbench.gui.actions import FOR_CARDS
from workbench.gui.bars import MainBar, StatusLine
from workbench.gui.closing import shut_down
from workbench.gui.conditions import conditions
from workbench.gui.copying import accept_a_copy
from workbench.gui.data.images import Images
from workbench.gui.document import Document
from workbench.gui.editor.edit_history import EditHistory
from workbench.gui.editor.inspector import InspectorPanel
from workbench.gui.editor.palette import LayerPalette
from workbench.gui.editor.panel import EditorPanel
from workbench.gui.editor.problems import ProblemsPanel
from workbench.gui.engine import Engine
from workbench.gui.errors import ErrorDialogs, is_expected
from workbench.gui.files import Files
from workbench.gui.geometry import keep_geometry, restore_geometry
from workbench.gui.icons import icon, load_font
from workbench.gui.inspection.picture import PictureChoice
from workbench.gui.menus import Actions
from workbench.gui.pages import Pages
from workbench.gui.recent import RecentMenu
from workbench.gui.settings import Settings
from workbench.gui.start_page import StartPage
from workbench.gui.theme import Appearance, Theme
from workbench.gui.training.recipe_panel import RecipePanel
from workbench.gui.training.session import TrainingSession
from workbench.gui.workspace import Workspace
from workbench.presets import PRESETS, build
from workbench.project import Project

if TYPE_CHECKING:
    from workbench.gui.data.panel import DataPanel
    from workbench.gui.editor.comparison.window import ComparisonWindow
    from workbench.gui.exporting import Exporting
    from workbench.gui.inspection.room import InspectionRoom
    from workbench.gui.reporting import Reporting
    from workbench.gui.training.room import TrainingRoom
    from workbench.gui.travel.room import TravelRoom


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
    pages: Pages
    inspection: InspectionRoom
    training: TrainingRoom
    travel: TravelRoom
    data_panel: DataPanel
    comparison: ComparisonWindow
    exporting: Exporting
    recipe_panel: RecipePanel
    reporting: Reporting

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
        self.has_problems = False
        self._is_closed = False
        self.busy: list[str] = []
        self.setWindowTitle("CNN Workbench")
        room = self.screen().availableGeometry().size()
        self.resize(min(1440, room.width() - 20), min(900, room.height() - 40))
        self.setAcceptDrops(True)
        self.actions_table = Actions(self, self.attempt)
        recent = RecentMenu(settings, lambda path: self.attempt(lambda: self.files.open(path)), self)
        self.actions_table.fill(self.menuBar(), recent)
        self._build_centre()
        self._fill_panels()
        self._build_bars()
        self.document.state_changed.connect(self.show_state)
        self.document.selection_changed.connect(lambda _: self.show_state())
        self.session.state_changed.connect(lambda _: self.show_state())
        self.session.failed.connect(self._training_failed)
        self.engine.loaded.connect(lambda: self._in_turns(self._filling()))
        self.engine.failed.connect(self.complain)
        appearance.changed.connect(self._set_theme)
        restore_geometry(self, self.settings)
        commands.show_as_before(self)
        self.show_state()

    # what the rooms call

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
        self._message.complain(message)

    def tell(self, message: str) -> None:
        """Say what has been done."""
        self._message.tell(message)

    @property
    def message(self) -> str:
        """What the status bar says now."""
        return self._message.text()

    # building

    def _build_centre(self) -> None:
        self.editor = EditorPanel(self.document, self.appearance, self.attempt)
        self.start_page = StartPage(self.settings, self.appearance)
        self.start_page.preset_chosen.connect(self.files.open_preset)
        self.start_page.experiment_chosen.connect(self.files.open_experiment)
        self.start_page.file_chosen.connect(lambda path: self.attempt(lambda: self.files.open(Path(path))))
        self.editor.add_bar(self.files.unsaved)
        self.workspace = Workspace(self.editor, self.settings.get("layout", ""))
        self.workspace.arranged.connect(self.editor.view.show_start)
        self.pages = Pages(self.start_page, self.editor, self.workspace, self.appearance)
        self.pages.network_wanted.connect(self.files.open_preset)
        self.pages.report_wanted.connect(lambda: self.attempt(self.reporting.ask_lesson))
        self.pages.currentChanged.connect(lambda _: self.show_state())
        self.setCentralWidget(self.pages)
        self.editor.layer_search.connect(lambda text: commands.search_layers(self, text))
        self.editor.layer_opened.connect(self._inspect)
        self.editor.menu_wanted.connect(self._context_menu)

    def _inspect(self, _: str) -> None:
        self.workspace.reveal("Inspector")
        self.inspector.take_focus()

    def _fill_panels(self) -> None:
        self.palette_panel = LayerPalette(self.appearance, self.attempt)
        self.palette_panel.chosen.connect(lambda what: self.editor.insert(what))
        self.palette_panel.left.connect(lambda: self.editor.view.setFocus())
        self.problems = ProblemsPanel(self.document, self.images, self.appearance, self.attempt)
        self.problems.counted.connect(self._count_problems)
        self.problems.chosen.connect(lambda name: self.editor.view.show_card(name))
        self.editor.block_saved.connect(self.palette_panel.refresh)
        self.edits_panel = EditHistory(self.document, self.appearance)
        self.edits_panel.compare_wanted.connect(lambda place: commands.compare_networks(self, place))
        self.workspace.put("Layers", self.palette_panel)
        self.workspace.put("Edits", self.edits_panel)
        self.inspector = InspectorPanel(self.document, self.attempt)
        self.inspector.left.connect(lambda: self.editor.view.setFocus())
        self.workspace.put("Inspector", self.inspector)
        self.workspace.put("Problems", self.problems)

    def _build_bars(self) -> None:
        bar = MainBar(self.actions_table, self.document, self.session)
        self.device_choice, self.rate = bar.device_choice, bar.rate
        self.addToolBar(bar)
        self._line = StatusLine(self.session, self.engine, self.actions_table, self.appearance)
        self.status, self._message = self._line.training, self._line.message
        self.setStatusBar(self._line)

    # what follows from what

    def show_icons(self) -> None:
        """Icons come after the first picture: their font takes a moment to load."""
        theme = self.appearance.theme
        self.actions_table.set_icons(lambda name: icon(name, theme))
        self.actions_table["train"].setIcon(icon("mdi6.play", theme, theme.good))

    def begin_loading(self) -> None:
        """The window has been painted: now what takes longer."""
        self._in_turns(self._loading())

    def _in_turns(self, pieces: Iterator[None]) -> None:
        """Do a piece now, and those after it between other events, as long as the window is open."""
        if not self._is_closed and next(pieces, self) is None:
            # After no time at all it would come before whatever else waits.
            QTimer.singleShot(1, self, lambda: self._in_turns(pieces))

    def _loading(self) -> Iterator[None]:
        self.recipe_panel = RecipePanel(self.document, self.attempt)
        self.workspace.put("Recipe", self.recipe_panel)
        yield
        self.attempt(self.files.draft.begin)
        yield
        load_font()
        yield
        self.show_icons()
        # While torch's libraries are loaded no other can be, and qtawesome brings some of Qt's.
        self.engine.load()

    def _filling(self) -> Iterator[None]:
        from workbench.gui.rooms import fill

        yield from fill(self)
        self.device_choice.find_devices()
        self.document.begin_analysing()
        self.start_page.show_figures()
        self.inspection.begin()
        self.images.read_again()
        self.engine.use()
        self.show_state()

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
        self.has_problems = errors > 0
        counted = self._line.count_problems(errors, warnings)
        why = f"{counted} to mend first: see Problems" if errors else "Train (F5)"
        self.actions_table["train"].setToolTip(why)
        title = "Problems" + (f" ({errors + warnings})" if errors + warnings else "")
        self.workspace.set_title("Problems", title)
        self.show_state()

    def show_state(self) -> None:
        """Title, undo, redo and what can be done now, as they are."""
        document = self.document
        self.setWindowTitle(f"{document.title}[*]{self.files.note} – CNN Workbench")
        self.setWindowModified(document.modified)
        self.start_page.show_open(document.title, document.data.source)
        self.actions_table["undo"].setText(f"Undo {document.undo_title}".strip())
        self.actions_table["redo"].setText(f"Redo {document.redo_title}".strip())
        paused = self.session.state == "paused"
        self.actions_table["pause"].setText("Go on" if paused else "Pause")
        self.actions_table.enable(conditions(self))

    def _context_menu(self, position: QPoint) -> None:
        self.actions_table.menu_for(FOR_CARDS, self).popup(position)

    def _set_theme(self, theme: Theme) -> None:
        self.settings.set("scheme", self.appearance.scheme)
        self.actions_table[self.appearance.scheme].setChecked(True)
        self.show_icons()

    def focusNextPrevChild(self, next: bool) -> bool:
        return self.workspace.pass_over_unseen(lambda: super(MainWindow, self).focusNextPrevChild(next))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            accept_a_copy(event)

    def dropEvent(self, event: QDropEvent) -> None:
        from workbench.gui.dropped import take_dropped

        accept_a_copy(event)
        self.attempt(lambda: take_dropped(self, event.mimeData()))

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self._is_closed:
            if not self.files.may_leave():
                event.ignore()
                return
            keep_geometry(self, self.settings)
            self.settings.set("layout", self.workspace.layout_text())
            # What follows may take a moment, which nobody has to watch.
            self.hide()
            self.busy = shut_down(self)
            self.files.close()
            self._is_closed = True
        event.accept()
        self.closed.emit()
