"""Text made into projects and templates again, or into one clear error that names the place."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from workbench.graph import Arguments, Block, FieldError, Graph, GraphError, Input, Node, Output, printable
from workbench.layers import layer, template
from workbench.project import format as form
from workbench.project.data_choice import DataChoice
from workbench.project.files import write_atomically
from workbench.project.project import Project
from workbench.project.recipe import Recipe
from workbench.project.settings import Settings
from workbench.project.strict_json import MAX_BYTES, JsonError, line_of, parse

S = TypeVar("S", bound=Settings)


class ProjectError(Exception):
    """A file that is no project; the message names file, line and place, and what is wrong there, in one line."""

    def __init__(self, message: str) -> None:
        # A file may hold line ends and what steers a terminal, also in the words that a message repeats.
        super().__init__(printable(message))


class _Refused(Exception):
    def __init__(self, message: str, *path: str | int) -> None:
        super().__init__(message)
        self.path = path


def read_project(path: str | Path) -> Project:
    """The project in a file. Raises `ProjectError`."""
    return _of_file(Path(path), _project)


def read_template(path: str | Path) -> Graph:
    """The graph in a template file. Raises `ProjectError`."""
    return _of_file(Path(path), _template)


def loads(text: str | bytes, name: str = "the text") -> Project:
    """The project in a text. Raises `ProjectError`."""
    return _of_bytes(_bytes(text, name), name, _project)


def loads_template(text: str | bytes, name: str = "the text") -> Graph:
    """The graph in a template's text. Raises `ProjectError`."""
    return _of_bytes(_bytes(text, name), name, _template)


def write_project(project: Project, path: str | Path) -> None:
    """Write a project down; the file is replaced at once or, where that fails (`WriteError`), not touched."""
    write_atomically(Path(path), form.dumps(project).encode())


def write_template(graph: Graph, path: str | Path) -> None:
    """Write a graph down as a template file."""
    write_atomically(Path(path), form.dumps_template(graph).encode())


V = TypeVar("V")


def _bytes(text: str | bytes, name: str) -> bytes:
    if isinstance(text, bytes):
        return text
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise ProjectError(f"{name}: it is no UTF-8 text") from None


def _of_file(path: Path, read: Callable[[Any], V]) -> V:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ProjectError(f"{path}: it has {path.stat().st_size:,} bytes, but a project has at most {MAX_BYTES:,}")
        content = path.read_bytes()
    except OSError as error:
        raise ProjectError(f"{path}: {error.strerror or error}") from None
    return _of_bytes(content, str(path), read)


def _of_bytes(content: bytes, name: str, read: Callable[[Any], V]) -> V:
    try:
        return read(parse(content))
    except JsonError as error:
        where = f", line {error.line}" if error.line else ""
        raise ProjectError(f"{name}{where}: {error}") from None
    except _Refused as error:
        line = line_of(content, error.path)
        while line is None and error.path:
            error.path = error.path[:-1]
            line = line_of(content, error.path)
        where = f", line {line}" if line else ""
        place = f" at {_shown(error.path)}" if error.path else ""
        raise ProjectError(f"{name}{where}{place}: {error}") from None


def _shown(path: tuple[str | int, ...]) -> str:
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part[:60]}"
    return text.removeprefix(".")


def _project(value: Any) -> Project:
    _check_format(value, form.PROJECT_FORMAT)
    _check_keys(value, ("format", "version", "graph"), ("data", "recipe"))
    return Project(
        _graph(value["graph"]),
        _settings(DataChoice, value.get("data", {}), "data"),
        _settings(Recipe, value.get("recipe", {}), "recipe"),
    )


def _template(value: Any) -> Graph:
    _check_format(value, form.TEMPLATE_FORMAT)
    _check_keys(value, ("format", "version", "graph"), ())
    return _graph(value["graph"])


def _check_format(value: Any, wanted: str) -> None:
    if not isinstance(value, dict) or value.get("format") != wanted:
        raise _Refused(f'this is no {wanted.removeprefix("cnn-workbench ")} file: it lacks "format": "{wanted}"')
    version = value.get("version")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise _Refused("the version must be a whole number of at least 1", "version")
    if version > form.VERSION:
        raise _Refused(
            f"it was made by a newer version of CNN Workbench (format {version}, this one reads {form.VERSION}); "
            "update CNN Workbench to open it",
            "version",
        )


