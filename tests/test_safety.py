"""S2: nothing that is read can execute, and one place writes files."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import workbench

SOURCES = sorted(Path(workbench.__file__).parent.rglob("*.py"))
FORBIDDEN_NAMES = {"eval", "exec", "compile", "__import__"}
FORBIDDEN_MODULES = {"pickle", "marshal", "shelve", "dill", "joblib", "yaml", "cloudpickle"}
WRITERS = {"write_text", "write_bytes", "savez", "to_csv"}
# Downloads are written piece by piece and renamed once their checksum is right; an export's check works in a folder
# that is deleted again; a log of unforeseen errors is appended to.
MAY_WRITE = {"files.py", "download.py", "archive.py", "formats.py", "errors.py"}
NETWORK = ("socket", "ssl", "urllib.request", "http.", "requests", "httpx", "PySide6.QtNetwork", "PySide6.QtWeb")
MAY_ASK = {"download.py", "dropped.py"}


def calls() -> Iterator[tuple[Path, ast.Call, str]]:
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                yield path, node, ast.unparse(node.func)


def test_nothing_evaluates_text_or_runs_a_shell() -> None:
    for path, node, name in calls():
        assert name not in FORBIDDEN_NAMES, f"{path.name}:{node.lineno} calls {name}"
        assert not name.endswith(("os.system", "torch.save", "pickle.load")), f"{path.name}:{node.lineno}"
        reads_weights = name == "torch.load" and path.name == "unpickling.py"
        assert reads_weights or not name.endswith("torch.load"), f"{path.name}:{node.lineno}"
        given = {keyword.arg: ast.unparse(keyword.value) for keyword in node.keywords}
        assert not reads_weights or given["weights_only"] == "True", f"{path.name}:{node.lineno}"
        for keyword in node.keywords:
            risky = keyword.arg in ("shell", "allow_pickle") and ast.unparse(keyword.value) != "False"
            assert not risky, f"{path.name}:{node.lineno} gives {keyword.arg}"
            assert reads_weights or keyword.arg != "weights_only", f"{path.name}:{node.lineno}: weights are safetensors"


def imports() -> Iterator[tuple[Path, int, list[str]]]:
    """Every import: where, and the whole names of what is imported."""
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                yield path, node.lineno, [alias.name for alias in node.names]
            if isinstance(node, ast.ImportFrom) and node.module:
                yield path, node.lineno, [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]


def test_no_module_that_unpickles_is_imported() -> None:
    for path, line, names in imports():
        assert not FORBIDDEN_MODULES & {name.partition(".")[0] for name in names}, f"{path.name}:{line}"


def test_only_what_brings_files_knows_the_network() -> None:
    """S6: data sets and weights that a person asks for, and a picture's address that is dropped on the window."""
    for path, line, names in imports():
        asks = [name for name in names if name.startswith(NETWORK)]
        assert path.name in MAY_ASK or not asks, f"{path.name}:{line} could ask the network: {asks}"


def test_one_place_writes_files() -> None:
    for path, node, name in calls():
        if path.name in MAY_WRITE:
            continue
        modes = [ast.unparse(a) for a in [*node.args[1:2], *(k.value for k in node.keywords if k.arg == "mode")]]
        opens_to_write = name.rpartition(".")[2] == "open" and any(set("wax+") & set(mode) for mode in modes)
        assert not opens_to_write, f"{path.name}:{node.lineno} opens a file to write"
        assert name.rpartition(".")[2] not in WRITERS, f"{path.name}:{node.lineno} writes a file"
