"""Layers that reshape, cut, pad, and the dense layer."""

from __future__ import annotations

from workbench.graph import Field, Shape
from workbench.layers.layer import POINTWISE, WHOLE_MAP, Layer, Looks, Values, Window, pair, words
from workbench.layers.shape_problems import (
    axis_problem,
    crop_problem,
    does_not_divide,
    permute_problem,
    reflection_problem,
    sides,
    slice_problem,
    split_problem,
    squeeze_problem,
    unflatten_problem,
)
from workbench.layers.windows import enlarged

_DIM = Field("dim", "int", 1, "axis, counted without the batch from 1: channels, height, width", low=1, high=3)


def _padded(values: Values, shape: Shape) -> Window:
    left, _, top, _ = sides(values)
    return Window((1, 1, top, 1), (1, 1, left, 1))


_REACH = {"nearest": 1, "bilinear": 2, "bicubic": 4}


def _scaled(values: Values, shape: Shape) -> Looks:
    height, width = (enlarged(scale, _REACH[values["mode"]]) for scale in pair(values["scale_factor"]))
    return Window(height, width)


def _shuffled(values: Values, shape: Shape) -> Looks:
    return Window(*[enlarged(values["upscale_factor"], 1)] * 2)


def _subsampled(values: Values, shape: Shape) -> Window:
    stride = values["stride"]
    return Window((1, stride, 0, 1), (1, stride, 0, 1))


def _flipped(values: Values, shape: Shape) -> Looks:
    if values["dim"] == 1:
        return POINTWISE
    turned, kept = (1, -1, 1 - shape[values["dim"] - 1], 1), (1, 1, 0, 1)
    return Window(turned, kept) if values["dim"] == 2 else Window(kept, turned)


def _permuted(values: Values, shape: Shape) -> Looks:
    return POINTWISE if values["dims"] == tuple(range(1, len(shape) + 1)) else None


def _unknown(values: Values, shape: Shape) -> Looks:
    return None


def _whole(values: Values, shape: Shape) -> Looks:
    return WHOLE_MAP