def _graph(value: Any) -> Graph:
    _check_keys(value, ("inputs", "nodes"), ("name", "outputs", "blocks"), "graph")
    nodes = _list(value["nodes"], _node, "graph", "nodes")
    try:
        return Graph(
            _list(value["inputs"], _input, "graph", "inputs"),
            nodes,
            _list(value.get("outputs", []), _output, "graph", "outputs"),
            _list(value.get("blocks", []), _block, "graph", "blocks"),
            _text(value.get("name", ""), "graph", "name"),
        )
    except GraphError as error:
        place = next((i for i in reversed(range(len(nodes))) if nodes[i].name == error.node), None)
        raise _Refused(str(error), "graph", *(() if place is None else ("nodes", place))) from None


def _input(value: Any, *path: str | int) -> Input:
    _check_keys(value, ("name", "shape"), (), *path)
    shape = value["shape"]
    whole = isinstance(shape, list) and all(isinstance(n, int) and not isinstance(n, bool) for n in shape)
    if not whole or not 1 <= len(shape) <= 4 or not all(1 <= n <= 1_000_000 for n in shape):
        raise _Refused("a shape is a list such as [3, 224, 224]", *path, "shape")
    return Input(_text(value["name"], *path, "name"), tuple(shape))


def _node(value: Any, *path: str | int) -> Node:
    _check_keys(value, ("name", "kind"), ("arguments", "inputs", "shares"), *path)
    kind = _text(value["kind"], *path, "kind")
    shares = value.get("shares")
    arguments = _mapping(value.get("arguments", {}), *path, "arguments")
    try:
        entry = layer(kind)
    except FieldError as error:
        raise _Refused(str(error), *path, "kind") from None
    checked = Arguments()
    if shares is None:
        try:
            checked = entry.check(arguments)
        except FieldError as error:
            name = str(error).partition(":")[0]
            raise _Refused(str(error), *path, "arguments", *([name] if name in arguments else [])) from None
    elif arguments:
        raise _Refused("a node that shares another's weights has no arguments of its own", *path, "arguments")
    inputs = _list(value.get("inputs", []), _text, *path, "inputs")
    name = _text(value["name"], *path, "name")
    return Node(name, kind, checked, inputs, None if shares is None else _text(shares, *path, "shares"))


def _output(value: Any, *path: str | int) -> Output:
    _check_keys(value, ("name", "node"), ("weight", "training_only"), *path)
    weight, training_only = value.get("weight", 1.0), value.get("training_only", False)
    if isinstance(weight, bool) or not isinstance(weight, int | float):
        raise _Refused("a loss weight is a number", *path, "weight")
    if not isinstance(training_only, bool):
        raise _Refused("training_only is true or false", *path, "training_only")
    return Output(
        _text(value["name"], *path, "name"), _text(value["node"], *path, "node"), float(weight), training_only
    )


def _block(value: Any, *path: str | int) -> Block:
    _check_keys(value, ("name",), ("template", "arguments"), *path)
    made_by = _text(value.get("template", ""), *path, "template")
    arguments = Arguments(_mapping(value.get("arguments", {}), *path, "arguments"))
    if made_by:
        try:
            arguments = template(made_by).check(arguments)
        except FieldError as error:
            raise _Refused(str(error), *path) from None
    elif arguments:
        raise _Refused("a block that no template made has no arguments", *path, "arguments")
    return Block(_text(value["name"], *path, "name"), made_by, arguments)


def _settings(cls: type[S], value: Any, name: str) -> S:
    try:
        return cls.from_values(_mapping(value, name))
    except FieldError as error:
        setting = str(error).partition(":")[0]
        raise _Refused(str(error), name, *([setting] if setting in value else [])) from None


def _check_keys(value: Any, needed: tuple[str, ...], allowed: tuple[str, ...], *path: str | int) -> None:
    _mapping(value, *path)
    for name in needed:
        if name not in value:
            raise _Refused(f'"{name}" is missing', *path)
    for name in value:
        if name not in needed + allowed:
            near = difflib.get_close_matches(name[:60], needed + allowed, 1)
            raise _Refused(
                f'"{name[:60]}" is unknown here' + (f'; did you mean "{near[0]}"?' if near else ""), *path, name
            )


def _mapping(value: Any, *path: str | int) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _Refused("an object in braces is expected here", *path)
    return value


def _list(value: Any, read: Callable[..., V], *path: str | int) -> tuple[V, ...]:
    if not isinstance(value, list):
        raise _Refused("a list in brackets is expected here", *path)
    return tuple(read(item, *path, index) for index, item in enumerate(value))


def _text(value: Any, *path: str | int) -> str:
    if not isinstance(value, str) or len(value) > 4096:
        raise _Refused("a text of at most 4,096 letters is expected here", *path)
    return value
