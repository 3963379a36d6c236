"""The program in a real X server, used with a real mouse and real keys: what offscreen events cannot show.

Left out of the usual run; ``pytest -m screen`` plays it where Xvfb and xdotool are installed.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from workbench.gui import system
from workbench.gui.actions import ACTIONS
from workbench.presets import build
from workbench.project import Project, write_project


def _missing() -> list[str]:
    """Libraries of the system's without which Qt shows nothing on a real screen."""
    try:
        system.check(dict(os.environ) | {"DISPLAY": ":0", "QT_QPA_PLATFORM": "xcb", "WAYLAND_DISPLAY": ""})
    except system.SystemError as error:
        return [str(error)]
    return []


pytestmark = [
    pytest.mark.screen,
    pytest.mark.skipif(not (shutil.which("Xvfb") and shutil.which("xdotool")), reason="Xvfb or xdotool is not here"),
    pytest.mark.skipif(bool(_missing()), reason="; ".join(_missing())),
]

_ROOT = Path(__file__).parents[2]


class Person:
    """Has a mouse and a keyboard, and looks at the screen."""

    def __init__(self, display: str, diary: Path) -> None:
        self._environment = os.environ | {"DISPLAY": display}
        self._diary = diary

    @property
    def sees(self) -> dict[str, Any]:
        return dict(json.loads(self._diary.read_text()))

    def waits(self, until: Callable[[dict[str, Any]], object], seconds: float = 60.0) -> dict[str, Any]:
        end = time.monotonic() + seconds
        while True:
            seen = self.sees if self._diary.exists() else {}
            if seen and until(seen):
                return seen
            assert time.monotonic() < end, f"waited in vain; at last: {json.dumps(seen)[:3000]}"
            time.sleep(0.05)

    def points(self, place: list[int]) -> None:
        self._do("mousemove", str(place[0]), str(place[1]))

    def clicks(self, place: list[int], times: int = 1) -> None:
        self.points(place)
        self._do("click", "--repeat", str(times), "--delay", "60", "1")

    def drags(self, start: list[int], goal: list[int], until: Callable[[dict[str, Any]], object]) -> None:
        """With a button held and in small moves, as a hand does: a drag begins with the first and follows the others.

        Lets go as soon as what is to be seen while dragging is so.
        """
        self.points(start)
        self._do("mousedown", "1")
        for step in range(1, 13):
            self.points([a + (b - a) * step // 12 for a, b in zip(start, goal, strict=True)])
            time.sleep(0.05)
        self.waits(until)
        self._do("mouseup", "1")

    def selects(self, name: str) -> None:
        """Clicks on a card until it is the one that is selected; it may just be moving."""

        def is_selected(seen: dict[str, Any]) -> bool:
            if seen["selection"] != [name]:
                self.clicks(seen["cards"][name])
                time.sleep(0.5)
            return bool(seen["selection"] == [name])

        self.waits(is_selected)

    def presses(self, *keys: str) -> None:
        for key in keys:
            self._do("key", key)
            time.sleep(0.05)

    def goes_to(self, name: str) -> None:
        """Presses Tab until that has the keyboard."""

        def has_it(seen: dict[str, Any]) -> bool:
            if seen["focus"] != name:
                self.presses("Tab")
                time.sleep(0.2)
            return bool(seen["focus"] == name)

        self.waits(has_it)

    def does(self, action: str) -> None:
        """Presses the keys of an action of the menus."""
        (row,) = (row for row in ACTIONS if row.name == action)
        # Capitals would be pressed with Shift.
        parts = [key.strip().split("+") for key in row.shortcut.split(",")]
        self.presses(*("+".join(p.lower() if len(p) == 1 or p in ("Ctrl", "Alt") else p for p in key) for key in parts))

    def _do(self, *words: str) -> None:
        subprocess.run(["xdotool", *words], check=True, env=self._environment, capture_output=True)


@pytest.fixture
def display() -> Iterator[str]:
    """A screen that nobody sees, with a window manager where there is one."""
    read, write = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", "1440x900x24", "-nolisten", "tcp"],
        pass_fds=[write], stderr=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(write)
    with os.fdopen(read) as told:
        name = f":{told.readline().strip()}"
    manager = None
    if shutil.which("openbox"):
        manager = subprocess.Popen(["openbox"], env=os.environ | {"DISPLAY": name}, stderr=subprocess.DEVNULL)
    yield name
    for process in (manager, server):
        if process is not None:
            process.terminate()
            process.wait(10)


@pytest.fixture
def program(display: str, tmp_path: Path, home: Path) -> Iterator[tuple[Person, subprocess.Popen[bytes]]]:
    """The program, just started for the first time, and the person before it."""
    diary = tmp_path / "diary.json"
    environment = os.environ | {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb", "WORKBENCH_HOME": str(home)}
    environment |= {"PYTHONPATH": str(_ROOT), "HOME": str(tmp_path)}
    errors = (tmp_path / "errors.txt").open("wb")
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.gui.watched_window", str(diary)], cwd=_ROOT, env=environment, stderr=errors
    )
    try:
        yield Person(display, diary), process
    finally:
        process.kill()
        process.wait(10)
        errors.close()


def test_a_person_opens_a_preset_and_edits_it(program) -> None:  # type: ignore[no-untyped-def]
    person, _ = program
    seen = person.waits(lambda s: s["ready"], 240)
    person.clicks(seen["presets"]["LeNet-5, 1998"])
    person.waits(lambda s: s["page"] == "editor" and s["cards"])
    person.selects("relu1")
    person.presses("Delete")
    person.waits(lambda s: "relu1" not in s["nodes"] and s["nodes"]["pool1"][1] == ["conv1"])
    person.presses("ctrl+z")
    person.waits(lambda s: "relu1" in s["nodes"] and not s["undo"])


def test_a_layer_is_dragged_from_the_palette_into_the_gap_that_opens_and_a_card_further_down(program) -> None:  # type: ignore[no-untyped-def]
    person, _ = program
    seen = person.waits(lambda s: s["ready"], 240)
    person.clicks(seen["presets"]["LeNet-5, 1998"])
    seen = person.waits(lambda s: s["page"] == "editor" and "relu1" in s["cards"] and s["layers"].get("Conv2d"))
    time.sleep(1)  # maps have come onto the cards, which then stand still
    seen = person.waits(lambda s: s["gap"] == "")
    upper, lower = seen["cards"]["conv1"], seen["cards"]["relu1"]
    between = [(a + b) // 2 for a, b in zip(upper, lower, strict=True)]
    person.drags(seen["layers"]["Conv2d"], between, lambda s: s["gap"] == "conv1")
    seen = person.waits(lambda s: "conv3" in s["nodes"] and s["gap"] == "")
    assert (seen["nodes"]["conv3"][1], seen["nodes"]["relu1"][1]) == (["conv1"], ["conv3"])
    time.sleep(1)
    seen = person.sees
    card, below = seen["cards"]["conv3"], seen["cards"]["relu1"]
    person.drags([card[0] - 60, card[1]], [below[0] - 60, below[1] + 50], lambda s: s["gap"] == "relu1")
    person.waits(lambda s: s["nodes"]["relu1"][1] == ["conv1"] and s["nodes"]["conv3"][1] == ["relu1"])
    person.presses("ctrl+z", "ctrl+z")
    person.waits(lambda s: not s["undo"])
    person.presses("ctrl+y", "ctrl+shift+z")
    person.waits(lambda s: s["nodes"].get("conv3", ["", []])[1] == ["relu1"])


def test_a_person_without_a_mouse_edits_trains_and_looks(program) -> None:  # type: ignore[no-untyped-def]
    person, _ = program
    person.waits(lambda s: s["ready"], 240)
    person.does("show_network")
    person.waits(lambda s: s["page"] == "editor" and s["focus"] == "Network")
    person.presses("Home")
    person.waits(lambda s: s["selection"] == ["conv1"])
    person.presses("slash", *"elu", "Return")
    person.waits(lambda s: "elu1" in s["nodes"] and s["nodes"]["relu1"][1] == ["elu1"] and s["focus"] == "Network")
    person.presses("F2", "ctrl+a", *"mine", "Return")
    person.waits(lambda s: s["selection"] == ["mine"] and s["focus"] == "Network")
    person.presses("alt+Down")
    person.waits(lambda s: s["nodes"]["mine"][1] == ["relu1"])
    person.presses("Home", "ctrl+Down", "ctrl+Down", "space")
    person.waits(lambda s: s["selection"] == ["conv1", "mine"])
    person.does("connect")
    person.waits(lambda s: s["nodes"]["mine"][1] == ["conv1"])
    for _ in range(4):
        person.presses("ctrl+z")
    person.waits(lambda s: not s["undo"] and "mine" not in s["nodes"])
    person.does("train")
    person.waits(lambda s: s["state"] == "idle" and s["epochs"] > 1 and s["hardest"], 240)
    person.does("panel_Confusion")
    person.goes_to("Confusion matrix")
    person.waits(lambda s: "Click a cell" in s["confusion"])
    person.presses("Right", "Return")
    person.waits(lambda s: "'0' taken for '1'" in s["confusion"] and "Click a cell" not in s["confusion"])
    person.does("panel_Maps")
    person.goes_to("Activation maps")
    person.presses("Right", "Return")
    person.waits(lambda s: s["map"] == 1)
    person.presses("Escape")
    person.waits(lambda s: s["map"] is None)
    person.does("panel_Hardest")
    person.goes_to("Hardest training images")
    person.presses("Home", "space")
    person.does("exclude")
    person.waits(lambda s: s["excluded"] == 1)


def test_a_project_is_dragged_here_from_another_program_and_left_where_it_is(
    program, display: str, tmp_path: Path
) -> None:  # type: ignore[no-untyped-def]
    person, _ = program
    person.waits(lambda s: s["ready"], 240)
    file = tmp_path / "mine.json"
    write_project(Project(build("nin-cifar10")), file)
    environment = os.environ | {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb", "PYTHONPATH": str(_ROOT)}
    command = [sys.executable, "-m", "tests.gui.offered_files", str(file), "1300", "40"]
    with subprocess.Popen(command, cwd=_ROOT, env=environment, stdout=subprocess.PIPE, text=True) as other:
        time.sleep(3)
        person.drags([1350, 58], [700, 400], lambda s: True)
        person.waits(lambda s: len(s["nodes"]) == len(build("nin-cifar10").nodes))
        assert other.stdout is not None
        became = other.stdout.readline().strip()
        other.kill()
    assert became == "CopyAction"
    assert file.exists()
