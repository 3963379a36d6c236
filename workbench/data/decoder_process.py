"""A process that decodes image files and may die without harm.

Written instead of using ``torch.utils.data.DataLoader`` because that raises from its signal handler, at any place
in the main thread, when a worker is killed, and gives up; here it is only known to be lost.
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
from multiprocessing.connection import Connection, wait
from typing import Any, cast

import torch

from workbench.data.decoding import decode_to_arrays
from workbench.data.fit import Shape

BEAT, LOST = "beat", "lost"  # what a worker says when it begins and while it works, and its listener when it is gone
_BEAT_SECONDS = 0.5
_ATTEMPTS_TO_BEGIN = 40
_BEGIN_AGAIN_SECONDS = 0.05

_KILL = getattr(signal, "SIGKILL", signal.SIGTERM)  # on Windows, which has but one way, SIGTERM is final


class DecoderProcess:
    """A worker: its process, its jobs by number, each with when it was given, and when it began and was last heard.

    Times are those of ``time.monotonic``, in seconds. A thread takes in what it says: a process that is stopped in
    the midst of a message would else block the reader.
    """

    def __init__(self, shape: Shape, fit: str):
        context = _context()
        self.jobs: dict[int, float] = {}
        self.inbox: queue.SimpleQueue[tuple[DecoderProcess, Any]] = queue.SimpleQueue()
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=_serve, args=(theirs, shape, fit), daemon=True, name="decoder")
        _begin(self.process)
        self.began = time.monotonic()
        self.first_heard: float | None = None
        self.heard: float | None = None
        theirs.close()
        self._listener = threading.Thread(target=self._listen, daemon=True, name="decoder's listener")
        self._listener.start()

    def ask(self, number: int, names: list[str]) -> None:
        """Give it a job. Raises OSError where it is gone."""
        self.jobs[number] = time.monotonic()
        self.pipe.send((number, names))

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
        while message != LOST:
            try:
                message = self.pipe.recv()
            except Exception:  # it is gone, or what it says is damaged: a new one does its work again
                message = LOST
            else:
                self.heard = time.monotonic()
                self.first_heard = self.first_heard or self.heard
            if message != BEAT:
                self.inbox.put((self, message))


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
    # Before it takes a job: what ends it without this word is not that job's fault.
    pipe.send(BEAT)
    outgoing: queue.SimpleQueue[Any] = queue.SimpleQueue()
    threading.Thread(target=_send, args=(pipe, outgoing), daemon=True).start()
    last = 0.0

    def beat() -> None:
        nonlocal last
        if time.monotonic() - last > _BEAT_SECONDS:
            last = time.monotonic()
            outgoing.put(BEAT)

    while True:
        try:
            number, names = pipe.recv()
        except (EOFError, OSError):
            return
        try:
            outgoing.put((number, *decode_to_arrays(names, shape, fit, beat)))
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
