"""Damaged project files: bytes flipped, cut and repeated, values replaced by hostile ones."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator, Sequence
from typing import Any

HOSTILE: tuple[Any, ...] = (
    None, True, -1, 0, 2**63, 10**30, 1e308, -0.5, "", "x" * 5000, "__import__('os').system('true')", "../../etc",
    "torch.nn.Conv2d", "os.system", "\u202e", "a.b.c", "0", "class", [], [[]], {}, {"a": {}}, [1] * 500, "input",
)  # fmt: skip


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
