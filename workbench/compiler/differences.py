"""What differs between two networks, in words and with what it costs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from workbench.compiler.receptive_field import ReceptiveField

What = Literal["added", "removed", "changed", "moved", "affected", "renamed"]
"""``affected``: the layer is the same, but comes to other figures because something above it differs."""

SIGNS: dict[What, str] = {
    "added": "+", "removed": "−", "changed": "≠", "moved": "↕", "affected": "Δ", "renamed": "=",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cost:
    """What is paid for one example: weights, multiply-adds, and the bytes of outputs in 32-bit numbers."""

    parameters: int = 0
    macs: int = 0
    activation_bytes: int = 0

    def __add__(self, other: Cost) -> Cost:
        return Cost(
            self.parameters + other.parameters,
            self.macs + other.macs,
            self.activation_bytes + other.activation_bytes,
        )

    def __sub__(self, other: Cost) -> Cost:
        return Cost(
            self.parameters - other.parameters,
            self.macs - other.macs,
            self.activation_bytes - other.activation_bytes,
        )


@dataclass(frozen=True, slots=True)
class Change:
    """One thing about a layer that differs: an argument by its name, its ``kind``, ``name`` or ``inputs``, …"""

    what: str
    before: Any
    after: Any

    @property
    def words(self) -> str:
        """``out_channels 16 → 32``."""
        before, after = _text(self.before), _text(self.after)
        if self.what == "kind":
            return f"{before} → {after}"
        if self.what == "name":
            return f"was {before}"
        if self.what == "inputs":
            return f"takes {after} instead of {before}"
        if self.what == "below":
            return f"stands below {after} instead of {before}"
        return f"{self.what.replace('_', ' ') if self.what.startswith('input ') else self.what} {before} → {after}"


@dataclass(frozen=True, slots=True)
class Difference:
    """One layer, input or output that is not the same on both sides.

    ``before`` and ``after`` are its names there, None where it does not exist; ``fields`` its receptive fields.
    """

    what: What
    before: str | None
    after: str | None
    kind: str
    changes: tuple[Change, ...] = ()
    costs: tuple[Cost, Cost] = (Cost(), Cost())
    fields: tuple[ReceptiveField | None, ReceptiveField | None] = (None, None)

    @property
    def name(self) -> str:
        return self.after or self.before or ""

    @property
    def cost(self) -> Cost:
        """What it adds; below 0 where it saves."""
        return self.costs[1] - self.costs[0]

    @property
    def words(self) -> str:
        """``out_channels 16 → 32, takes pool1 instead of relu1``; for what came or went its kind."""
        if self.what in ("added", "removed"):
            return f"{self.kind} {self.what}"
        return ", ".join(change.words for change in self.changes)


@dataclass(frozen=True, slots=True)
class Group:
    """Differences that are one thing to a person: a block that was added or removed as a whole, or a single one."""

    what: What
    name: str
    differences: tuple[Difference, ...]

    @property
    def cost(self) -> Cost:
        return sum((difference.cost for difference in self.differences), Cost())

    @property
    def words(self) -> str:
        """What a line about it says behind its name."""
        if len(self.differences) == 1 and self.name == self.differences[0].name:
            return self.differences[0].words
        count = f"{len(self.differences)} layer{'s' if len(self.differences) > 1 else ''}"
        if self.what == "affected":
            return f"{count} as before, with other figures only"
        if self.what == "renamed":
            return f"{count} with another name"
        return f"block of {count} {self.what}"


def _text(value: Any) -> str:
    if isinstance(value, tuple):
        joint = ", " if value and isinstance(value[0], str) else "×"
        return joint.join(map(str, value))
    return f"{value:g}" if isinstance(value, float) else str(value)
