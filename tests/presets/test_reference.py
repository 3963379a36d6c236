"""Presets are the networks they say they are: the same figures, keys and outputs as the reference's."""

from __future__ import annotations

import warnings
from typing import Any

import pytest
import torch
from torch import nn

from workbench import presets
from workbench.compiler import analyse, compile_graph
from workbench.graph import inference_graph

# Parameters and multiply-adds at the preset's own input, outputs that only training sees left out. Measured on the
# references themselves: torchvision 0.29, timm 1.0.31, the authors' Caffe files (multiply-adds by torch's counter).
FIGURES = {
    "lenet5": (61_706, 416_520),
    "lenet5-paper": (60_000, 325_680),
    "alexnet": (61_100_840, 714_188_480),
    "alexnet-paper": (60_965_224, 724_406_816),
    "nin-cifar10": (966_986, 222_486_528),
    "nin-imagenet": (7_595_176, 1_100_188_800),
    "vgg11": (132_863_336, 7_609_090_048),
    "vgg11-bn": (132_868_840, 7_609_090_048),
    "vgg13": (133_047_848, 11_308_466_176),
    "vgg13-bn": (133_053_736, 11_308_466_176),
    "vgg16": (138_357_544, 15_470_264_320),
    "vgg16-bn": (138_365_992, 15_470_264_320),
    "vgg19": (143_667_240, 19_632_062_464),
    "vgg19-bn": (143_678_248, 19_632_062_464),
    "googlenet": (6_624_904, 1_498_376_192),
    "googlenet-transform": (6_624_904, 1_498_376_192),
    "googlenet-paper": (6_998_552, 1_582_671_872),
    "resnet18": (11_689_512, 1_814_073_344),
    "resnet34": (21_797_672, 3_663_761_408),
    "resnet50": (25_557_032, 4_089_184_256),
    "resnet101": (44_549_160, 7_801_405_440),
    "resnet152": (60_192_808, 11_513_626_624),
    "resnet18-paper": (11_515_688, 1_794_805_760),
    "resnet34-paper": (21_623_848, 3_644_493_824),
    "resnet50-paper": (25_557_032, 3_857_973_248),
    "resnet101-paper": (44_549_160, 7_570_194_432),
    "resnet152-paper": (60_192_808, 11_282_415_616),
    "plain18": (11_515_688, 1_794_805_760),
    "plain34": (21_623_848, 3_644_493_824),
    "cifar-resnet20": (269_722, 40_551_040),
    "cifar-resnet32": (464_154, 68_862_592),
    "cifar-resnet44": (658_586, 97_174_144),
    "cifar-resnet56": (853_018, 125_485_696),
    "cifar-resnet110": (1_727_962, 252_887_680),
    "cifar-plain20": (269_722, 40_551_040),
    "cifar-plain32": (464_154, 68_862_592),
    "cifar-plain44": (658_586, 97_174_144),
    "cifar-plain56": (853_018, 125_485_696),
    "cifar-plain110": (1_727_962, 252_887_680),
    "se-resnet18": (11_778_592, 1_814_160_384),
    "se-resnet34": (21_958_868, 3_663_918_592),
    "se-resnet50": (28_088_024, 3_860_488_192),
    "se-resnet101": (49_326_872, 7_574_937_600),
    "se-resnet152": (66_821_848, 11_288_993_792),
    "se-resnext50": (27_559_896, 4_232_994_816),
    "se-resnext101": (48_955_416, 7_974_739_968),
    "senet154": (115_088_984, 20_688_363_520),
}


@pytest.mark.parametrize("name", presets.PRESETS)
def test_parameters_and_multiply_adds_are_the_references(name: str) -> None:
    analysis = analyse(inference_graph(presets.build(name)))
    assert (analysis.parameters, analysis.macs) == FIGURES[name]


def test_auxiliary_heads_are_counted_in_training() -> None:
    assert analyse(presets.build("googlenet")).parameters == 13_004_888
    assert analyse(presets.build("googlenet-paper")).parameters == 13_378_280


