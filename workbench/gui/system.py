"""What Qt needs of the system, looked for before Qt is asked, because Qt ends the process where it is missing."""

from __future__ import annotations

import ctypes
import os
import sys

_ALWAYS = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libX11.so.6": "libx11-6",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libz.so.1": "zlib1g",
    "libzstd.so.1": "libzstd1",
}
_X11 = {
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxcb.so.1": "libxcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
"""Libraries by the names under which they are loaded, and Debian's packages that hold them."""


class SystemError(Exception):
    """Qt cannot show a window here; the message says what is missing and how to get it."""


def check(environment: dict[str, str] | None = None) -> None:
    """Raise `SystemError` where a window cannot be shown. Other systems than Linux bring what Qt needs."""
    given = dict(os.environ) if environment is None else environment
    if not sys.platform.startswith("linux"):
        return
    platform = given.get("QT_QPA_PLATFORM", "")
    x11 = bool(given.get("DISPLAY")) and platform in ("", "xcb") and not given.get("WAYLAND_DISPLAY")
    if not platform and not given.get("DISPLAY") and not given.get("WAYLAND_DISPLAY"):
        raise SystemError(
            "there is no screen here; `workbench --help` lists what works without one, and "
            "`workbench tour --out pictures` shows the window in pictures"
        )
    missing = missing_libraries(_ALWAYS | (_X11 if x11 else {}))
    if missing:
        packages = " ".join(sorted(missing.values()))
        raise SystemError(
            f"Qt needs {', '.join(sorted(missing))}, which this system lacks; "
            f"on Debian or Ubuntu: sudo apt install {packages}"
        )


def missing_libraries(libraries: dict[str, str]) -> dict[str, str]:
    """Those of the libraries that cannot be loaded."""
    found = {}
    for library, package in libraries.items():
        try:
            ctypes.CDLL(library)
        except OSError:
            found[library] = package
    return found
