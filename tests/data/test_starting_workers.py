"""Workers that are lost before they have said a word: no image is to blame, and nobody waits two minutes for them."""

import os
import time
from types import SimpleNamespace

import pytest
import torch
from pictures import class_folder

from workbench.data import DataError, decoder_process, decoders

SHAPE = (3, 16, 16)


@pytest.fixture(scope="module")
def jobs(tmp_path_factory):
    """Twelve jobs of two images."""
    folder = class_folder(tmp_path_factory.mktemp("images"), {"a": 24, "b": 1})
    paths = sorted((folder / "a").iterdir())
    return [paths[at : at + 2] for at in range(0, 24, 2)]


def sleep(pipe, shape, fit):
    """A worker that is held up before its first word."""
    time.sleep(600)


def die(pipe, shape, fit):
    """A worker that is gone before its first word."""
    os._exit(1)


def work_late(pipe, shape, fit):
    """A worker that says its first word at once, and works three seconds later."""
    pipe.send(decoder_process.BEAT)
    time.sleep(3)
    decoder_process._serve(pipe, shape, fit)


def begin_next_as(kind, workers, monkeypatch, count):
    """Have the next few workers be of this kind."""
    left, usual, serve = iter(range(count)), workers.worker, decoder_process._serve

    def worker():
        with monkeypatch.context() as patch:
            patch.setattr(decoder_process, "_serve", serve if next(left, None) is None else kind)
            return usual()

    monkeypatch.setattr(workers, "worker", worker)


@pytest.mark.parametrize("kind", [sleep, die])
def test_a_worker_lost_before_its_first_word_is_replaced_soon(jobs, kind, monkeypatch):
    monkeypatch.setattr(decoders, "HANG_SECONDS", 1.0)
    workers = decoders.Decoders(SHAPE, "resize", 1)
    expected = list(workers.decode(jobs))
    workers.close()
    begin_next_as(kind, workers, monkeypatch, 2)
    assert workers.start_seconds() < decoders.START_SECONDS / 2
    found = list(workers.decode(jobs))
    assert all(torch.equal(a.images, b.images) for a, b in zip(found, expected, strict=True))
    assert not any(reason for result in found for reason in result.reasons)
    workers.close()


def test_where_no_worker_can_begin_it_is_said_and_no_image_is_blamed(jobs, monkeypatch):
    workers = decoders.Decoders(SHAPE, "resize", 2)
    begin_next_as(die, workers, monkeypatch, 100)
    with pytest.raises(DataError, match=r"processes that decode images could begin.*data\.workers = 0"):
        list(workers.decode(jobs))
    monkeypatch.undo()
    assert len(list(workers.decode(jobs))) == 12
    workers.close()


def test_a_reader_that_was_held_up_itself_takes_no_worker_for_one_that_hangs(jobs, monkeypatch):
    monkeypatch.setattr(decoders, "HANG_SECONDS", 2.0)
    workers = decoders.Decoders(SHAPE, "resize", 1)
    begin_next_as(work_late, workers, monkeypatch, 100)
    begun, begin, pauses = [], workers.worker, iter([0.0, 2.6])
    monkeypatch.setattr(workers, "worker", lambda: begun.append(begin()) or begun[-1])
    assert len(list(workers.decode(jobs, lambda: time.sleep(next(pauses, 0.0))))) == 12
    assert len(begun) == 1
    workers.close()


def test_one_that_hangs_gets_no_more_time_with_what_else_it_is_given():
    worker = SimpleNamespace(began=0.0, heard=3.0, jobs={1: 10.0, 2: 10.5})
    round_ = decoders._Round(decoders.Decoders(SHAPE, "resize", 1), [], lambda: None)
    round_._looking_since = 0.0
    assert round_._deadline(worker) == 10.0 + decoders.HANG_SECONDS
    worker.jobs[3] = 14.0
    assert round_._deadline(worker) == 10.0 + decoders.HANG_SECONDS
    del worker.jobs[1]  # it has answered
    worker.heard = 15.0
    assert round_._deadline(worker) == 15.0 + decoders.HANG_SECONDS


class _Given:
    """A worker that only keeps what it is given."""

    heard = 1.0

    def __init__(self):
        self.jobs = {}

    def ask(self, number, names):
        self.jobs[number] = 0.0

    def end(self):
        pass


def test_the_jobs_of_one_that_is_lost_go_to_the_one_in_its_place(monkeypatch):
    """And not to another that has nothing to do: it may hang too, which nobody would know yet."""
    workers = decoders.Decoders(SHAPE, "resize", 2)
    monkeypatch.setattr(workers, "worker", _Given)
    round_ = decoders._Round(workers, [], lambda: None)
    round_.workers = [hung, idle] = [_Given(), _Given()]
    round_._open = {7: ["seven"], 8: ["eight"]}
    hung.jobs = {7: 0.0, 8: 0.0}
    round_._lost(hung)
    successor, beside = round_.workers
    assert beside is idle
    assert list(successor.jobs) == [7, 8]
    assert not idle.jobs
