"""Block templates: groups of layers made from a few arguments."""

from __future__ import annotations

import difflib
from types import MappingProxyType
from typing import Any

from workbench.graph import Builder, FieldError
from workbench.layers.templates import convolutional, residual
from workbench.layers.templates.definition import Template

TEMPLATES = MappingProxyType({template.name: template for template in (*convolutional.TEMPLATES, *residual.TEMPLATES)})


def template(name: str) -> Template:
    """The template of that name; raises `FieldError` for an unknown one, naming the nearest."""
    try:
        return TEMPLATES[name]
    except KeyError:
        near = difflib.get_close_matches(name[:60], TEMPLATES, 1, 0.5)
        hint = f"; did you mean '{near[0]}'?" if near else f"; there are {', '.join(TEMPLATES)}"
        raise FieldError(f"'{name[:60]}' is no block template{hint}") from None


def add_block(builder: Builder, name: str, kind: str, source: str | None = None, /, **arguments: Any) -> str:
    """Add a block below ``source`` (what was added last) and return the name of its output."""
    return template(kind).add(builder, name, builder.last if source is None else source, **arguments)


__all__ = ["TEMPLATES", "Template", "add_block", "template"]
