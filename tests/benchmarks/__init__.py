"""Measurements, side by side with the alternative. `python -m tests.benchmarks` prints them; none is asserted."""
