"""Values whose dataclass fields carry their bounds, choices and help: declared once, derived everywhere."""

from __future__ import annotations

import dataclasses
import difflib
from collections.abc import Mapping
from typing import Any, ClassVar, Self, cast

from workbench.graph import Field, FieldError, Value
from workbench.graph.field import FieldType

_MOST_NAMED = 12

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
                near = _near(name[:60], known)
                there = ", ".join(known) if len(known) <= _MOST_NAMED else f"{len(known)}, listed in every project file"
                hint = f"did you mean {' or '.join(near)}?" if near else f"there are {there}"
                raise FieldError(f"{name[:60]}: there is no such setting; {hint}")
        return cls(**values)

    def changed(self, **values: Any) -> Self:
        """These settings with some set anew; raises `FieldError` as `from_values` does."""
        return self.from_values(self.values() | values)

    def values(self) -> dict[str, Any]:
        """Every setting by name."""
        return {entry.name: getattr(self, entry.name) for entry in self.fields()}


def _near(name: str, known: list[str]) -> list[str]:
    """What may be meant: names that are written alike, that hold the word, or whose words begin so, as ``lr``."""
    letters = name.lower().replace("-", "_")
    short = [word for word in known if letters == "".join(part[0] for part in word.split("_"))]
    whole = [word for word in known if len(letters) > 2 and letters in word]
    alike = difflib.get_close_matches(letters, known, 3)
    return [f"'{word}'" for word in dict.fromkeys(short + whole + alike)][:3]


def _field(declared: dataclasses.Field[Any]) -> Field:
    choices = declared.metadata["choices"]
    kind = "choice" if choices else _TYPES[cast(str, declared.type)]
    return Field(
        declared.name, cast(FieldType, kind), cast(Value, declared.default), declared.metadata["help"],
        declared.metadata["low"], declared.metadata["high"], choices,
    )  # fmt: skip
