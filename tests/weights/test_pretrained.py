"""PyTorch's collection of weights is offered, brought where there is a network, and found where it is already."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
import torch

from workbench import presets
from workbench.data import DataError, download
from workbench.weights.pretrained import Pretrained, fetch, pretrained_for


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(torch.hub, "get_dir", lambda: str(tmp_path / "hub"))
    return tmp_path / "hub" / "checkpoints"


def test_the_presets_that_torchvision_has_weights_for(hub: Path) -> None:
    pytest.importorskip("torchvision")
    found = pretrained_for(presets.build("resnet50"))
    assert [one.name for one in found] == ["IMAGENET1K_V1", "IMAGENET1K_V2"]
    assert found[0].file == hub / "resnet50-0676ba61.pth"
    assert found[0].parameters == 25_557_032
    assert "76.1 %" in found[0].title
    for name in ("alexnet", "googlenet", "vgg16", "vgg16-bn"):
        if name in presets.PRESETS:
            assert pretrained_for(presets.build(name)), name
    assert pretrained_for(presets.build("lenet5")) == []


def test_a_file_that_is_there_is_used_and_a_wrong_one_is_not(hub: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hub.mkdir(parents=True)
    content = b"weights"
    right = hashlib.sha256(content).hexdigest()[:8]
    chosen = Pretrained("Net", "V1", f"https://example.invalid/net-{right}.pth", 70.0, 3)
    chosen.file.write_bytes(content)
    assert fetch(chosen).read_bytes() == content

    def offline(*_: object, **__: object) -> None:
        raise OSError("Name or service not known")

    monkeypatch.setattr(download.urllib.request, "urlopen", offline)
    chosen.file.write_bytes(b"damaged")
    with pytest.raises(DataError, match=r"connect to the network, or put net-\w+\.pth from https://example"):
        fetch(chosen)
