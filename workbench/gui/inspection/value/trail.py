"""The way a person has gone from value to value, towards the picture and back."""

from __future__ import annotations

from dataclasses import dataclass

from workbench.inspection import Place


@dataclass(frozen=True, slots=True)
class Trail:
    """``here``, and the places one came from on the way to the picture, the last one last."""

    here: Place | None = None
    behind: tuple[Place, ...] = ()

    def begun_at(self, place: Place) -> Trail:
        return Trail(place)

    def back_to(self, place: Place) -> Trail:
        """One step towards the picture."""
        return Trail(place, (*self.behind, self.here) if self.here else ())

    def forth(self) -> Trail:
        """To where one came from."""
        return Trail(self.behind[-1], self.behind[:-1]) if self.behind else self

    def beside(self, place: Place) -> Trail:
        """Another value of the same map; the way back stays."""
        return Trail(place, self.behind)
