"""Command lines in processes of their own that are there at once: copies of one that has loaded torch.

python -m tests.cli.processes     serves `Workbench`: a line of JSON begins a command line
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import traceback
from dataclasses import dataclass
from pathlib import Path

from tests import offline

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Done:
    """What a command line printed."""

    stdout: str
    stderr: str


class Workbench:
    """Runs ``workbench …``; each call is a process with its own folder, environment and exit status."""

    def __enter__(self) -> Workbench:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.cli.processes"], cwd=ROOT,
            env=os.environ | {"PYTHONPATH": _path(), "OMP_NUM_THREADS": "1"},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        self._folder = tempfile.TemporaryDirectory()
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()
        self._folder.cleanup()

    def __call__(self, *arguments: str | Path, cwd: Path | None = None, status: int = 0) -> Done:
        """Run it to its end, which must have this exit status and no traceback."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        out, err = (Path(self._folder.name) / name for name in ("out", "err"))
        asked = (list(map(str, arguments)), str(cwd or Path.cwd()), dict(os.environ), str(out), str(err))
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        ended = int(self._process.stdout.readline())
        done = Done(out.read_text(), err.read_text())
        assert ended == status, done.stdout + done.stderr
        assert "Traceback" not in done.stderr + done.stdout
        return done


def _path() -> str:
    return os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))


def _serve() -> None:
    offline.watch_a_child()
    import torch
    import torchvision  # noqa: F401

    import workbench.cli.verbs
    import workbench.runs  # noqa: F401
    from workbench.compiler import analyse
    from workbench.presets import build

    torch.set_num_threads(1)  # no thread may be there when a copy is made
    analyse(build("lenet5"))  # loads half of torch more, which nearly every command line needs
    for line in sys.stdin:
        number = os.fork()
        if not number:
            _become(*json.loads(line))
        _, ended = os.waitpid(number, 0)
        print(os.waitstatus_to_exitcode(ended), flush=True)


def _become(arguments: list[str], folder: str, environment: dict[str, str], out: str, err: str) -> None:
    """Be the process of a command line; never returns."""
    for path, stream in ((os.devnull, 0), (out, 1), (err, 2)):
        opened = os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC)
        os.dup2(opened, stream)
        os.close(opened)
    status: object = 1
    try:
        os.environ.clear()
        os.environ.update(environment)
        os.chdir(folder)
        from workbench.cli import main

        main(arguments)
        status = 0
    except SystemExit as end:
        status = end.code or 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status if isinstance(status, int) else 1)


if __name__ == "__main__":
    _serve()
