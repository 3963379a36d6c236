"""What is wrong with weights."""

from __future__ import annotations

from workbench.data import DataError


class WeightsError(DataError):
    """Weights that cannot be used; the message says why and what to do, in one sentence."""
