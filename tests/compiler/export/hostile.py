"""Graphs and class names made to break out of exported source, and a reader that lets nothing unexpected pass."""

from __future__ import annotations

import ast
import random
from collections.abc import Iterator

from tests.compiler.export.comparing import Comparison
from workbench.compiler.export import Preprocessing, to_python
from workbench.graph import Block, Builder, Graph, GraphError, Output
from workbench.layers import CATALOGUE

LETTERS = (
    '"', "'", '"""', "'''", "\\", "\\\\", '\\"', "\n", "\r", "\t", "\x0b", "\x0c", "\0", "\x85", "\u2028", "\u202e",
    "\ufeff", "\ud800", "\U0001f600", "é", "#", "%s", "{", "}", "{}", '{"1"!r}', "$", ";", "\\N{DASH}", "\\x",
    "__import__('os').system('id')", '");import os#', "*/", "<script>", "NETWORK", "# type: ignore", "# noqa",
)  # fmt: skip

WORDS = (
    "self x x2 out torch nn F Tensor sys os main load prepare CLASSES MEAN STD FIT print super network images input "
    "__init__ int float_ len zip list max min round str next iter enumerate isinstance dict open exec eval getattr "
    "Conv2d Add Network Network2 Sequential Module Linear ReLU match type_ case _ async_ None_ True False class "
    "in_channels out_channels kernel_size weight bias 0 1 00 7 a b A path annotations features names device dtype "
    "block0 layer0 out2 load_file F2 NETWORK ConvBlock BasicBlock"
).split()

KINDS = ("ReLU", "BatchNorm2d", "Conv2d", "Add", "ScaledTanh", "Identity", "LeakyReLU", "Dropout", "shares")


def export_hostile(count: int, seed: int, comparison: Comparison, each: int = 1) -> int:
    """S3: export so many networks, read each source against the allow-list, and have every ``each``-th compared.

    Gives how many names there were: of networks, layers, inputs, outputs, blocks and classes.
    """
    names = 0
    for index, (graph, preprocessing) in enumerate(hostile(count, seed)):
        source = to_python(graph, preprocessing)
        check(source, preprocessing)
        if index % each == 0:
            comparison.add(f"hostile{index}", graph, source)
        paths = {part for node in graph.nodes for part in node.name.split(".")}
        names += 1 + len(paths) + len(graph.inputs) + len(graph.outputs) + len(graph.blocks)
        names += len(preprocessing.classes)
    return names


def hostile(count: int, seed: int) -> Iterator[tuple[Graph, Preprocessing]]:
    """``count`` small networks that run, with as much against them as a graph lets through."""
    chance = random.Random(seed)
    while count:
        try:
            graph = _graph(chance)
        except GraphError:
            continue
        classes = tuple(_text(chance) for _ in range(chance.randint(0, 4)))
        yield graph, Preprocessing(2, (4, 4), (0.0, 0.5), (1.0, 0.25), "pad", classes)
        count -= 1


def _text(chance: random.Random) -> str:
    return "".join(chance.choice(LETTERS if chance.random() < 0.7 else WORDS) for _ in range(chance.randint(0, 8)))


def _graph(chance: random.Random) -> Graph:
    builder = Builder((2, 4, 4), input=chance.choice(WORDS))
    convolutions: list[str] = []
    before = [builder.last]
    for _ in range(chance.randint(1, 7)):
        name = ".".join(chance.choice(WORDS) for _ in range(chance.randint(1, 4)))
        kind = chance.choice(KINDS)
        if kind == "Conv2d":
            builder.add(name, kind, chance.choice(before), out_channels=2, kernel_size=1)
            convolutions.append(name)
        elif kind == "shares":
            if not convolutions:
                continue
            builder.add(name, "Conv2d", shares=chance.choice(convolutions))
        elif kind == "Add":
            builder.add(name, kind, builder.last, chance.choice(before))
        elif kind == "LeakyReLU":
            builder.add(name, kind, negative_slope=chance.choice([-0.0, 0.01, 5e-324, 1]))
        else:
            builder.add(name, kind)
        before.append(name)
    paths = sorted({name.rpartition(".")[0] for name in before} - {""})
    if paths and chance.random() < 0.5:
        builder.blocks.append(Block(chance.choice(paths), _text(chance)))
    if chance.random() < 0.3 and len(before) > 2:
        builder.outputs = [
            Output(chance.choice(WORDS), before[-1]),
            Output(chance.choice(WORDS), chance.choice(before[1:-1]), training_only=chance.random() < 0.5),
        ]
    if not builder.nodes:
        raise GraphError("nothing to run")
    return builder.build(_text(chance))


