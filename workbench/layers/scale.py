"""Scales and shifts, learned or fixed."""

from __future__ import annotations

from workbench.graph import Field
from workbench.layers.layer import Layer, channels

LAYERS = (
    Layer(
        "LayerScale",
        "Scale",
        "Each channel times a learned number that begins small.",
        (Field("init", "float", 1e-5, "where it begins", low=-100, high=100),),
        infers={"channels": channels, "rank": len},
        module_class="LayerScale",
        formula="y[c] = γ[c] · x[c]",
    ),
    Layer(
        "InputAffine",
        "Scale",
        "Each channel times a fixed number plus another, as GoogLeNet's transform_input.",
        (
            Field("scale", "floats", help="one factor for each channel", low=-1e6, high=1e6),
            Field("shift", "floats", help="what is added to each channel", low=-1e6, high=1e6),
        ),
        ranks=(3,),
        module_class="InputAffine",
        problem=lambda values, shapes: (
            None
            if len(values["scale"]) == len(values["shift"]) == shapes[0][0]
            else f"scale and shift need {shapes[0][0]} numbers each, one for each channel that comes"
        ),
        formula="y[c] = scale[c] · x[c] + shift[c]",
    ),
)
