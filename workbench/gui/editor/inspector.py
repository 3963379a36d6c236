"""The inspector: the form of what is selected, made from the catalogue."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLabel, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from workbench.graph import Field, Graph
from workbench.gui.document import Document
from workbench.gui.editor import commands
from workbench.gui.editor.form import Form, stand_below_each_other
from workbench.gui.editor.learning import LearningForm
from workbench.gui.editor.refusal import MendableLine, refusal_of, refuse
from workbench.gui.figures import count, size
from workbench.gui.hints import centred
from workbench.gui.own_keys import SelectableLabel
from workbench.layers import CATALOGUE, TEMPLATES, words

_BY_KEY = Qt.TextInteractionFlag.LinksAccessibleByKeyboard

Try = Callable[[Callable[[], object]], None]
"""Runs an edit and shows the reason where it cannot be made."""


class InspectorPanel(QScrollArea):
    """Shows and edits what is selected. ``attempt`` runs an edit and tells a person why one fails.

    ``left`` tells that a person has pressed Escape and wants back to the network.
    """

    left = Signal()

    def __init__(self, document: Document, attempt: Try) -> None:
        super().__init__()
        self._document, self._attempt = document, attempt
        self._names: tuple[str, ...] = ()
        self._form: Form | None = None
        self._figures: QLabel | None = None
        self._learning: LearningForm | None = None
        self._shown: object = None
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        document.selection_changed.connect(lambda _: self._show())
        document.changed.connect(lambda before, after: self._follow(before.graph, after.graph))
        document.changed.connect(lambda before, after: self._learning and self._learning.show_recipe())
        document.analysed.connect(lambda _: self._tell_figures())
        self._show()

    def take_focus(self) -> None:
        """Have the keyboard edit the first argument, or the name of what has none."""
        first = self._form.first if self._form is not None else self.findChild(QLineEdit)
        if first is not None:
            first.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def _follow(self, before: Graph, after: Graph) -> None:
        # Of what is gone, and of what has come to be selected, the selection tells next.
        names = self._document.selection
        if before is not after and names == self._names and all(name in after or after.members(name) for name in names):
            self._show()

    def _show(self) -> None:
        """Show the selection: the same form with other values where its kind is the same."""
        document = self._document
        self._names = document.selection
        graph = document.graph
        kinds = {graph.by_name[name].kind if name in graph else "" for name in self._names}
        what = (self._names, frozenset(kinds), self._template(), self._has_weights())
        if what == self._shown and self._form is not None:
            self._fill()
            return
        self._shown, self._form, self._figures, self._learning = what, None, None, None
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(12, 12, 12, 12)
        layout.setSpacing(10)
        if not self._names:
            layout.addWidget(centred("Select a layer to see and change it."))
        elif len(kinds) > 1:
            layout.addWidget(centred(f"{len(self._names)} layers of different kinds are selected."))
        elif "" in kinds:
            self._block(layout)
        else:
            self._layer(layout, kinds.pop())
        layout.addStretch(1)
        before = self.takeWidget()
        if before is not None:
            # Not at once: it may be its own line whose new name has led here.
            before.deleteLater()
        self.setWidget(page)
        self._fill()

    def _layer(self, layout: QVBoxLayout, kind: str) -> None:
        entry = CATALOGUE[kind]
        self._header(layout, kind, entry.help)
        if entry.formula:
            formula = SelectableLabel(entry.formula)
            formula.setWordWrap(True)
            layout.addWidget(formula)
        shares = self._document.graph.by_name[self._names[0]].shares
        if shares:
            layout.addWidget(centred(f"Runs {shares} again, with the same weights: set its arguments there."))
        elif entry.fields:
            self._form = Form(entry.fields)
            self._form.edited.connect(self._set)
            self._form.refused.connect(self._refuse)
            layout.addWidget(self._form)
        if self._has_weights():
            self._add_learning(layout)
        self._add_figures(layout)
        if entry.page:
            link = QLabel(f'<a href="{entry.page}">PyTorch’s page about {kind}</a>')
            link.setOpenExternalLinks(True)
            link.setTextInteractionFlags(Qt.TextInteractionFlag.LinksAccessibleByMouse | _BY_KEY)
            link.setAccessibleName(f"PyTorch’s page about {kind}")
            layout.addWidget(link)

    def _block(self, layout: QVBoxLayout) -> None:
        template = self._template()
        help = TEMPLATES[template].help if template else "A block made by hand: open it to change its layers."
        self._header(layout, template or "Block", help)
        if template and self._are_alike():
            self._form = Form(TEMPLATES[template].fields)
            self._form.edited.connect(self._set_block)
            self._form.refused.connect(self._refuse)
            layout.addWidget(self._form)
        self._add_learning(layout)
        self._add_figures(layout)

    def _header(self, layout: QVBoxLayout, title: str, help: str) -> None:
        heading = QLabel(title)
        heading.setProperty("role", "title")
        layout.addWidget(heading)
        if len(self._names) == 1:
            name = MendableLine(self._names[0])
            name.setAccessibleName("Name")
            name.setToolTip("The name under which PyTorch keeps its weights")
            name.editingFinished.connect(lambda: self._rename(name))
            name.textEdited.connect(lambda _: refuse(name, ""))
            name.left.connect(lambda: self._take_back(name))
            layout.addWidget(name)
        else:
            several = QLabel(f"{len(self._names)} selected: what is set here is set in all of them")
            several.setProperty("role", "muted")
            several.setWordWrap(True)
            layout.addWidget(several)
        about = QLabel(help)
        about.setWordWrap(True)
        about.setProperty("role", "muted")
        layout.addWidget(about)

    def _has_weights(self) -> bool:
        """Whether there is something to be learnt in what is selected, as far as is known."""
        analysis, graph = self._document.analysis, self._document.graph
        reports = analysis.by_name if analysis is not None and analysis.graph is graph else {}
        return any(name in reports and reports[name].parameters for name in self._names)

    def _add_learning(self, layout: QVBoxLayout) -> None:
        self._learning = LearningForm(self._document, self._names)
        layout.addWidget(self._learning)
        if self._form is not None:
            stand_below_each_other(self._form, self._learning)

    def _add_figures(self, layout: QVBoxLayout) -> None:
        self._figures = SelectableLabel()
        self._figures.setWordWrap(True)
        self._figures.setTextFormat(Qt.TextFormat.RichText)
        layout.addWidget(self._figures)

    def _fill(self) -> None:
        graph = self._document.graph
        if self._form is not None and self._names:
            self._form.show_several([_values(graph, name) for name in self._names])
        self._tell_figures()

    def _tell_figures(self) -> None:
        analysis, graph = self._document.analysis, self._document.graph
        if self._figures is None or analysis is None or analysis.graph is not graph or not self._names:
            return
        nodes = [
            n for name in self._names for n in ([name] if name in graph else [m.name for m in graph.members(name)])
        ]
        reports = [analysis.by_name[name] for name in nodes if name in analysis.by_name]
        if not reports:
            return
        first, last = reports[0], reports[-1]
        rows = [
            ("takes", " and ".join(words(s) if s else "?" for s in first.inputs)),
            ("gives", words(last.output) if last.output else "cannot run"),
            ("parameters", f"{sum(r.parameters for r in reports):,}"),
            ("multiply-adds", count(sum(r.macs for r in reports))),
            ("activations", size(sum(r.activation_bytes for r in reports))),
        ]
        field = last.receptive_field
        if field is not None:
            height, width = field.height, field.width
            whole = " (all of it)" if field.whole else ""
            rows.append(("sees of the picture", f"{float(height.size):g}×{float(width.size):g} pixels{whole}"))
            if not field.whole:
                rows.append(("effective stride", f"{float(height.jump):g}×{float(width.jump):g}"))
        dense = sum(r.dense_parameters for r in reports if r.macs)
        if dense:
            rows.append(("a dense layer would need", f"{count(dense)} weights"))
        self._figures.setText(
            "<table cellspacing=0 cellpadding=2>"
            + "".join(f"<tr><td>{name}&nbsp;&nbsp;</td><td align=right><b>{text}</b></td></tr>" for name, text in rows)
            + "</table>"
        )

    def _template(self) -> str:
        block = self._document.graph.block_of(self._names[0]) if self._names else None
        return block.template if block else ""

    def _set(self, argument: str, value: object) -> None:
        self._attempt(lambda: commands.set_argument(self._document, self._names, argument, value))

    def _set_block(self, argument: str, value: object) -> None:
        self._attempt(lambda: commands.set_block_argument(self._document, self._names, argument, value))

    def _refuse(self, field: Field, value: object) -> None:
        self._attempt(lambda: field.check(value))

    def _are_alike(self) -> bool:
        """Whether all that is selected was made from one template."""
        made = [self._document.graph.block_of(name) for name in self._names]
        return all(block is not None and block.template == self._template() for block in made)

    def _rename(self, line: QLineEdit) -> None:
        old, new = self._names[0], line.text().strip()
        if not new or new == old:
            return
        refused = refusal_of(lambda: commands.rename(self._document, old, new), self._attempt)
        if refused and line.hasFocus():
            refuse(line, refused)
        elif refused:
            line.setText(old)

    def _take_back(self, line: QLineEdit) -> None:
        """Show the name that it has, where another was refused and not mended."""
        if line.property("wrong") and self._names:
            line.setText(self._names[0])
            refuse(line, "")


def _values(graph: Graph, name: str) -> Mapping[str, Any]:
    """Every argument of a layer or of a block made from a template."""
    if name in graph:
        return CATALOGUE[graph.by_name[name].kind].values(graph.by_name[name].arguments)
    block = graph.block_of(name)
    return TEMPLATES[block.template].values(block.arguments) if block is not None and block.template else {}
