"""The library that most methods come from, loaded when the first of them is asked: it takes a second."""

from __future__ import annotations

from types import ModuleType

from workbench.inspection.attribution.scores import AttributionError


def captum_attr() -> ModuleType:
    """``captum.attr``. Raises `AttributionError` where it is not installed."""
    try:
        from captum import attr
    except ImportError as error:
        raise AttributionError(
            f"attribution needs the package captum ({error}); install it with: pip install captum"
        ) from None
    return attr
