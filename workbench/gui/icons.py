"""Icons of Material Design, through qtawesome, in the colours of the theme."""

from __future__ import annotations

from PySide6.QtGui import QColor, QIcon

from workbench.gui.theme import Theme


def icon(name: str, theme: Theme, colour: str = "") -> QIcon:
    """The icon of that name. Loading the font takes a moment, so it is imported when the first one is wanted."""
    import qtawesome

    return qtawesome.icon(name, color=QColor(colour or theme.text), color_disabled=QColor(theme.border))
