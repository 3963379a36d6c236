"""`python -m tests.soak.fuzz_project_files [COUNT]`: damaged project files, every one a project or one error."""

from __future__ import annotations

import sys
import time

from tests.project.mutations import mutated
from workbench import presets
from workbench.project import Project, ProjectError, dumps, loads


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    texts = [dumps(Project(graph)).encode() for graph in map(presets.build, ("lenet5", "cifar-resnet20", "googlenet"))]
    refused, slowest = 0, 0.0
    for content in mutated(texts, count, seed=int(time.time())):
        began = time.perf_counter()
        try:
            loads(content)
        except ProjectError:
            refused += 1
        slowest = max(slowest, time.perf_counter() - began)
    print(
        f"{count:,} files: {refused:,} refused with one error, the rest are projects; slowest {1000 * slowest:.0f} ms"
    )


if __name__ == "__main__":
    main()
