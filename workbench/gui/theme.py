"""Light and dark: one table of colours, from which palette, style sheet, cards and plots are painted."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources
from typing import Literal

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontInfo, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

Scheme = Literal["system", "light", "dark"]


@dataclass(frozen=True)
class Theme:
    """The colours of one scheme. ``categories`` are those of the catalogue's categories of layers."""

    name: str
    window: str
    surface: str
    raised: str
    field: str
    border: str
    text: str
    muted: str
    accent: str
    on_accent: str
    good: str
    warning: str
    error: str
    training: str
    validation: str
    gap: str
    categories: dict[str, str]

    def category(self, name: str) -> QColor:
        return QColor(self.categories.get(name, self.muted))


LIGHT = Theme(
    "light", "#f3f4f7", "#ffffff", "#fafbfd", "#ffffff", "#d5d9e2", "#1c2230", "#5d6780", "#2f6fde", "#ffffff",
    "#1d8a4e", "#a86400", "#c62f3d", "#2f6fde", "#d9622b", "#d9622b",
    {
        "Convolution": "#2f6fde", "Pooling": "#0e8f8a", "Normalization": "#9a7400", "Activation": "#d0552b",
        "Regularization": "#8650c8", "Shape": "#667085", "Merge": "#c03a7c", "Scale": "#4c8a1f",
        "Block": "#475069", "Input": "#475069",
    },
)  # fmt: skip

DARK = Theme(
    "dark", "#16181d", "#1e2127", "#262a32", "#2b303a", "#393f4b", "#e8eaf0", "#9aa3b6", "#5b95ff", "#0c1220",
    "#4fc787", "#e2a93f", "#ff6f7a", "#6ea3ff", "#ff9a63", "#ff9a63",
    {
        "Convolution": "#6ea3ff", "Pooling": "#3fc1b9", "Normalization": "#d8b340", "Activation": "#ff8d63",
        "Regularization": "#b78bf0", "Shape": "#98a2b8", "Merge": "#f07db3", "Scale": "#8fc95f",
        "Block": "#a9b2c7", "Input": "#a9b2c7",
    },
)  # fmt: skip


class Appearance(QObject):
    """The scheme in use. Widgets that paint themselves repaint when it has `changed`."""

    changed = Signal(object)

    def __init__(self, application: QApplication, scheme: Scheme = "system") -> None:
        super().__init__(application)
        self._application = application
        self._scheme: Scheme = scheme
        self.theme = LIGHT
        application.setStyle("Fusion")
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._follow)
        self._apply()

    @property
    def scheme(self) -> Scheme:
        return self._scheme

    def choose(self, scheme: Scheme) -> None:
        """Follow the system, or stay light or dark."""
        self._scheme = scheme
        self._apply()

    def _follow(self) -> None:
        if self._scheme == "system":
            self._apply()

    def _apply(self) -> None:
        hints, schemes = QGuiApplication.styleHints(), Qt.ColorScheme
        # Frames and dialogs of the system's own follow it, where the platform has any.
        hints.setColorScheme({"light": schemes.Light, "dark": schemes.Dark}.get(self._scheme, schemes.Unknown))
        dark = self._scheme == "dark" or (self._scheme == "system" and hints.colorScheme() == schemes.Dark)
        self.theme = DARK if dark else LIGHT
        self._application.setPalette(palette(self.theme))
        self._application.setStyleSheet(style_sheet(self.theme, self._application.font()))
        self.changed.emit(self.theme)


def palette(theme: Theme) -> QPalette:
    """The theme as Qt's palette, its disabled texts in the muted colour."""
    roles = QPalette.ColorRole
    colours = {
        roles.Window: theme.window, roles.WindowText: theme.text, roles.Base: theme.surface,
        roles.AlternateBase: theme.raised, roles.Text: theme.text, roles.Button: theme.raised,
        roles.ButtonText: theme.text, roles.Highlight: theme.accent, roles.HighlightedText: theme.on_accent,
        roles.ToolTipBase: theme.raised, roles.ToolTipText: theme.text, roles.PlaceholderText: theme.muted,
        roles.Link: theme.accent, roles.BrightText: theme.error, roles.Mid: theme.border, roles.Dark: theme.border,
        roles.Light: theme.raised, roles.Midlight: theme.raised, roles.Shadow: theme.border,
        roles.Accent: theme.accent,
    }  # fmt: skip
    result = QPalette()
    for role, colour in colours.items():
        result.setColor(role, QColor(colour))
    for role in (roles.WindowText, roles.Text, roles.ButtonText, roles.HighlightedText):
        result.setColor(QPalette.ColorGroup.Disabled, role, QColor(theme.muted))
    return result


