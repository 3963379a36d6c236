"""The registry: what it says of its files is what torchvision says, and what is there is read."""

import dataclasses
import gzip
import hashlib
import http.server
import inspect
import json
import pickle
import re
import socket
import struct
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
import torch
from pictures import encoded
from test_archive import FILE, tar

from workbench.data import SOURCES, DataError, NotHere, load, read
from workbench.data.download import Download, bring
from workbench.data.idx import read_idx
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


# --- downloads, from a server of our own ------------------------------------------------------------------------


@pytest.fixture
def server(tmp_path, monkeypatch):
    """Serves the files of a folder; gives (address, folder)."""
    monkeypatch.setenv("no_proxy", "*")
    folder = tmp_path / "served"
    folder.mkdir()

    class Handler(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *arguments):
            super().__init__(*arguments, directory=str(folder))

        def log_message(self, *arguments):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as serving:
        thread = threading.Thread(target=serving.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{serving.server_port}/", folder
        serving.shutdown()
        thread.join()


def md5(content):
    return hashlib.md5(content, usedforsecurity=False).hexdigest()


def test_a_file_is_downloaded_with_progress_unpacked_and_not_downloaded_again(server, tmp_path):
    address, folder = server
    content = tar(("set/a.bin", FILE, np.random.default_rng(0).bytes(300_000)))
    (folder / "set.tgz").write_bytes(content)
    download = Download((address + "missing/set.tgz", address + "set.tgz"), md5(content), "here", 10**6)
    calls = []
    bring("it", download, tmp_path / "root", lambda *call: calls.append(call))
    done = [done for what, done, _ in calls if what == "downloading set.tgz"]
    assert done == sorted(done)
    assert done[-1] == len(content)
    assert {total for what, _, total in calls if what == "downloading set.tgz"} == {len(content)}
    assert (tmp_path / "root" / "here" / "set" / "a.bin").stat().st_size == 300_000
    (folder / "set.tgz").unlink()
    bring("it", download, tmp_path / "root", lambda *call: None)


def test_a_cancelled_download_leaves_nothing(server, tmp_path):
    address, folder = server
    (folder / "big").write_bytes(bytes(10**6))

    def cancel(what, done, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        bring("it", Download((address + "big",), md5(bytes(10**6)), ""), tmp_path / "root", cancel)
    assert list((tmp_path / "root").iterdir()) == []


def test_a_server_that_is_silent_does_not_keep_who_cancels(tmp_path, monkeypatch):
    monkeypatch.setenv("no_proxy", "*")

    class Cancelled(Exception):
        pass

    def cancel(what, done, total):
        if what == "waiting for 127.0.0.1":
            raise Cancelled

    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}/file"
        with pytest.raises(Cancelled):
            bring("it", Download((address,), "0" * 32, ""), tmp_path / "root", cancel)
    assert list((tmp_path / "root").iterdir()) == []


def test_unpacking_can_be_cancelled_and_leaves_nothing(server, tmp_path):
    address, folder = server
    content = tar(("set/a.bin", FILE, b"one"), ("set/b.bin", FILE, b"two"))
    (folder / "set.tgz").write_bytes(content)

    def cancel(what, done, total):
        if what == "unpacking set.tgz":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        bring("it", Download((address + "set.tgz",), md5(content), "here", 10**6), tmp_path / "root", cancel)
    assert [path.name for path in (tmp_path / "root" / "here").iterdir()] == ["set.tgz"]


def test_a_source_is_not_downloaded_unless_it_may(tmp_path, monkeypatch):
    monkeypatch.setenv("WORKBENCH_DATA", str(tmp_path))
    with pytest.raises(NotHere, match=r"\(cifar10\) must be downloaded first, from www.cs.toronto.edu"):
        read(DataChoice(source="cifar10"), (3, 32, 32), download=False)
    assert list(tmp_path.iterdir()) == []


def test_a_wrong_checksum_leaves_nothing_and_is_said(server, tmp_path):
    address, folder = server
    (folder / "file").write_bytes(b"altered")
    with pytest.raises(DataError, match="wrong checksum"):
        bring("it", Download((address + "file",), md5(b"original"), ""), tmp_path / "root", lambda *call: None)
    assert list((tmp_path / "root").iterdir()) == []


def test_without_a_network_the_error_says_where_to_put_the_files(tmp_path, monkeypatch):
    monkeypatch.setenv("no_proxy", "*")
    download = Download(("http://127.0.0.1:9/x/file.gz",), "0" * 32, "Set/raw")
    with pytest.raises(DataError, match="could not be downloaded") as error:
        bring("it", download, tmp_path, lambda *call: None)
    assert f"put file.gz from http://127.0.0.1:9/x/file.gz into {tmp_path / 'Set' / 'raw'}" in str(error.value)
    assert "\n" not in str(error.value)


# --- files that are there --------------------------------------------------------------------------------------


@pytest.fixture
def root(tmp_path, monkeypatch):
    monkeypatch.setenv("WORKBENCH_DATA", str(tmp_path))
    return tmp_path


def idx(array):
    return bytes((0, 0, 8, array.ndim)) + struct.pack(f">{array.ndim}I", *array.shape) + array.tobytes()


def write_idx(folder, prefix="", test="t10k", pack=True, size=(28, 28)):
    folder.mkdir(parents=True)
    drawn = np.random.default_rng(0)
    for part, count in ((f"{prefix}train", 50), (f"{prefix}{test}", 20)):
        for kind, array in (
            ("images-idx3", drawn.integers(0, 256, (count, *size), dtype=np.uint8)),
            ("labels-idx1", np.arange(count, dtype=np.uint8) % 10),
        ):
            body = idx(array)
            path = folder / f"{part}-{kind}-ubyte{'.gz' if pack else ''}"
            path.write_bytes(gzip.compress(body) if pack else body)
    return folder


@pytest.mark.parametrize("pack", [True, False])
@pytest.mark.parametrize("folder", ["MNIST", "FashionMNIST", "KMNIST"])
def test_idx_files_in_torchvisions_folders_are_read(root, folder, pack):
    name = {"FashionMNIST": "fashion-mnist"}.get(folder, folder.lower())
    write_idx(root / folder / "raw", pack=pack)
    dataset = load(DataChoice(source=name), (1, 28, 28))
    assert [len(part) for part in (dataset.train, dataset.validation, dataset.test)] == [40, 10, 20]
    assert len(dataset.classes) == SOURCES[name].classes


def test_emnist_stands_upright(root):
    folder = write_idx(root / "EMNIST" / "raw", "emnist-balanced-", "test")
    raw = read_idx(folder / "emnist-balanced-train-images-idx3-ubyte.gz", 3)
    collection = SOURCES["emnist"].fetch()
    assert torch.equal(collection.train.images[:, 0], raw.mT)
    assert collection.classes[10] == "A"
    assert len(collection.classes) == 47


def test_a_folder_that_holds_idx_files_is_a_source(tmp_path):
    dataset = load(DataChoice(source=str(write_idx(tmp_path / "any"))), (3, 32, 32))
    assert dataset.classes == tuple("0123456789")
    assert len(dataset.test) == 20


SOUND = idx(np.zeros((2, 2, 2), np.uint8))
HEAD = bytes((0, 0, 8, 3))


@pytest.mark.parametrize(
    "broken",
    [b"", HEAD, bytes((0, 0, 9, 3)) + bytes(12), SOUND[:-1], SOUND + b"x", HEAD + b"\xff" * 12, HEAD + bytes(12)],
)
@pytest.mark.parametrize("ending", ["", ".gz"])
def test_a_broken_idx_file_is_named(tmp_path, broken, ending):
    path = tmp_path / f"file{ending}"
    path.write_bytes(gzip.compress(broken) if ending else broken)
    with pytest.raises(DataError, match="file"):
        read_idx(path, 3)


def test_a_cut_off_gzip_file_is_named(tmp_path):
    (tmp_path / "file.gz").write_bytes(gzip.compress(idx(np.zeros((9, 9, 9), np.uint8)))[:-12])
    with pytest.raises(DataError, match=r"file\.gz: this file is damaged"):
        read_idx(tmp_path / "file.gz", 3)


def test_fashion_mnist_is_recognised_and_whole(real_images):
    dataset = load(DataChoice(source=str(real_images("fashion-mnist")), validation=0), (1, 28, 28))
    assert dataset.classes[0] == "T-shirt/top"
    assert torch.bincount(dataset.train.labels).tolist() == [6000] * 10
    assert (len(dataset.validation), len(dataset.test)) == (0, 10_000)
    assert dataset.mean + dataset.std == pytest.approx((0.2860, 0.3530), abs=5e-5)


# --- files that torchvision reads: small ones of the same form ---------------------------------------------------


def test_cifar10_is_read_through_torchvision(root, monkeypatch):
    from torchvision.datasets import CIFAR10

    folder = root / CIFAR10.base_folder
    folder.mkdir()
    pixels = np.random.default_rng(0).integers(0, 256, (6, 20, 3072), dtype=np.uint8)
    checksums = []
    for name, body in zip([*[f"data_batch_{n}" for n in range(1, 6)], "test_batch"], pixels, strict=True):
        content = pickle.dumps({"data": body, "labels": [n % 10 for n in range(20)]})
        (folder / name).write_bytes(content)
        checksums.append([name, md5(content)])
    meta = pickle.dumps({"label_names": list("abcdefghij")})
    (folder / "batches.meta").write_bytes(meta)
    monkeypatch.setattr(CIFAR10, "train_list", checksums[:5])
    monkeypatch.setattr(CIFAR10, "test_list", checksums[5:])
    monkeypatch.setattr(CIFAR10, "meta", CIFAR10.meta | {"md5": md5(meta)})
    dataset = load(DataChoice(source="cifar10", validation=0), (3, 32, 32))
    assert dataset.classes == tuple("abcdefghij")
    assert (len(dataset.train), len(dataset.test)) == (100, 20)
    assert torch.equal(dataset.train.take(torch.tensor([21]))[0].flatten(), torch.from_numpy(pixels[1, 1]))


def test_svhn_is_read_through_torchvision(root, monkeypatch):
    from scipy.io import savemat
    from torchvision.datasets import SVHN

    pixels = np.random.default_rng(0).integers(0, 256, (32, 32, 3, 20), dtype=np.uint8)
    entries = {}
    for split, (url, name, _) in SVHN.split_list.items():
        savemat(root / name, {"X": pixels, "y": np.arange(20)[:, None] % 10 + 1})
        entries[split] = [url, name, md5((root / name).read_bytes())]
    monkeypatch.setattr(SVHN, "split_list", entries)
    dataset = load(DataChoice(source="svhn", validation=0), (3, 32, 32))
    assert sorted(dataset.train.labels.tolist()) == sorted(list(range(10)) * 2)
    want = torch.from_numpy(pixels[..., 3]).permute(2, 0, 1)
    assert torch.equal(dataset.train.take(torch.tensor([3]))[0], want)


def test_oxford_pets_are_read_through_torchvision(root):
    for folder in ("images", "annotations"):
        (root / "oxford-iiit-pet" / folder).mkdir(parents=True)
    for split, numbers in (("trainval", range(1, 7)), ("test", range(7, 9))):
        rows = [f"{('Beagle', 'bengal_cat')[n % 2]}_{n} {1 + n % 2} 1 1" for n in numbers]
        (root / "oxford-iiit-pet" / "annotations" / f"{split}.txt").write_text("\n".join(rows))
        for row in rows:
            (root / "oxford-iiit-pet" / "images" / f"{row.split()[0]}.jpg").write_bytes(encoded(1, "JPEG"))
    dataset = load(DataChoice(source="oxford-pets", validation=0), (3, 8, 8))
    assert dataset.classes == ("Beagle", "Bengal Cat")
    assert (dataset.train.labels.tolist(), len(dataset.test)) == ([1, 0, 1, 0, 1, 0], 2)


def test_imagenette_is_read_through_torchvision(root):
    for part, count in (("train", 3), ("val", 2)):
        for name in ("n01440764", "n03888257"):
            folder = root / "imagenette2-320" / part / name
            folder.mkdir(parents=True)
            for number in range(count):
                (folder / f"{number}.JPEG").write_bytes(encoded(number, "JPEG"))
    dataset = load(DataChoice(source="imagenette"), (3, 8, 8))
    assert dataset.classes == ("tench", "parachute")
    assert (len(dataset.train), len(dataset.validation), dataset.test) == (6, 4, None)


def test_food101_is_read_through_torchvision(root):
    base = root / "food-101"
    (base / "meta").mkdir(parents=True)
    for name in ("apple_pie", "waffles"):
        (base / "images" / name).mkdir(parents=True)
        for number in range(4):
            (base / "images" / name / f"{number}.jpg").write_bytes(encoded(number, "JPEG"))
    for split, numbers in (("train", (0, 1, 2)), ("test", (3,))):
        listed = {name: [f"{name}/{number}" for number in numbers] for name in ("apple_pie", "waffles")}
        (base / "meta" / f"{split}.json").write_text(json.dumps(listed))
    dataset = load(DataChoice(source="food101", validation=0), (3, 8, 8))
    assert (dataset.classes, len(dataset.train), len(dataset.test)) == (("apple_pie", "waffles"), 6, 2)


def test_dtd_is_read_through_torchvision(root):
    for name in ("banded", "woven"):
        (root / "dtd" / "dtd" / "images" / name).mkdir(parents=True)
        for number in range(3):
            (root / "dtd" / "dtd" / "images" / name / f"{number}.jpg").write_bytes(encoded(number, "JPEG"))
    (root / "dtd" / "dtd" / "labels").mkdir()
    for number, split in enumerate(("train", "val", "test")):
        (root / "dtd" / "dtd" / "labels" / f"{split}1.txt").write_text(f"banded/{number}.jpg\nwoven/{number}.jpg")
    dataset = load(DataChoice(source="dtd"), (3, 8, 8))
    assert [len(part) for part in (dataset.train, dataset.validation, dataset.test)] == [2, 2, 2]


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
