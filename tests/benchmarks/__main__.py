"""`python -m tests.benchmarks [NAME ...]`: run the measurements named, or all, and print one table."""

from __future__ import annotations

import importlib
import platform
import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table

from workbench.machine import prepare_for_torch


def measurements() -> list[str]:
    """Every module of this folder that measures something."""
    files = sorted(Path(__file__).parent.glob("*.py"))
    return [file.stem for file in files if "\ndef measure(" in file.read_text(encoding="utf-8")]


def main() -> None:
    there = measurements()
    names = sys.argv[1:] or there
    if unknown := [name for name in names if name not in there]:
        sys.exit(f"There is no measurement {unknown[0]!r}; there are {', '.join(there)}.")
    prepare_for_torch()
    table = Table("measurement", "ours", "other", "ratio, median (range)", "goal", title=platform.platform())
    for name in names:
        print(f"measuring {name} …", file=sys.stderr, flush=True)
        for row in importlib.import_module(f"tests.benchmarks.{name}").measure():
            table.add_row(row.name, row.ours, row.other, row.ratio, row.goal)
            print(f"  {row.name}: {row.ours} {row.other} {row.ratio}", file=sys.stderr, flush=True)
    Console(width=150 if not sys.stdout.isatty() else None).print(table)


if __name__ == "__main__":
    main()
