"""Squeeze-and-excitation networks, in the authors' form as timm keeps it."""

from __future__ import annotations

from functools import partial
from typing import Any

from workbench.graph import Builder, Graph, Shape
from workbench.layers import add_block
from workbench.presets.preset import Paper, Preset
from workbench.presets.resnet import STAGES
from workbench.project import Recipe

PAPER = Paper("Hu, Shen, Albanie, Sun and Wu", 2017, "Squeeze-and-Excitation Networks", "arXiv:1709.01507")

_PARAMETERS = {18: "11,778,592", 34: "21,958,868", 50: "28,088,024", 101: "49,326,872", 152: "66,821,848"}
_ERRORS = {50: "23.29 % top-1, 6.62 % top-5", 101: "22.38 % top-1, 6.07 % top-5", 152: "21.57 % top-1, 5.73 % top-5"}


def se_resnet(shape: Shape, classes: int, *, depth: int) -> Graph:
    def block(stage: int) -> tuple[str, dict[str, Any]]:
        if depth < 50:
            return "SEBasicBlock", {"channels": 64 << stage, "relu_before_gate": True}
        return "SEBottleneck", {"width": 64 << stage, "channels": 256 << stage, "stride_in": "1x1"}

    b = _stem(shape)
    _stages(b, STAGES[depth], block, depth >= 50)
    return _headed(b, classes, f"SE-ResNet-{depth}")


def se_resnext(shape: Shape, classes: int, *, depth: int) -> Graph:
    def block(stage: int) -> tuple[str, dict[str, Any]]:
        return "SEBottleneck", {"width": 128 << stage, "channels": 256 << stage, "groups": 32}

    b = _stem(shape)
    _stages(b, STAGES[depth], block, True)
    return _headed(b, classes, f"SE-ResNeXt-{depth} (32×4d)")


def senet154(shape: Shape, classes: int) -> Graph:
    def block(stage: int) -> tuple[str, dict[str, Any]]:
        arguments = {"width": 256 << stage, "first_width": 128 << stage, "channels": 256 << stage, "groups": 64}
        return "SEBottleneck", arguments | ({"projection_kernel": 3} if stage else {})

    b = Builder(shape)
    for number, (channels, stride) in enumerate(((64, 2), (64, 1), (128, 1)), 1):
        b.add(f"layer0.conv{number}", "Conv2d", out_channels=channels, kernel_size=3, stride=stride, padding=1,
              bias=False)  # fmt: skip
        b.add(f"layer0.bn{number}", "BatchNorm2d")
        b.add(f"layer0.relu{number}", "ReLU")
    b.add("pool0", "MaxPool2d", kernel_size=3, stride=2, ceil_mode=True)
    _stages(b, STAGES[152], block, True)
    return _headed(b, classes, "SENet-154", dropout=0.2)


def _stem(shape: Shape) -> Builder:
    b = Builder(shape)
    b.add("layer0.conv1", "Conv2d", out_channels=64, kernel_size=7, stride=2, padding=3, bias=False)
    b.add("layer0.bn1", "BatchNorm2d")
    b.add("layer0.relu1", "ReLU")
    b.add("pool0", "MaxPool2d", kernel_size=3, stride=2, ceil_mode=True)
    return b


def _stages(b: Builder, blocks: tuple[int, ...], block: Any, widens_at_once: bool) -> None:
    for stage, count in enumerate(blocks):
        for index in range(count):
            kind, arguments = block(stage)
            first = index == 0 and (stage > 0 or widens_at_once)
            if not first:
                arguments = {name: value for name, value in arguments.items() if name != "projection_kernel"}
            shortcut = {"shortcut": "projection"} if first else {}
            stride = 2 if index == 0 and stage > 0 else 1
            add_block(b, f"layer{stage + 1}.{index}", kind, stride=stride, **shortcut, **arguments)


def _headed(b: Builder, classes: int, name: str, dropout: float = 0.0) -> Graph:
    b.add("global_pool", "AdaptiveAvgPool2d", output_size=1)
    b.add("flatten", "Flatten")
    if dropout:
        b.add("dropout", "Dropout", p=dropout)
    b.add("last_linear", "Linear", out_features=classes)
    return b.build(name)


_NEW = (
    "Lets the network weigh its own maps: the mean of each map (squeeze) passes a bottleneck 16 times narrower and "
    "comes back as a gate between 0 and 1 for each map (excite). It can be put into any network, adds about a tenth "
    "to ResNet-50's parameters and almost nothing to its arithmetic, and won the last ImageNet challenge, in 2017, "
    "with 2.25 % top-5 error (an ensemble)."
)
_RECIPE = Recipe(epochs=100, batch_size=1024, learning_rate=0.6, weight_decay=1e-4, schedule="step", step_epochs=30,
                 init="he", flip=True)  # fmt: skip
_NOTE = "Crops of random size and aspect, 224 wide; the paper states no weight decay (ResNet's stands here)."
_STARTER = Recipe(learning_rate=0.05, init="he")


def _se_resnet(depth: int) -> Preset:
    in_paper = depth >= 50
    return Preset(
        f"se-resnet{depth}", f"SE-ResNet-{depth}", PAPER, (3, 224, 224), 1000, partial(se_resnet, depth=depth),
        f"timm's legacy form{', equal to the authors’ files' if in_paper else ', with a ReLU before the gate'}: "
        f"{_PARAMETERS[depth]} parameters.",
        _NEW, f"Table 1: ResNet's blocks {STAGES[depth]}, each gated.",
        f"ImageNet validation, one crop: {_ERRORS[depth]} error." if in_paper else "Not in the paper.",
        _RECIPE, _NOTE, starter=_STARTER, reference=f"timm.legacy_seresnet{depth}",
    )  # fmt: skip


def _se_resnext(depth: int, parameters: str, error: str) -> Preset:
    return Preset(
        f"se-resnext{depth}", f"SE-ResNeXt-{depth} (32×4d)", PAPER, (3, 224, 224), 1000,
        partial(se_resnext, depth=depth),
        f"timm's legacy form, equal to the authors' files: 32 groups of 4: {parameters} parameters.",
        _NEW, f"Table 1: ResNeXt's blocks {STAGES[depth]}, each gated.",
        f"ImageNet validation, one crop: {error} error.", _RECIPE, _NOTE, starter=_STARTER,
        reference=f"timm.legacy_seresnext{depth}_32x4d",
    )  # fmt: skip


PRESETS = (
    *map(_se_resnet, STAGES),
    _se_resnext(50, "27,559,896", "21.10 % top-1, 5.49 % top-5"),
    _se_resnext(101, "48,955,416", "20.70 % top-1, 5.01 % top-5"),
    Preset(
        "senet154", "SENet-154", PAPER, (3, 224, 224), 1000, senet154,
        "timm's legacy form, equal to the authors' files: 64 groups, halved first 1×1, three 3×3 in the stem, 3×3 "
        "projections: 115,088,984 parameters.",
        _NEW, "Appendix: 3 + 50·3 + 1 layers, blocks (3, 8, 36, 3).",
        "ImageNet validation, one crop of 224: 18.68 % top-1, 4.47 % top-5 error.",
        _RECIPE.changed(label_smoothing=0.1), _NOTE + " Label smoothing; normalization frozen for the last epochs.",
        starter=_STARTER, reference="timm.legacy_senet154",
    ),
)  # fmt: skip
