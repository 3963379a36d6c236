"""CSV files of path and label."""

import pytest
from pictures import class_folder

from workbench.data import DataError, load
from workbench.project import DataChoice

SHAPE = (1, 8, 8)


@pytest.fixture
def table(tmp_path):
    class_folder(tmp_path, {"a": 3, "b": 3})
    return tmp_path / "images.csv"


def read(table):
    return load(DataChoice(source=str(table), validation=0), SHAPE)


@pytest.mark.parametrize("head", ["", "path,label\n", "\ufeffPath, Label\r\n"])
def test_paths_are_beside_the_file_and_classes_are_sorted(table, head):
    table.write_text(head + 'a/00000.png,pear\n"b/00001.png","apple"\n\nb/00002.png, pear \n', encoding="utf-8")
    dataset = read(table)
    assert dataset.classes == ("apple", "pear")
    assert dataset.train.labels.tolist() == [1, 0, 1]


def test_numbers_are_sorted_as_numbers(table):
    table.write_text("a/00000.png,10\na/00001.png,9\n")
    assert read(table).classes == ("9", "10")


def test_a_missing_file_is_skipped_and_reported(table):
    table.write_text("a/00000.png,x\na/gone.png,x\nb/00000.png,y\n")
    assert read(table).skipped == ((str(table.parent / "a" / "gone.png"), "no such file or directory"),)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "no images in this file"),
        (b"path,label\n", "no images in this file"),
        (b"a/00000.png,x\n", "one class only"),
        (b"a/00000.png,x\nb/00000.png\n", "line 2: expected a row 'path,label'"),
        (b"a/00000.png,x\n,y\n", "line 2: expected a row 'path,label'"),
        (b"a/00000.png,x\nb/00000.png,y,z\n", "line 2"),
        (b'a/00000.png,x\n"b', "line 2"),
        (b"a\0.png,x\n", "line 1"),
        (b"\xff\xfe\x00", "not a text file in UTF-8"),
        (b"x" * 10_000_000 + b",a\n", "line 1"),
    ],
)
def test_a_file_that_cannot_be_used_says_where(table, content, words):
    table.write_bytes(content)
    with pytest.raises(DataError, match=words) as error:
        read(table)
    assert len(str(error.value)) < 400
