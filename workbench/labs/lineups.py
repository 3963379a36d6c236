"""Who races against whom: each line-up tries one idea of the lecture with everything else the same."""

from __future__ import annotations

from workbench.graph import Builder, Graph
from workbench.labs.race import Variant
from workbench.presets import build
from workbench.project import DataChoice, Project, Recipe

FEW = DataChoice(subset=100, label_noise=0.1)
_BY_HEART = Recipe(epochs=60, batch_size=20, optimizer="adam", learning_rate=0.002)


def overfitting(data: DataChoice = FEW, epochs: int = 60) -> list[Variant]:
    """LeNet-5 and few images, a tenth of them with a wrong label, under each kind of regularization."""
    lenet, recipe = build("lenet5"), _BY_HEART.changed(epochs=epochs)
    without = Project(lenet, data, recipe)

    def changed(name: str, change: str, **what: object) -> Variant:
        return Variant(name, change, Project(lenet, data, recipe.changed(**what)))

    return [
        Variant("none", "nothing against overfitting", without),
        changed("L1", "J = loss + 0.001·Σ|w|", l1=0.001),
        changed("L2", "J = loss + 0.01·Σw²", l2=0.01),
        Variant("dropout", "half of both dense layers dropped", Project(_with_dropout(), data, recipe)),
        changed("augmentation", "each image shifted and turned anew", crop_padding=3, rotation=10.0),
        changed("input noise", "noise of deviation 0.5 on the images", input_noise=0.5),
        changed("early stopping", "stopped 8 epochs after its best", early_stopping=8),
        changed("outliers discarded", "the worst 10 % of each batch left out", discard_outliers=0.1),
        Variant("smaller network", "an eighth of the maps and units", Project(_slim(0.125), data, recipe)),
    ]


def normalization(rate: float = 0.05, epochs: int = 10) -> list[Variant]:
    """LeNet-5 on images as they were scanned, on normalized ones, and with batch normalization in between."""
    data = DataChoice(subset=600)
    recipe = Recipe(epochs=epochs, learning_rate=rate, momentum=0.0)
    lenet, normed = build("lenet5"), _with_batch_norm()
    return [
        Variant("raw images", "values from 0 to 255", Project(lenet, data, recipe), raw=True),
        Variant("normalized images", "mean 0, deviation 1", Project(lenet, data, recipe)),
        Variant("raw, batch norm", "batch normalization after each layer", Project(normed, data, recipe), raw=True),
        Variant("normalized, batch norm", "both", Project(normed, data, recipe)),
    ]


def depth(epochs: int = 8, side: int = 16) -> list[Variant]:
    """The networks of He et al. 2015, figure 6, on digits of ``side``² pixels: plain ones get worse with depth."""
    data, recipe = DataChoice(subset=700), Recipe(epochs=epochs, batch_size=32, learning_rate=0.02, init="he")
    names = ("cifar-plain20", "cifar-plain56", "cifar-resnet20", "cifar-resnet56")
    told = (
        "20 layers, no shortcuts",
        "56 layers, no shortcuts",
        "20 layers with shortcuts",
        "56 layers with shortcuts",
    )
    return [
        Variant(name.removeprefix("cifar-"), change, Project(build(name, 10, (1, side, side)), data, recipe))
        for name, change in zip(names, told, strict=True)
    ]


def capacity(epochs: int = 25) -> list[Variant]:
    """LeNet-5 with more and more maps, on few images: from under- to overfitting."""
    recipe = _BY_HEART.changed(epochs=epochs)
    shares = (0.02, 0.1, 0.25, 0.5, 1.0, 2.0)
    return [
        Variant(
            f"×{share:g}",
            "LeNet-5 as it is" if share == 1 else f"{share:g} times LeNet-5's width",
            Project(_slim(share), FEW, recipe),
        )
        for share in shares
    ]


def depths(epochs: int = 25) -> list[Variant]:
    """No convolution, one, two and more below each other, on few images."""
    recipe = _BY_HEART.changed(epochs=epochs, init="he")
    return [
        Variant(f"{count} convolution{'' if count == 1 else 's'}", "and a dense layer",
                Project(_stack(count), FEW, recipe))
        for count in (0, 1, 2, 4, 8, 16)
    ]  # fmt: skip


def batch_sizes(epochs: int = 20) -> list[Variant]:
    """The same network with batches of 4 to 256 images: the smaller, the noisier each step."""
    data = DataChoice(subset=512)
    sizes = (4, 16, 64, 256)
    return [
        Variant(
            f"{size} images", f"{512 // size} steps an epoch",
            Project(build("lenet5"), data, Recipe(epochs=epochs, batch_size=size, learning_rate=0.02)),
        )
        for size in sizes
    ]  # fmt: skip


def _slim(share: float) -> Graph:
    """LeNet-5 with this share of its maps and units, at least one of each."""
    maps, more, units, fewer = (max(1, round(share * count)) for count in (6, 16, 120, 84))
    return _lenet(maps, more, units, fewer)


def _stack(count: int, maps: int = 12) -> Graph:
    """So many convolutions of 3×3 with as many maps each, halved after the first and the second, and a dense layer."""
    builder = Builder((1, 28, 28))
    for number in range(1, count + 1):
        builder.add(f"conv{number}", "Conv2d", out_channels=maps, kernel_size=3, padding=1)
        builder.add(f"relu{number}", "ReLU")
        if number <= 2:
            builder.add(f"pool{number}", "MaxPool2d", kernel_size=2)
    builder.add("flatten", "Flatten")
    builder.add("fc", "Linear", out_features=10)
    return builder.build(f"{count} convolutions")


def _with_dropout() -> Graph:
    return _lenet(dropout=0.5)


def _with_batch_norm() -> Graph:
    return _lenet(norm=True)


def _lenet(
    maps: int = 6, more: int = 16, units: int = 120, fewer: int = 84, dropout: float = 0.0, norm: bool = False
) -> Graph:
    builder = Builder((1, 28, 28))
    for number, count in enumerate((maps, more), 1):
        builder.add(f"conv{number}", "Conv2d", out_channels=count, kernel_size=5, padding=2 if number == 1 else 0)
        if norm:
            builder.add(f"bn{number}", "BatchNorm2d")
        builder.add(f"relu{number}", "ReLU")
        builder.add(f"pool{number}", "MaxPool2d", kernel_size=2)
    builder.add("flatten", "Flatten")
    for number, count in enumerate((units, fewer), 1):
        builder.add(f"fc{number}", "Linear", out_features=count)
        if norm:
            builder.add(f"bn{number + 2}", "BatchNorm1d")
        builder.add(f"relu{number + 2}", "ReLU")
        if dropout:
            builder.add(f"drop{number}", "Dropout", p=dropout)
    builder.add("fc3", "Linear", out_features=10)
    return builder.build("LeNet-5")
