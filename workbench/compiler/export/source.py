"""A graph as standalone, readable Python: classes of plain ``torch`` modules, with the run's own weight names."""

from __future__ import annotations

import inspect
import keyword
from dataclasses import dataclass, field
from typing import Any

from workbench.compiler.analysis import analyse
from workbench.compiler.export.preprocessing import Preprocessing, neutral
from workbench.compiler.export.tree import Container, Leaf, statements, tree_of
from workbench.compiler.export.writing import (
    Call,
    Expression,
    assigned,
    camel,
    constants,
    literal,
    tail,
    title,
    wrapped,
)
from workbench.graph import Graph, GraphError, inference_graph
from workbench.layers import layer, modules


def to_python(graph: Graph, preprocessing: Preprocessing | None = None) -> str:
    """The network as Python source that needs only torch. Raises `GraphError` where the graph cannot run.

    Blocks of one structure become one class; what differs between them becomes its arguments. Names of classes of
    images appear as string literals only.
    """
    analysis = analyse(graph)
    if not analysis.runs:
        problem = next((p for p in analysis.problems if p.severity == "error"), None)
        raise GraphError(f"{problem.node}: {problem.message}" if problem else "the network has no layers")
    return _Writer(graph, tree_of(graph, analysis)).text(preprocessing or neutral(graph.shape))


@dataclass
class _Class:
    """One class of the file: the containers that share it, and the arguments in which they differ.

    ``parameter_of`` names the argument that stands for a value, by the value's place among the container's values.
    """

    name: str
    members: list[Container]
    parameter_of: dict[int, str] = field(default_factory=dict)

    def find_parameters(self) -> None:
        columns = list(zip(*(member.values for member in self.members), strict=True))
        names = [name for name, _ in _named_values(self.members[0])]
        by_column: dict[Any, str] = {}
        for place, column in enumerate(columns):
            if len(set(map(repr, column))) == 1:
                continue
            key = repr(column)
            if key not in by_column:
                plain, full = names[place]
                by_column[key] = plain if plain not in by_column.values() else full
            self.parameter_of[place] = by_column[key]

    @property
    def parameters(self) -> dict[str, int]:
        """Each argument with the first place it stands for."""
        found: dict[str, int] = {}
        for place, name in self.parameter_of.items():
            found.setdefault(name, place)
        return found


def _named_values(container: Container) -> list[tuple[tuple[str, str], Any]]:
    """Every value below with its argument's name, alone and with the path of its leaf before it."""
    rows: list[tuple[tuple[str, str], Any]] = []
    for child in container.children:
        if isinstance(child, Leaf):
            word = child.name if child.name.isidentifier() else f"layer{child.name}"
            rows += [((name, f"{word}_{name}"), value) for name, value in child.arguments]
        else:
            word = child.name if child.name.isidentifier() else f"block{child.name}"
            rows += [((plain, f"{word}_{full}"), value) for (plain, full), value in _named_values(child)]
    return rows


