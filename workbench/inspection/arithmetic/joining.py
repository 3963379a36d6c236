"""Layers that join branches, and layers that scale: what each branch or factor gave."""

from __future__ import annotations

import math
from typing import Any

from workbench.inspection.arithmetic.layers import Placed, number
from workbench.inspection.arithmetic.values import Made, Operand, Place
from workbench.inspection.arithmetic.words import figure, inner, signed_sum

Inputs = tuple[Any, ...]


def add(layer: Placed, inputs: Inputs, place: Place) -> Made:
    given = _operands(layer, inputs, place)
    total = sum(operand.value for operand in given)
    sentence = signed_sum([(operand.value, operand.role) for operand in given], total)
    return Made(total, "the sum of all branches", sentence, given)


def mean(layer: Placed, inputs: Inputs, place: Place) -> Made:
    given = _operands(layer, inputs, place)
    total = sum(operand.value for operand in given) / len(given)
    sentence = f"({_joined(given, ' + ')}) / {len(given)} = {figure(total)}"
    return Made(total, "the mean of all branches", sentence, given)


def multiply(layer: Placed, inputs: Inputs, place: Place) -> Made:
    given = _operands(layer, inputs, place)
    total = math.prod(operand.value for operand in given)
    return Made(total, "the product of all branches", f"{_joined(given, ' · ')} = {figure(total)}", given)


def concatenate(layer: Placed, inputs: Inputs, place: Place) -> Made:
    axis = layer.values["dim"] - 1
    at = place.index[axis]
    for number_of, (source, value) in enumerate(zip(layer.sources, inputs, strict=True)):
        if at < value.shape[axis]:
            index = (*place.index[:axis], at, *place.index[axis + 1 :])
            x = number(value[index])
            note = f"It is the value of branch {number_of + 1} of {len(inputs)}, {source}."
            operands = (Operand(f"branch {number_of + 1}", Place(source, index), x),)
            return Made(x, "one branch behind the other", f"from {source} = {figure(x)}", operands, note=note)
        at -= value.shape[axis]
    raise IndexError(place)


def layer_scale(layer: Placed, inputs: Inputs, place: Place) -> Made:
    factor = number(layer.module.gamma.flatten()[place.index[0]])
    x = number(inputs[0][place.index])
    told = (("factor", factor),)
    sentence = f"{inner(factor)} · {inner(x)} = {figure(factor * x)}"
    return Made(factor * x, "factor · x", sentence, (Operand("x", Place(layer.sources[0], place.index), x),),
                numbers=told)  # fmt: skip


def input_affine(layer: Placed, inputs: Inputs, place: Place) -> Made:
    channel, module = place.index[0], layer.module
    scale, shift = number(module.scale[channel, 0, 0]), number(module.shift[channel, 0, 0])
    x = number(inputs[0][place.index])
    total = scale * x + shift
    sentence = f"{inner(scale)} · {inner(x)} + {inner(shift)} = {figure(total)}"
    operands = (Operand("x", Place(layer.sources[0], place.index), x),)
    return Made(total, "scale · x + shift", sentence, operands, numbers=(("scale", scale), ("shift", shift)))


def _operands(layer: Placed, inputs: Inputs, place: Place) -> tuple[Operand, ...]:
    """What each branch gave there; sizes of 1 are stretched."""
    given = []
    for source, value in zip(layer.sources, inputs, strict=True):
        index = tuple(0 if size == 1 else at for at, size in zip(place.index, value.shape, strict=True))
        given.append(Operand(source, Place(source, index), number(value[index])))
    return tuple(given)


def _joined(given: tuple[Operand, ...], sign: str) -> str:
    return sign.join(f"{inner(operand.value)} ({operand.role})" for operand in given)
