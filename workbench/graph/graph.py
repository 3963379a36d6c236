"""The graph: an ordered stack of nodes with their inputs, and the named outputs that are trained."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from workbench.graph.arguments import Arguments
from workbench.graph.names import blocks_above

Shape = tuple[int, ...]
"""The shape of one example, without the batch: ``(C, H, W)`` for maps, ``(F,)`` for features."""

MAX_NODES = 20_000
MAX_NAME = 200
MAX_DEPTH = 16

_SEGMENT = re.compile(r"[A-Za-z_][A-Za-z0-9_]*|[0-9]{1,6}", re.ASCII)

# Attributes that torch.nn.Module and torch.fx.GraphModule own: a child of that name would break them.
# A test holds this list against the classes.
RESERVED_NAMES = frozenset(
    "T_destination add_module add_submodule apply bfloat16 buffers call_super_init children code compile cpu "
    "cuda delete_all_unused_submodules delete_submodule double dump_patches eval extra_repr float forward "
    "get_buffer get_extra_state get_parameter get_submodule graph half ipu load_state_dict meta modules mtia "
    "named_buffers named_children named_modules named_parameters parameters print_readable recompile "
    "register_backward_hook register_buffer register_forward_hook register_forward_pre_hook "
    "register_full_backward_hook register_full_backward_pre_hook register_load_state_dict_post_hook "
    "register_load_state_dict_pre_hook register_module register_parameter register_state_dict_post_hook "
    "register_state_dict_pre_hook requires_grad_ set_extra_state set_submodule share_memory state_dict to "
    "to_empty to_folder train training type xpu zero_grad shape_env "
    "self torch".split()
)


class GraphError(ValueError):
    """A stack of nodes that is no graph: a doubled name, an input that is missing or stands below."""

    def __init__(self, message: str, node: str | None = None) -> None:
        super().__init__(message)
        self.node = node


@dataclass(frozen=True, slots=True)
class Node:
    """One layer of the stack.

    ``name`` is a PyTorch module path (``layer1.0.conv1``), ``kind`` PyTorch's class name (``Conv2d``),
    ``arguments`` bear PyTorch's own names. No ``inputs`` means 'the node above'. A node that ``shares``
    another's module runs that module again, with the same weights, and has no arguments of its own.
    """

    name: str
    kind: str
    arguments: Arguments = field(default_factory=Arguments)
    inputs: tuple[str, ...] = ()
    shares: str | None = None

    @property
    def block(self) -> str:
        """The path of the innermost block that holds this node; '' at the top."""
        return self.name.rpartition(".")[0]


@dataclass(frozen=True, slots=True)
class Block:
    """Nodes under one path, and the template and arguments that made them ('' when made by hand)."""

    name: str
    template: str = ""
    arguments: Arguments = field(default_factory=Arguments)


@dataclass(frozen=True, slots=True)
class Input:
    """A named input of the network with the shape of one example, ``(C, H, W)``."""

    name: str
    shape: Shape


@dataclass(frozen=True, slots=True)
class Output:
    """A node whose value is an output, the weight of its loss, and whether only training sees it."""

    name: str
    node: str
    weight: float = 1.0
    training_only: bool = False


@dataclass(frozen=True)
class Graph:
    """A network as a value.

    A node's inputs always stand above it, so the order of the stack is an order of execution and a cycle
    cannot be written. With no ``outputs`` the last node is the output. Raises `GraphError` where the nodes
    do not form a graph; shapes that do not fit are no error here (`workbench.compiler.analyse` finds them).
    """

    inputs: tuple[Input, ...]
    nodes: tuple[Node, ...] = ()
    outputs: tuple[Output, ...] = ()
    blocks: tuple[Block, ...] = ()
    name: str = ""

    def __post_init__(self) -> None:
        _check_structure(self)

    @property
    def shape(self) -> Shape:
        """The shape of the first input, ``(C, H, W)``."""
        return self.inputs[0].shape

    @cached_property
    def position(self) -> dict[str, int]:
        """Where each node stands in the stack, by name."""
        return {node.name: index for index, node in enumerate(self.nodes)}

    @cached_property
    def by_name(self) -> dict[str, Node]:
        return {node.name: node for node in self.nodes}

    def __contains__(self, name: object) -> bool:
        return name in self.position

    def node(self, name: str) -> Node:
        """The node of that name; raises `GraphError` where there is none."""
        try:
            return self.by_name[name]
        except KeyError:
            raise GraphError(f"there is no node '{name}'", name) from None

    def sources(self, node: Node) -> tuple[str, ...]:
        """The names of the nodes or inputs that feed a node, 'the node above' resolved."""
        if node.inputs:
            return node.inputs
        index = self.position[node.name]
        return (self.nodes[index - 1].name if index else self.inputs[0].name,)

    @cached_property
    def consumers(self) -> dict[str, tuple[str, ...]]:
        """For each node or input that feeds others, the names of those others in order."""
        found: dict[str, list[str]] = {}
        for node in self.nodes:
            for source in dict.fromkeys(self.sources(node)):
                found.setdefault(source, []).append(node.name)
        return {name: tuple(names) for name, names in found.items()}

    @property
    def results(self) -> tuple[Output, ...]:
        """The outputs, with the last node standing in where none is named."""
        if self.outputs or not self.nodes:
            return self.outputs
        return (Output("output", self.nodes[-1].name),)

    def members(self, block: str) -> tuple[Node, ...]:
        """The nodes under a block's path, in order."""
        return tuple(node for node in self.nodes if node.name.startswith(block + "."))

    def block_of(self, name: str) -> Block | None:
        """What is recorded of the block with that path."""
        return self._blocks_by_name.get(name)

    @cached_property
    def _blocks_by_name(self) -> dict[str, Block]:
        return {block.name: block for block in self.blocks}


