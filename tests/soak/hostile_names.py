"""Networks whose every name tries to break out of exported Python: each source is read against an allow-list and run.

    python tests/soak/hostile_names.py [COUNT] [SEED]

Ends with status 1 at the first source that holds anything unexpected or does not do what its graph does.
"""

from __future__ import annotations

import itertools
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.compiler.export.comparing import Comparison
from tests.compiler.export.hostile import check, hostile
from workbench.compiler.export import to_python

AT_ONCE = 500  # sources in one process


def main(count: int = 20_000, seed: int = 0) -> None:
    done = 0
    waiting = hostile(count, seed)
    while networks := list(itertools.islice(waiting, AT_ONCE)):
        with tempfile.TemporaryDirectory() as folder:
            comparison = Comparison(Path(folder))
            for index, (graph, preprocessing) in enumerate(networks):
                source = to_python(graph, preprocessing)
                check(source, preprocessing)
                comparison.add(f"hostile{index}", graph, source)
            wrong = comparison.differences()
        for name, what in wrong.items():
            print(f"{name} of the {AT_ONCE} after {done}: {what}")
        if wrong:
            raise SystemExit(1)
        done += len(networks)
        print(f"{done} networks with hostile names: nothing unexpected, all run as their graphs do", flush=True)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
