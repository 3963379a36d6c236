"""Lists of image files decoded, here or in worker processes that may die without harm.

Written instead of using ``torch.utils.data.DataLoader`` because that raises from its signal handler, at any place
in the main thread, when a worker is killed, and gives up; here the work that was lost is simply done again.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import queue
import signal
import sys
import threading
import time
import traceback
import weakref
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any, cast

import numpy as np
import torch
from torch import Tensor

from workbench.data.dataset import go_on
from workbench.data.fit import Shape
from workbench.data.picture import PictureError, fit_picture

START_SECONDS = 120.0  # a worker imports torch first, which takes long on a busy machine
HANG_SECONDS = 6.0  # the largest picture that is let through decodes in about one
_BEAT_SECONDS = 0.5
_GLANCE_SECONDS = 0.1
_ATTEMPTS = 2
_ATTEMPTS_TO_BEGIN = 40
_BEGIN_AGAIN_SECONDS = 0.05
JOB = 64  # files per job: their names fit into a pipe that nobody reads
_BEAT, _LOST = "beat", "lost"  # what a worker says while it works, and what its listener says when it is gone
_JOBS_EACH = 2  # one being decoded and one waiting, so that a worker never waits for the trainer

_KILL = getattr(signal, "SIGKILL", signal.SIGTERM)  # on Windows, which has but one way, SIGTERM is final

Reasons = list[str | None]
Place = str | Path


@dataclass(frozen=True, slots=True)
class Decoded:
    """uint8 ``(n, C, H, W)``, and for each file why it could not be decoded (its picture is then black) or None."""

    images: Tensor
    reasons: Reasons


def decode(paths: Sequence[Place], shape: Shape, fit: str, check: Callable[[], None] = go_on) -> Decoded:
    """These files, decoded in this process; ``check`` is called after each, and ends it by raising."""
    images, reasons = _decode(paths, shape, fit, check)
    return Decoded(torch.from_numpy(images), reasons)


class Decoders:
    """A few worker processes that decode. They start when first needed and end with their parent."""

    def __init__(self, shape: Shape, fit: str, workers: int):
        self._shape = shape
        self._fit = fit
        self._count = max(1, workers)
        self._idle: list[_Worker] = []
        weakref.finalize(self, _end_all, self._idle)

    def decode(
        self, jobs: Iterable[Sequence[Place]], meanwhile: Callable[[], None] = lambda: None
    ) -> Generator[Decoded]:
        """The jobs' results in their order. A job whose worker dies or hangs is done again by a new one.

        ``meanwhile`` is called a few times a second, and may end it by raising.
        """
        round_ = _Round(self, jobs, meanwhile)
        try:
            for _ in range(self._count):
                meanwhile()
                round_.join(self._idle.pop() if self._idle else self.worker())
            yield from round_.results()
        finally:
            for worker in round_.workers:
                if worker.jobs:  # its results would be taken for those of the next round
                    worker.end()
                else:
                    self._idle.append(worker)

    def worker(self) -> _Worker:
        return _Worker(self._shape, self._fit)

    def processes(self) -> list[int]:
        """The process ids of the workers that wait for work."""
        return [cast(int, worker.process.pid) for worker in self._idle]

    def close(self) -> None:
        """End all workers that wait for work. They also end when nobody refers to these decoders any more."""
        _end_all(self._idle)

    def one_by_one(self, paths: Sequence[Place]) -> Decoded:
        """Files of which one ends its worker: each alone, so that this one is known."""
        if len(paths) == 1:
            channels, height, width = self._shape
            black = torch.zeros((1, channels, height, width), dtype=torch.uint8)
            return Decoded(black, ["decoding it ends or stops the process"])
        alone = Decoders(self._shape, self._fit, 1)
        try:
            results = list(alone.decode([path] for path in paths))
        finally:
            alone.close()
        return Decoded(torch.cat([r.images for r in results]), [reason for r in results for reason in r.reasons])


def _end_all(workers: list[_Worker]) -> None:
    while workers:
        workers.pop().end()


class _Worker:
    """A process, the numbers of the jobs it was given, and when it must have said something.

    A thread takes in what it says: a process that is stopped in the midst of a message would else block the reader.
    """

    def __init__(self, shape: Shape, fit: str):
        context = _context()
        self.jobs: deque[int] = deque()
        self.inbox: queue.SimpleQueue[tuple[_Worker, Any]] = queue.SimpleQueue()
        self.deadline = time.monotonic() + START_SECONDS
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=_serve, args=(theirs, shape, fit), daemon=True, name="decoder")
        _begin(self.process)
        theirs.close()
        self._listener = threading.Thread(target=self._listen, daemon=True, name="decoder's listener")
        self._listener.start()

    def end(self) -> None:
        # Only while it holds its end of the pipe is its number surely its own, and not another process's by now.
        if self._listener.is_alive():
            with contextlib.suppress(ProcessLookupError):
                os.kill(cast(int, self.process.pid), _KILL)
        self.process.join()
        self._listener.join()
        self.pipe.close()

    def _listen(self) -> None:
        message = None
        while message != _LOST:
            try:
                message = self.pipe.recv()
            except Exception:  # it is gone, or what it says is damaged: a new one does its work again
                message = _LOST
            self.inbox.put((self, message))


class _Round:
    """One pass over a list of jobs."""

    def __init__(self, decoders: Decoders, jobs: Iterable[Sequence[Place]], meanwhile: Callable[[], None]):
        self.workers: list[_Worker] = []
        self._decoders = decoders
        self._meanwhile = meanwhile
        self._inbox: queue.SimpleQueue[tuple[_Worker, Any]] = queue.SimpleQueue()
        self._coming = enumerate(jobs)
        self._open: dict[int, Sequence[Place]] = {}
        self._again: deque[int] = deque()
        self._attempts: dict[int, int] = {}
        self._done: dict[int, Decoded] = {}

    def join(self, worker: _Worker) -> None:
        """Have another worker take part."""
        worker.inbox = self._inbox
        self.workers.append(worker)

    def results(self) -> Iterator[Decoded]:
        number = 0
        while True:
            self._hand_out()
            while number not in self._done:
                if number not in self._open:
                    return
                self._listen()
                self._hand_out()
            del self._open[number]
            yield self._done.pop(number)
            number += 1

    def _hand_out(self) -> None:
        for _ in range(_JOBS_EACH):
            for worker in self.workers:
                # results that nobody has taken yet count, or a slow first job would let the others run far ahead
                room = self._again or len(self._open) < 2 * _JOBS_EACH * len(self.workers)
                if len(worker.jobs) < _JOBS_EACH and room:
                    self._give(worker)

    def _give(self, worker: _Worker) -> None:
        if self._again:
            number = self._again.popleft()
        else:
            number, paths = next(self._coming, (-1, ()))
            if number < 0:
                return
            self._open[number] = paths
        if not worker.jobs:
            worker.deadline = max(worker.deadline, time.monotonic() + HANG_SECONDS)
        worker.jobs.append(number)
        try:
            worker.pipe.send((number, [str(path) for path in self._open[number]]))
        except OSError:
            self._lost(worker)

    def _listen(self) -> None:
        busy = [worker for worker in self.workers if worker.jobs]
        self._meanwhile()
        patience = min(_GLANCE_SECONDS, min(worker.deadline for worker in busy) - time.monotonic())
        try:
            worker, message = self._inbox.get(timeout=max(0.0, patience))
        except queue.Empty:
            for worker in busy:
                if worker.deadline < time.monotonic():
                    self._lost(worker)
        else:
            if worker in self.workers:
                self._receive(worker, message)

    def _receive(self, worker: _Worker, message: Any) -> None:
        worker.deadline = time.monotonic() + HANG_SECONDS
        if message == _LOST:
            self._lost(worker)
        elif message != _BEAT:
            number, images, reasons = message
            if images is None:
                raise RuntimeError(f"a worker that decodes images failed: {reasons}")
            worker.jobs.remove(number)
            self._done[number] = Decoded(torch.from_numpy(images), reasons)

    def _lost(self, worker: _Worker) -> None:
        """A worker that died or hangs: a new one takes its place, and what it was given is done again."""
        worker.end()
        successor = self._decoders.worker()
        successor.inbox = self._inbox
        self.workers[self.workers.index(worker)] = successor
        if not worker.jobs:
            return
        first = worker.jobs.popleft()  # the one it was at; those behind it are not to blame
        self._attempts[first] = self._attempts.get(first, 0) + 1
        if self._attempts[first] < _ATTEMPTS:
            self._again.append(first)
        else:
            self._done[first] = self._decoders.one_by_one(self._open[first])
        self._again.extend(worker.jobs)


def _begin(process: Any) -> None:
    """Start a process. The server that begins processes may just be dying: a moment later there is another."""
    for _ in range(_ATTEMPTS_TO_BEGIN):
        try:
            return process.start()
        except ConnectionError:
            time.sleep(_BEGIN_AGAIN_SECONDS)
    process.start()


def _context() -> Any:
    """How workers are begun: never forked from the trainer, which has threads.

    On Linux a process without threads imports torch once and each worker is a copy of it: 4 workers are there after
    0.2 seconds in place of 3, and take 70 MB each in place of 340.
    """
    if sys.platform != "linux":
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    return context


def _serve(pipe: Connection, shape: Shape, fit: str) -> None:
    """A worker's life: jobs come, results go, and it ends with its parent, whatever it is doing."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the parent decides
    threading.Thread(target=_end_with_parent, daemon=True).start()
    torch.set_num_threads(1)
    outgoing: queue.SimpleQueue[Any] = queue.SimpleQueue()
    threading.Thread(target=_send, args=(pipe, outgoing), daemon=True).start()
    last = 0.0

    def beat() -> None:
        nonlocal last
        if time.monotonic() - last > _BEAT_SECONDS:
            last = time.monotonic()
            outgoing.put(_BEAT)

    while True:
        try:
            number, names = pipe.recv()
        except (EOFError, OSError):
            return
        try:
            outgoing.put((number, *_decode(names, shape, fit, beat)))
        except Exception:  # nobody foresaw it: it ends the training, as it would have in the trainer's own process
            outgoing.put((number, None, traceback.format_exc()))


def _send(pipe: Connection, outgoing: queue.SimpleQueue[Any]) -> None:
    try:
        while True:
            pipe.send(outgoing.get())
    except OSError:
        os._exit(1)


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def _decode(paths: Sequence[Place], shape: Shape, fit: str, beat: Any) -> tuple[np.ndarray[Any, Any], Reasons]:
    images = np.zeros((len(paths), *shape), dtype=np.uint8)
    reasons: Reasons = []
    for place, path in enumerate(paths):
        try:
            images[place] = fit_picture(path, shape, fit).numpy()
            reasons.append(None)
        except PictureError as error:
            reasons.append(str(error))
        beat()
    return images, reasons
