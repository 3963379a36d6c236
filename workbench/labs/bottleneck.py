"""What a convolution costs when a 1×1 convolution makes its input thinner first."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Branch:
    """``maps_in`` maps of ``side``² become ``maps_out`` through filters of ``kernel``², past ``narrow`` maps or none.

    The defaults are the 5×5 branch of GoogLeNet's block inception 3a.
    """

    maps_in: int = 192
    narrow: int | None = 16
    maps_out: int = 32
    kernel: int = 5
    side: int = 28

    @property
    def weights(self) -> int:
        """Without biases."""
        if self.narrow is None:
            return self.kernel**2 * self.maps_in * self.maps_out
        return self.maps_in * self.narrow + self.kernel**2 * self.narrow * self.maps_out

    @property
    def macs(self) -> int:
        """Multiply-adds for one picture; the map keeps its size."""
        return self.weights * self.side**2
