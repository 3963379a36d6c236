"""Icons of Material Design, through qtawesome, in the colours of the theme."""

from __future__ import annotations

from PySide6.QtGui import QColor, QIcon

from workbench.gui.theme import Theme


def load_font() -> None:
    """What takes a moment, before the first icon is wanted."""
    import qtawesome

    qtawesome.font("mdi6", 16)


def icon(name: str, theme: Theme, colour: str = "") -> QIcon:
    """The icon of that name."""
    import qtawesome

    return qtawesome.icon(name, color=QColor(colour or theme.text), color_disabled=QColor(theme.border))
