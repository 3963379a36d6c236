"""Images are read in the background, once, and whoever waits can change their mind."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import torch

from workbench.data import DataError, load
from workbench.gui.data.images import Images
from workbench.gui.document import Document
from workbench.project import DataChoice

SHAPE = (1, 28, 28)


def nothing(what: str, done: int, total: int) -> None:
    pass


@pytest.fixture
def images(document: Document, qtbot) -> Iterator[Images]:  # type: ignore[no-untyped-def]
    made = Images(document)
    made.read_again()
    qtbot.waitUntil(lambda: made.state == "ready", timeout=30_000)
    yield made
    made.close()


def settled(images: Images, qtbot) -> str:  # type: ignore[no-untyped-def]
    qtbot.waitUntil(lambda: images.state != "reading", timeout=60_000)
    return images.state


def test_another_division_is_made_of_the_same_images(images: Images, document: Document, qtbot) -> None:  # type: ignore[no-untyped-def]
    pool = images._kept.pool
    for change in ({"validation": 0.4}, {"excluded": (1, 2)}, {"label_noise": 0.1}, {"subset": 300}):
        with qtbot.waitSignal(images.loaded, timeout=30_000) as loaded:
            document.set_data(document.data.changed(**change), "for the test")
        fresh = load(document.data, SHAPE)
        assert torch.equal(loaded.args[0].train.indices, fresh.train.indices)
        assert torch.equal(loaded.args[0].train.labels, fresh.train.labels)
        assert loaded.args[0].mean == fresh.mean
        assert images._kept.pool is pool
    document.set_data(document.data.changed(fit="pad"), "for the test")
    assert settled(images, qtbot) == "ready"
    assert images._kept.pool is not pool


def test_who_borrows_gets_what_was_read(images: Images, document: Document) -> None:
    lent = images.lend(document.data, SHAPE, nothing)
    assert lent.train.store is images._kept.pool.train.store
    assert images.lend(document.data.changed(fit="pad"), SHAPE, nothing).train.store is not lent.train.store
    assert images.lend(document.data, (1, 8, 8), nothing).train.take(torch.tensor([0])).shape == (1, 1, 8, 8)


def test_a_folder_that_has_changed_is_read_anew(
    images: Images, document: Document, class_folder: Callable[..., Path], qtbot
) -> None:  # type: ignore[no-untyped-def]
    folder = class_folder(apple=10, pear=10)
    document.set_data(DataChoice(source=str(folder), validation=0), "for the test")
    assert settled(images, qtbot) == "ready"
    assert len(images.lend(document.data, SHAPE, nothing).train) == 20
    (folder / "pear" / "more.png").write_bytes((folder / "pear" / "0001.png").read_bytes())
    assert len(images.lend(document.data, SHAPE, nothing).train) == 21


def test_reading_is_given_up_at_once_and_can_be_begun_again(
    images: Images, document: Document, class_folder: Callable[..., Path], qtbot
) -> None:  # type: ignore[no-untyped-def]
    brought = []
    images.loaded.connect(brought.append)
    document.set_data(DataChoice(source=str(class_folder(apple=100, pear=100))), "for the test")
    images.cancel()
    assert images.state == "cancelled"
    qtbot.waitUntil(lambda: not images._work.busy, timeout=10_000)
    qtbot.wait(20)
    assert not brought
    images.read_again()
    assert settled(images, qtbot) == "ready"
    assert [len(dataset.train) for dataset in brought] == [160]


def test_of_several_wishes_the_last_one_counts(
    images: Images, document: Document, class_folder: Callable[..., Path], qtbot
) -> None:  # type: ignore[no-untyped-def]
    brought = []
    images.loaded.connect(brought.append)
    folder = class_folder(apple=50, pear=50)
    for validation in (0.1, 0.2, 0.3):
        document.set_data(DataChoice(source=str(folder), validation=validation), "for the test")
    assert settled(images, qtbot) == "ready"
    assert [len(dataset.validation) for dataset in brought] == [30]
    document.set_data(DataChoice(source=str(folder), fit="pad"), "for the test")
    document.set_data(DataChoice(), "for the test")
    assert settled(images, qtbot) == "ready"
    assert [dataset.source for dataset in brought[1:]] == ["digits"]


def test_nothing_is_downloaded_before_somebody_says_so(
    images: Images, document: Document, served: threading.Event, qtbot, monkeypatch
) -> None:  # type: ignore[no-untyped-def]
    connected = []
    real = socket.create_connection
    monkeypatch.setattr(socket, "create_connection", lambda *a, **k: (connected.append(a), real(*a, **k))[1])
    document.set_data(DataChoice(source="mnist"), "for the test")
    assert settled(images, qtbot) == "away"
    assert "must be downloaded first, from 127.0.0.1" in images.sentence
    with pytest.raises(DataError, match="must be downloaded first"):
        images.lend(document.data, SHAPE, nothing)
    assert not connected
    served.set()
    images.read_again(download=True)
    assert settled(images, qtbot) == "ready"
    assert len(connected) == 4
    assert len(images.lend(document.data, SHAPE, nothing).test) == 30


def test_a_download_is_followed_and_cancelled(
    images: Images, document: Document, served: threading.Event, qtbot
) -> None:  # type: ignore[no-untyped-def]
    document.set_data(DataChoice(source="mnist"), "for the test")
    assert settled(images, qtbot) == "away"
    images.read_again(download=True)
    qtbot.waitUntil(lambda: images.progress[0] == "waiting for 127.0.0.1", timeout=10_000)
    images.cancel()
    qtbot.waitUntil(lambda: not images._work.busy, timeout=10_000)
    assert images.state == "cancelled"


def test_closing_does_not_wait_for_a_silent_server(
    images: Images, document: Document, served: threading.Event, qtbot
) -> None:  # type: ignore[no-untyped-def]
    document.set_data(DataChoice(source="mnist"), "for the test")
    assert settled(images, qtbot) == "away"
    images.read_again(download=True)
    qtbot.waitUntil(lambda: images.progress[0] != "", timeout=10_000)
    images.close()  # the server answers only after the test
    assert not served.is_set()


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ((), "it is empty"),
        ((".a/1.png", ".b/1.png"), "but hidden ones such as .a"),
        (("a/1.png",), "one class only"),
        (("1.png",), "choose the folder above it"),
        (("a/1.txt", "b/1.txt"), "not one of its files is an image"),
    ],
)
def test_why_a_folder_cannot_be_used_is_one_sentence(
    files: tuple[str, ...], words: str, images: Images, document: Document, tmp_path: Path, qtbot
) -> None:  # type: ignore[no-untyped-def]
    folder = tmp_path / "own"
    folder.mkdir()
    for name in files:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(b"text")
    document.set_data(DataChoice(source=str(folder)), "for the test")
    assert settled(images, qtbot) == "failed"
    assert words in images.sentence
    assert "\n" not in images.sentence
