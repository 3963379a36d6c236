"""The registry of sources: one row each."""

from __future__ import annotations

import importlib.util
import string
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import torch

from workbench.data.collection import Collection, Images, Progress, silent
from workbench.data.dataset import DataError, NotHere
from workbench.data.download import Download, bring, data_root, md5_of
from workbench.data.idx import idx_files, read_idx_folder
from workbench.data.torchvision_sets import arrays, files


@dataclass(frozen=True, slots=True)
class Source:
    """A data set by name. ``read`` gives its images from the data root, or None where its files are not there.

    ``shape`` is ``(C, H, W)``, with height and width 0 where they differ from image to image.
    """

    name: str
    title: str
    classes: int
    shape: tuple[int, int, int]
    train: int
    test: int
    read: Callable[[Path], Collection | None]
    downloads: tuple[Download, ...] = ()

    @property
    def host(self) -> str:
        """Whose address its files are at."""
        return urlsplit(self.downloads[0].urls[0]).hostname or ""

    def fetch(self, progress: Progress = silent, download: bool = True) -> Collection:
        """Its images, downloaded first if they are not there and it may. Raises `DataError`, or `NotHere`."""
        root = data_root()
        collection = self.read(root)
        if collection is None and not download:
            raise NotHere(f"{self.title} ({self.name}) must be downloaded first, from {self.host}")
        if collection is None:
            for file in self.downloads:
                bring(self.name, file, root, progress)
            collection = self.read(root)
        if collection is None:
            raise DataError(f"{self.name}: its files below {root} are damaged; delete them and try again")
        return collection


def _digits(root: Path) -> Collection:
    """Scans of 8×8 with values 0..16: Alpaydin and Kaynak, 'Optical Recognition of Handwritten Digits', UCI 1998."""
    table = torch.from_numpy(_table_of_digits())
    images = table[:, :-1].mul(255 / 16).round().to(torch.uint8).view(-1, 1, 8, 8)
    return Collection(tuple(string.digits), Images(images, table[:, -1].long()))


def _table_of_digits() -> np.ndarray[Any, Any]:
    """64 pixels and the label in each row, from scikit-learn's own file: importing scikit-learn takes a second."""
    spec = importlib.util.find_spec("sklearn")
    places = spec.submodule_search_locations if spec else None
    file = Path(places[0]) / "datasets" / "data" / "digits.csv.gz" if places else None
    if file is not None and file.is_file():
        return np.loadtxt(file, delimiter=",")
    from sklearn.datasets import load_digits

    pixels, labels = load_digits(return_X_y=True)
    return np.column_stack((pixels, labels))


def _idx(
    root: Path, folder: str, classes: tuple[str, ...], prefix: str = "", transposed: bool = False
) -> Collection | None:
    found = idx_files(root / folder, prefix) or idx_files(root / folder / "gzip", prefix)
    return read_idx_folder(found, classes, transposed) if found else None


def _idx_downloads(folder: str, addresses: tuple[str, ...], *md5: str) -> tuple[Download, ...]:
    names = [f"{part}-{kind}-ubyte.gz" for part in ("train", "t10k") for kind in ("images-idx3", "labels-idx1")]
    return tuple(
        Download(tuple(address + name for address in addresses), digest, folder)
        for name, digest in zip(names, md5, strict=True)
    )


_CLOTHES = ("T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot")
_KANA = ("o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo")
_EMNIST = (*string.digits, *string.ascii_uppercase, *"abdefghnqrt")
_TRAIN_AND_TEST = {"train": True}, {"train": False}
_SPLITS = {"split": "train"}, {"split": "test"}
_OXFORD = "https://www.robots.ox.ac.uk/~vgg/data/"
_PETS = "oxford-iiit-pet"
_GB = 1_000_000_000