class _Writer:
    def __init__(self, graph: Graph, root: Container) -> None:
        self._graph = graph
        self._root = root
        self._classes: dict[str, _Class] = {}
        self._taken = {"nn", "F", "torch", "Tensor", "CLASSES", "MEAN", "STD", "INPUT_SIZE", "CHANNELS", "FIT"}
        self._own: dict[str, str] = {}
        self._collect_own(root)
        self._collect(root)
        for entry in self._classes.values():
            entry.find_parameters()

    def text(self, preprocessing: Preprocessing) -> str:
        bodies = [*self._own.values(), *(self._class(entry) for entry in self._classes.values())]
        bodies += tail(self._classes[self._root.signature].name)
        header = f'"""{title(self._graph.name)}, written by CNN Workbench."""\n\nimport sys\n\n'
        header += "import torch\nfrom torch import Tensor, nn\nfrom torch.nn import functional as F\n\n"
        return header + constants(preprocessing) + "\n\n\n" + "\n\n\n".join(bodies) + "\n"

    def _collect_own(self, container: Container) -> None:
        for child in container.children:
            if isinstance(child, Container):
                self._collect_own(child)
            elif child.makes and layer(child.node.kind).module_class:
                self._own[child.constructor] = inspect.getsource(getattr(modules, child.constructor)).rstrip()
                self._taken.add(child.constructor)

    def _collect(self, container: Container) -> None:
        """Find the classes, inner ones first, as Python needs them."""
        for child in container.children:
            if isinstance(child, Container):
                self._collect(child)
        if not container.unit or (container.sequential and container is not self._root):
            return
        if container.signature in self._classes:
            self._classes[container.signature].members.append(container)
            return
        wanted = camel(container.template or container.path.rpartition(".")[2] or self._graph.name)
        name, number = wanted, 2
        while name in self._taken or keyword.iskeyword(name):
            name, number = f"{wanted}{number}", number + 1
        self._taken.add(name)
        self._classes[container.signature] = _Class(name, [container])

    def _class(self, entry: _Class) -> str:
        container = entry.members[0]
        texts = [entry.parameter_of.get(place, literal(value)) for place, value in enumerate(container.values)]
        lines = [f"class {entry.name}(nn.Module):"]
        arguments = [
            f"{name}: {_annotation([member.values[place] for member in entry.members])}"
            for name, place in entry.parameters.items()
        ]
        lines += wrapped("    def __init__", ["self", *arguments], " -> None:")
        lines.append("        super().__init__()")
        lines += self._made_children(container, texts, "self")
        lines += ["", *self._forward(container)]
        return "\n".join(lines)

    def _made_children(self, container: Container, texts: list[str], owner: str) -> list[str]:
        lines, place = [], 0
        for child in container.children:
            here = texts[place : place + len(child.values)]
            place += len(child.values)
            if isinstance(child, Leaf) and not child.makes:
                continue
            bare = isinstance(child, Container) and not child.unit
            made: Expression = "nn.Module()" if bare else self._made(child, here)
            if child.name.isidentifier():
                lines += assigned(f"        {owner}.{child.name} = ", made)
            else:
                lines += assigned("        ", Call(f"{owner}.add_module", [literal(child.name), made]))
            if isinstance(child, Container) and not child.unit:
                lines += self._made_children(child, here, _reached(owner, child.name))
        return lines

    def _made(self, child: Leaf | Container, texts: list[str]) -> Expression:
        """The expression that makes a child whose values are these expressions."""
        if isinstance(child, Leaf):
            return Call(child.constructor, list(child.texts(texts)))
        if child.sequential:
            made, place = [], 0
            for grandchild in child.children:
                made.append(self._made(grandchild, texts[place : place + len(grandchild.values)]))
                place += len(grandchild.values)
            return Call("nn.Sequential", made)
        entry = self._classes[child.signature]
        return Call(entry.name, [f"{name}={texts[place]}" for name, place in entry.parameters.items()])

    def _forward(self, container: Container) -> list[str]:
        calls = statements(container)
        is_root = container is self._root
        needed = {node.name for node in inference_graph(self._graph).nodes}
        always = [call for call in calls if not is_root or any(name in needed for name in call.nodes)]
        in_training = [call for call in calls if call not in always]
        variables = _Variables(container, [*always, *in_training], self._results(container))
        arguments = [f"{variables.of(source)}: Tensor" for source in container.sources]
        several = is_root and len(self._graph.results) > 1
        returns = "Tensor | dict[str, Tensor]" if several else "Tensor"
        lines = wrapped("    def forward", ["self", *arguments], f" -> {returns}:")
        for call in always:
            lines += variables.statement(call, "        ")
        outputs = [output for output in self._graph.results if not output.training_only]
        if is_root and len(outputs) < len(self._graph.results):
            lines.append("        if self.training:")
            for call in in_training:
                lines += variables.statement(call, "            ")
            lines += _returned("            ", {o.name: variables.of(o.node) for o in self._graph.results})
        if not is_root:
            return [*lines, f"        return {variables.of(container.result)}"]
        if len(outputs) == 1:
            return [*lines, f"        return {variables.of(outputs[0].node)}"]
        return [*lines, *_returned("        ", {o.name: variables.of(o.node) for o in outputs})]

    def _results(self, container: Container) -> set[str]:
        return {o.node for o in self._graph.results} if container is self._root else {container.result}


class _Variables:
    """Which variable holds which value: a value that nobody needs any more gives its variable to the next."""

    def __init__(self, container: Container, calls: list[Leaf | Container], results: set[str]) -> None:
        self._container = container
        self._last_use = {source: place for place, call in enumerate(calls) for source in call.sources}
        self._last_use |= {result: len(calls) for result in results}
        self._place = {id(call): place for place, call in enumerate(calls)}
        self._held: dict[str, str] = {}
        for index, source in enumerate(container.sources):
            self._held[source] = "x" if index == 0 else f"x{index + 1}"

    def of(self, value: str) -> str:
        return self._held[value]

    def statement(self, call: Leaf | Container, indent: str) -> list[str]:
        taken = [self._held[source] for source in call.sources]
        variable = self._variable(call)
        self._held[call.result] = variable
        owner = call.owner if isinstance(call, Leaf) else call.path
        path = owner.removeprefix(f"{self._container.path}.") if self._container.path else owner
        return assigned(f"{indent}{variable} = ", Call(_reached("self", path), list(taken)))

    def _variable(self, call: Leaf | Container) -> str:
        place = self._place[id(call)]
        for source in call.sources:
            if self._last_use.get(source, -1) <= place:
                return self._held[source]
        busy = {name for value, name in self._held.items() if self._last_use.get(value, -1) > place}
        word = call.name if isinstance(call, Container) else "out"
        word = word if word.isidentifier() and not keyword.iskeyword(word) else f"block{word}"
        name, number = word, 2
        while name in busy or name == "self":
            name, number = f"{word}{number}", number + 1
        return name


def _reached(owner: str, path: str) -> str:
    """The expression for a module below: attributes where the names allow it."""
    for segment in path.split("."):
        owner = f"{owner}.{segment}" if segment.isidentifier() else f'{owner}.get_submodule("{segment}")'
    return owner


def _returned(indent: str, values: dict[str, str]) -> list[str]:
    rows = [f"{indent}    {literal(name)}: {variable}," for name, variable in values.items()]
    return [f"{indent}return {{", *rows, f"{indent}}}"]


def _annotation(values: list[Any]) -> str:
    """The type of an argument that takes these values."""
    names = dict.fromkeys("None" if value is None else type(value).__name__ for value in values)
    return " | ".join(names)
