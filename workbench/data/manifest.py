"""Hashes of the files of a folder, kept beside them: with them a picture that still decodes is known to be another."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Mapping
from pathlib import Path

from workbench.data.dataset import DataError

NAME = "SHA256SUMS"
"""As ``sha256sum */* > SHA256SUMS`` writes it: a line for each file, its hash and its path in the folder."""

_LINE = re.compile(r"([0-9a-fA-F]{64}) [ *](.+)")
_MOST_BYTES = 200_000_000


def read_manifest(folder: Path) -> dict[str, str]:
    """Hashes by path; empty where the folder holds no list of them. Raises `DataError` for a damaged list."""
    file = folder / NAME
    if not file.is_file():
        return {}
    try:
        if file.stat().st_size > _MOST_BYTES:
            raise DataError(f"{file}: this list of hashes is larger than {_MOST_BYTES:,} bytes")
        lines = file.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError:
        raise DataError(f"{file}: this list of hashes is no text in UTF-8; make it anew or take it away") from None
    except OSError as error:
        raise DataError(f"{file}: this list of hashes cannot be read ({error.strerror})") from None
    hashes = {}
    for number, line in enumerate(lines, 1):
        found = _LINE.fullmatch(line)
        if found is None and line.strip():
            raise DataError(
                f"{file}, line {number}: expected a SHA-256 hash and a path, received {line[:60]!r}; make it anew with "
                "sha256sum, or take it away"
            )
        if found:
            hashes[os.path.normpath(folder / found[2])] = found[1].lower()
    return hashes


def differs(path: str, hashes: Mapping[str, str]) -> str | None:
    """Why a file is not the one that was listed; None for one that is, or that is not in the list."""
    wanted = hashes.get(os.path.normpath(path))
    if wanted is None:
        return None
    try:
        with open(path, "rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        return (error.strerror or type(error).__name__).lower()
    return None if digest == wanted else f"changed since {NAME} was made"
