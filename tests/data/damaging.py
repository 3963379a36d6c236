"""Archives and pictures damaged at random, and what must hold of whatever reads them."""

from __future__ import annotations

import io
import os
import random
import shutil
import stat
import tarfile
import time
import zipfile
from pathlib import Path

from tests.data.pictures import picture
from tests.project.mutations import Reading, peak
from workbench.data import PictureError, fit_picture
from workbench.data.archive import ArchiveError, unpack

_LIMIT = 1_000_000
_PARTS = ("a", "b", "A", "..", ".", "", "/", "\\", "C:", "c" * 90, "é", "\u202e", "\n", "con", "x.png", "~", "$HOME")
_FORMS = ("PNG", "JPEG", "BMP", "GIF", "PPM", "TIFF", "WEBP")


def unpack_damaged(count: int, chance: random.Random, folder: Path) -> Reading:
    """S4: whatever an archive holds, nothing is written outside the folder, nor more than was expected."""
    refused, slowest, before = 0, 0.0, peak()
    archive, room = folder / "archive", folder / "room"
    for number in range(count):
        archive.write_bytes(_archive(chance))
        into = room / str(number)
        began = time.perf_counter()
        said = ""
        try:
            unpack(archive, into, _LIMIT)
        except ArchiveError as error:
            said = str(error)
        refused += bool(said)
        assert "\n" not in said
        assert not (said and os.listdir(into))
        slowest = max(slowest, time.perf_counter() - began)
        written = [os.path.join(f, name) for f, _, names in os.walk(into) for name in names]
        assert sum(os.lstat(path).st_size for path in written) <= _LIMIT
        assert all(stat.S_ISREG(os.lstat(path).st_mode) for path in written)
        assert sorted(os.listdir(folder)) == ["archive", "room"]
        assert os.listdir(room) == [str(number)]
        shutil.rmtree(into)
    return Reading(count, refused, slowest, peak() - before)


def read_damaged_pictures(count: int, chance: random.Random, folder: Path) -> Reading:
    """S5: each file is a picture of the size asked for, or there is one reason; never another error."""
    refused, slowest, before = 0, 0.0, peak()
    sound = {form: _sound(form, chance) for form in _FORMS}
    path = folder / "picture"
    for _ in range(count):
        path.write_bytes(_damaged(sound[chance.choice(_FORMS)], chance))
        began = time.perf_counter()
        said = ""
        try:
            assert fit_picture(path, (3, 32, 32), chance.choice(("resize", "crop", "pad"))).shape == (3, 32, 32)
        except PictureError as error:
            said = str(error) or "\n"
        refused += bool(said)
        assert "\n" not in said
        slowest = max(slowest, time.perf_counter() - began)
    return Reading(count, refused, slowest, peak() - before)


def _archive(chance: random.Random) -> bytes:
    names = ["/".join(chance.choices(_PARTS, k=chance.randint(1, 4))) for _ in range(chance.randint(1, 6))]
    if chance.random() < 0.6:
        names = [f"{chance.choice('abc')}/{chance.randrange(9)}" for _ in names]
    content = _tar(names, chance) if chance.random() < 0.5 else _zip(names, chance)
    return _damaged(content, chance) if chance.random() < 0.6 else content


def _tar(names: list[str], chance: random.Random) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=chance.choice(("w", "w:gz", "w:xz", "w:bz2"))) as file:
        for name in names:
            member = tarfile.TarInfo(name)
            if chance.random() < 0.15:
                member.type = chance.choice((tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE))
                member.linkname = chance.choice([*names, "/etc/passwd", ".."])
                file.addfile(member)
                continue
            content = bytes(chance.choice((0, 1, 100, 10_000, 2 * _LIMIT)))
            member.size = len(content)
            member.mode = chance.choice((0o644, 0o777, 0o4755, 0))
            file.addfile(member, io.BytesIO(content))
    return buffer.getvalue()


def _zip(names: list[str], chance: random.Random) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", chance.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))) as file:
        for name in dict.fromkeys(names):
            member = zipfile.ZipInfo("placeholder")
            member.filename = name
            kind = chance.choice((stat.S_IFREG,) * 6 + (stat.S_IFLNK, stat.S_IFDIR, stat.S_IFIFO, 0))
            member.external_attr = (kind | 0o777) << 16
            file.writestr(member, bytes(chance.choice((0, 1, 100, 10_000, 2 * _LIMIT))))
    return buffer.getvalue()


def _sound(form: str, chance: random.Random) -> bytes:
    buffer = io.BytesIO()
    mode = chance.choice(("RGB", "L")) if form != "GIF" else "P"
    picture(chance.randrange(10**6), (chance.randint(20, 90), chance.randint(20, 90)), mode).save(buffer, form)
    return buffer.getvalue()


def _damaged(content: bytes, chance: random.Random) -> bytes:
    """A few bytes changed, taken out, put in or cut off; most of them near the beginning, where the headers are."""
    damaged = bytearray(content)
    for _ in range(chance.randint(1, 6)):
        if not damaged:
            break
        place = chance.randrange(min(len(damaged), 120) if chance.random() < 0.6 else len(damaged))
        match chance.randrange(5):
            case 0:
                damaged[place] = chance.randrange(256)
            case 1:
                damaged[place] ^= 1 << chance.randrange(8)
            case 2:
                damaged[place : place + 4] = chance.choice((b"\xff\xff\xff\xff", b"\0\0\0\0", b"\x7f\xff\xff\xff"))
            case 3:
                del damaged[place : place + chance.randint(1, 20)]
            case _:
                damaged[place:place] = chance.randbytes(chance.randint(1, 20))
    if chance.random() < 0.1:
        del damaged[chance.randrange(len(damaged) + 1) :]
    return bytes(damaged)
