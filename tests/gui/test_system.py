"""What Qt needs of the system is named before Qt is asked."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import PySide6
import pytest

from workbench.gui import system

_QT = Path(PySide6.__file__).parent / "Qt"
# Part of every system on which Python runs, or brought along by Qt or by a library of the tables.
_GIVEN = re.compile(
    r"lib(c|m|dl|pthread|rt|stdc\+\+|gcc_s|Qt6.*|icu.*|GLX|GLdispatch|gthread-2\.0|pcre2-8|expat|Xau|Xdmcp|png16|"
    r"brotli.*|systemd|bz2|lzma|lz4|cap|gcrypt|gpg-error|bsd|md|uuid|resolv|ffi|blkid|mount|selinux)\."
)

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems bring what Qt needs")


def _linked(library: Path) -> set[str]:
    printed = subprocess.run(["ldd", str(library)], capture_output=True, text=True, check=True).stdout
    names = {line.split()[0] for line in printed.splitlines() if line.strip()}
    return {name for name in names if name.startswith("lib") and not _GIVEN.match(name)}


def test_the_tables_name_all_that_qt_links_with() -> None:
    known = set(system._ALWAYS)
    for library in ("lib/libQt6Gui.so.6", "lib/libQt6Widgets.so.6", "plugins/platforms/libqoffscreen.so"):
        assert _linked(_QT / library) - known - {"libxcb.so.1"} == set()
    assert _linked(_QT / "plugins/platforms/libqxcb.so") - known - set(system._X11) == set()


def test_a_missing_library_is_named_with_its_package() -> None:
    assert system.missing_libraries({"libc.so.6": "libc6", "libno.so.1": "libno1"}) == {"libno.so.1": "libno1"}


def test_no_screen_is_said_in_one_sentence() -> None:
    with pytest.raises(system.SystemError, match="no screen here"):
        system.check({})
    system.check({"QT_QPA_PLATFORM": "offscreen"})
