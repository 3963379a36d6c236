"""The program itself, which writes down now and then where things stand on the screen and what they have come to.

python -m tests.gui.watched_window FILE
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPoint, QTimer
from PySide6.QtWidgets import QApplication, QTreeWidget, QTreeWidgetItemIterator, QWidget

from workbench.gui import app
from workbench.gui.main_window import MainWindow
from workbench.gui.preset_card import PresetCard

_MILLISECONDS = 50


def diary(window: MainWindow) -> dict[str, Any]:
    """What a person would see: places as points of the screen."""
    view, document = window.editor.view, window.document
    cards = {n: _on_screen(view.viewport(), view.mapFromScene(c.pos())) for n, c in window.editor.scene.cards.items()}
    ready = window.engine.is_ready and window.picture.dataset is not None
    focus = QApplication.focusWidget()
    return {
        "ready": ready,
        "focus": focus.accessibleName() if focus is not None else "",
        "state": window.session.state,
        "epochs": len(window.session.series.epochs) if ready else 0,
        "hardest": len(window.training.hardest.hard) if ready else 0,
        "confusion": window.training.confusion.told if ready else "",
        "map": window.inspection.maps.opened if ready else None,
        "excluded": len(document.data.excluded),
        "page": "editor" if window.editor.isVisible() else "other",
        "cards": cards,
        "presets": {c.accessibleName(): _middle(c) for c in window.start_page.findChildren(PresetCard)},
        "layers": _rows(window),
        "gap": window.editor.scene.gap or "",
        "nodes": {node.name: [node.kind, list(document.graph.sources(node))] for node in document.graph.nodes},
        "selection": list(document.selection),
        "undo": document.undo_title,
    }


def _rows(window: MainWindow) -> dict[str, list[int]]:
    """The palette's layers that are in view."""
    (tree,) = window.palette_panel.findChildren(QTreeWidget)
    iterator = QTreeWidgetItemIterator(tree)
    places = {}
    while (row := iterator.value()) is not None:
        place = tree.visualItemRect(row).center()
        if tree.viewport().rect().contains(place):
            places[row.text(0)] = _on_screen(tree.viewport(), place)
        iterator += 1
    return places


def _middle(widget: QWidget) -> list[int]:
    return _on_screen(widget, widget.rect().center())


def _on_screen(widget: QWidget, point: QPoint) -> list[int]:
    there = widget.mapToGlobal(point)
    return [there.x(), there.y()]


def main(file: Path) -> int:
    app.make_application()

    def begin() -> None:
        window = next(w for w in QApplication.topLevelWidgets() if isinstance(w, MainWindow))
        timer = QTimer(window)

        def write() -> None:
            fresh = file.with_suffix(".new")
            fresh.write_text(json.dumps(diary(window)))
            os.replace(fresh, file)

        timer.timeout.connect(write)
        timer.start(_MILLISECONDS)

    QTimer.singleShot(0, begin)
    return app.run()


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