SYNTAX = frozenset(
    "Add And AnnAssign Assign Attribute BinOp BitOr BoolOp Call ClassDef Compare Constant Dict DictComp Div Eq Expr "
    "FloorDiv For FormattedValue FunctionDef GeneratorExp If IfExp Import ImportFrom JoinedStr List ListComp Load Lt "
    "Module Mult Name NotEq Or Return SetComp Slice Starred Store Sub Subscript Tuple USub UnaryOp With alias arg "
    "arguments comprehension keyword withitem".split()
)
"""Statements and expressions that exports consist of."""

IMPORTS = frozenset(
    ("import sys", "import torch", "from torch import Tensor, nn", "from torch.nn import functional as F",
     "from safetensors.torch import load_file", "from torchvision.io import decode_image")
)  # fmt: skip

FUNCTIONS = frozenset(
    "super load prepare network load_file decode_image zip list max min round len str next iter isinstance "
    "print".split()
)

METHODS = frozenset(
    "__init__ add_module get_submodule load_state_dict eval items removeprefix startswith view sum to expand softmax "
    "topk tolist values interpolate pad tensor round inference_mode tanh".split()
)


def check(source: str, preprocessing: Preprocessing) -> None:
    """Raise AssertionError unless the source holds only what exports consist of, and the names of the classes."""
    tree = ast.parse(source)
    source.encode("ascii")
    classes = {node.name for node in tree.body if isinstance(node, ast.ClassDef)}
    for node in ast.walk(tree):
        assert type(node).__name__ in SYNTAX, ast.unparse(node)
        if isinstance(node, ast.Import | ast.ImportFrom):
            assert ast.unparse(node) in IMPORTS, ast.unparse(node)
        elif isinstance(node, ast.Call):
            assert _may_be_called(node.func, classes), ast.unparse(node)
        elif isinstance(node, ast.Attribute):
            assert not node.attr.startswith("__") or node.attr == "__init__", ast.unparse(node)
    constants = {
        node.targets[0].id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }
    assert sorted(constants) == ["CHANNELS", "CLASSES", "FIT", "INPUT_SIZE", "MEAN", "STD"]
    assert tuple(ast.literal_eval(constants["CLASSES"])) == preprocessing.classes
    assert [type(node).__name__ for node in tree.body[-3:]] == ["FunctionDef", "FunctionDef", "If"]


def _may_be_called(function: ast.expr, classes: set[str]) -> bool:
    if isinstance(function, ast.Name):
        return function.id in FUNCTIONS | classes
    if isinstance(function, ast.Attribute) and ast.unparse(function.value) == "nn":
        return function.attr in {"Sequential", "Module"} or function.attr in CATALOGUE
    return _starts_at_self(function) or (isinstance(function, ast.Attribute) and function.attr in METHODS)


def _starts_at_self(expression: ast.expr) -> bool:
    """Whether it is a module of the network's own: ``self.a.b`` or ``self.get_submodule("0").b``."""
    while isinstance(expression, ast.Attribute | ast.Call):
        expression = expression.value if isinstance(expression, ast.Attribute) else expression.func
    return isinstance(expression, ast.Name) and expression.id == "self"
