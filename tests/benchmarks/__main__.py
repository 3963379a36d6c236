"""`python -m tests.benchmarks [NAME ...]`: run the measurements named, or all, and print one table."""

from __future__ import annotations

import importlib
import platform
import sys

from rich.console import Console
from rich.table import Table

from workbench.machine import prepare_threads

MEASUREMENTS = (
    "startup",
    "analysis",
    "attribution",
    "throughput",
    "alternatives",
    "memory",
    "busy_machine",
    "scene",
    "window",
)


def main() -> None:
    prepare_threads()
    table = Table("measurement", "ours", "other", "ratio, median (range)", "goal", title=platform.platform())
    for name in sys.argv[1:] or MEASUREMENTS:
        print(f"measuring {name} …", file=sys.stderr, flush=True)
        for row in importlib.import_module(f"tests.benchmarks.{name}").measure():
            table.add_row(row.name, row.ours, row.other, row.ratio, row.goal)
    Console(width=150 if not sys.stdout.isatty() else None).print(table)


if __name__ == "__main__":
    main()
