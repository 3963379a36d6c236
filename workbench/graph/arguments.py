"""An immutable, hashable mapping from argument names to plain values."""

from __future__ import annotations

import operator
from collections.abc import Iterator, Mapping
from typing import Any

Value = None | bool | int | float | str | tuple[Any, ...]
"""What an argument may hold: nothing, a flag, a number, a word, or a tuple of these."""


class Arguments(Mapping[str, Value]):
    """Named arguments of a layer or template, ordered by name so that equal ones look equal.

    >>> Arguments(stride=2, kernel_size=(3, 3)) == Arguments(kernel_size=[3, 3], stride=2)
    True
    """

    __slots__ = ("_hash", "_items")

    def __init__(self, values: Mapping[str, Any] | None = None, /, **named: Any) -> None:
        merged = {**(values or {}), **named}
        self._items = {name: _frozen(merged[name]) for name in sorted(merged)}
        self._hash: int | None = None

    def __getitem__(self, name: str) -> Value:
        return self._items[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __hash__(self) -> int:
        if self._hash is None:
            # True == 1 == 1.0 in Python; a layer built with one is not the layer built with the other.
            self._hash = hash(tuple((name, type(value), value) for name, value in self._items.items()))
        return self._hash

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Arguments):
            return NotImplemented
        # Both are in the order of the names.
        return self._items == other._items and all(
            map(operator.is_, map(type, self._items.values()), map(type, other._items.values()))
        )

    def __repr__(self) -> str:
        return f"Arguments({', '.join(f'{name}={value!r}' for name, value in self._items.items())})"

    def with_(self, **changed: Any) -> Arguments:
        """These arguments with some set anew."""
        return Arguments(self._items, **changed)

    def without(self, *names: str) -> Arguments:
        """These arguments with some left to their defaults."""
        return Arguments({name: value for name, value in self._items.items() if name not in names})


def _frozen(value: Any) -> Value:
    return tuple(_frozen(item) for item in value) if isinstance(value, list | tuple) else value
