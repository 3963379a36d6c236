"""Images that do not fit into memory: the same batches, whatever happens to the workers that read them."""

import gc
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from multiprocessing import forkserver

import pytest
import torch
from pictures import class_folder, encoded

from workbench.data import DataError, decoders, evaluation_batches, load, parts, training_batches
from workbench.data.streamed import Streamed
from workbench.project import DataChoice, Recipe

SHAPE = (3, 64, 64)
RECIPE = Recipe(batch_size=8, crop_padding=4, flip=True)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """120 images, which at 64 × 64 take more than the smallest budget of 1 MB."""
    return class_folder(tmp_path_factory.mktemp("images"), {"a": 60, "b": 60})


def streamed(folder, workers):
    dataset = load(DataChoice(source=str(folder), memory_budget=1, workers=workers), SHAPE)
    assert isinstance(dataset.train, Streamed)
    return dataset


@pytest.fixture(scope="module")
def expected(folder):
    dataset = load(DataChoice(source=str(folder)), SHAPE)
    assert not isinstance(dataset.train, Streamed)
    return [batch.images for batch in training_batches(dataset, RECIPE, 1)]


def end_workers(dataset):
    dataset.train.reader.decoders.close()


@pytest.mark.parametrize("workers", [0, 2])
def test_streamed_batches_are_those_of_images_in_memory(folder, expected, workers):
    dataset = streamed(folder, workers)
    for start in (0, 5):
        batches = training_batches(dataset, RECIPE, 1, start=start)
        assert all(torch.equal(a.images, b) for a, b in zip(batches, expected[start:], strict=True))
    assert sum(len(batch.labels) for batch in evaluation_batches(dataset, "validation", 7)) == 24
    if workers:
        end_workers(dataset)


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSTOP])
def test_a_worker_that_is_killed_or_hangs_is_replaced_and_no_bit_changes(folder, expected, how, monkeypatch):
    monkeypatch.setattr(decoders, "HANG_SECONDS", 2.0)
    dataset = streamed(folder, 2)
    list(training_batches(dataset, RECIPE, 0))
    victim = dataset.train.reader.decoders.processes()[0]
    batches = training_batches(dataset, RECIPE, 1)
    seen = [next(batches).images]
    os.kill(victim, how)
    seen += [batch.images for batch in batches]
    assert all(torch.equal(a, b) for a, b in zip(seen, expected, strict=True))
    assert victim not in dataset.train.reader.decoders.processes()
    end_workers(dataset)


@pytest.mark.skipif(sys.platform != "linux", reason="workers are begun by a server on Linux only")
def test_when_the_process_that_begins_workers_is_killed_another_takes_its_place(folder, expected):
    dataset = streamed(folder, 2)
    reading = dataset.train.stream([torch.arange(8)] * 2)
    next(reading)
    os.kill(forkserver._forkserver._forkserver_pid, signal.SIGKILL)
    list(reading)
    os.kill(dataset.train.reader.decoders.processes()[0], signal.SIGKILL)
    seen = [batch.images for batch in training_batches(dataset, RECIPE, 1)]
    assert all(torch.equal(a, b) for a, b in zip(seen, expected, strict=True))
    end_workers(dataset)


def test_two_passes_at_once_do_not_mix(folder, expected):
    dataset = streamed(folder, 1)
    first, second = (training_batches(dataset, RECIPE, 1) for _ in range(2))
    for want, one, other in zip(expected, first, second, strict=True):
        assert torch.equal(one.images, want)
        assert torch.equal(other.images, want)
    end_workers(dataset)


def test_a_file_that_disappears_is_named(tmp_path):
    class_folder(tmp_path, {"a": 60, "b": 60})
    dataset = streamed(tmp_path, 0)
    (tmp_path / "b" / "00007.png").write_bytes(encoded(1)[:50])
    with pytest.raises(DataError, match=r"b/00007\.png: this image cannot be read any more"):
        list(evaluation_batches(dataset, "train", 16)), list(evaluation_batches(dataset, "validation", 16))


def test_workers_end_when_nobody_has_the_images_any_more(folder):
    dataset = streamed(folder, 2)
    list(training_batches(dataset, RECIPE, 1))
    workers = dataset.train.reader.decoders.processes()
    assert len(workers) == 2
    del dataset
    gc.collect()
    assert not any(alive(worker) for worker in workers)


def test_reading_can_be_cancelled_while_workers_decode_and_none_of_them_stays(folder, monkeypatch):
    monkeypatch.setattr(parts, "_FEW", 10)
    before = {process.pid for process in multiprocessing.active_children()}

    def cancel(what, done, total):
        if what == "checking images":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load(DataChoice(source=str(folder), workers=2), SHAPE, cancel)
    assert {process.pid for process in multiprocessing.active_children()} <= before


def test_an_error_in_a_worker_that_nobody_foresaw_ends_the_reading_and_tells_its_traceback(folder, capfd):
    workers = decoders.Decoders((2, 8, 8), "resize", 1)  # no picture has two channels
    with pytest.raises(RuntimeError, match=r"(?s)a worker .* failed: Traceback.*2 channels"):
        list(workers.decode([[folder / "a" / "00000.png"]]))
    workers.close()
    assert capfd.readouterr().err == ""


def test_workers_end_with_a_killed_parent(folder):
    code = f"""
import sys, time
from workbench.data import load, training_batches
from workbench.project import DataChoice, Recipe
if __name__ == "__main__":
    dataset = load(DataChoice(source={str(folder)!r}, memory_budget=1), {SHAPE})
    list(training_batches(dataset, Recipe(batch_size=8), 1))
    print(*dataset.train.reader.decoders.processes(), flush=True)
    time.sleep(100)
"""
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as parent:
        workers = [int(number) for number in parent.stdout.readline().split()]
        parent.kill()
    assert len(workers) == 2
    limit = time.monotonic() + 5
    while any(alive(worker) for worker in workers) and time.monotonic() < limit:
        time.sleep(0.05)
    assert not any(alive(worker) for worker in workers)


def alive(process):
    try:
        with open(f"/proc/{process}/stat") as file:
            return file.read().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):  # it may end between the two
        return False
