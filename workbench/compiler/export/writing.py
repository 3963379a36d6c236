"""Pieces of Python text in the form that formatters leave as it is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Union

from workbench.compiler.export.preprocessing import Preprocessing

WIDTH = 88


@dataclass
class Call:
    """A call that may need several lines."""

    function: str
    arguments: Sequence[Expression]

    def __str__(self) -> str:
        return f"{self.function}({', '.join(map(str, self.arguments))})"


Expression = Union[str, Call]  # noqa: UP007 - a forward reference inside


def assigned(before: str, value: Expression, after: str = "") -> list[str]:
    """A statement on one line, or with each argument on a line of its own where it would be too long."""
    line = f"{before}{value}{after}"
    if len(line) <= WIDTH or isinstance(value, str) or not value.arguments:
        return [line]
    indent = " " * (len(before) - len(before.lstrip()))
    lines = [f"{before}{value.function}("]
    for argument in value.arguments:
        lines += assigned(f"{indent}    ", argument, ",")
    return [*lines, f"{indent}){after}"]


def wrapped(before: str, arguments: Sequence[str], after: str) -> list[str]:
    """A function's head."""
    line = f"{before}({', '.join(arguments)}){after}"
    if len(line) <= WIDTH:
        return [line]
    indent = " " * (len(before) - len(before.lstrip()))
    return [f"{before}(", *(f"{indent}    {argument}," for argument in arguments), f"{indent}){after}"]


def literal(value: Any) -> str:
    """A value as Python text. Words are ASCII inside double quotes, whatever they hold."""
    if isinstance(value, str):
        return '"' + "".join(map(_letter, value)) + '"'
    if isinstance(value, tuple | list):
        inside = ", ".join(map(literal, value))
        return f"({inside},)" if len(value) == 1 else f"({inside})"
    return repr(value)


def _letter(letter: str) -> str:
    code = ord(letter)
    if 32 <= code < 127 and letter not in '"\\':
        return letter
    if code < 256:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 65_536 else f"\\U{code:08x}"


def camel(word: str) -> str:
    """A class's name: ``LeNet-5`` gives LeNet5; '' gives Network."""
    parts = re.findall(r"[A-Za-z0-9]+", word.replace("_", " "))
    name = "".join(part[0].upper() + part[1:] for part in parts)[:60]
    return name if name[:1].isalpha() else f"Network{name}"


def title(name: str) -> str:
    """A graph's name in a docstring, where no quote and no backslash may stand."""
    return re.sub(r"[^A-Za-z0-9 ().,+-]", "_", name).strip()[:60] or "A network"


def constants(preprocessing: Preprocessing) -> str:
    """What must be done to a picture, and what the outputs mean."""
    rows = [
        ("CHANNELS", literal(preprocessing.channels)),
        ("INPUT_SIZE", literal(preprocessing.size)),
        ("FIT", literal(preprocessing.fit)),
    ]
    lines = [f"{name} = {text}" for name, text in rows]
    for name, values in (("MEAN", preprocessing.mean), ("STD", preprocessing.std), ("CLASSES", preprocessing.classes)):
        one = f"{name} = [{', '.join(map(literal, values))}]"
        if len(one) <= WIDTH:
            lines.append(one)
        else:
            lines += [f"{name} = [", *(f"    {literal(value)}," for value in values), "]"]
    return "\n".join(lines)


def tail(network: str) -> list[str]:
    """Functions that prepare a picture, load weights and name the classes of a picture."""
    return [_PREPARE, _LOAD.replace("NETWORK", network), _MAIN]


_PREPARE = '''def prepare(images: Tensor) -> Tensor:
    """Pictures, uint8 (N, 1 or 3, height, width), as the network takes them."""
    if images.shape[1] == 3 and CHANNELS == 1:
        weights = torch.tensor([0.299, 0.587, 0.114]).view(1, 3, 1, 1)
        images = (images * weights).sum(1, keepdim=True).round().to(torch.uint8)
    have, size = images.shape[-2:], list(INPUT_SIZE)
    ratios = [wanted / there for wanted, there in zip(INPUT_SIZE, have)]
    if FIT != "resize":
        scale = max(ratios) if FIT == "crop" else min(1.0, *ratios)
        size = [max(1, round(there * scale)) for there in have]
    if list(have) != size:
        images = F.interpolate(images, size=size, mode="bilinear", antialias=True)
    down, right = (want - there for want, there in zip(INPUT_SIZE, images.shape[-2:]))
    left, top = right // 2, down // 2
    images = F.pad(images, (left, right - left, top, down - top))
    values = images.expand(-1, CHANNELS, -1, -1) / 255
    mean, std = torch.tensor(MEAN), torch.tensor(STD)
    return (values - mean[:, None, None]) / std[:, None, None]'''

_LOAD = '''def load(path: str) -> nn.Module:
    """The network with the weights of a .safetensors file, also of a run's checkpoint."""
    from safetensors.torch import load_file

    weights = load_file(path)
    of_run = {
        name.removeprefix("model."): value
        for name, value in weights.items()
        if name.startswith("model.")
    }
    network = NETWORK()
    network.load_state_dict(of_run or weights)
    return network.eval()'''

_MAIN = """if __name__ == "__main__":
    from torchvision.io import decode_image

    network = load(sys.argv[1])
    for path in sys.argv[2:]:
        with torch.inference_mode():
            output = network(prepare(decode_image(path, mode="RGB")[None]))
        if isinstance(output, dict):
            output = next(iter(output.values()))
        shares, places = output.softmax(1)[0].topk(min(5, output.shape[1]))
        for share, place in zip(shares.tolist(), places.tolist()):
            name = CLASSES[place] if place < len(CLASSES) else str(place)
            print(f"{path}: {name} {share:.1%}")"""
