"""Torch comes after the first picture: loaded in a thread, most of it without holding the interpreter."""

from __future__ import annotations

import builtins
import ctypes
import importlib.util
import sys
import threading
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from workbench import machine

_LIBRARIES = (
    "libtorch_global_deps.so", "libc10.so", "libtorch_cpu.so", "libtorch_cuda.so", "libtorch.so", "libtorch_python.so",
)  # fmt: skip
"""In the order in which they need each other; the one for CUDA brings NVIDIA's with it, where it is there."""


class Engine(QObject):
    """Says when torch is loaded, and when the rooms that need it are there as well: then all can be used."""

    loaded = Signal()
    ready = Signal()
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.is_ready = False
        self._thread: threading.Thread | None = None

    def load(self) -> None:
        """Begin loading; `loaded` or `failed` follows in the window's thread."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._load, name="engine", daemon=True)
            self._thread.start()

    def wait(self, seconds: float | None = None) -> bool:
        """Until loading has ended, one way or the other, or so long; whether it has ended."""
        if self._thread is None:
            return True
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def use(self) -> None:
        """The rooms are there."""
        self.is_ready = True
        self.ready.emit()

    def _load(self) -> None:
        try:
            machine.prepare_for_torch()
            _preload()
            _import_plainly()
            # Small pieces of other threads' work come in between while modules are imported.
            before = sys.getswitchinterval()
            sys.setswitchinterval(0.001)
            try:
                import workbench.compiler
                import workbench.data
                import workbench.runs
                from workbench.presets import build

                # Asked for a layer's shape for the first time, torch loads another second of itself.
                workbench.compiler.analyse(build("lenet5"))

                # Imported in the window's thread, pyqtgraph and the rooms' modules would stop it for 0.2 s.
                import workbench.gui.rooms
            finally:
                sys.setswitchinterval(before)
        except Exception as error:
            self.failed.emit(f"{type(error).__name__}: {error}")
            return
        self.loaded.emit()


def _import_plainly() -> None:
    """Have Python import modules itself.

    PySide's function in its place reads the source of every module for mentions of PySide, in case it asks for other
    spellings of Qt's names, which none here does. Of torch's 2,000 modules that takes a third of a second.
    """
    plainly = getattr(builtins, "__orig_import__", None)
    if plainly is not None:
        builtins.__import__ = plainly


def _preload() -> None:
    """Have the system load torch's large libraries.

    Python's own import holds the interpreter while it does, and the window stands still; a call of the C function
    does not.
    """
    spec = importlib.util.find_spec("torch")
    if not sys.platform.startswith("linux") or spec is None or spec.origin is None:
        return
    folder = Path(spec.origin).parent / "lib"
    dlopen = ctypes.CDLL(None).dlopen
    dlopen.restype = ctypes.c_void_p
    for name in _LIBRARIES:
        if (folder / name).exists():
            dlopen(str(folder / name).encode(), ctypes.c_int(ctypes.RTLD_GLOBAL | 0x2))
