"""The library that most methods come from, loaded when the first of them is asked: it takes a second."""

from __future__ import annotations

import logging
from types import ModuleType

from workbench.inspection.attribution.scores import AttributionError


def captum_attr() -> ModuleType:
    """``captum.attr``. Raises `AttributionError` where it is not installed."""
    # With captum comes Matplotlib, which says at its first time that it looks for fonts: nobody here draws with it.
    logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)
    try:
        from captum import attr
    except ImportError as error:
        raise AttributionError(
            f"attribution needs the package captum ({error}); install it with: pip install captum"
        ) from None
    return attr