def check_name(name: str, what: str = "node") -> None:
    """Raise `GraphError` unless the name is a module path of identifiers and numbers."""
    segments = name.split(".") if isinstance(name, str) else []
    if not segments or len(name) > MAX_NAME or len(segments) > MAX_DEPTH:
        shown = repr(name)[:60]
        raise GraphError(
            f"{shown} is no {what} name: use up to {MAX_DEPTH} words joined by dots, {MAX_NAME} letters in all"
        )
    for segment in segments:
        fault = _fault(segment)
        if fault:
            whole = f"the {what} name {name[:60]!r}"
            where = whole if segment == name else f"'{segment[:60]}' in {whole}"
            raise GraphError(f"{where} {fault}", name)


@lru_cache(maxsize=4096)
def _fault(segment: str) -> str:
    """Why this cannot be a word of a name; '' where it can."""
    if keyword.iskeyword(segment):
        return "is a word of Python; choose another"
    if not _SEGMENT.fullmatch(segment):
        return "is no word of the letters a to z, digits and _, as PyTorch's names of layers are"
    if segment in RESERVED_NAMES or (segment.startswith("_") and segment != "_"):
        return "is taken by PyTorch; choose another"
    return ""


def _check_structure(graph: Graph) -> None:
    if not graph.inputs:
        raise GraphError("a graph needs an input; give its shape as [channels, height, width]")
    if len(graph.nodes) > MAX_NODES:
        raise GraphError(f"{len(graph.nodes)} nodes are more than the {MAX_NODES} a graph may have")
    known: set[str] = set()
    for entry in graph.inputs:
        check_name(entry.name, "input")
        if not entry.name.isidentifier():
            raise GraphError(f"'{entry.name}' is no input name: begin with a letter, and use no dots")
        _add_once(entry.name, known)
        if not entry.shape or any(isinstance(n, bool) or not isinstance(n, int) or n < 1 for n in entry.shape):
            raise GraphError(f"input '{entry.name}': its shape must be whole numbers of at least 1, not {entry.shape}")
    later = {node.name for node in graph.nodes}
    kinds: dict[str, Node] = {}
    for node in graph.nodes:
        check_name(node.name)
        for source in node.inputs:
            if source in known:
                continue
            if source == node.name:
                raise GraphError(f"'{node.name}' takes itself as input: that is a cycle", node.name)
            if source in later:
                raise GraphError(
                    f"'{node.name}' takes '{source}' as input, which stands below it: that would be a cycle",
                    node.name,
                )
            raise GraphError(f"'{node.name}' takes '{source[:60]}' as input, which does not exist", node.name)
        if node.shares is not None:
            _check_sharing(node, kinds)
        _add_once(node.name, known)
        kinds[node.name] = node
    _check_paths(later, known)
    _check_outputs(graph.outputs, later)
    _check_blocks(graph.blocks, graph.nodes)


def _check_sharing(node: Node, above: dict[str, Node]) -> None:
    owner = above.get(node.shares or "")
    if owner is None:
        raise GraphError(f"'{node.name}' shares the weights of '{node.shares}', which is not above it", node.name)
    if owner.shares is not None:
        raise GraphError(
            f"'{node.name}' shares '{owner.name}', which itself shares '{owner.shares}'; name that one",
            node.name,
        )
    if owner.kind != node.kind or node.arguments:
        raise GraphError(
            f"'{node.name}' shares '{owner.name}': it must be a {owner.kind} without arguments of its own",
            node.name,
        )


def _check_paths(nodes: Iterable[str], known: set[str]) -> None:
    for name in nodes:
        for parent in reversed(blocks_above(name)):
            if parent in known:
                raise GraphError(f"'{parent}' is a node or input, so it cannot also hold '{name}'", name)


def _check_outputs(outputs: tuple[Output, ...], nodes: set[str]) -> None:
    names: set[str] = set()
    for output in outputs:
        check_name(output.name, "output")
        _add_once(output.name, names, "outputs")
        if output.node not in nodes:
            raise GraphError(f"output '{output.name}' names the node '{output.node[:60]}', which does not exist")
        if not 0 <= output.weight < float("inf"):
            raise GraphError(f"output '{output.name}': its loss weight must be at least 0, not {output.weight}")
    if outputs and all(output.training_only for output in outputs):
        raise GraphError("one output at least must also exist outside training")


def _check_blocks(blocks: tuple[Block, ...], nodes: tuple[Node, ...]) -> None:
    paths = {path for node in nodes for path in blocks_above(node.name)}
    names: set[str] = set()
    for block in blocks:
        _add_once(block.name, names, "blocks")
        if block.name not in paths:
            raise GraphError(f"block '{block.name[:60]}' holds no node")


def _add_once(name: str, names: set[str], what: str = "nodes or inputs") -> None:
    if name in names:
        raise GraphError(f"two {what} are called '{name}'; names must differ", name)
    names.add(name)
