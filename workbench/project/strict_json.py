"""JSON without its traps: no doubled keys, no NaN, no lone surrogates, bounded size and nesting, errors with a line."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from typing import Any

MAX_BYTES = 4_000_000
MAX_DEPTH = 32

Path = Sequence[str | int]


class JsonError(ValueError):
    """Text that is not strict JSON; ``line`` counts from 1."""

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.line = line


def parse(content: bytes) -> Any:
    """The value that the bytes hold. Raises `JsonError`."""
    if len(content) > MAX_BYTES:
        raise JsonError(f"it has {len(content):,} bytes, but at most {MAX_BYTES:,} are read")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise JsonError("it is no UTF-8 text", line) from None
    try:
        value = json.loads(
            text.removeprefix("\ufeff"), object_pairs_hook=_without_doubles, parse_constant=_no_constant,
            parse_float=_finite, parse_int=_bounded,
        )  # fmt: skip
    except json.JSONDecodeError as error:
        raise JsonError(f"it is no JSON: {error.msg}", error.lineno) from None
    except RecursionError:
        raise JsonError(f"it is nested deeper than {MAX_DEPTH} levels") from None
    _check_depth_and_texts(value)
    return value


def line_of(content: bytes, path: Path) -> int | None:
    """The line where the value at a path begins, such as ``("graph", "nodes", 3)``; None where there is none.

    Only asked after an error, so it may read the text once more, token by token.
    """
    text = content.decode("utf-8", "replace").removeprefix("\ufeff")
    wanted = list(path)
    here: list[str | int] = []
    expects_key: list[bool] = []
    for match in _TOKEN.finditer(text):
        token = match.group()
        if token in "}]":
            if here:
                here.pop()
                expects_key.pop()
            continue
        if token == ",":
            if here:
                last = here[-1]
                here[-1] = last + 1 if isinstance(last, int) else last
                expects_key[-1] = isinstance(here[-1], str)
            continue
        if token == ":":
            continue
        if here and isinstance(here[-1], str) and expects_key[-1]:
            here[-1] = json.loads(token) if "\\" in token else token[1:-1]
            expects_key[-1] = False
            continue
        if here == wanted:
            return text.count("\n", 0, match.start()) + 1
        if token in "{[":
            here.append("" if token == "{" else 0)
            expects_key.append(token == "{")
    return None


_HALF_A_CHARACTER = re.compile("[\ud800-\udfff]")
_TOKEN = re.compile(r'[{}\[\],:]|"(?:[^"\\]|\\.)*"|[^\s{}\[\],:"]+')


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        double = next(name for name in names if names.count(name) > 1)
        raise JsonError(f"the key {json.dumps(double[:60])} stands twice in one object")
    return found


def _no_constant(word: str) -> Any:
    raise JsonError(f"{word} is no number that a file may hold")


def _finite(word: str) -> float:
    value = float(word)
    if not math.isfinite(value):
        raise JsonError(f"{word[:40]} is too large a number")
    return value


def _bounded(word: str) -> int:
    if len(word) > 20:
        raise JsonError(f"{word[:40]}… is too large a number")
    return int(word)


def _check_depth_and_texts(value: Any) -> None:
    waiting = [(value, 1)]
    while waiting:
        item, depth = waiting.pop()
        if depth > MAX_DEPTH:
            raise JsonError(f"it is nested deeper than {MAX_DEPTH} levels")
        if isinstance(item, dict):
            for name in item:
                _check_text(name)
            waiting += [(child, depth + 1) for child in item.values()]
        elif isinstance(item, list):
            waiting += [(child, depth + 1) for child in item]
        elif isinstance(item, str):
            _check_text(item)


def _check_text(text: str) -> None:
    if not text.isascii() and _HALF_A_CHARACTER.search(text):
        raise JsonError("a text in it holds half a character (a lone surrogate)")
