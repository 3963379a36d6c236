"""PyTorch's collection of weights is offered, brought where there is a network, and found where it is already."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
import torch

from workbench import presets
from workbench.data import DataError, download
from workbench.data.normalization import fixed
from workbench.weights import WeightsError
from workbench.weights.pretrained import Pretrained, fetch, preprocessing_of_file, pretrained_for, recommended


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


def test_pictures_are_normalized_as_the_collections_own_networks_expect(hub: Path) -> None:
    from torchvision.models import get_model_weights, googlenet

    for name in ("resnet18", "vgg16", "alexnet"):
        one = recommended(presets.build(name))
        mean, std = fixed(one.normalization, 3)  # type: ignore[misc]
        own = get_model_weights(name).DEFAULT.transforms()
        assert (list(mean), list(std)) == (own.mean, own.std)
    assert recommended(presets.build("resnet50")).name == "IMAGENET1K_V2"
    # torchvision's GoogLeNet turns ImageNet's normalization into another before its first layer; ours does not.
    picture = torch.rand(1, 3, 8, 8)
    mean, std = (torch.tensor(figures).view(3, 1, 1) for figures in fixed("imagenet", 3) or ())
    expected = googlenet(init_weights=False, transform_input=True)._transform_input((picture - mean) / std)
    assert recommended(presets.build("googlenet")).normalization == "symmetric"
    assert torch.allclose((picture - 0.5) / 0.5, expected, atol=1e-6)


def test_a_file_of_the_collection_is_known_by_its_checksum(hub: Path) -> None:
    known = preprocessing_of_file("f37072fd" + "0" * 56)
    assert known is not None
    assert known.mean == (0.485, 0.456, 0.406)
    assert len(known.classes) == 1000
    assert known.classes[0] == "tench"
    assert preprocessing_of_file("0" * 64) is None


def test_what_the_collection_lacks_is_said(hub: Path) -> None:
    with pytest.raises(WeightsError, match="no weights for a network called 'LeNet-5'; it has for AlexNet"):
        recommended(presets.build("lenet5"))
    with pytest.raises(WeightsError, match="no weights 'V9' for ResNet-18; there are IMAGENET1K_V1"):
        recommended(presets.build("resnet18"), "torchvision:V9")
