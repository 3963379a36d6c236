"""Errors of every kind, raised at every place of a training that is begun from the command line."""

from __future__ import annotations

import concurrent.futures
import ctypes
import errno
import io
import json
import queue
import shutil
import socket
import ssl
import struct
import subprocess
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from decimal import InvalidOperation
from pathlib import Path
from typing import Any

import pytest
import torch
from PIL import Image, UnidentifiedImageError
from safetensors import SafetensorError

from workbench import data
from workbench.cli import main
from workbench.data import DataError, PictureError
from workbench.data.batches import Normalise
from workbench.graph import Builder, FieldError, GraphError
from workbench.project import DataChoice, Project, ProjectError, Recipe, WriteError, write_project
from workbench.runs import Run, RunError, layout, recording
from workbench.runs.metrics import MetricsWriter
from workbench.training import DeviceError, epoch_measures, session, snapshot
from workbench.training.objective import Objective
from workbench.training.progress import Progress
from workbench.training.session import Session

KINDS: list[Callable[[], Exception]] = [
    lambda: ValueError("a value"),
    lambda: RuntimeError("two lines\nof text"),
    lambda: KeyError("key"),
    lambda: AssertionError(),
    lambda: MemoryError("no memory"),
    lambda: StopIteration("the end"),
    lambda: OSError(errno.EIO, "Input/output error", "/dev/sda"),
    lambda: RecursionError("too deep"),
    lambda: torch.OutOfMemoryError("CUDA out of memory"),
    lambda: DataError("a picture is gone"),
    lambda: ZeroDivisionError("division by zero"),
    lambda: TypeError("x" * 5000),
    lambda: WriteError(errno.ENOSPC, "cannot write it"),
    lambda: UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid start byte"),
    lambda: ExceptionGroup("many", [ValueError("one"), KeyError("two")]),
    lambda: PermissionError(errno.EACCES, "Permission denied", "lock"),
    lambda: IndexError("out of range"),
    lambda: AttributeError("no such attribute"),
    lambda: ImportError("cannot import name"),
    lambda: ModuleNotFoundError("No module named 'x'"),
    lambda: NameError("name 'x' is not defined"),
    lambda: UnboundLocalError("x"),
    lambda: NotImplementedError(),
    lambda: OverflowError("too large"),
    lambda: FloatingPointError("underflow"),
    lambda: InvalidOperation("a decimal"),
    lambda: BufferError("exported"),
    lambda: EOFError("ran out of input"),
    lambda: LookupError("nowhere"),
    lambda: SyntaxError("invalid syntax"),
    lambda: SystemError("of the interpreter"),
    lambda: ReferenceError("weakly-referenced"),
    lambda: StopAsyncIteration("asynchronously"),
    lambda: UnicodeEncodeError("ascii", "é", 0, 1, "ordinal not in range"),
    lambda: FileNotFoundError(errno.ENOENT, "No such file or directory", "images/a.png"),
    lambda: IsADirectoryError(errno.EISDIR, "Is a directory", "images"),
    lambda: InterruptedError(errno.EINTR, "Interrupted system call"),
    lambda: ConnectionResetError(errno.ECONNRESET, "Connection reset by peer"),
    lambda: TimeoutError("timed out"),
    lambda: ChildProcessError(errno.ECHILD, "No child processes"),
    lambda: subprocess.CalledProcessError(1, ["nvidia-smi"]),
    lambda: json.JSONDecodeError("Expecting value", "{", 1),
    lambda: struct.error("unpack requires a buffer of 4 bytes"),
    lambda: zlib.error("Error -3 while decompressing data"),
    lambda: zipfile.BadZipFile("File is not a zip file"),
    lambda: concurrent.futures.CancelledError("cancelled"),
    lambda: queue.Empty(),
    lambda: socket.gaierror(-2, "Name or service not known"),
    lambda: ssl.SSLError("certificate"),
    lambda: shutil.Error("a copy"),
    lambda: ctypes.ArgumentError("argument 1"),
    lambda: SafetensorError("header too large"),
    lambda: UnidentifiedImageError("cannot identify image file"),
    lambda: Image.DecompressionBombError("too many pixels"),
    lambda: PictureError("truncated"),
    lambda: FieldError("stride: expected an integer"),
    lambda: GraphError("conv1: no such node"),
    lambda: ProjectError("line 3: unknown key"),
    lambda: RunError("no such run"),
    lambda: DeviceError("no such device"),
]
"""Sixty kinds: of Python, of libraries, of our own; without words, with several lines, with thousands of letters."""

