"""A pre-flight as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.cli.output import count, curves, print_table, say

if TYPE_CHECKING:
    from workbench.training.preflight import Preflight

_MIB = 1 << 20


def print_report(report: Preflight) -> None:
    memory = report.memory
    print(
        f"memory: about {memory.needed / _MIB:,.0f} MiB needed, {memory.free / _MIB:,.0f} MiB free; "
        f"a batch of {count(memory.fitting_batch)} would fit"
    )
    print_table(
        ("class", "training images"), [(name, count(n)) for name, n in report.labels.counts.items()], right=(1,)
    )
    for warning in report.labels.warnings:
        say(f"warning: {warning}")
    for path, reason in report.labels.skipped[:20]:
        say(f"skipped {path}: {reason}")
    print(report.overfit.sentence)
    print("learning-rate range test:")
    found = report.range
    # What the loss does once it explodes would flatten all that matters.
    shown = [min(loss, 2 * found.losses[0]) for loss in found.losses]
    print(curves({"loss": shown}, axis=f"learning rate {found.rates[0]:.0e} to {found.rates[-1]:.1e}"))
    if found.suggestion is None:
        print("the loss never fell: no rate can be recommended")
    else:
        rate = found.suggestion
        print(f"lowest at {10 * rate:.2g}: try a tenth of that, --set recipe.learning_rate={rate:.2g}")
