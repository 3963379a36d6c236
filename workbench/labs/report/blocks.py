"""What came out of the labs that take a block apart: inception, and squeeze and excitation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workbench.graph import Graph
from workbench.labs.excitation import MAPS, Study, network, price
from workbench.labs.inception import Inception
from workbench.labs.inception_digits import Learnt
from workbench.labs.report.lesson import Section
from workbench.runs.page.chart import Line, lines, row_of_bars
from workbench.runs.page.drawing import grid, mosaic
from workbench.runs.page.frame import Html, figure, folded, layers, paragraph, settings, table

_SHOWN_MAPS = 21


def inception(
    block: Inception, picture: str, maps: Mapping[str, Any], filters: str, ran: Graph, made: Learnt | None
) -> list[Section]:
    """A block's branches: what they cost, and what they make of a picture.

    ``filters`` says whose made the maps, and ``ran`` is the network that they come from; ``made`` what it has learnt.
    """
    chosen = (("picture", picture), ("branches", ", ".join(block.branches) or "none"),
              ("1×1 bottlenecks", "on" if block.bottlenecks else "off"))  # fmt: skip
    sections = [("Settings", table(("setting", "value"), chosen, 9))]
    if not block.branches:
        return [*sections, ("What came out", paragraph("Every branch was left out."))]
    prices, other = block.price(), Inception(block.branches, not block.bottlenecks).price()
    rows: list[tuple[object, ...]] = [
        (branch, f"{given}", f"{weights:,}", f"{macs:,}", f"{other[branch][1]:,}")
        for branch, (weights, macs, given) in prices.items()
    ]
    sums = [sum(column) for column in zip(*prices.values(), strict=True)]
    rows.append(("all", f"{sums[2]}", f"{sums[0]:,}", f"{sums[1]:,}", f"{sum(p[1] for p in other.values()):,}"))
    without = "multiply-adds without bottlenecks" if block.bottlenecks else "multiply-adds with bottlenecks"
    sections.append(("Price", table(("branch", "maps", "weights", "multiply-adds", without), rows, 1)))
    drawn = [
        figure(f"{branch}: the first {min(len(values), _SHOWN_MAPS)} of {len(values)} maps",
               mosaic(_even(values[:_SHOWN_MAPS]), 2, limits=(0.0, 1.0), alt=f"maps of the {branch} branch"))
        for branch, values in maps.items() if branch in block.branches
    ]  # fmt: skip
    if drawn:
        words = paragraph(filters, "muted")
        sections.append(("Maps of each branch", Html(f'{words}<div class="row">{"".join(drawn)}</div>')))
    if made is not None:
        sections.append(
            ("Its training", folded("All settings", table(("setting", "value", ""), settings(made.project), 9)))
        )
    return [*sections, ("The network around the block", layers(ran))]


def excitation(reduction: int, made: Study | None, part: str, number: int = 0) -> list[Section]:
    """A trained network taken apart: bars of every class, that with this number first, and of all classes the gates,
    or with ``part`` 'squeezed means' what they were made from."""
    prices = [(f"block {n}", maps, f"{price(maps, reduction):,}") for n, maps in enumerate(MAPS, 1)]
    sections = [("Price of the gates", Html(
        paragraph(f"With reduction {reduction}.") + table(("block", "maps", "parameters"), prices, 1)))]  # fmt: skip
    if made is None:
        nothing = paragraph("Nothing was trained: press 'Train and take apart' in the lab first.", "muted")
        return [*sections, ("What came out", nothing), ("The network", layers(network(reduction)))]
    lost = (made.gated.whole - made.ungated.whole) * 100
    verdict = (
        f"Validation accuracy {made.gated.whole:.1%}; with every gate at 1 {made.ungated.whole:.1%}: "
        f"{'a loss of' if lost >= 0 else 'a gain of'} {abs(lost):.1f} points. The gates are "
        f"{made.gate_parameters:,} of {made.parameters:,} parameters."
    )
    spreads = [f"{block.spread:.3f}" for block in made.blocks]
    worth = [
        (name, spread, f"{found.whole:.1%}", *(f"{share:.0%}" for share in found.by_class.tolist()))
        for name, spread, found in (
            ("none", "", made.gated),
            *((f"block {n}", *row) for n, row in enumerate(zip(spreads, made.opened, strict=True), 1)),
            ("all blocks", "", made.ungated),
        )
    ]
    head = ("gates at 1 in", "differ between classes by", "right", *(f"of {name}" for name in made.classes))
    sections.append(("What the gates are worth", Html(paragraph(verdict, "state") + table(head, worth, 1))))
    others = [n for n in range(len(made.classes)) if n != number]
    sections.append((f"Squeeze and gates of class {made.classes[number]}, block by block", Html(
        paragraph("A bar is a map; the line across it is the mean of all classes.", "muted") + _bars(made, number)
        + "".join(folded(f"Class {made.classes[n]}", _bars(made, n)) for n in others))))  # fmt: skip
    drawn = [
        figure(f"block {n}: {block.gates.shape[1]} maps",
               grid(f"{part} of block {n}", block.gates if part == "gates" else block.squeezed, "heat",
                    (0.0, 1.0) if part == "gates" else None, side=min(640, 24 * block.gates.shape[1])))
        for n, block in enumerate(made.blocks, 1)
    ]  # fmt: skip
    ends = "dark is 0, light is 1" if part == "gates" else "from each block's lowest, dark, to its highest, light"
    legend = paragraph(f"A row is a class, a column a map; {ends}.", "muted")
    sections.append(
        (
            f"{part.capitalize()} of all classes",
            Html(legend + "".join(f'<div class="row">{one}</div>' for one in drawn)),
        )
    )
    accuracy = Line("validation accuracy", "#d9622b", [epoch.validation_accuracy for epoch in made.epochs])
    loss = (
        Line("training loss", "#2f6fde", [epoch.train_loss_eval for epoch in made.epochs]),
        Line("validation loss", "#d9622b", [epoch.validation_loss for epoch in made.epochs]),
    )
    curves = figure("loss", lines("loss", loss)) + figure("validation accuracy", lines("accuracy", (accuracy,)))
    return [
        *sections,
        ("Its training", Html(f'<div class="pair">{curves}</div>')),
        ("Settings", folded("All settings", table(("setting", "value", ""), settings(made.project), 9))),
        ("The network", layers(made.project.graph)),
    ]


def _bars(made: Study, number: int) -> Html:
    """What the blocks make of one class: the means of its maps, and beside them the gates."""
    drawn = []
    for n, block in enumerate(made.blocks, 1):
        for title, values, most in (
            ("squeeze: the mean of each map", block.squeezed, None),
            ("gates", block.gates, 1.0),
        ):
            words = f"block {n}, {title}"
            of_class, of_all = values[number].tolist(), values.mean(0).tolist()
            name = f"{words}, class {made.classes[number]}"
            drawn.append(figure(words, row_of_bars(name, of_class, of_all, most)))
    return Html(f'<div class="pair">{"".join(drawn)}</div>')


def _even(maps: Any) -> Any:
    """Each map from its own lowest to its own highest value."""
    low, high = maps.min((1, 2), keepdims=True), maps.max((1, 2), keepdims=True)
    span = high - low
    return (maps - low) / (span + (span == 0))
