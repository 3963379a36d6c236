"""Files of weights are read without anything in them being run."""

from __future__ import annotations

import io
import os
import pickle
import zipfile
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save_file

from workbench.weights import WeightsError, read_weights


class Runs:
    """What a pickle can do: call anything with anything when it is read."""

    def __init__(self, call: Callable[..., Any], *arguments: object) -> None:
        self.what = call, arguments

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[object, ...]]:
        return self.what


def test_safetensors_are_read_here(tmp_path: Path) -> None:
    save_file({"conv.weight": torch.arange(4.0)}, tmp_path / "w.safetensors")
    file = read_weights(tmp_path / "w.safetensors")
    assert torch.equal(file.tensors["conv.weight"], torch.arange(4.0))
    assert len(file.sha256) == 64


def test_a_checkpoint_of_pytorchs_is_read_by_another_process(tmp_path: Path) -> None:
    shared = torch.randn(3, 2)
    content = {
        "epoch": 3,
        "state_dict": OrderedDict(
            {"module.a.weight": shared.t(), "module.b.weight": shared, "module.n": torch.tensor(5)}
        ),
        "optimizer": {"state": {0: {"momentum_buffer": torch.ones(9)}}},
        "metrics": [0.5, {"nested": torch.ones(2, dtype=torch.bfloat16)}],
        "sparse": torch.eye(3).to_sparse(),
    }  # fmt: skip
    torch.save(content, tmp_path / "checkpoint.pth")
    checked: list[int] = []
    found = read_weights(tmp_path / "checkpoint.pth", lambda: checked.append(1)).tensors
    assert set(found) == {
        "state_dict.module.a.weight", "state_dict.module.b.weight", "state_dict.module.n", "metrics.1.nested",
    }  # fmt: skip
    assert torch.equal(found["state_dict.module.a.weight"], shared.t())
    assert found["metrics.1.nested"].dtype == torch.bfloat16
    assert checked


def test_reading_can_be_cancelled(tmp_path: Path) -> None:
    class Cancelled(Exception):
        pass

    def check() -> None:
        raise Cancelled

    torch.save({"a": torch.ones(2)}, tmp_path / "w.pt")
    with pytest.raises(Cancelled):
        read_weights(tmp_path / "w.pt", check)


def hostile(folder: Path) -> list[Path]:
    """Files that run something when they are read carelessly, or break or fill the reader."""
    mark = f"touch {folder / 'ran'}"
    made = []

    def file(name: str, content: bytes) -> None:
        (folder / name).write_bytes(content)
        made.append(folder / name)

    def saved(name: str, content: object, **how: Any) -> None:
        torch.save(content, folder / name, **how)
        made.append(folder / name)

    saved("system.pt", Runs(os.system, mark))
    saved("in-a-dictionary.pth", {"conv.weight": torch.ones(2), "hook": Runs(os.system, mark)})
    file("plain.pt", pickle.dumps(Runs(os.system, mark)))
    file("damaged.pt", (folder / "system.pt").read_bytes()[:-200])
    file("noise.pth", b"\x80\x02" + bytes(range(256)) * 40)
    saved("legacy.pt", Runs(os.system, mark), _use_new_zipfile_serialization=False)
    saved("eval.pt", Runs(eval, f"__import__('os').system({mark!r})"))
    saved("module.pt", torch.nn.Linear(2, 2))
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("archive/data.pkl", b"\x00" * 3_000_000_000)
    file("bomb.pt", bomb.getvalue())
    saved("nothing.pt", {"epoch": 3})
    return made


def refused(path: Path) -> str:
    with pytest.raises(WeightsError) as caught:
        read_weights(path)
    return str(caught.value)


def test_a_pickle_that_runs_something_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD", "1")
    torch.save({"conv.weight": torch.ones(2), "hook": Runs(os.system, f"touch {tmp_path / 'ran'}")}, tmp_path / "w.pt")
    sentence = refused(tmp_path / "w.pt")
    assert "more than weights" in sentence
    assert "weights_only" not in sentence
    assert "\n" not in sentence
    assert not (tmp_path / "ran").exists()


@pytest.mark.slow
def test_the_gallery_of_hostile_files_runs_nothing(tmp_path: Path) -> None:
    files = hostile(tmp_path)
    with ThreadPoolExecutor(3) as pool:
        sentences = dict(zip(files, pool.map(refused, files), strict=True))
    assert not (tmp_path / "ran").exists()
    for path, sentence in sentences.items():
        assert sentence.startswith(f"{path}: ")
        assert "\n" not in sentence
        assert "weights_only" not in sentence


def test_what_is_no_file_of_weights_is_told_apart(tmp_path: Path) -> None:
    (tmp_path / "w.safetensors").write_bytes(b"\xff" * 100)
    (tmp_path / "w.onnx").write_bytes(b"x")
    (tmp_path / "empty.pt").touch()
    for name, message in (
        ("w.safetensors", "no safetensors file"),
        ("w.onnx", "weights are read from"),
        ("empty.pt", "no file of weights"),
        ("gone.pt", "No such file"),
    ):
        with pytest.raises(WeightsError, match=message):
            read_weights(tmp_path / name)
