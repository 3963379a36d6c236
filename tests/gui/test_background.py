"""Work beside the window: the latest wish is done, and no thread waits where there is none."""

from __future__ import annotations

import threading

from workbench.gui.background import Background


def _threads(name: str) -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == name]


def test_the_thread_ends_when_nothing_is_left_and_another_begins(qtbot) -> None:  # type: ignore[no-untyped-def]
    work = Background("counting")
    for wanted in (1, 2):
        with qtbot.waitSignal(work.done) as told:
            work.ask(lambda wanted=wanted: wanted)
        assert told.args == [wanted]
        qtbot.waitUntil(lambda: not _threads("counting"))
    assert not work.busy
    assert work.close(1)


def test_of_wishes_made_meanwhile_only_the_last_is_done(qtbot) -> None:  # type: ignore[no-untyped-def]
    work, begun, gate = Background("waiting"), threading.Event(), threading.Event()
    done: list[object] = []
    work.done.connect(done.append)
    work.ask(lambda: begun.set() or gate.wait(10))  # type: ignore[func-returns-value]
    assert begun.wait(10)
    for number in (1, 2, 3):
        work.ask(lambda number=number: number)
    assert len(_threads("waiting")) == 1
    gate.set()
    qtbot.waitUntil(lambda: done == [3])
    assert work.close(1)


def test_closing_waits_for_what_is_under_way_and_begins_nothing_more(qtbot) -> None:  # type: ignore[no-untyped-def]
    work, begun, gate = Background("closing"), threading.Event(), threading.Event()
    work.ask(lambda: begun.set() or gate.wait(10))  # type: ignore[func-returns-value]
    assert begun.wait(10)
    assert not work.close(0.05)
    gate.set()
    assert work.close(5)
    work.ask(lambda: 1)
    assert not _threads("closing")
