"""A training's state as one safetensors file: tensors, and JSON values in the header. Nothing in it can execute."""

from __future__ import annotations

import json
from pathlib import Path

from safetensors import SafetensorError, safe_open
from safetensors.torch import save

from workbench.project import write_atomically
from workbench.runs.layout import RunError
from workbench.training import State
from workbench.training.snapshot import FORMAT

_KEY = "state"


def write_state(state: State, path: Path) -> None:
    """Replace the checkpoint at ``path``; raises `WriteError`, and the old one is then untouched."""
    write_atomically(path, encode(state))


def encode(state: State) -> bytes:
    return save(dict(state.tensors), {_KEY: json.dumps(dict(state.values), allow_nan=False)})


def read_state(path: Path) -> State:
    """The state in a checkpoint. Raises `RunError` for a file that is missing, no checkpoint or of a newer version."""
    try:
        with safe_open(path, framework="pt") as file:
            values = json.loads((file.metadata() or {})[_KEY])
            version = values["format"]
            if version == FORMAT:
                return State({name: file.get_tensor(name) for name in file.keys()}, values)  # noqa: SIM118
            if not isinstance(version, int) or version < FORMAT:
                raise ValueError(f"its format is {str(version)[:40]!r}")
    except FileNotFoundError:
        raise RunError(f"{path}: there is no such checkpoint") from None
    except (SafetensorError, OSError, KeyError, TypeError, ValueError, RecursionError) as error:
        raise RunError(f"{path}: this is no checkpoint of CNN Workbench ({error})") from None
    raise RunError(
        f"{path}: this checkpoint was written by a newer version of CNN Workbench (format {version}, and this one "
        f"reads format {FORMAT}); update to open it"
    )
