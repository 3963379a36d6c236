"""``python unpickling.py IN OUT``: a pickle's tensors as safetensors, and nothing else of it.

Runs in a process of its own with limits on memory, time and what it may do. PyTorch's reader for weights knows tensors,
numbers, texts and containers, and no other name in the file means anything to it; there is no second way to read. It is
run by its path, not as a part of the package, which would load far more than it needs.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save
from torch import Tensor

from workbench.project import write_atomically

_DEPTH, _MOST = 8, 200_000
_FORBIDDEN = (
    "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.fork", "subprocess.Popen", "socket.connect",
    "socket.bind", "ctypes.dlopen", "shutil.rmtree", "os.remove",
)  # fmt: skip
_CPU_SECONDS = 300


class _Refused(Exception):
    pass


def main(source: Path, target: Path) -> None:
    _limit(source.stat().st_size)
    try:
        content = torch.load(source, map_location="cpu", weights_only=True)
    except Exception as error:
        raise _Refused(_reason(error)) from None
    found: dict[str, Tensor] = {}
    _collect(content, "", found, 0)
    if not found:
        raise _Refused("there are no weights in it")
    del content
    write_atomically(target, save(found))


def _limit(size: int) -> None:
    """Hold this process to what reading a file of this size takes, where the system can, and to reading."""
    sys.addaudithook(_audit)
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        memory = used + 6 * size + (1 << 29)
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_FSIZE, (4 * size + (1 << 24),) * 2)
        resource.setrlimit(resource.RLIMIT_CPU, (_CPU_SECONDS, _CPU_SECONDS))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _audit(event: str, arguments: tuple[Any, ...]) -> None:
    if event.startswith(_FORBIDDEN):
        raise _Refused(f"it tried to do what weights never do ({event})")


def _collect(value: Any, path: str, found: dict[str, Tensor], depth: int) -> None:
    """Every dense tensor, under the path of keys that leads to it. An optimizer's memory is no weight."""
    if isinstance(value, Tensor):
        if value.layout == torch.strided and not value.is_quantized and not value.is_complex():
            # One name each: the file format knows no two tensors in one memory.
            found[path or "weight"] = value.detach().clone(memory_format=torch.contiguous_format)
        return
    if depth >= _DEPTH or len(found) >= _MOST:
        return
    inside = (
        value.items() if isinstance(value, Mapping) else enumerate(value) if isinstance(value, list | tuple) else ()
    )
    for key, item in inside:
        name = str(key)[:300]
        if depth == 0 and name.lower().startswith("optim"):
            continue
        _collect(item, f"{path}.{name}" if path else name, found, depth + 1)


def _reason(error: Exception) -> str:
    """Why it was not read, without the advice that PyTorch gives, which is dangerous."""
    if isinstance(error, _Refused):
        return str(error)
    if "GLOBAL" in str(error):
        return (
            "it holds more than weights, which could run a program, so it is not read; have its maker save the model's "
            "state_dict, best as .safetensors"
        )
    if isinstance(error, MemoryError):
        return "it takes more memory than a file of its size should"
    return f"it is damaged, or no file of PyTorch's ({type(error).__name__})"


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1]), Path(sys.argv[2]))
    except (_Refused, OSError, MemoryError, ValueError, RuntimeError) as failure:
        print(" ".join(str(failure).split())[:500] or type(failure).__name__, file=sys.stderr)
        sys.exit(2)
