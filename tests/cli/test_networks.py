"""Networks and project files on the command line: written, checked, compared."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.processes import Workbench


def test_a_project_file_can_be_written_checked_and_broken(workbench: Workbench, tmp_path: Path) -> None:
    file = tmp_path / "mine.json"
    workbench("new", "lenet5", "--classes", "7", "-o", file)
    assert "is sound" in workbench("check", file).stdout
    workbench("new", "lenet5", "-o", file, status=2)
    file.write_text(file.read_text().replace('"kernel_size": 5', '"kernel_size": 50'))
    broken = workbench("check", file, "--json", status=1)
    assert json.loads(broken.stdout)[0]["node"] == "conv1"
    file.write_text("{")
    assert "line 1" in workbench("check", file, status=2).stderr


def test_two_networks_are_compared_with_the_cost_of_each_difference(
    workbench: Workbench, tmp_path: Path, run: Path
) -> None:
    file = tmp_path / "mine.json"
    workbench("new", "lenet5", "-o", file)
    file.write_text(file.read_text().replace('"out_channels": 16', '"out_channels": 32'))
    shown = workbench("compare", "lenet5", file).stdout
    assert "out_channels 16 → 32" in shown
    assert "+2,416" in shown
    assert "in all +50,416 parameters, +288,000 multiply-adds, +16,000 activation bytes" in shown
    found = json.loads(workbench("compare", run, file, "--json").stdout)
    assert (found["before"]["parameters"], found["after"]["parameters"]) == (61_706, 112_122)
    assert found["differences"][0] == {
        "what": "changed", "before": "conv2", "after": "conv2", "kind": "Conv2d",
        "changes": [{"what": "out_channels", "before": 16, "after": 32}],
        "parameters": 2_416, "macs": 240_000, "activation_bytes": 6_400,
        "receptive_field": [[14, 14], [14, 14]],
    }  # fmt: skip
    assert [d["before"] for d in found["differences"] if d["what"] == "affected"] == [
        "relu2", "pool2", "flatten", "fc1",
    ]  # fmt: skip