LAYERS = (
    Layer(
        "Linear",
        "Shape",
        "Every output is a weighted sum of every input: a dense layer.",
        (
            Field("out_features", "int", help="values that come out", low=1, high=10_000_000),
            Field("bias", "bool", True, "one number added to each output"),
        ),
        infers={"in_features": lambda shape: shape[-1]},
        ranks=(1,),
        window=_whole,
        macs=lambda module, taken, given: module.weight.numel(),
        formula="y = W·x + b",
    ),
    Layer(
        "PrototypeDistance",
        "Shape",
        "LeNet-5's output: the squared distance to a fixed bitmap of each character, negated as a score.",
        (Field("prototypes", "choice", "lecun1998", "the bitmaps, 7×12 for each digit", choices=("lecun1998",)),),
        ranks=(1,),
        module_class="PrototypeDistance",
        window=_whole,
        problem=lambda values, shapes: (
            None if shapes[0] == (84,) else f"the bitmaps have 84 values, but {words(shapes[0])} come"
        ),
        formula="y[i] = −Σ_j (x[j] − p[i, j])²",
    ),
    Layer("Flatten", "Shape", "Maps become one long list of features.", window=_whole),
    Layer(
        "Unflatten",
        "Shape",
        "A list of features becomes maps.",
        (Field("shape", "ints", help="channels, height, width", low=1, high=100_000),),
        ranks=(1,),
        module_class="Reshape",
        problem=unflatten_problem,
        window=_whole,
    ),
    Layer(
        "Permute",
        "Shape",
        "Axes in another order.",
        (
            Field(
                "dims", "ints", help="axes counted from 1, without the batch: 2 3 1 puts channels last", low=1, high=8
            ),
        ),
        module_class="Permute",
        problem=permute_problem,
        window=_permuted,
    ),
    Layer("Identity", "Shape", "Gives what it takes."),
    Layer(
        "ZeroPad2d",
        "Shape",
        "Zeros around the map.",
        (Field("padding", "pads", help="one width for all sides, or left, right, top, bottom", low=0, high=4096),),
        ranks=(3,),
        window=_padded,
    ),
    Layer(
        "ReflectionPad2d",
        "Shape",
        "The map mirrored at its borders.",
        (Field("padding", "pads", help="one width for all sides, or left, right, top, bottom", low=0, high=4096),),
        ranks=(3,),
        problem=reflection_problem,
        window=_padded,
    ),
    Layer(
        "Upsample",
        "Shape",
        "A larger map: values repeated or interpolated.",
        (
            Field("scale_factor", "pair", 2, "how many times larger, in height and width", low=1, high=256),
            Field("mode", "choice", "nearest", "repeat or interpolate", choices=("nearest", "bilinear", "bicubic")),
        ),
        ranks=(3,),
        window=_scaled,
    ),
    Layer(
        "PixelShuffle",
        "Shape",
        "Channels become a larger map, r² channels to r×r values.",
        (Field("upscale_factor", "int", 2, "r", low=1, high=256),),
        ranks=(3,),
        problem=does_not_divide("upscale_factor²"),
        window=_shuffled,
    ),
    Layer(
        "ChannelShuffle",
        "Shape",
        "Channels of several groups are interleaved.",
        (Field("groups", "int", 2, "groups the channels come in", low=1, high=65_536),),
        ranks=(3,),
        problem=does_not_divide("groups"),
    ),
    Layer(
        "SliceChannels",
        "Shape",
        "Some of the channels.",
        (
            Field("start", "int", 0, "first channel, counted from 0", low=0, high=1_000_000),
            Field("stop", "int", None, "channel after the last; null: the end", low=1, high=1_000_000, optional=True),
        ),
        module_class="SliceChannels",
        problem=slice_problem,
        formula="y = x[start:stop]",
    ),
    Layer(
        "Split",
        "Shape",
        "The channels in several parts; Select takes one of them.",
        (Field("sizes", "ints", help="channels in each part", low=1, high=1_000_000),),
        module_class="Split",
        problem=split_problem,
    ),
    Layer(
        "Select",
        "Shape",
        "One output of a layer that has several.",
        (Field("index", "int", 0, "which, counted from 0", low=0, high=10_000),),
        module_class="Select",
        problem=lambda values, shapes: (
            "what comes is one tensor; Select is for layers such as Split"
            if not isinstance(shapes[0][0], tuple)
            else f"only {len(shapes[0])} tensors come, counted from 0"
            if values["index"] >= len(shapes[0])
            else None
        ),
    ),
    Layer(
        "Subsample",
        "Shape",
        "Every n-th row and column, and zero maps added at the end: ResNet's shortcut without parameters.",
        (
            Field("stride", "int", 2, "rows and columns to the next one kept", low=1, high=4096),
            Field("extra_channels", "int", 0, "maps of zeros added at the end", low=0, high=65_536),
        ),
        ranks=(3,),
        module_class="Subsample",
        window=_subsampled,
        formula="y = [x[:, ::stride, ::stride], 0]",
    ),
    Layer(
        "Crop",
        "Shape",
        "A rectangle of the map.",
        (
            Field("top", "int", 0, "first row", low=0, high=100_000),
            Field("left", "int", 0, "first column", low=0, high=100_000),
            Field("height", "int", help="rows", low=1, high=100_000),
            Field("width", "int", help="columns", low=1, high=100_000),
        ),
        ranks=(3,),
        module_class="Crop",
        window=lambda values, shape: Window((1, 1, -values["top"], 1), (1, 1, -values["left"], 1)),
        problem=crop_problem,
    ),
    Layer(
        "Flip", "Shape", "Mirrored along an axis.", (_DIM,), module_class="Flip", problem=axis_problem, window=_flipped
    ),
    Layer(
        "Unsqueeze",
        "Shape",
        "An axis of size 1 is put in.",
        (Field("dim", "int", 1, "where, counted from 1", low=1, high=8),),
        module_class="Unsqueeze",
        window=_unknown,
        problem=lambda values, shapes: (
            f"an axis can be put in at 1 to {len(shapes[0]) + 1}" if values["dim"] > len(shapes[0]) + 1 else None
        ),
    ),
    Layer(
        "Squeeze",
        "Shape",
        "An axis of size 1 is taken out.",
        (Field("dim", "int", 1, "which, counted from 1", low=1, high=8),),
        module_class="Squeeze",
        window=_unknown,
        problem=squeeze_problem,
    ),
)
