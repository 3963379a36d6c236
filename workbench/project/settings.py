"""Values whose dataclass fields carry their bounds, choices and help: declared once, derived everywhere."""

from __future__ import annotations

import dataclasses
import difflib
from collections.abc import Mapping
from typing import Any, ClassVar, Self, cast

from workbench.graph import Field, FieldError, Value
from workbench.graph.field import FieldType

_TYPES = {
    "bool": "bool",
    "float": "float",
    "int": "int",
    "str": "text",
    "tuple[int, ...]": "ints",
    "tuple[str, ...]": "texts",
}


def setting(
    default: Any,
    help: str,
    *,
    low: float = float("-inf"),
    high: float = float("inf"),
    choices: tuple[str, ...] = (),
) -> Any:
    """A dataclass field with what `Field` needs to know besides name and type."""
    return dataclasses.field(default=default, metadata={"help": help, "low": low, "high": high, "choices": choices})


class Settings:
    """Base of frozen dataclasses made of `setting`s. Raises `FieldError` for a value that a field refuses."""

    __slots__ = ()
    _fields: ClassVar[dict[type, tuple[Field, ...]]] = {}

    def __post_init__(self) -> None:
        for entry in self.fields():
            object.__setattr__(self, entry.name, entry.check(getattr(self, entry.name)))

    @classmethod
    def fields(cls) -> tuple[Field, ...]:
        """The table of fields, in the order they are declared."""
        if cls not in cls._fields:
            cls._fields[cls] = tuple(map(_field, dataclasses.fields(cast(Any, cls))))
        return cls._fields[cls]

    @classmethod
    def from_values(cls, values: Mapping[str, Any]) -> Self:
        """Settings with these values and defaults for the rest; raises `FieldError`, also for unknown names."""
        known = [entry.name for entry in cls.fields()]
        for name in values:
            if name not in known:
                near = difflib.get_close_matches(name[:60], known, 1)
                hint = f"did you mean '{near[0]}'?" if near else f"there are {', '.join(known)}"
                raise FieldError(f"{name[:60]}: there is no such setting; {hint}")
        return cls(**values)

    def changed(self, **values: Any) -> Self:
        """These settings with some set anew; raises `FieldError` as `from_values` does."""
        return self.from_values(self.values() | values)

    def values(self) -> dict[str, Any]:
        """Every setting by name."""
        return {entry.name: getattr(self, entry.name) for entry in self.fields()}


def _field(declared: dataclasses.Field[Any]) -> Field:
    choices = declared.metadata["choices"]
    kind = "choice" if choices else _TYPES[cast(str, declared.type)]
    return Field(
        declared.name, cast(FieldType, kind), cast(Value, declared.default), declared.metadata["help"],
        declared.metadata["low"], declared.metadata["high"], choices,
    )  # fmt: skip
