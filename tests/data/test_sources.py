"""The registry: what it says of its files is what torchvision says, and what is there is read."""

import dataclasses
import inspect
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from workbench.data import SOURCES, DataError, NotHere, load, read
from workbench.data.download import Download
from workbench.project import DataChoice


def test_the_sources_are_these():
    assert list(SOURCES) == [
        "digits", "mnist", "fashion-mnist", "kmnist", "emnist", "usps", "cifar10", "cifar100", "svhn", "stl10",
        "flowers102", "oxford-pets", "imagenette", "dtd", "food101",
    ]  # fmt: skip


def test_checksums_are_torchvisions():
    from torchvision import datasets

    text = "".join(path.read_text() for path in Path(inspect.getfile(datasets)).parent.glob("*.py"))
    known = set(re.findall(r'"([0-9a-f]{32})"', text))
    ours = [download.md5 for source in SOURCES.values() for download in source.downloads]
    assert len(ours) == len(set(ours)) == 28
    assert set(ours) <= known


def test_digits_need_neither_torchvision_nor_a_network():
    code = (
        "import sys; sys.addaudithook(lambda e, a: e.startswith('socket.') and sys.exit(e)); "
        "from workbench.data import load; from workbench.project import DataChoice; "
        "load(DataChoice(), (1, 8, 8)); sys.exit('torchvision' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_source_is_not_downloaded_unless_it_may(tmp_path, monkeypatch):
    monkeypatch.setenv("WORKBENCH_DATA", str(tmp_path))
    with pytest.raises(NotHere, match=r"\(cifar10\) must be downloaded first, from www.cs.toronto.edu"):
        read(DataChoice(source="cifar10"), (3, 32, 32), download=False)
    assert list(tmp_path.iterdir()) == []


def test_a_set_that_is_not_there_and_cannot_come_says_what_to_do(root, monkeypatch):
    monkeypatch.setenv("no_proxy", "*")
    download = Download(("http://127.0.0.1:9/cifar-10-python.tar.gz",), "0" * 32, "", 10)
    monkeypatch.setitem(SOURCES, "cifar10", dataclasses.replace(SOURCES["cifar10"], downloads=(download,)))
    with pytest.raises(DataError, match=r"put cifar-10-python\.tar\.gz"):
        load(DataChoice(source="cifar10"), (3, 32, 32))


def test_the_digits_are_those_of_scikit_learn() -> None:
    from sklearn.datasets import load_digits

    pixels, labels = load_digits(return_X_y=True)
    found = load(DataChoice(validation=0, test=0), (1, 8, 8)).train
    scaled = (pixels * (255 / 16)).round().astype(np.uint8)
    assert np.array_equal(found.take(torch.arange(len(found))).flatten(1).numpy(), scaled)
    assert found.labels.tolist() == labels.tolist()
