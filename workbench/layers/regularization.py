"""Layers that only disturb training, so that the network does not lean on single values."""

from __future__ import annotations

from workbench.graph import Field
from workbench.layers.layer import Layer

_SHARE = Field("p", "float", 0.5, "share that is dropped", low=0, high=1)

LAYERS = (
    Layer("Dropout", "Regularization", "Sets single values to zero at random, in training only.", (_SHARE,),
          formula="y = x · mask / (1 − p)"),
    Layer("Dropout2d", "Regularization", "Sets whole maps to zero at random, in training only.", (_SHARE,),
          ranks=(3,), formula="y[c] = x[c] · mask[c] / (1 − p)"),
    Layer("AlphaDropout", "Regularization", "Dropout that keeps mean and variance, for SELU.", (_SHARE,),
          formula="y = a · (x · mask + α' · (1 − mask)) + b"),
    Layer("StochasticDepth", "Regularization", "Leaves a whole branch out for some examples, in training only.",
          (Field("p", "float", 0.2, "share of examples that skip the branch", low=0, high=0.999),),
          module_class="StochasticDepth", formula="y[n] = x[n] · mask[n] / (1 − p)"),
    Layer("GaussianNoise", "Regularization", "Adds normal noise, in training only.",
          (Field("std", "float", 0.1, "standard deviation of the noise", low=0, high=100),),
          module_class="GaussianNoise", formula="y = x + std · ε"),
)  # fmt: skip
