"""Images for the tests of the data panel: a folder, and a source that a server of the test's own serves."""

from __future__ import annotations

import gzip
import hashlib
import http.server
import struct
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from workbench.data import SOURCES
from workbench.data.download import Download


@pytest.fixture
def class_folder(tmp_path: Path) -> Callable[..., Path]:
    """Makes ``images/<class>/<number>.png``, so many smooth random pictures of each class."""

    def make(name: str = "images", **classes: int) -> Path:
        chance = np.random.default_rng(0)
        for label, count in classes.items():
            (tmp_path / name / label).mkdir(parents=True)
            for number in range(count):
                small = Image.fromarray(chance.integers(0, 256, (4, 4, 3), dtype=np.uint8))
                small.resize((20, 16), Image.Resampling.BICUBIC).save(tmp_path / name / label / f"{number:04}.png")
        return tmp_path / name

    return make


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """MNIST as a source of 60 and 30 images on a server here. Content comes once the event is set."""
    monkeypatch.setenv("no_proxy", "*")
    monkeypatch.setenv("WORKBENCH_DATA", str(tmp_path / "datasets"))
    go = threading.Event()
    files = _idx_files()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            content = files[self.path[1:]]
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            go.wait(60)
            self.wfile.write(content)

        def log_message(self, *arguments: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        address = f"http://127.0.0.1:{server.server_port}/"
        downloads = tuple(
            Download((address + name,), hashlib.md5(content, usedforsecurity=False).hexdigest(), "MNIST/raw")
            for name, content in files.items()
        )
        monkeypatch.setitem(SOURCES, "mnist", replace(SOURCES["mnist"], downloads=downloads))
        yield go
        go.set()
        server.shutdown()
        thread.join()


def _idx_files() -> dict[str, bytes]:
    chance = np.random.default_rng(0)
    files = {}
    for part, count in (("train", 60), ("t10k", 30)):
        pixels = chance.integers(0, 256, (count, 28, 28), dtype=np.uint8).tobytes()
        labels = (np.arange(count) % 10).astype(np.uint8).tobytes()
        files[f"{part}-images-idx3-ubyte.gz"] = gzip.compress(struct.pack(">IIII", 0x803, count, 28, 28) + pixels)
        files[f"{part}-labels-idx1-ubyte.gz"] = gzip.compress(struct.pack(">II", 0x801, count) + labels)
    return files
