"""How far a training may go."""

from __future__ import annotations

import threading

from workbench.gui.training.gate import Gate


def test_it_lets_pass_what_is_allowed_and_closes() -> None:
    gate = Gate()
    gate.count_step()
    gate.count_epoch()
    assert gate.is_open, "at first all may pass"
    gate.allow(steps=2)
    gate.count_step()
    assert gate.is_open
    gate.count_step()
    assert not gate.wait(0)
    gate.allow(epochs=1)
    gate.count_step()
    assert gate.is_open
    gate.count_epoch()
    assert not gate.is_open


def test_closing_from_another_thread_is_never_lost_to_counting() -> None:
    gate = Gate()
    going = threading.Event()

    def count() -> None:
        going.set()
        while gate.is_open:
            gate.count_step()

    for _ in range(50):
        gate.allow()
        going.clear()
        counter = threading.Thread(target=count)
        counter.start()
        going.wait()
        gate.close()
        counter.join(20)
        assert not counter.is_alive()