_ROWS = (
    Source("digits", "Handwritten digits, embedded", 10, (1, 8, 8), 1797, 0, _digits),
    Source(
        "mnist", "Handwritten digits", 10, (1, 28, 28), 60_000, 10_000,
        partial(_idx, folder="MNIST/raw", classes=tuple(string.digits)),
        _idx_downloads(
            "MNIST/raw",
            ("https://ossci-datasets.s3.amazonaws.com/mnist/", "http://yann.lecun.com/exdb/mnist/"),
            "f68b3c2dcbeaaa9fbdd348bbdeb94873", "d53e105ee54ea40749a09fcbcd1e9432",
            "9fb629c4189551a2d022fa330f9573f3", "ec29112dd5afa0611ce80d1b7f02629c",
        ),
    ),
    Source(
        "fashion-mnist", "Pictures of clothes", 10, (1, 28, 28), 60_000, 10_000,
        partial(_idx, folder="FashionMNIST/raw", classes=_CLOTHES),
        _idx_downloads(
            "FashionMNIST/raw",
            ("http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",),
            "8d4fb7e6c68d591d4c3dfef9ec88bf0d", "25c81989df183df01b3e8a0aad5dffbe",
            "bef4ecab320f06d8554ea6380940ec79", "bb300cfdad3c16e7a12a480ee83cd310",
        ),
    ),
    Source(
        "kmnist", "Cursive Japanese characters", 10, (1, 28, 28), 60_000, 10_000,
        partial(_idx, folder="KMNIST/raw", classes=_KANA),
        _idx_downloads(
            "KMNIST/raw",
            ("http://codh.rois.ac.jp/kmnist/dataset/kmnist/",),
            "bdb82020997e1d708af4cf47b453dcf7", "e144d726b3acfaa3e44228e80efcd344",
            "5c965bf0a639b31b8f53240b1b52f4d7", "7320c461ea6c1c855c0b718fb2a4b134",
        ),
    ),
    Source(
        "emnist", "Handwritten digits and letters (balanced)", 47, (1, 28, 28), 112_800, 18_800,
        partial(_idx, folder="EMNIST/raw", classes=_EMNIST, prefix="emnist-balanced-", transposed=True),
        (Download(("https://biometrics.nist.gov/cs_links/EMNIST/gzip.zip",),
                  "58c8d27c78d21e728a6bc7b3cc06412e", "EMNIST/raw", 2 * _GB),),
    ),
    Source(
        "usps", "Digits of postal codes", 10, (1, 16, 16), 7291, 2007,
        arrays("USPS", *_TRAIN_AND_TEST, classes=tuple(string.digits)),
        tuple(Download((f"https://www.csie.ntu.edu.tw/~cjlin/libsvmtools/datasets/multiclass/{name}",), md5, "")
              for name, md5 in (("usps.bz2", "ec16c51db3855ca6c91edd34d0e9b197"),
                                ("usps.t.bz2", "8ea070ee2aca1ac39742fdd1ef5ed118"))),
    ),
    Source(
        "cifar10", "Small photographs, 10 classes", 10, (3, 32, 32), 50_000, 10_000,
        arrays("CIFAR10", *_TRAIN_AND_TEST),
        (Download(("https://www.cs.toronto.edu/~kriz/cifar-10-python.tar.gz",),
                  "c58f30108f718f92721af3b95e74349a", "", _GB),),
    ),
    Source(
        "cifar100", "Small photographs, 100 classes", 100, (3, 32, 32), 50_000, 10_000,
        arrays("CIFAR100", *_TRAIN_AND_TEST),
        (Download(("https://www.cs.toronto.edu/~kriz/cifar-100-python.tar.gz",),
                  "eb9058c3a382ffc7106e4002c42a8d85", "", _GB),),
    ),
    Source(
        "svhn", "House numbers in street views", 10, (3, 32, 32), 73_257, 26_032,
        arrays("SVHN", *_SPLITS, classes=tuple(string.digits)),
        tuple(Download((f"http://ufldl.stanford.edu/housenumbers/{name}",), md5, "")
              for name, md5 in (("train_32x32.mat", "e26dedcc434d2e4c54c9b2d4a06d8373"),
                                ("test_32x32.mat", "eb5a983be6a315427106f1b164d9cef3"))),
    ),
    Source(
        "stl10", "Photographs, few of them labelled", 10, (3, 96, 96), 5000, 8000,
        arrays("STL10", *_SPLITS),
        (Download(("http://ai.stanford.edu/~acoates/stl10/stl10_binary.tar.gz",),
                  "91f7769df0f17e558f3565bffb0c7dfb", "", 5 * _GB),),
    ),
    Source(
        "flowers102", "Photographs of flowers", 102, (3, 0, 0), 1020, 6149,
        files("Flowers102", "flowers-102", "train", "val", "test"),
        (Download((_OXFORD + "flowers/102/102flowers.tgz",), "52808999861908f626f3c1f4e79d11fa", "flowers-102", _GB),
         Download((_OXFORD + "flowers/102/imagelabels.mat",), "e0620be6f572b9609742df49c70aed4d", "flowers-102"),
         Download((_OXFORD + "flowers/102/setid.mat",), "a5357ecc9cb78c4bef273ce3793fc85c", "flowers-102")),
    ),
    Source(
        "oxford-pets", "Photographs of cats and dogs by breed", 37, (3, 0, 0), 3680, 3669,
        files("OxfordIIITPet", _PETS, "trainval", None, "test"),
        (Download((_OXFORD + "pets/data/images.tar.gz",), "5c4f3ee8e5d25df40f4fd59a7f44e54c", _PETS, 2 * _GB),
         Download((_OXFORD + "pets/data/annotations.tar.gz",), "95a8c909bbe2e81eed6a22bccdf3f68f", _PETS, _GB)),
    ),
    Source(
        "imagenette", "Ten classes of ImageNet, 320 pixels", 10, (3, 0, 0), 9469, 0,
        files("Imagenette", "imagenette2-320", "train", "val", None, {"size": "320px"}),
        (Download(("https://s3.amazonaws.com/fast-ai-imageclas/imagenette2-320.tgz",),
                  "3df6f0d01a2c9592104656642f5e78a3", "", _GB),),
    ),
    Source(
        "dtd", "Photographs of textures", 47, (3, 0, 0), 1880, 1880,
        files("DTD", "dtd", "train", "val", "test"),
        (Download((_OXFORD + "dtd/download/dtd-r1.0.1.tar.gz",),
                  "fff73e5086ae6bdbea199a49dfb8a4c1", "dtd", 2 * _GB),),
    ),
    Source(
        "food101", "Photographs of dishes", 101, (3, 0, 0), 75_750, 25_250,
        files("Food101", "food-101", "train", None, "test"),
        (Download(("http://data.vision.ee.ethz.ch/cvl/food-101.tar.gz",),
                  "85eeb15f3717b99a5da872d97d918f87", "", 10 * _GB),),
    ),
)  # fmt: skip

SOURCES: dict[str, Source] = {source.name: source for source in _ROWS}


def class_names(found: dict[str, Path]) -> tuple[str, ...]:
    """The class names of IDX files in a folder of the user's, if they are those of a source known here."""
    labels = found["train labels"]
    digest = md5_of(labels)
    known = next((s for s in _ROWS if any(d.md5 == digest for d in s.downloads)), None)
    return known.read.keywords["classes"] if known and isinstance(known.read, partial) else ()
