"""Folders of images: how they may be laid out, and what is said of those that cannot be used."""

import hashlib
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from pictures import KINDS, bomb, break_some, class_folder, encoded

from workbench.data import DataError, fit_picture, folder, load
from workbench.project import DataChoice

SHAPE = (3, 8, 8)


def choice(folder, **values):
    return DataChoice(source=str(folder), **values)


def test_classes_are_the_folders_by_name(tmp_path):
    dataset = load(choice(class_folder(tmp_path, {"pear": 10, "apple": 20})), SHAPE)
    assert dataset.classes == ("apple", "pear")
    assert torch.bincount(dataset.train.labels).tolist() == [16, 8]
    assert torch.bincount(dataset.validation.labels).tolist() == [4, 2]
    assert (dataset.test, dataset.skipped) == (None, ())


@pytest.mark.parametrize("name", ["val", "valid", "validation", "Val"])
def test_train_validation_and_test_folders_are_used_as_they_are(tmp_path, name):
    for part, count in (("train", 6), (name, 3), ("test", 2)):
        class_folder(tmp_path / part, {"a": count, "b": count})
    (tmp_path / "unlabelled").mkdir()
    dataset = load(choice(tmp_path), SHAPE)
    assert [len(part) for part in (dataset.train, dataset.validation, dataset.test)] == [12, 6, 4]
    assert dataset.validation.indices.tolist() == list(range(12, 18))


def test_an_image_in_the_data_set_is_the_file_fitted(tmp_path):
    class_folder(tmp_path, {"a": 3, "b": 3}, "JPEG")
    train = load(choice(tmp_path, validation=0), SHAPE).train
    assert torch.equal(train.take(torch.tensor([4]))[0], fit_picture(tmp_path / "b" / "00001.jpeg", SHAPE))


def test_hidden_and_stray_files_are_explained(tmp_path):
    class_folder(tmp_path, {"a": 2, "b": 2})
    for name in (".DS_Store", "readme.txt", "a/.hidden.png", "b/notes.txt"):
        (tmp_path / name).write_text("not a picture")
    reasons = {Path(path).name: reason for path, reason in load(choice(tmp_path), SHAPE).skipped}
    assert reasons.pop("notes.txt").startswith("not an image of a known format")
    assert reasons == {".DS_Store": "hidden", "readme.txt": "not in a class folder", ".hidden.png": "hidden"}


@pytest.mark.parametrize("part", ["", "train"])
def test_what_was_changed_or_lost_since_hashes_were_made_is_reported(tmp_path, part):
    """R8: a bit that flips in a picture's body leaves it readable, and only its hash tells."""
    root = class_folder(tmp_path / part, {"a": 40, "b": 40}, "BMP")
    if part:
        class_folder(tmp_path / "val", {"a": 3, "b": 3}, "BMP")
    files = sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*.bmp"))
    lines = [f"{hashlib.sha256((tmp_path / path).read_bytes()).hexdigest()}  {path}" for path in files]
    (tmp_path / "SHA256SUMS").write_text("\n".join(lines) + "\n")
    assert load(choice(tmp_path), SHAPE).skipped == ()
    chance = random.Random(0)
    flipped = chance.sample(sorted(root.rglob("*.bmp")), 10)
    for path in flipped:
        content = bytearray(path.read_bytes())
        content[chance.randrange(60, len(content))] ^= 1 << chance.randrange(8)
        path.write_bytes(content)
    lost = root / "a" / next(path for path in sorted(os.listdir(root / "a")) if root / "a" / path not in flipped)
    lost.unlink()
    reasons = dict(load(choice(tmp_path), SHAPE).skipped)
    assert reasons.pop(str(lost)) == "listed in SHA256SUMS, but not there"
    assert reasons == {str(path): "changed since SHA256SUMS was made" for path in flipped}


@pytest.mark.parametrize("content", [b"0123  a/1.png\n", b"\xff\xfe", b"x" * 5000])
def test_a_damaged_list_of_hashes_is_named_with_its_line(tmp_path, content):
    class_folder(tmp_path, {"a": 2, "b": 2})
    (tmp_path / "SHA256SUMS").write_bytes(content)
    with pytest.raises(DataError, match=r"SHA256SUMS.*take it away"):
        load(choice(tmp_path), SHAPE)


