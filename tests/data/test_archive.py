"""Hostile archives: nothing is written outside the folder, and nothing at all is kept."""

import io
import os
import stat
import struct
import tarfile
import zipfile

import pytest

from workbench.data.archive import ArchiveError, unpack

LIMIT = 1_000_000
NAMES = (
    "../out", "a/../../out", "/tmp/out-of-the-archive", "//out", "..", "a/..", "a\\..\\..\\out", "C:\\out", "C:/out",
    "a:stream", "a\nb", "\x1b[31mred", "x" * 1001, "/".join(["d"] * 33), "sound/../../../out",
)  # fmt: skip


def tar(*members, mode="w:gz"):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=mode) as file:
        for name, kind, content in members:
            member = tarfile.TarInfo(name)
            member.type = kind
            if kind in (tarfile.SYMTYPE, tarfile.LNKTYPE):
                member.linkname = content
                content = b""
            member.size = len(content)
            file.addfile(member, io.BytesIO(content))
    return buffer.getvalue()


def zipped(*members):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, kind, content in members:
            member = zipfile.ZipInfo("placeholder")
            member.filename = name
            member.compress_type = zipfile.ZIP_DEFLATED
            member.external_attr = kind << 16
            file.writestr(member, content)
    return buffer.getvalue()


def lying_zip():
    """A zip that says its member is small."""
    sound = zipped(("a", stat.S_IFREG, bytes(50 * LIMIT)))
    return sound.replace(struct.pack("<I", 50 * LIMIT), struct.pack("<I", 10))


FILE, LINK = tarfile.REGTYPE, tarfile.SYMTYPE
HOSTILE = {
    **{f"tar {name[:20]!r}": tar(("sound", FILE, b"1"), (name, FILE, b"2")) for name in NAMES},
    **{f"zip {name[:20]!r}": zipped(("sound", stat.S_IFREG, b"1"), (name, stat.S_IFREG, b"2")) for name in NAMES},
    "link out": tar(("a", LINK, "/etc/passwd")),
    "link and through it": tar(("a", LINK, ".."), ("a/out", FILE, b"2")),
    "link inside": tar(("a", FILE, b"1"), ("b", LINK, "a")),
    "hard link": tar(("a", tarfile.LNKTYPE, "/etc/passwd")),
    "zip link": zipped(("a", stat.S_IFLNK | 0o777, b"/etc")),
    "character device": tar(("a", tarfile.CHRTYPE, b"")),
    "block device": tar(("a", tarfile.BLKTYPE, b"")),
    "pipe": tar(("a", tarfile.FIFOTYPE, b"")),
    "zip pipe": zipped(("a", stat.S_IFIFO | 0o666, b"")),
    "tar bomb": tar(("a", FILE, bytes(50 * LIMIT))),
    "zip bomb": zipped(("a", stat.S_IFREG, bytes(50 * LIMIT))),
    "many middle files": zipped(*((f"f{n}", stat.S_IFREG, bytes(LIMIT // 5)) for n in range(6))),
    "lying zip": lying_zip(),
    "case twins": tar(("Readme", FILE, b"1"), ("README", FILE, b"2")),
    "case twin folders": tar(("A/x", FILE, b"1"), ("a/y", FILE, b"2")),
    "file and folder": tar(("a", FILE, b"1"), ("a/b", FILE, b"2")),
    "same name twice": tar(("a", FILE, b"1"), ("a", FILE, b"2")),
    "cut off": tar(("a", FILE, os.urandom(5000)))[:2000],
    "cut off zip": zipped(("a", stat.S_IFREG, os.urandom(5000)))[:2000],
    "damaged zip": zipped(("a", stat.S_IFREG, os.urandom(5000))).replace(b"a", b"b", 1)[::-1],
    "text": b"this is no archive",
    "empty": b"",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_archive_leaves_nothing(tmp_path, name):
    archive = tmp_path / "archive"
    archive.write_bytes(HOSTILE[name])
    with pytest.raises(ArchiveError):
        unpack(archive, tmp_path / "a" / "b" / "into", LIMIT)
    written = [os.path.join(folder, name) for folder, _, names in os.walk(tmp_path) for name in names]
    assert written == [str(archive)]
    assert os.listdir(tmp_path / "a" / "b" / "into") == []
    assert not os.path.exists("/tmp/out-of-the-archive")


@pytest.mark.parametrize("make", [tar, zipped])
def test_a_sound_archive_is_unpacked_over_what_is_there(tmp_path, make):
    plain = FILE if make is tar else stat.S_IFREG | 0o4777
    archive = tmp_path / "archive"
    archive.write_bytes(make(("./set/one.txt", plain, b"1"), ("set/deep/two.txt", plain, b"22")))
    (tmp_path / "into" / "set").mkdir(parents=True)
    (tmp_path / "into" / "set" / "one.txt").write_bytes(b"old")
    unpack(archive, tmp_path / "into", LIMIT)
    assert (tmp_path / "into" / "set" / "one.txt").read_bytes() == b"1"
    assert (tmp_path / "into" / "set" / "deep" / "two.txt").read_bytes() == b"22"
    assert os.listdir(tmp_path / "into") == ["set"]
    assert not (tmp_path / "into" / "set" / "one.txt").stat().st_mode & 0o7111
