"""What the cards say: an outline and an analysis made into words and figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from workbench.graph import Field, Graph
from workbench.gui.editor.outline import Entry, Outline
from workbench.gui.figures import count, size
from workbench.layers import CATALOGUE, TEMPLATES, words
from workbench.project import Recipe
from workbench.project.fine_tuning import factor_of, is_frozen

if TYPE_CHECKING:
    from workbench.compiler import Analysis, LayerReport

_SHORT = {
    "out_channels": "{} filters", "kernel_size": "{}", "stride": "stride {}", "padding": "pad {}",
    "groups": "groups {}", "dilation": "dilation {}", "out_features": "{} units", "p": "p = {}",
    "output_size": "to {}", "bias": "bias {}", "inplace": "", "affine": "affine {}",
}  # fmt: skip

_ALWAYS = ("p", "negative_slope")
"""Told of a layer even where nobody chose it: it would say nothing else."""


Facts = Literal["overview", "field", "weights", "macs", "memory"]
"""What the last line of every card tells: some of each, or one thing beside its share of the whole network's."""


@dataclass(frozen=True)
class Face:
    """What a card shows.

    ``share`` are its parts of the network's parameters and multiply-adds, 0..1; ``is_folded`` that it stands for
    several equal blocks, ``is_frozen`` that its weights stay as they are; ``rate`` how fast they learn, if otherwise
    than the rest.
    """

    name: str
    kind: str
    category: str
    detail: str = ""
    shape: str = ""
    figures: str = ""
    share: tuple[float, float] = (0.0, 0.0)
    problem: str = ""
    warning: bool = False
    is_block: bool = False
    is_folded: bool = False
    is_input: bool = False
    tip: str = ""
    is_frozen: bool = False
    rate: str = ""


class Faces:
    """What the cards say, by their names. Made when it is looked at: most cards of a large network are out of sight."""

    def __init__(self) -> None:
        self._entries: Mapping[str, Entry] = {}
        self._make: Callable[[Entry], Face] | None = None
        self._made: dict[str, Face] = {}

    def tell_of(
        self,
        graph: Graph,
        outline: Outline,
        analysis: Analysis | None,
        facts: Facts = "overview",
        recipe: Recipe | None = None,
    ) -> None:
        """From now on the faces are those of this outline's cards, with these figures."""
        self._entries = outline.by_name
        self._make = lambda entry: face(graph, entry, analysis, facts, recipe)
        self._made = {}

    def __call__(self, name: str) -> Face:
        """The face of the card with that name."""
        made = self._made.get(name)
        if made is None:
            assert self._make is not None
            made = self._made[name] = self._make(self._entries[name])
        return made


def face(
    graph: Graph, entry: Entry, analysis: Analysis | None, facts: Facts = "overview", recipe: Recipe | None = None
) -> Face:
    """The face of one card; without an analysis it has no figures yet. The recipe tells how its layers learn."""
    if entry.is_input:
        shape = next(i.shape for i in graph.inputs if i.name == entry.name)
        return Face(entry.name, "Input", "Input", "the picture", _shape(shape), is_input=True, tip=_shape(shape))
    reports = [analysis.by_name[name] for name in entry.nodes if name in analysis.by_name] if analysis else []
    problems = [p for p in analysis.problems if p.node in entry.nodes] if analysis else []
    worst = next((p for p in problems if p.severity == "error"), problems[0] if problems else None)
    detail = _block_detail(graph, entry) if entry.is_block else _arguments(graph, entry.name)
    last = next((r for r in reversed(reports) if r.output is not None), None)
    parameters = sum(r.parameters for r in reports)
    macs = sum(r.macs for r in reports)
    figures = _figures(parameters, macs, last) if last else ""
    line = figures if facts == "overview" or analysis is None else _told(facts, reports, analysis)
    share = _share(reports, analysis) if analysis else (0.0, 0.0)
    output = reports[-1].output if reports else None
    known = CATALOGUE.get(entry.kind)
    message = worst.message if worst else ""
    return Face(
        _name(entry),
        _kind(entry),
        "Block" if entry.is_block else known.category if known else "Shape",
        detail,
        _shape(output) if output else "",
        line,
        share,
        message,
        worst is not None and worst.severity == "warning",
        entry.is_block,
        bool(entry.blocks),
        False,
        _tip(entry, detail, figures, known.help if known else "", worst.remedy if worst else "", message),
        *_learning(entry, recipe),
    )


def _learning(entry: Entry, recipe: Recipe | None) -> tuple[bool, str]:
    """Whether all layers behind a card are frozen, and what multiplies their learning rate."""
    if recipe is None or not (recipe.frozen or recipe.rate_factors):
        return False, ""
    if all(is_frozen(recipe, name) for name in entry.nodes):
        return True, ""
    factors = {factor_of(recipe, name) for name in entry.nodes}
    if len(factors) > 1:
        return False, "rates differ"
    factor = factors.pop()
    return False, "" if factor == 1 else f"rate ×{factor:g}"