def reference_of(preset: presets.Preset) -> nn.Module:
    """The library's own model in float64, without weights."""
    library, _, constructor = preset.reference.partition(".")
    options = dict(preset.reference_options)
    with torch.device("meta"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if library == "timm":
            model = pytest.importorskip("timm").create_model(constructor)
        else:
            model = getattr(pytest.importorskip("torchvision").models, constructor)(weights=None, **options)
    return model.to(torch.float64)


def filled(model: nn.Module) -> nn.Module:
    """The model with weights of a sensible size, made in little time: none of it is left to chance."""
    model.to_empty(device="cpu")
    generator = torch.Generator().manual_seed(1)
    noise = torch.randn(1_000_003, generator=generator, dtype=torch.float64)
    offset = 0
    for name, tensor in model.state_dict().items():
        if not tensor.is_floating_point():
            tensor.zero_()
            continue
        values = noise.roll(-offset)
        offset += 7919
        if name.endswith("running_var"):
            tensor.copy_(values[: len(tensor)].abs() + 0.5)
        elif tensor.dim() == 1:
            tensor.copy_(0.1 * values[: len(tensor)] + (1.0 if name.endswith("weight") else 0.0))
        else:
            values *= (2 / tensor[0].numel()) ** 0.5
            for part in tensor.view(-1).split(len(values)):
                part.copy_(values[: len(part)])
    return model


REFERENCED = [name for name, preset in presets.PRESETS.items() if preset.reference]
# The smallest input that every layer of the deeper networks can still take; AlexNet needs 63.
SIZE = {"alexnet": 67}


@pytest.mark.parametrize("name", REFERENCED)
def test_keys_and_outputs_equal_the_library(name: str) -> None:
    preset = presets.PRESETS[name]
    reference = filled(reference_of(preset)).eval()
    size = SIZE.get(name, 40)
    graph = presets.build(name, input=(3, size, size))
    with torch.device("meta"):
        network = compile_graph(graph)
    network = network.to(torch.float64).eval()
    assert list(network.state_dict()) == list(reference.state_dict()) or set(network.state_dict()) == set(
        reference.state_dict()
    )
    network.load_state_dict(reference.state_dict(), strict=True, assign=True)
    restore_constants(graph, network)
    picture = torch.randn(1, 3, size, size, generator=torch.Generator().manual_seed(2), dtype=torch.float64)
    with torch.inference_mode():
        expected, found = reference(picture), network(picture)
    scale = expected.abs().max()
    assert expected.shape == found.shape
    assert torch.isfinite(scale)
    assert ((expected - found).abs().max() / scale.clamp(min=1)).item() <= 1e-9


def restore_constants(graph: Any, network: nn.Module) -> None:
    """Fixed numbers that are no weights (InputAffine's) come from the graph, not from a file of weights."""
    for node in graph.nodes:
        if node.kind == "InputAffine":
            module = network.get_submodule(node.name)
            for word in ("scale", "shift"):
                setattr(module, word, torch.tensor(node.arguments[word], dtype=torch.float64)[:, None, None])


def test_auxiliary_outputs_equal_torchvisions_in_training() -> None:
    reference = filled(reference_of(presets.PRESETS["googlenet"]))
    with torch.device("meta"):
        network = compile_graph(presets.build("googlenet"))
    network = network.to(torch.float64).to_empty(device="cpu")
    network.load_state_dict(reference.state_dict())
    for model in (reference, network):
        model.train()
        for module in model.modules():
            if isinstance(module, nn.Dropout):
                module.eval()
    picture = torch.randn(2, 3, 64, 64, generator=torch.Generator().manual_seed(2), dtype=torch.float64)
    expected, found = reference(picture), network(picture)
    for ours, theirs in (("output", "logits"), ("aux1", "aux_logits1"), ("aux2", "aux_logits2")):
        assert torch.allclose(found[ours], getattr(expected, theirs), rtol=0, atol=1e-9)


@pytest.mark.parametrize("name", presets.PRESETS)
def test_a_preset_says_where_it_comes_from(name: str) -> None:
    preset = presets.PRESETS[name]
    assert preset.paper.year in range(1998, 2020)
    assert min(map(len, (preset.new, preset.form, preset.table, preset.accuracy, preset.published_note))) > 10


def test_the_lectures_figures_are_explained() -> None:
    assert "138 million" in presets.PRESETS["vgg16"].new
    assert "11,689,512" in presets.PRESETS["resnet18"].new
    assert "6,624,904" in presets.PRESETS["googlenet"].new


@pytest.mark.parametrize("name", ["resnet18", "cifar-resnet20", "googlenet", "se-resnet18", "lenet5", "nin-cifar10"])
def test_a_preset_adapts_to_grey_images_and_other_classes(name: str) -> None:
    graph = presets.build(name, classes=7, input=(1, 40, 40))
    network = compile_graph(graph).eval()
    assert network(torch.zeros(2, 1, 40, 40)).shape == (2, 7)
