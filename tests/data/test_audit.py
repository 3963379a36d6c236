"""The audit counts what it says."""

from pathlib import Path

import pytest
from pictures import class_folder

from workbench.data import audit, load
from workbench.project import DataChoice


def test_digits_are_clean():
    found = audit(load(DataChoice(), (1, 8, 8)))
    assert sum(found.train_counts) == 1438
    assert sum(found.validation_counts) == 359
    assert (found.duplicates, found.contradictions, found.noisy_labels, found.warnings) == ((), (), 0, ())


@pytest.mark.parametrize("budget", [2000, 1])
def test_doubles_contradictions_imbalance_and_skipped_files_are_found(tmp_path, budget):
    class_folder(tmp_path / "train", {"a": 130, "b": 20})
    class_folder(tmp_path / "val", {"c": 0, "b": 3})
    (tmp_path / "train" / "c").mkdir()
    for source, target in (("a/00001", "b/double"), ("a/00002", "c/other")):
        content = (tmp_path / "train" / f"{source}.png").read_bytes()
        (tmp_path / "train" / f"{target}.png").write_bytes(content)
    (tmp_path / "train" / "b" / "broken.png").write_bytes(b"")
    dataset = load(DataChoice(source=str(tmp_path), memory_budget=budget, workers=0), (3, 64, 64))
    found = audit(dataset)
    assert found.train_counts == (130, 21, 1)
    assert found.validation_counts == (0, 3, 0)
    assert found.duplicates == ((0, 153), (1, 154), (2, 155))
    assert found.contradictions == ((1, 151), (2, 152))
    assert [Path(path).name for path, _ in found.skipped] == ["broken.png"]
    words = ("130 training images of a, 1 of c", "no validation image of a", "3 held-out", "2 pairs", "broken.png")
    assert all(word in sentence for word, sentence in zip(words, found.warnings, strict=True))


def test_label_noise_is_counted():
    dataset = load(DataChoice(label_noise=0.1), (1, 8, 8))
    assert audit(dataset).noisy_labels == 144