def _share(reports: Sequence[LayerReport], analysis: Analysis) -> tuple[float, float]:
    """Parts of the network's parameters and multiply-adds."""
    parameters, macs = sum([r.parameters for r in reports]), sum([r.macs for r in reports])
    return parameters / (analysis.parameters or 1), macs / (analysis.macs or 1)


def _figures(parameters: int, macs: int, last: LayerReport) -> str:
    parts = []
    if parameters:
        parts.append(f"{count(parameters)} weights")
    if macs:
        parts.append(f"{count(macs)} MACs")
    field = last.receptive_field
    if field is not None:
        parts.append("sees all" if field.whole else f"sees {_number(field.height.size)}×{_number(field.width.size)}")
    parts.append(size(last.activation_bytes))
    return " · ".join(parts)


def _told(facts: Facts, reports: list[LayerReport], analysis: Analysis) -> str:
    """One kind of figure of the layers behind a card; '' where they have none."""
    if facts == "field":
        last = next((r for r in reversed(reports) if r.output is not None), None)
        field = last.receptive_field if last else None
        if field is None:
            return ""
        if field.whole:
            return "sees the whole picture"
        sides = field.height, field.width
        seen = "×".join(_number(side.size) for side in sides)
        return f"sees {seen}, effective stride {'×'.join(_number(side.jump) for side in sides)}"
    unit, part, whole = {
        "weights": ("weights", sum(r.parameters for r in reports), analysis.parameters),
        "macs": ("multiply-adds", sum(r.macs for r in reports), analysis.macs),
        "memory": ("", sum(r.activation_bytes for r in reports), analysis.activation_bytes),
    }[facts]
    if not part:
        return f"no {unit}" if unit else ""
    amount = f"{count(part)} {unit}" if unit else f"{size(part)} of activations a picture"
    return f"{amount}, {100 * part / whole:.2g} % of all"


def _arguments(graph: Graph, name: str) -> str:
    node = graph.by_name[name]
    if node.shares:
        return f"the weights of {node.shares}"
    return _listed(node.arguments, CATALOGUE[node.kind].by_name)


def _listed(arguments: Mapping[str, object], order: Mapping[str, Field]) -> str:
    """What differs from the defaults, in the order of the fields."""
    told = {name: order[name].default for name in _ALWAYS if name in order} | dict(arguments.items())
    places = {name: place for place, name in enumerate(order)}
    shown = []
    for argument in sorted(told, key=lambda name: places.get(name, len(places))):
        value, field = told[argument], order.get(argument)
        is_default = field is not None and not field.required and value == field.default
        if is_default and argument not in (*_ALWAYS, "kernel_size"):
            continue
        is_list = isinstance(value, tuple) and field is not None and field.type == "ints"
        words = ", ".join(str(one) for one in value) if is_list else _value(value, argument)  # type: ignore[attr-defined]
        text = _SHORT.get(argument, argument.replace("_", " ") + " {}").format(words)
        if text:
            shown.append(text)
    return ", ".join(shown)


def _value(value: object, argument: str) -> str:
    if isinstance(value, tuple):
        return "×".join(map(str, value))
    if argument == "kernel_size":
        return f"{value}×{value}"
    return "no" if value is False else "yes" if value is True else str(value)


def _block_detail(graph: Graph, entry: Entry) -> str:
    block = graph.block_of(entry.name)
    known = TEMPLATES.get(block.template) if block else None
    made = _listed(block.arguments, {field.name: field for field in known.fields} if known else {}) if block else ""
    each = f"{len(entry.nodes) // max(1, len(entry.blocks))} layers"
    return (f"each {each}" if entry.blocks else each) + (f": {made}" if made else "")


def _name(entry: Entry) -> str:
    return f"{entry.name} … {entry.blocks[-1].rpartition('.')[2]}" if entry.blocks else entry.name


def _kind(entry: Entry) -> str:
    if entry.blocks:
        return f"{len(entry.blocks)} × {entry.kind or 'Block'}"
    return entry.kind or entry.name.rpartition(".")[2]


def _shape(shape: object) -> str:
    if isinstance(shape, tuple) and shape and isinstance(shape[0], tuple):
        return f"{len(shape)} tensors"
    return words(shape)


def _number(value: object) -> str:
    return f"{float(value):g}"  # type: ignore[arg-type]


def _tip(entry: Entry, detail: str, figures: str, help: str, remedy: str, problem: str) -> str:
    lines = [entry.name, detail, figures, help]
    if problem:
        lines.append(f"{problem}{'; ' + remedy if remedy else ''}")
    return "\n".join(line for line in lines if line)
