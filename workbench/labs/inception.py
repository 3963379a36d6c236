"""GoogLeNet's block inception 3a, any of its branches left out, with and without its 1×1 bottlenecks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from workbench.compiler import analyse
from workbench.graph import Builder, Graph
from workbench.inspection import Rehearsal, Wishes

BRANCHES = ("1×1", "3×3", "5×5", "pooling")

MAPS_IN = 192

_NAMES = {"1×1": "one", "3×3": "three", "5×5": "five", "pooling": "pool"}
_SIDE = 224


@dataclass(frozen=True)
class Inception:
    """The block with these branches. Without bottlenecks the pooling gives all 192 maps as they are."""

    branches: tuple[str, ...] = BRANCHES
    bottlenecks: bool = True

    def graph(self) -> Graph:
        """GoogLeNet's first layers, which make 192 maps of 28×28 of a photo, and the block below them."""
        builder = Builder((3, _SIDE, _SIDE))
        for name, maps, kernel, stride in (("stem1", 64, 7, 2), ("stem2", 64, 1, 1), ("stem3", MAPS_IN, 3, 1)):
            builder.add(
                f"{name}.conv", "Conv2d", out_channels=maps, kernel_size=kernel, stride=stride, padding=kernel // 2
            )
            source = builder.add(f"{name}.relu", "ReLU")
            if name != "stem2":
                source = builder.add(f"{name}.pool", "MaxPool2d", kernel_size=3, stride=2, ceil_mode=True)
        self.add(builder, source)
        return builder.build("Inception 3a")

    def add(self, builder: Builder, source: str) -> None:
        """Put the branches below a node that gives 192 maps, and join them."""
        ends = [getattr(self, f"_{_NAMES[branch]}")(builder, source) for branch in BRANCHES if branch in self.branches]
        if len(ends) > 1:
            builder.add("joined", "Concatenate", *ends)

    @property
    def ends(self) -> dict[str, str]:
        """The name of each branch's last node."""
        names = [node.name for node in self.graph().nodes]
        return {branch: [n for n in names if n.startswith(f"{_NAMES[branch]}.")][-1] for branch in self.branches}

    def price(self) -> dict[str, tuple[int, int, int]]:
        """Of each branch: weights and biases, multiply-adds for one photo, maps that it gives."""
        reports = analyse(self.graph()).layers
        prices = {}
        for branch in self.branches:
            own = [report for report in reports if report.name.startswith(f"{_NAMES[branch]}.")]
            maps = own[-1].output
            given = maps[0] if maps is not None and isinstance(maps[0], int) else 0
            prices[branch] = sum(r.parameters for r in own), sum(r.macs for r in own), given
        return prices

    def maps(self, photo: Any) -> dict[str, Any]:
        """What each branch makes of a photo, uint8 ``(3, 224, 224)``, before it is trained: float32 ``(C, 28, 28)``."""
        ends = self.ends
        image = torch.from_numpy(np.asarray(photo)).float()[None] / 127.5 - 1
        seen = Rehearsal().run(self.graph(), image, Wishes(tuple(ends.values())))
        return {branch: seen.maps[name] for branch, name in ends.items()}

    def _one(self, builder: Builder, source: str) -> str:
        return _conv(builder, "one.conv", source, 64, 1)

    def _three(self, builder: Builder, source: str) -> str:
        narrow = _conv(builder, "three.reduce", source, 96, 1) if self.bottlenecks else source
        return _conv(builder, "three.conv", narrow, 128, 3)

    def _five(self, builder: Builder, source: str) -> str:
        narrow = _conv(builder, "five.reduce", source, 16, 1) if self.bottlenecks else source
        return _conv(builder, "five.conv", narrow, 32, 5)

    def _pool(self, builder: Builder, source: str) -> str:
        pooled = builder.add("pool.pool", "MaxPool2d", source, kernel_size=3, stride=1, padding=1)
        return _conv(builder, "pool.project", pooled, 32, 1) if self.bottlenecks else pooled


def _conv(builder: Builder, name: str, source: str, maps: int, kernel: int) -> str:
    builder.add(name, "Conv2d", source, out_channels=maps, kernel_size=kernel, padding=kernel // 2, bias=False)
    return builder.add(f"{name}_relu", "ReLU")
