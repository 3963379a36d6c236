"""``presets``, ``layers``, ``templates``, ``datasets``: what there is to choose from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from workbench.graph import Field
    from workbench.layers import Layer

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def presets(
    name: Annotated[str | None, typer.Argument(help="Tell one preset's story.")] = None, json: AsJson = False
) -> None:
    """List the preset networks with their parameters and multiply-adds, or tell about one."""
    from workbench import presets as library

    if name is not None:
        _tell(name, json)
        return
    from workbench.cli.output import count, print_json, print_table, shape
    from workbench.compiler import analyse
    from workbench.graph import inference_graph

    found = []
    for preset in library.PRESETS.values():
        analysis = analyse(inference_graph(library.build(preset.name)))
        found.append((preset, analysis.parameters, analysis.macs))
    if json:
        print_json(
            [
                {
                    "name": preset.name,
                    "title": preset.title,
                    "year": preset.year,
                    "input": list(preset.input),
                    "parameters": parameters,
                    "macs": macs,
                }
                for preset, parameters, macs in found
            ]
        )
        return
    print_table(
        ("name", "title", "year", "input", "parameters", "multiply-adds"),
        [(p.name, p.title, str(p.year), shape(p.input), count(n), count(macs)) for p, n, macs in found],
        right=(2, 4, 5),
    )


def layers(
    kind: Annotated[str | None, typer.Argument(help="Describe one kind in full.")] = None, json: AsJson = False
) -> None:
    """List the kinds of layers, or describe one with its arguments."""
    from workbench.cli.output import print_json, print_table
    from workbench.layers import CATALOGUE, layer

    if kind is None:
        if json:
            print_json([_layer_record(entry) for entry in CATALOGUE.values()])
            return
        print_table(
            ("kind", "category", "what it does"),
            [(entry.kind, entry.category, entry.help) for entry in CATALOGUE.values()],
        )
        return
    entry = layer(kind)
    if json:
        print_json(_layer_record(entry))
        return
    print(f"{entry.kind} · {entry.category}\n{entry.help}")
    if entry.formula:
        print(entry.formula)
    _print_arguments(entry.fields)
    if entry.page:
        print(entry.page)


def templates(
    name: Annotated[str | None, typer.Argument(help="Describe one template in full.")] = None, json: AsJson = False
) -> None:
    """List the block templates, or describe one with its arguments; `insert` puts one into a network."""
    from workbench.cli.output import print_json, print_table
    from workbench.layers import TEMPLATES, template

    chosen = TEMPLATES.values() if name is None else [template(name)]
    if json:
        records = [{"name": t.name, "help": t.help, "arguments": _arguments(t.fields)} for t in chosen]
        print_json(records if name is None else records[0])
    elif name is None:
        print_table(("template", "what it is"), [(t.name, t.help) for t in chosen])
    else:
        entry = template(name)
        print(f"{entry.name}\n{entry.help}")
        _print_arguments(entry.fields)


def _print_arguments(fields: tuple[Field, ...]) -> None:
    from workbench.cli.output import print_table
    from workbench.graph import as_typed

    if not fields:
        return
    print_table(
        ("argument", "default", "expects", "meaning"),
        [
            (field.name, "required" if field.required else as_typed(field.default), field.expectation, field.help)
            for field in fields
        ],
    )


def _layer_record(entry: Layer) -> dict[str, Any]:
    return {
        "kind": entry.kind,
        "category": entry.category,
        "help": entry.help,
        "arguments": _arguments(entry.fields),
    }


def _arguments(fields: tuple[Field, ...]) -> list[dict[str, Any]]:
    return [
        {
            "name": field.name,
            "type": field.type,
            "default": None if field.required else field.default,
            "required": field.required,
            "expects": field.expectation,
            "help": field.help,
        }
        for field in fields
    ]


def datasets(json: AsJson = False) -> None:
    """List the data sets that have a name; a folder of images by class or a CSV file needs none."""
    from workbench.cli.output import count, print_json, print_table
    from workbench.data import SOURCES

    if json:
        print_json(
            [
                {
                    "name": s.name,
                    "title": s.title,
                    "train": s.train,
                    "test": s.test,
                    "classes": s.classes,
                    "shape": list(s.shape),
                }
                for s in SOURCES.values()
            ]
        )
        return
    print_table(
        ("name", "title", "training", "test", "classes", "size"),
        [(s.name, s.title, count(s.train), count(s.test), str(s.classes), _size(s.shape)) for s in SOURCES.values()],
        right=(2, 3, 4),
    )


def _size(shape: tuple[int, int, int]) -> str:
    """Channels, height and width; data sets whose images differ have 0 there."""
    return "×".join(str(n) if n else "any" for n in shape)


def _tell(name: str, json: bool) -> None:
    from workbench import presets as library
    from workbench.cli.output import print_json
    from workbench.project import Recipe

    library.build(name)  # refuses an unknown name, with the nearest
    preset = library.PRESETS[name]
    published = {key: value for key, value in preset.published.values().items() if value != getattr(Recipe(), key)}
    paper = f"{preset.paper.authors} ({preset.paper.year}): {preset.paper.title}. {preset.paper.where}"
    if json:
        print_json(
            {
                "name": preset.name,
                "title": preset.title,
                "paper": paper,
                "form": preset.form,
                "new": preset.new,
                "table": preset.table,
                "accuracy": preset.accuracy,
                "published": published,
                "published_note": preset.published_note,
            }
        )
        return
    recipe = ", ".join(f"{key} {value}" for key, value in published.items())
    print(f"{preset.title}\n{paper}\n\n{preset.new}\n\nThis form: {preset.form}\n{preset.table}")
    print(f"Published: {preset.accuracy}\nPublished recipe: {recipe}. {preset.published_note}")
