"""R9: windows closed at random moments of starting, looking, reading images and training (500 asked for).

The figures promised: a stop acknowledged within 100 ms, nothing computed after 500 ms (95th percentile), the window
gone after 2 s. They are printed, by what was going on.
"""

from __future__ import annotations

from tests.gui.ends import DOINGS, Closing, close_in_the_midst
from tests.gui.lives import Lives
from tests.soak.repeating import percentile, repeat


def figures(closings: list[Closing]) -> str:
    words = []
    for doing in sorted({closing.doing for closing in closings}):
        some = [closing for closing in closings if closing.doing == doing]
        said = []
        if acknowledged := [closing.acknowledged for closing in some if closing.acknowledged is not None]:
            said.append(f"acknowledged ≤ {1000 * max(acknowledged):.0f} ms")
        if stopped := [closing.stopped for closing in some if closing.stopped is not None]:
            said.append(f"stopped {1000 * percentile(stopped, 0.95):.0f} ms (p95)")
        words.append(", ".join([f"{len(some)} × {doing}: gone ≤ {max(c.closed for c in some):.1f} s", *said]))
    return "; ".join(words)


if __name__ == "__main__":
    with Lives() as lives:
        repeat(
            "R9: windows closed in the midst of something",
            500,
            lambda chance, folder: close_in_the_midst(lives, folder, chance.choice(DOINGS), chance),
            figures,
        )
