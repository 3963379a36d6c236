"""Files that torchvision reads: small ones of the same form."""

import json
import pickle

import numpy as np
import torch
from pictures import encoded
from test_download import md5

from workbench.data import load
from workbench.project import DataChoice


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