def test_a_pipe_is_not_waited_for(tmp_path):
    class_folder(tmp_path, {"a": 2, "b": 2})
    os.mkfifo(tmp_path / "a" / "pipe.png")
    assert load(choice(tmp_path), SHAPE).skipped == ((str(tmp_path / "a" / "pipe.png"), "not a regular file"),)


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ([], "no class folders here, it is empty"),
        ([".a/1.png", ".b/1.png"], "no class folders here but hidden ones such as .a"),
        (["a/1.png", ".b/1.png"], "one class only .a., but a classifier needs two .hidden folders such as .b"),
        (["a/1.png"], "one class only"),
        (["1.png", "2.png"], "2 files lie in it directly; if it is the folder of one class, choose the folder above"),
        (["a/1.txt", "b/1.txt"], "not one of its files is an image"),
        (["a/1.png", "a/2.png", "b/1.txt"], "no usable training image of b"),
        (["train/a/1.png", "train/b/1.png", "val/c/1.png"], "no class of this name"),
    ],
)
def test_a_folder_that_cannot_be_used_says_so_in_one_sentence(tmp_path, files, words):
    for name in files:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(encoded(1) if name.endswith("png") else b"text")
    with pytest.raises(DataError, match=words) as error:
        load(choice(tmp_path), SHAPE)
    assert "\n" not in str(error.value)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_folder_without_permission_is_named(tmp_path):
    class_folder(tmp_path, {"a": 2, "b": 2})
    (tmp_path / "a").chmod(0)
    try:
        with pytest.raises(DataError, match="cannot be read"):
            load(choice(tmp_path), SHAPE)
    finally:
        (tmp_path / "a").chmod(0o700)


def test_files_come_in_the_order_of_their_paths_however_deep_and_many(tmp_path, monkeypatch):
    monkeypatch.setattr(folder, "_SORTED_AT_ONCE", 7)
    for name in (
        "b/z/1",
        "b/z/0",
        "b/z-/2",
        "b/a",
        "b/z.png",
        "b/b/c/d",
        "b/b/c.e",
        *(f"a/{n % 37}" for n in range(99)),
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"")
    found = folder.read_folder(tmp_path).train.paths
    assert list(found) == sorted(found, key=lambda path: Path(path).parts)
    assert len(found) == 37 + 7


def test_a_walk_over_a_large_folder_can_be_cancelled(tmp_path, monkeypatch):
    monkeypatch.setattr(folder, "_GLANCE", 10)
    class_folder(tmp_path, {"a": 25, "b": 25})

    def cancel(what, done, total):
        raise KeyboardInterrupt(what)

    with pytest.raises(KeyboardInterrupt, match="looking for images"):
        load(choice(tmp_path), SHAPE, cancel)


@pytest.mark.parametrize("seed", [0, 1])
def test_every_broken_file_of_thirteen_kinds_is_skipped_and_reported(tmp_path, seed):
    class_folder(tmp_path, {"a": 500, "b": 500}, ("PNG", "JPEG")[seed])
    broken = break_some(tmp_path, 100, seed)
    assert len(set(broken.values())) == len(KINDS) == 13
    dataset = load(choice(tmp_path, workers=seed), SHAPE)
    assert {path for path, _ in dataset.skipped} == set(broken)
    assert all(reason for _, reason in dataset.skipped)
    assert len(dataset.train) + len(dataset.validation) == 900


def test_broken_files_do_not_move_the_indices_of_the_others(tmp_path):
    class_folder(tmp_path, {"a": 4, "b": 4})
    (tmp_path / "a" / "00001.png").write_bytes(b"")
    assert load(choice(tmp_path, validation=0), SHAPE).train.indices.tolist() == [0, 2, 3, 4, 5, 6, 7]


def test_decompression_bombs_are_refused_before_they_take_memory(tmp_path):
    class_folder(tmp_path, {"a": 2, "b": 2})
    for number in range(10):
        (tmp_path / "a" / f"bomb{number}.png").write_bytes(bomb(5_001 + 5_000 * number, 5_000))
    code = f"""
import resource
from workbench.data import load
from workbench.project import DataChoice
load(DataChoice(), {SHAPE})
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
skipped = load(DataChoice(source={str(tmp_path)!r}), {SHAPE}).skipped
print(len(skipped), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    unit = 1 if sys.platform == "darwin" else 1024
    assert int(answer[0]) == 10
    assert int(answer[1]) * unit < 50e6


def test_the_fruit_photographs_are_read_upright_and_divided_as_their_folders_say(real_images):
    dataset = load(choice(real_images("fruit-photos"), fit="crop"), (3, 64, 64))
    assert dataset.classes == ("apple", "banana", "orange")
    assert (len(dataset.train), len(dataset.validation), dataset.test, dataset.skipped) == (45, 6, None, ())
    assert dataset.train.take(torch.arange(45)).shape == (45, 3, 64, 64)
