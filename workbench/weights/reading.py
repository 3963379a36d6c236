"""Tensors by name from a file of weights. Nothing in it can execute."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor

from workbench.compiler.export import Preprocessing, preprocessing_from
from workbench.weights.errors import WeightsError
from workbench.weights.pretrained import preprocessing_of_file

SUFFIXES = (".safetensors", ".pt", ".pth")
LARGEST = 20_000_000_000
_PATIENCE = 600.0
_GLANCE_SECONDS = 0.05
_BLOCK = 1 << 22
_OLDEST_TORCH = (2, 10)
"""Before it ``weights_only`` had known holes (CVE-2025-32434 and its like)."""


@dataclass(frozen=True, slots=True, eq=False)
class WeightsFile:
    """Tensors by name, and the SHA-256 of the file they were read from.

    ``prepared`` is how pictures are to be prepared for a network of them, where that is known.
    """

    path: Path
    tensors: Mapping[str, Tensor]
    sha256: str
    prepared: Preprocessing | None = None


def read_weights(path: Path, check: Callable[[], object] = lambda: None) -> WeightsFile:
    """Read a ``.safetensors``, ``.pt`` or ``.pth`` file; raises `WeightsError`.

    The latter two are pickles: they are read with ``weights_only`` in a process of its own, which has limits and ends
    with this call. ``check`` is called now and then, and ends it by raising.
    """
    if path.suffix not in SUFFIXES:
        raise WeightsError(f"{path}: weights are read from {', '.join(SUFFIXES)} files")
    try:
        size = path.stat().st_size
        if not path.is_file() or not 0 < size <= LARGEST:
            raise WeightsError(f"{path}: this is no file of weights, or one of more than {LARGEST / 1e9:.0f} GB")
        digest = sha256_of(path, check)
        if path.suffix == ".safetensors":
            return WeightsFile(path, _tensors(path), digest, _prepared(path))
        with tempfile.TemporaryDirectory(prefix="workbench-weights-") as folder:
            converted = Path(folder) / "weights.safetensors"
            _convert(path, converted, check)
            return WeightsFile(path, _tensors(converted, path), digest, preprocessing_of_file(digest))
    except OSError as error:
        raise WeightsError(f"{path}: {error.strerror or error}") from None


def sha256_of(path: Path, check: Callable[[], object] = lambda: None) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            check()
            digest.update(block)
    return digest.hexdigest()


def _tensors(path: Path, named: Path | None = None) -> dict[str, Tensor]:
    try:
        with safe_open(path, framework="pt") as file:
            return {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except (SafetensorError, ValueError, KeyError, RecursionError) as error:
        raise WeightsError(f"{named or path}: this is no safetensors file ({error})") from None


def _prepared(path: Path) -> Preprocessing | None:
    """What an export of ours says in its header; None where it says nothing, or what cannot be."""
    try:
        with safe_open(path, framework="pt") as file:
            return preprocessing_from(json.loads((file.metadata() or {})["preprocessing"]))
    except (SafetensorError, KeyError, ValueError, TypeError, RecursionError):
        return None


def _convert(path: Path, converted: Path, check: Callable[[], object]) -> None:
    """Have another process read the pickle and leave its tensors as safetensors."""
    if tuple(map(int, torch.__version__.split(".")[:2])) < _OLDEST_TORCH:
        raise WeightsError(f"{path}: reading it safely needs torch {'.'.join(map(str, _OLDEST_TORCH))} or newer")
    # Nothing that is set outside may weaken how it is read.
    environment = {name: value for name, value in os.environ.items() if "WEIGHTS_ONLY" not in name}
    environment["OMP_NUM_THREADS"] = "1"
    reader = Path(__file__).with_name("unpickling.py")
    command = [sys.executable, "-P", str(reader), str(path.resolve()), str(converted)]
    # The path where this package was found holds for the other process as well.
    places = [str(Path(__file__).parents[2]), environment.get("PYTHONPATH", "")]
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, places))
    process = subprocess.Popen(
        command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    end = time.monotonic() + _PATIENCE
    try:
        while process.poll() is None:
            check()
            if time.monotonic() > end:
                raise WeightsError(f"{path}: reading it took more than {_PATIENCE / 60:.0f} minutes and was ended")
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(_GLANCE_SECONDS)
    finally:
        process.kill()
        _, said = process.communicate()
    if process.returncode or not converted.is_file():
        lines = said.decode(errors="replace").strip().splitlines()
        reason = lines[-1] if lines and process.returncode == 2 else "the process that read it was ended by a limit"
        raise WeightsError(f"{path}: {reason}")
