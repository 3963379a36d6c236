"""Declares one argument: its type, default, bounds, choices and help.

Layer arguments, template arguments, recipes and data choices are all tables of fields; forms, file
validation, documentation and the property tests are derived from them.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import Any, Final, Literal

from workbench.graph.arguments import Value

FieldType = Literal["bool", "choice", "float", "floats", "int", "ints", "pads", "pair", "text", "texts"]

_MOST_TEXTS = 20_000

REQUIRED: Final = "<required>"
"""The default of a field that must be given."""


class FieldError(ValueError):
    """A value that a field does not take; the message names the field, what it expects and what it got."""


@dataclass(frozen=True, slots=True)
class Field:
    """One argument of a layer, a template, a recipe or a data choice.

    ``pair`` is one whole number or ``(height, width)``; equal halves are written as one number. ``pads`` is
    one whole number or ``(left, right, top, bottom)``.
    ``choices`` are the words a ``choice`` may be, or words that another type takes besides its numbers
    (``padding="same"``). Bounds are inclusive and hold for every number of a pair or tuple.
    """

    name: str
    type: FieldType
    default: Value = REQUIRED
    help: str = ""
    low: float = -math.inf
    high: float = math.inf
    choices: tuple[str, ...] = ()
    optional: bool = False
    length: int | None = None

    @property
    def required(self) -> bool:
        return self.default is REQUIRED

    def check(self, value: Any) -> Value:
        """The value in its canonical form; raises `FieldError` where the field does not take it."""
        if value is None and self.optional:
            return None
        if isinstance(value, str) and self.choices:
            if value in self.choices:
                return value
            raise self._refused(value)
        match self.type:
            case "bool":
                accepted = isinstance(value, bool)
            case "int":
                accepted = self._whole(value)
            case "float":
                accepted = self._number(value)
                value = float(value) if accepted else value
            case "text":
                accepted = isinstance(value, str) and len(value) <= 4096
            case "pair":
                if self._whole(value):
                    return value
                value = tuple(value) if isinstance(value, list | tuple) else value
                accepted = isinstance(value, tuple) and len(value) == 2 and all(map(self._whole, value))
                if accepted and value[0] == value[1]:
                    return value[0]
            case "pads":
                if self._whole(value):
                    return value
                value = tuple(value) if isinstance(value, list | tuple) else value
                accepted = isinstance(value, tuple) and len(value) == 4 and all(map(self._whole, value))
            case "ints" | "floats":
                value = tuple(value) if isinstance(value, list | tuple) else value
                inside = self._whole if self.type == "ints" else self._number
                accepted = isinstance(value, tuple) and all(map(inside, value))
                accepted = accepted and self.length in (None, len(value))
                if accepted and self.type == "floats":
                    value = tuple(float(item) for item in value)
            case "texts":
                value = tuple(value) if isinstance(value, list | tuple) else value
                accepted = isinstance(value, tuple) and len(value) <= _MOST_TEXTS
                accepted = accepted and all(isinstance(text, str) and 0 < len(text) <= 250 for text in value)
            case _:
                accepted = False
        if not accepted:
            raise self._refused(value)
        return value

    @property
    def expectation(self) -> str:
        """What the field takes, in words: ``a whole number from 1 to 4096``."""
        kinds = {
            "bool": "true or false",
            "choice": "",
            "float": "a number",
            "floats": "a list of numbers",
            "int": "a whole number",
            "ints": "a list of whole numbers",
            "pads": "a whole number or [left, right, top, bottom]",
            "pair": "a whole number or [height, width]",
            "text": "a text",
            "texts": "a list of texts",
        }
        words = kinds[self.type]
        if self.length is not None:
            words = words.replace("a list of", f"a list of {self.length}")
        if self.type not in ("bool", "choice", "text", "texts"):
            words += self._bounds()
        options = [f"'{choice}'" for choice in self.choices] + ["null"] * self.optional
        return " or ".join(filter(None, [words, ", ".join(options)]))

    def _bounds(self) -> str:
        low, high = (f"{bound:g}" if abs(bound) < 1e6 else f"{bound:.0f}" for bound in (self.low, self.high))
        if self.low == -math.inf and self.high == math.inf:
            return ""
        if self.high == math.inf:
            return f" of at least {low}"
        return f" of at most {high}" if self.low == -math.inf else f" from {low} to {high}"

    def _whole(self, value: Any) -> bool:
        return isinstance(value, int) and not isinstance(value, bool) and self.low <= value <= self.high

    def _number(self, value: Any) -> bool:
        if isinstance(value, bool) or not isinstance(value, int | float):
            return False
        return math.isfinite(value) and self.low <= value <= self.high

    def _refused(self, value: Any) -> FieldError:
        shown = repr(value)
        shown = shown if len(shown) <= 60 else shown[:57] + "..."
        return FieldError(f"{self.name}: expected {self.expectation}, received {shown}")


def parse_value(text: str) -> Any:
    """What a person typed as a value: JSON, or a word where it is none: ``0.1``, ``[3, 5]``, ``projection``."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def as_typed(value: Value) -> str:
    """What is typed for a value, so that `parse_value` gives it again, with lists in place of tuples."""
    if isinstance(value, str) and parse_value(value) == value:
        return value
    return json.dumps(value, ensure_ascii=False)


def printable(text: str) -> str:
    """The text in one line, with escapes in place of what steers a terminal or turns the direction of reading."""
    return "".join(letter if letter.isprintable() else repr(letter)[1:-1] for letter in text)