PLACES: dict[str, tuple[Any, str, int]] = {
    "source": (recording, "to_python", 1),
    "metrics opened": (MetricsWriter, "__init__", 1),
    "data": (data, "load", 1),
    "environment": (recording, "_environment", 1),
    "set up": (Session, "__init__", 1),
    "batch": (Normalise, "__call__", 3),
    "forward": (torch.nn.Conv2d, "forward", 4),
    "loss": (Objective, "__call__", 3),
    "backward": (torch.Tensor, "backward", 3),
    "optimizer": (torch.optim.SGD, "step", 3),
    "metrics": (MetricsWriter, "add", 5),
    "metrics flushed": (MetricsWriter, "flush", 2),
    "evaluation": (epoch_measures, "evaluate", 2),
    "epoch": (Progress, "judge", 1),
    "diagnosis": (session, "diagnose", 1),
    "checkpoint made": (snapshot, "optimizer_tensors", 1),
    "checkpoint encoded": (recording, "encode", 1),
    "checkpoint written": (recording, "_keep", 1),
    "last event": (Session, "finished", 1),
    "report": (recording, "close", 1),
}
"""Where, and at which call there. Calls while the network is analysed, before there is a run, are not counted."""


@contextmanager
def raising(place: str, error: Exception) -> Iterator[None]:
    """Inside, the place raises the error, once."""
    owner, name, call = PLACES[place]
    real = getattr(owner, name)
    calls = 0

    def sometimes(*arguments: Any, **named: Any) -> Any:
        nonlocal calls
        on_meta = any(isinstance(a, torch.Tensor) and a.is_meta for a in arguments)
        calls += not on_meta
        if calls == call and not on_meta:
            raise error
        return real(*arguments, **named)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(owner, name, sometimes)
        yield
    assert calls >= call, f"{place} was never reached"


def fails_well(place: str, kind: int, project: Path, directory: Path, *words: str) -> None:
    """R11: train from the command line with an error of this kind at this place, and check all that is promised."""
    error = KINDS[kind]()
    out, err = io.StringIO(), io.StringIO()
    with raising(place, error), redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as left:
        main(["train", str(project), "--run", str(directory), *words])
    assert left.value.code == 2
    said = err.getvalue()
    assert said.startswith("workbench: ")
    assert len(said.splitlines()) == 1, said
    assert len(said) < 1000 + len(str(directory))
    assert "Traceback" not in out.getvalue() + said
    run = Run.open(directory)
    assert run.status == "failed"
    assert run.report["sentence"]
    trace = (directory / layout.ERROR).read_text()
    assert trace.startswith(("Traceback", "  + Exception Group Traceback"))
    assert type(error).__name__ in trace
    assert "in sometimes" in trace


def failing_project(path: Path) -> Path:
    """A project file whose training passes every one of the places in a moment."""
    builder = Builder((1, 8, 8))
    builder.add("conv", "Conv2d", out_channels=4, kernel_size=3)
    builder.add("flatten", "Flatten")
    builder.add("fc", "Linear", out_features=10)
    recipe = Recipe(epochs=1, batch_size=16, checkpoint_seconds=1000.0, optimizer="sgd")
    write_project(Project(builder.build("small"), DataChoice(subset=100), recipe), path)
    return path
