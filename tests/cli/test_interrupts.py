"""Ctrl-C ends in one sentence and one exit status also where an exception would be lost, or come too late."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.processes import ROOT, Workbench

MOMENTS = {
    "in an import that catches everything": "import swallowing",
    "in text that is run, of which Python makes a signal": "exec('interrupt()', {'interrupt': interrupt})",
    "between two things": "interrupt()",
    "the second time, while the first is being caught": """
try:
    interrupt()
except KeyboardInterrupt:
    interrupt()
""",
    "behind the last thing": "import atexit; atexit.register(interrupt)",
}


@pytest.mark.skipif(os.name == "nt", reason="signals differ")
@pytest.mark.parametrize("moment", MOMENTS)
def test_an_interrupt_at_any_moment_is_one_sentence(moment: str, tmp_path: Path) -> None:
    sends = "import os, signal, time\ndef interrupt():\n    os.kill(os.getpid(), signal.SIGINT)\n    time.sleep(0.01)\n"
    (tmp_path / "sends.py").write_text(sends)
    (tmp_path / "swallowing.py").write_text(
        "from sends import interrupt\ntry:\n    interrupt()\nexcept BaseException:\n    pass\n"
    )
    code = f"""
import sys
from sends import interrupt
from workbench.cli import main, verbs
def verb():
    exec({MOMENTS[moment]!r}, globals())
verbs.app.command()(verb)
sys.argv[1:] = ["verb"]
main()
"""
    done = subprocess.run(
        [sys.executable, "-c", code], env=os.environ | {"PYTHONPATH": os.pathsep.join((str(ROOT), str(tmp_path)))},
        capture_output=True, text=True, check=False, preexec_fn=_hear_interrupts,
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "workbench: interrupted\n")


@pytest.mark.skipif(os.name == "nt", reason="signals differ")
def test_a_process_that_was_begun_deaf_to_interrupts_stays_so() -> None:
    code = """
import os, signal
from workbench.cli import main, verbs
verbs.app.command("verb")(lambda: os.kill(os.getpid(), signal.SIGINT))
import sys
sys.argv[1:] = ["verb"]
main()
"""
    done = subprocess.run(
        [sys.executable, "-c", code], env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True,
        check=False, preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN),
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(os.name == "nt", reason="signals differ")
def test_an_interrupt_ends_after_a_checkpoint_and_says_how_to_go_on(workbench: Workbench, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    environment = os.environ | {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    process = subprocess.Popen(
        [sys.executable, "-m", "workbench", "train", "lenet5", "--epochs", "200", "--run", str(folder)],
        env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    while not (folder / "checkpoints" / "last.safetensors").exists():
        assert process.poll() is None
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert f"workbench train --resume {folder}" in out
    assert json.loads((folder / "report.json").read_text())["reason"] == "stopped"
    listed = json.loads(workbench("runs", folder, "--json").stdout)
    assert listed[0]["status"] == "stopped"


def _hear_interrupts() -> None:
    """Also where whoever began the tests is deaf to them."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
