"""Numbers and sums as a person reads them."""

from __future__ import annotations

from collections.abc import Sequence

from workbench.inspection.arithmetic.values import PADDING, Patch

_SPELLED_OUT = 9
_TOLD_CHANNELS = 3


def figure(value: float) -> str:
    """Four digits at most, with a true minus."""
    value = value or 0.0  # no minus before a zero
    text = f"{value:,.0f}" if 10_000 <= abs(value) < 1e9 else f"{value:.4g}"
    return text.replace("-", "−")


def inner(value: float) -> str:
    """A figure inside a formula: in brackets where two signs would meet."""
    text = figure(value)
    return f"({text})" if text.startswith("−") else text


def signed_sum(terms: Sequence[tuple[float, str]], total: float) -> str:
    """``0.5 (channel 3) − 0.2 (bias) = 0.3``: terms with their names, and what they come to."""
    text = ""
    for value, name in terms:
        sign = " − " if value < 0 else " + "
        text += (f"{sign}{figure(abs(value))}" if text else figure(value)) + f" ({name})"
    return f"{text or 'nothing'} = {figure(total)}"


def product_sum(patch: Patch, total: float, last: Sequence[tuple[str, float]] = ()) -> str:
    """``1·1 + 10·2 + 2·2 + 20·0 = 25``; of a large patch what its strongest channels give, and the rest together.

    ``last`` are numbers that are added besides, with their names.
    """
    if patch.weights is not None and 0 < patch.values.size <= _SPELLED_OUT:
        pairs = zip(patch.values.flat, patch.weights.flat, patch.places.flat, strict=True)
        terms = [f"{inner(x) if at != PADDING else 0}·{inner(w)}" for x, w, at in pairs]
        added = [f"{inner(value)} ({name})" for name, value in last]
        return f"{' + '.join([*terms, *added])} = {figure(total)}"
    return signed_sum([*_by_channel(patch), *((value, name) for name, value in last)], total)


def _by_channel(patch: Patch) -> list[tuple[float, str]]:
    if not patch.values.size:
        return []
    sums, order = patch.contributions, patch.strongest
    each = patch.values[0].size
    if len(order) == 1:
        return [(float(sums[0]), f"{each} products")]
    word = "channel" if each > 1 else "value"
    told = order if len(order) <= _TOLD_CHANNELS + 1 else order[:_TOLD_CHANNELS]
    terms = [(float(sums[at]), f"{word} {patch.channels[at]}") for at in told]
    if len(told) < len(order):
        terms.append((float(sums[list(order[len(told) :])].sum()), f"{len(order) - len(told)} more"))
    return terms
