"""Damaged project files: bytes flipped, cut and repeated, values replaced by hostile ones; and how they are read."""

from __future__ import annotations

import copy
import json
import random
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from tests.gallery.watching import RUNS, watched
from workbench import presets
from workbench.project import Project, ProjectError, dumps, loads

HOSTILE: tuple[Any, ...] = (
    None, True, -1, 0, 2**63, 10**30, 1e308, -0.5, "", "x" * 5000, "__import__('os').system('true')", "../../etc",
    "torch.nn.Conv2d", "os.system", "\u202e", "a.b.c", "0", "class", [], [[]], {}, {"a": {}}, [1] * 500, "input",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reading:
    """How many files were read and refused, the longest time that one took, and the memory that all of them took."""

    files: int
    refused: int
    slowest: float
    grown: int


def figures(readings: list[Reading]) -> str:
    """What a soak script says in the end."""
    return (
        f"{sum(r.files for r in readings):,} files, {sum(r.refused for r in readings):,} refused with one error; "
        f"slowest {1000 * max(r.slowest for r in readings):.0f} ms, memory grown by "
        f"{sum(r.grown for r in readings) / 1e6:.0f} MB in all"
    )


def read_damaged(
    count: int, seed: int, names: Sequence[str] = ("lenet5", "lenet5", "lenet5", "cifar-resnet20")
) -> Reading:
    """S1: each file is a project or one error of one line, and nothing is run, imported, opened or asked for.

    One of four is of a long network, which takes four times as long as a short one.
    """
    texts = [dumps(Project(presets.build(name))).encode() for name in names]
    for late in (b"{", texts[0].replace(b"conv1", b"a b", 1)):
        _sentence(late)  # everything that is imported late is imported now
    refused, slowest, before = 0, 0.0, peak()
    with watched(*RUNS, "open") as seen:
        for content in mutated(texts, count, seed):
            began = time.perf_counter()
            sentence = _sentence(content)
            slowest = max(slowest, time.perf_counter() - began)
            refused += bool(sentence)
            assert "\n" not in sentence
            assert not seen, (content, seen)
    return Reading(count, refused, slowest, peak() - before)


def _sentence(content: bytes) -> str:
    """What is said of a file; '' where it is a project."""
    try:
        loads(content)
    except ProjectError as error:
        return str(error)
    return ""


def peak() -> int:
    """The most bytes that this process has had in memory; 0 where the system does not tell."""
    try:
        import resource
    except ImportError:
        return 0
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def mutated(texts: Sequence[bytes], count: int, seed: int) -> Iterator[bytes]:
    """``count`` files, half damaged as bytes and half as values."""
    chance = random.Random(seed)
    values = [json.loads(text) for text in texts]
    for index in range(count):
        if index % 2:
            yield _bytes(chance.choice(texts), chance)
        else:
            yield _values(json.loads(json.dumps(chance.choice(values))), chance)


def _bytes(text: bytes, chance: random.Random) -> bytes:
    content = bytearray(text)
    for _ in range(chance.randint(1, 4)):
        place = chance.randrange(len(content))
        match chance.randrange(5):
            case 0:
                content[place] = chance.randrange(256)
            case 1:
                del content[place : place + chance.randint(1, 40)]
            case 2:
                content[place:place] = content[place : place + chance.randint(1, 40)]
            case 3:
                content[place:place] = chance.choice([b"[", b"{", b'"', b",", b"NaN", b"1e999", b"\\ud800", b"\x00"])
            case _:
                del content[place:]
        if not content:
            break
    return bytes(content)


def _values(value: Any, chance: random.Random) -> bytes:
    for _ in range(chance.randint(1, 3)):
        place = value
        while True:
            if not isinstance(place, dict | list) or not place:
                break
            key = chance.choice(list(place) if isinstance(place, dict) else range(len(place)))
            if not isinstance(place[key], dict | list) or chance.random() < 0.25:
                if isinstance(place, dict) and chance.random() < 0.2:
                    place[str(chance.choice(HOSTILE))[:50]] = place.pop(key)
                elif chance.random() < 0.2:
                    del place[key]
                else:
                    place[key] = copy.deepcopy(chance.choice(HOSTILE))
                break
            place = place[key]
    return json.dumps(value).encode()