def style_sheet(theme: Theme, font: QFont) -> str:
    """What the palette cannot say: quiet docks, flat tool buttons, thin scroll bars, titles larger than the font."""
    title = round(1.65 * QFontInfo(font).pixelSize())
    # The style's own tick has a frame darker than the window, which in the dark nobody sees.
    tick = (resources.files("workbench") / "resources" / "ticks" / f"{theme.name}.svg").as_posix()  # type: ignore[attr-defined]
    return f"""
    QToolTip {{ color: {theme.text}; background: {theme.raised}; border: 1px solid {theme.border}; padding: 4px; }}
    QMainWindow::separator {{ background: {theme.window}; width: 5px; height: 5px; }}
    QDockWidget::title {{ padding: 6px 8px; background: {theme.window}; font-weight: 600; }}
    QToolBar {{ border: 0; border-bottom: 1px solid {theme.border}; padding: 4px 6px; spacing: 4px; }}
    QToolBar QToolButton {{ padding: 4px 8px; border-radius: 5px; }}
    QToolBar QToolButton:hover {{ background: {theme.border}; }}
    QStatusBar {{ border-top: 1px solid {theme.border}; }}
    QStatusBar::item {{ border: 0; }}
    QTabWidget::pane {{ border: 0; border-top: 1px solid {theme.border}; }}
    QTabBar {{ qproperty-elideMode: ElideNone; qproperty-usesScrollButtons: true; }}
    QTabBar::tab {{ padding: 5px 12px; color: {theme.muted}; border: 0; border-bottom: 2px solid transparent; }}
    QTabBar::tab:selected {{ color: {theme.text}; border-bottom: 2px solid {theme.accent}; }}
    QTabBar::tab:hover {{ color: {theme.text}; }}
    QScrollBar:vertical {{ background: transparent; width: 10px; margin: 0; }}
    QScrollBar:horizontal {{ background: transparent; height: 10px; margin: 0; }}
    QScrollBar::handle {{ background: {theme.border}; border-radius: 4px; min-height: 24px; min-width: 24px; }}
    QScrollBar::handle:hover {{ background: {theme.muted}; }}
    QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page {{
        background: transparent; height: 0; width: 0; }}
    QRadioButton::indicator, QCheckBox::indicator, QTableView::indicator, QTreeView::indicator {{ width: 12px;
        height: 12px; border: 1px solid {theme.muted}; border-radius: 3px; background: {theme.surface}; }}
    QCheckBox::indicator:checked, QTableView::indicator:checked, QTreeView::indicator:checked {{
        border-color: {theme.accent}; background: {theme.accent}; image: url("{tick}"); }}
    QCheckBox::indicator:checked:disabled {{ border-color: {theme.muted}; background: {theme.muted}; }}
    QTreeView::indicator:checked:selected {{ border-color: {theme.on_accent}; }}
    QRadioButton::indicator {{ border-radius: 7px; }}
    QRadioButton::indicator:checked {{ width: 6px; height: 6px; border: 4px solid {theme.accent}; }}
    QTreeView, QListView, QTableView, QScrollArea {{ border: 0; background: {theme.surface}; }}
    QTreeView[role="figures"]::item {{ padding: 2px 4px; }}
    QTreeView[role="table"]::item, QTableView[role="table"]::item {{ padding: 0 3px; }}
    QTreeView[role="runs"]::item {{ padding: 2px 0; }}
    QAbstractScrollArea::corner {{ background: transparent; border: 0; }}
    QGraphicsView {{ border: 1px solid transparent; }}
    QGraphicsView:focus {{ border-color: {theme.accent}; }}
    QListWidget[role="contents"]::item {{ padding: 0 10px; }}
    QListWidget[role="contents"]::item:selected {{ background: {theme.accent}; color: {theme.on_accent}; }}
    QHeaderView::section {{ background: {theme.window}; color: {theme.muted}; border: 0; padding: 4px 6px; }}
    QTreeView[role="runs"] QHeaderView::section {{ padding: 4px 3px; }}
    QLineEdit, QAbstractSpinBox, QPlainTextEdit {{ background: {theme.field}; }}
    QLineEdit[wrong="true"] {{ border: 1px solid {theme.error}; border-radius: 3px; padding: 2px; }}
    QLabel[role="muted"] {{ color: {theme.muted}; }}
    QLabel[role="title"] {{ font-size: {title}px; font-weight: 600; }}
    QLabel[role="heading"] {{ font-weight: 600; }}
    QLabel[role="figure"] {{ font-weight: 600; }}
    """
