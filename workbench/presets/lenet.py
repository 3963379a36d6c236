"""LeNet-5, as published in 1998 and as it is built today."""

from __future__ import annotations

from workbench.graph import Builder, Graph, GraphError, Shape
from workbench.presets.preset import Paper, Preset
from workbench.project import Recipe

PAPER = Paper(
    "LeCun, Bottou, Bengio and Haffner", 1998, "Gradient-Based Learning Applied to Document Recognition",
    "Proceedings of the IEEE 86(11)",
)  # fmt: skip

# Table I of the paper: which maps of S2 each map of C3 sees.
C3_CONNECTIONS = (
    "0 1 2; 1 2 3; 2 3 4; 3 4 5; 0 4 5; 0 1 5; 0 1 2 3; 1 2 3 4; 2 3 4 5; 0 3 4 5; 0 1 4 5; 0 1 2 5; "
    "0 1 3 4; 1 2 4 5; 0 2 3 5; 0 1 2 3 4 5"
)


def lenet5(shape: Shape, classes: int) -> Graph:
    b = Builder(shape)
    # The paper's images are 32×32 with the digit in the middle; a 28×28 scan gets the border as padding.
    b.add("conv1", "Conv2d", out_channels=6, kernel_size=5, padding=0 if min(shape[1:]) >= 32 else 2)
    b.add("relu1", "ReLU")
    b.add("pool1", "MaxPool2d", kernel_size=2)
    b.add("conv2", "Conv2d", out_channels=16, kernel_size=5)
    b.add("relu2", "ReLU")
    b.add("pool2", "MaxPool2d", kernel_size=2)
    b.add("flatten", "Flatten")
    b.add("fc1", "Linear", out_features=120)
    b.add("relu3", "ReLU")
    b.add("fc2", "Linear", out_features=84)
    b.add("relu4", "ReLU")
    b.add("fc3", "Linear", out_features=classes)
    return b.build("LeNet-5")


def lenet5_paper(shape: Shape, classes: int) -> Graph:
    if classes != 10:
        raise GraphError("lenet5-paper's output is ten fixed bitmaps of digits; use lenet5 for other classes")
    b = Builder(shape)
    b.add("c1", "Conv2d", out_channels=6, kernel_size=5)
    b.add("squash1", "ScaledTanh")
    b.add("s2", "TrainableSubsampling", kernel_size=2)
    b.add("squash2", "ScaledTanh")
    b.add("c3", "SparseConv2d", kernel_size=5, connections=C3_CONNECTIONS)
    b.add("squash3", "ScaledTanh")
    b.add("s4", "TrainableSubsampling", kernel_size=2)
    b.add("squash4", "ScaledTanh")
    b.add("c5", "Conv2d", out_channels=120, kernel_size=5)
    b.add("squash5", "ScaledTanh")
    b.add("flatten", "Flatten")
    b.add("f6", "Linear", out_features=84)
    b.add("squash6", "ScaledTanh")
    b.add("output", "PrototypeDistance")
    return b.build("LeNet-5 (1998)")


_NEW = (
    "Showed that one network, trained end to end by gradient descent, reads digits straight from pixels. Its three "
    "ideas are those of every network since: filters that look at a small patch, weights shared across the picture, "
    "and pooling that makes the place of a stroke matter less. It went into machines "
    "that read several million bank cheques a day."
)
_TABLE = "Fig. 2: C1 6@28×28, S2 6@14×14, C3 16@10×10, S4 16@5×5, C5 120, F6 84, output 10."
_RECIPE = Recipe(
    epochs=20, batch_size=1, learning_rate=5e-4, momentum=0, schedule="multistep", milestones=(3, 6, 9, 13),
    factor=0.4, init="lecun",
)  # fmt: skip
_NOTE = (
    "The paper trains 20 passes with a stochastic diagonal Levenberg-Marquardt method, one image at a time, global "
    "rates 5e-4 (2 passes), 2e-4 (3), 1e-4 (3), 5e-5 (4), then 1e-5, on the squared error of the codes."
)
_ACCURACY = "0.95 % error on MNIST (0.8 % with distortions)."

PRESETS = (
    Preset(
        "lenet5",
        "LeNet-5",
        PAPER,
        (1, 28, 28),
        10,
        lenet5,
        "The form of today: 28×28 input, ReLU, max pooling, dense C3, linear output: 61,706 parameters.",
        _NEW,
        _TABLE,
        _ACCURACY,
        _RECIPE,
        _NOTE,
        starter=Recipe(epochs=30, learning_rate=0.03, schedule="cosine", crop_padding=2),
    ),
    Preset(
        "lenet5-paper",
        "LeNet-5 (1998)",
        PAPER,
        (1, 32, 32),
        10,
        lenet5_paper,
        "As published: trainable sub-sampling, scaled tanh, the sparse C3 of Table I and fixed codes at the output: "
        "exactly 60,000 parameters. The paper prints the codes as a picture only; the ones here are drawn after it.",
        _NEW,
        _TABLE,
        _ACCURACY,
        _RECIPE,
        _NOTE,
        starter=Recipe(learning_rate=0.005, init="lecun"),
    ),
)  # fmt: skip
