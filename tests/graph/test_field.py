"""What is typed for a value is what it is shown as."""

from __future__ import annotations

import pytest

from workbench.graph import as_typed, parse_value
from workbench.graph.field import Value


@pytest.mark.parametrize(
    ("value", "typed"),
    [
        (("conv1", "fc"), '["conv1", "fc"]'),
        ((), "[]"),
        ((0.25, 1e-05), "[0.25, 1e-05]"),
        (None, "null"),
        (True, "true"),
        (7, "7"),
        ("same", "same"),
        ("", ""),
        ("Žluťoučký kůň", "Žluťoučký kůň"),
        ("7", '"7"'),
        ("null", '"null"'),
        ("[1", "[1"),
    ],
)  # fmt: skip
def test_a_value_is_shown_as_it_is_typed(value: Value, typed: str) -> None:
    assert as_typed(value) == typed
    again = parse_value(typed)
    assert (tuple(again) if isinstance(again, list) else again) == value
