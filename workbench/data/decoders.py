"""Lists of image files decoded by a few worker processes; what one that is lost was given is simply done again."""

from __future__ import annotations

import queue
import time
import weakref
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from typing import Any, cast

import torch

from workbench.data.dataset import DataError
from workbench.data.decoder_process import LOST, DecoderProcess
from workbench.data.decoding import Decoded, Place
from workbench.data.fit import Shape

HANG_SECONDS = 6.0  # the largest picture that is let through decodes in about one
START_SECONDS = 120.0  # a worker imports torch first, which takes long on a busy machine
_TIMES_THE_LONGEST_START = 4
_LONGER_EACH_TIME = 1.5
_LOST_STARTS = 5  # one after the other, with nothing done between them
_AWAY_SECONDS = 1.0
_GLANCE_SECONDS = 0.1
_ATTEMPTS = 2
_JOBS_EACH = 2  # one being decoded and one waiting, so that a worker never waits for the trainer


class Decoders:
    """A few worker processes that decode. They start when first needed and end with their parent."""

    def __init__(self, shape: Shape, fit: str, workers: int):
        self._shape = shape
        self._fit = fit
        self._count = max(1, workers)
        self._idle: list[DecoderProcess] = []
        self._longest_start: float | None = None
        self._lost_starts = 0
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

    def worker(self) -> DecoderProcess:
        return DecoderProcess(self._shape, self._fit)

    def start_seconds(self) -> float:
        """How long a worker may take to its first word: some times as long as others took, longer after each loss."""
        if self._longest_start is None:
            return START_SECONDS
        usual = max(HANG_SECONDS, _TIMES_THE_LONGEST_START * self._longest_start)
        return float(min(START_SECONDS, usual * _LONGER_EACH_TIME**self._lost_starts))

    def note_result(self, worker: DecoderProcess) -> None:
        """This worker has begun, and does its work."""
        self._lost_starts = 0
        took = cast(float, worker.first_heard) - worker.began
        self._longest_start = max(took, self._longest_start or 0.0)

    def note_lost_start(self) -> None:
        """A worker was lost before it said a word. Raises DataError where none of several could begin."""
        self._lost_starts += 1
        if self._lost_starts >= _LOST_STARTS:
            raise DataError(
                f"None of {_LOST_STARTS} processes that decode images could begin, one after the other. End programs "
                "that keep the machine busy, or read images without such processes: data.workers = 0."
            )

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


def _end_all(workers: list[DecoderProcess]) -> None:
    while workers:
        workers.pop().end()


class _Round:
    """One pass over a list of jobs."""

    def __init__(self, decoders: Decoders, jobs: Iterable[Sequence[Place]], meanwhile: Callable[[], None]):
        self.workers: list[DecoderProcess] = []
        self._decoders = decoders
        self._meanwhile = meanwhile
        self._inbox: queue.SimpleQueue[tuple[DecoderProcess, Any]] = queue.SimpleQueue()
        self._coming = enumerate(jobs)
        self._open: dict[int, Sequence[Place]] = {}
        self._attempts: dict[int, int] = {}
        self._done: dict[int, Decoded] = {}
        self._looked = self._looking_since = time.monotonic()

    def join(self, worker: DecoderProcess) -> None:
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
            for place, worker in enumerate(self.workers):
                # results that nobody has taken yet count, or a slow first job would let the others run far ahead
                if len(worker.jobs) < _JOBS_EACH and len(self._open) < 2 * _JOBS_EACH * len(self.workers):
                    number, paths = next(self._coming, (-1, ()))
                    if number < 0:
                        return
                    self._open[number] = paths
                    self._ask(place, number)

    def _ask(self, place: int, number: int) -> None:
        """Have the worker that stands there do this job."""
        worker = self.workers[place]
        try:
            worker.ask(number, [str(path) for path in self._open[number]])
        except OSError:
            self._lost(worker)

    def _listen(self) -> None:
        busy = [worker for worker in self.workers if worker.jobs]
        self._meanwhile()
        now = time.monotonic()
        if now - self._looked > _AWAY_SECONDS:  # the whole program was held up, and its workers perhaps with it
            self._looking_since = now
        self._looked = now
        patience = min(_GLANCE_SECONDS, min(map(self._deadline, busy)) - now)
        try:
            worker, message = self._inbox.get(timeout=max(0.0, patience))
        except queue.Empty:
            for worker in busy:
                if self._deadline(worker) < time.monotonic():
                    self._lost(worker)
        else:
            if worker in self.workers:
                self._receive(worker, message)

    def _deadline(self, worker: DecoderProcess) -> float:
        if worker.heard is None:
            return max(worker.began, self._looking_since) + self._decoders.start_seconds()
        asked = next(iter(worker.jobs.values()))  # the one it is at: others may be given to one that hangs already
        return max(worker.heard, asked, self._looking_since) + HANG_SECONDS

    def _receive(self, worker: DecoderProcess, message: Any) -> None:
        if message == LOST:
            return self._lost(worker)
        number, images, reasons = message
        if images is None:
            raise RuntimeError(f"a worker that decodes images failed: {reasons}")
        self._decoders.note_result(worker)
        del worker.jobs[number]
        self._done[number] = Decoded(torch.from_numpy(images), reasons)

    def _lost(self, worker: DecoderProcess) -> None:
        """A worker that died or hangs: a new one takes its place and its jobs. Another might hang unnoticed itself."""
        worker.end()
        if worker.heard is None:
            self._decoders.note_lost_start()
        place, jobs = self.workers.index(worker), list(worker.jobs)
        self.workers[place] = successor = self._decoders.worker()
        successor.inbox = self._inbox
        ended = None
        if worker.heard is not None and jobs:
            # The one it was at; those behind it are not to blame.
            self._attempts[jobs[0]] = self._attempts.get(jobs[0], 0) + 1
            if self._attempts[jobs[0]] >= _ATTEMPTS:
                ended = jobs.pop(0)
        for number in jobs:
            self._ask(place, number)
        if ended is not None:
            self._done[ended] = self._decoders.one_by_one(self._open[ended])
