"""Downloads, from a server of our own."""

import hashlib
import http.server
import socket
import threading

import numpy as np
import pytest
from test_archive import FILE, tar

from workbench.data import DataError
from workbench.data.download import Download, bring


@pytest.fixture
def server(tmp_path, monkeypatch):
    """Serves the files of a folder; gives (address, folder)."""
    monkeypatch.setenv("no_proxy", "*")
    folder = tmp_path / "served"
    folder.mkdir()

    class Handler(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *arguments):
            super().__init__(*arguments, directory=str(folder))

        def log_message(self, *arguments):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as serving:
        thread = threading.Thread(target=serving.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{serving.server_port}/", folder
        serving.shutdown()
        thread.join()


def md5(content):
    return hashlib.md5(content, usedforsecurity=False).hexdigest()


def test_a_file_is_downloaded_with_progress_unpacked_and_not_downloaded_again(server, tmp_path):
    address, folder = server
    content = tar(("set/a.bin", FILE, np.random.default_rng(0).bytes(300_000)))
    (folder / "set.tgz").write_bytes(content)
    download = Download((address + "missing/set.tgz", address + "set.tgz"), md5(content), "here", 10**6)
    calls = []
    bring("it", download, tmp_path / "root", lambda *call: calls.append(call))
    done = [done for what, done, _ in calls if what == "downloading set.tgz"]
    assert done == sorted(done)
    assert done[-1] == len(content)
    assert {total for what, _, total in calls if what == "downloading set.tgz"} == {len(content)}
    assert (tmp_path / "root" / "here" / "set" / "a.bin").stat().st_size == 300_000
    (folder / "set.tgz").unlink()
    bring("it", download, tmp_path / "root", lambda *call: None)


def test_a_cancelled_download_leaves_nothing(server, tmp_path):
    address, folder = server
    (folder / "big").write_bytes(bytes(10**6))

    def cancel(what, done, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        bring("it", Download((address + "big",), md5(bytes(10**6)), ""), tmp_path / "root", cancel)
    assert list((tmp_path / "root").iterdir()) == []


def test_a_server_that_is_silent_does_not_keep_who_cancels(tmp_path, monkeypatch):
    monkeypatch.setenv("no_proxy", "*")

    class Cancelled(Exception):
        pass

    def cancel(what, done, total):
        if what == "waiting for 127.0.0.1":
            raise Cancelled

    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}/file"
        with pytest.raises(Cancelled):
            bring("it", Download((address,), "0" * 32, ""), tmp_path / "root", cancel)
    assert list((tmp_path / "root").iterdir()) == []


def test_unpacking_can_be_cancelled_and_leaves_nothing(server, tmp_path):
    address, folder = server
    content = tar(("set/a.bin", FILE, b"one"), ("set/b.bin", FILE, b"two"))
    (folder / "set.tgz").write_bytes(content)

    def cancel(what, done, total):
        if what == "unpacking set.tgz":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        bring("it", Download((address + "set.tgz",), md5(content), "here", 10**6), tmp_path / "root", cancel)
    assert [path.name for path in (tmp_path / "root" / "here").iterdir()] == ["set.tgz"]


def test_a_wrong_checksum_leaves_nothing_and_is_said(server, tmp_path):
    address, folder = server
    (folder / "file").write_bytes(b"altered")
    with pytest.raises(DataError, match="wrong checksum"):
        bring("it", Download((address + "file",), md5(b"original"), ""), tmp_path / "root", lambda *call: None)
    assert list((tmp_path / "root").iterdir()) == []


def test_without_a_network_the_error_says_where_to_put_the_files(tmp_path, monkeypatch):
    monkeypatch.setenv("no_proxy", "*")
    download = Download(("http://127.0.0.1:9/x/file.gz",), "0" * 32, "Set/raw")
    with pytest.raises(DataError, match="could not be downloaded") as error:
        bring("it", download, tmp_path, lambda *call: None)
    assert f"put file.gz from http://127.0.0.1:9/x/file.gz into {tmp_path / 'Set' / 'raw'}" in str(error.value)
    assert "\n" not in str(error.value)
