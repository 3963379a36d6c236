"""Image files for the tests of this folder: sound ones, and thirteen kinds of broken ones."""

from __future__ import annotations

import io
import os
import random
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image


def picture(seed: int, size: tuple[int, int] = (12, 9), mode: str = "RGB") -> Image.Image:
    """A smooth random picture: (width, height)."""
    small = np.random.default_rng(seed).integers(0, 256, (3, 3, 3), dtype=np.uint8)
    return Image.fromarray(small).resize(size, Image.Resampling.BICUBIC).convert(mode)


def encoded(seed: int, form: str = "PNG", size: tuple[int, int] = (12, 9)) -> bytes:
    buffer = io.BytesIO()
    picture(seed, size).save(buffer, form)
    return buffer.getvalue()


def class_folder(root: Path, images: dict[str, int], form: str = "PNG") -> Path:
    """``root/<class>/<number>.png``, so many of each class."""
    seed = 0
    for name, count in images.items():
        (root / name).mkdir(parents=True)
        for number in range(count):
            (root / name / f"{number:05}.{form.lower()}").write_bytes(encoded(seed, form))
            seed += 1
    return root


def bomb(width: int, height: int) -> bytes:
    """A small PNG file that says it has so many pixels; the black ones follow, up to 30 MB of them."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    packer = zlib.compressobj(9)
    rows = b"".join(packer.compress(bytes(1 + width)) for _ in range(min(height, 30_000_000 // width))) + packer.flush()
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def _truncated(form: str) -> Callable[[random.Random], bytes]:
    def broken(chance: random.Random) -> bytes:
        sound = encoded(chance.randrange(10**6), form, (64, 48))
        return sound[: chance.randrange(len(sound) // 4, len(sound) * 3 // 4)]

    return broken


def _beheaded(chance: random.Random) -> bytes:
    return encoded(chance.randrange(10**6))[chance.randrange(8, 30) :]


def _wrong_size(chance: random.Random) -> bytes:
    sound = bytearray(encoded(chance.randrange(10**6), "BMP"))
    sound[18:26] = struct.pack("<ii", 300 + chance.randrange(300), 400)
    return bytes(sound)


KINDS: dict[str, Callable[[random.Random], bytes]] = {
    "empty": lambda chance: b"",
    "one byte": lambda chance: b"\x89",
    "text": lambda chance: b"this is no picture\n" * chance.randrange(1, 99),
    "noise": lambda chance: chance.randbytes(chance.randrange(1, 5000)),
    "zeros": lambda chance: bytes(chance.randrange(1, 5000)),
    "truncated jpeg": _truncated("JPEG"),
    "truncated png": _truncated("PNG"),
    "truncated gif": _truncated("GIF"),
    "truncated webp": _truncated("WEBP"),
    "header only": lambda chance: encoded(chance.randrange(10**6))[:33],
    "headless": _beheaded,
    "wrong size": _wrong_size,
    "bomb": lambda chance: bomb(30_000_000 + chance.randrange(999), 40_000)[:2000],
}


def break_some(root: Path, count: int, seed: int) -> dict[str, str]:
    """Replace so many files below the folder by broken ones, each kind in turn; path to kind."""
    chance = random.Random(seed)
    files = sorted(os.path.join(folder, name) for folder, _, names in os.walk(root) for name in names)
    broken = {}
    for number, path in enumerate(chance.sample(files, count)):
        kind = list(KINDS)[number % len(KINDS)]
        Path(path).write_bytes(KINDS[kind](chance))
        broken[path] = kind
    return broken
