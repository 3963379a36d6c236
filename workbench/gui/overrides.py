"""Errors that leave a function of Qt's that Python overrides, as PySide takes for granted that they are.

Before Python 3.12 an error that Python itself raised, such as that of ``[][0]``, is made an object only where it is
caught. PySide6 6.11 takes one that leaves an override for an object already, where Python has called Qt before, and
reads a string as if it were one: the process ends with a segmentation fault in place of a traceback.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from typing import Any

import shiboken6

_OTHERS = {
    "columnCount", "data", "drawForeground", "event", "eventFilter", "focusNextPrevChild",
    "hasHeightForWidth", "headerData", "heightForWidth", "initStyleOption", "itemChange", "mimeData",
    "minimumSizeHint", "paint", "rowCount", "scrollContentsBy", "sizeHint", "stepBy", "stepEnabled",
    "textFromValue", "validate",
}  # fmt: skip
"""Those whose names do not end in ``Event``. No slot is among them: PySide counts a slot's arguments. Nor are an
item's ``boundingRect`` and ``shape``: they are asked some thousand times a frame, and compute nothing."""


def keep_errors_whole() -> None:
    """Catch, and raise again, what leaves an override, in every class there is and every one that will be made."""
    if sys.version_info >= (3, 12) or "__init_subclass__" in vars(shiboken6.Object):
        return

    def follow(cls: type, **named: object) -> None:
        super(shiboken6.Object, cls).__init_subclass__(**named)  # type: ignore[misc]
        _guard(cls)

    shiboken6.Object.__init_subclass__ = classmethod(follow)  # type: ignore[assignment]
    for cls in _below(shiboken6.Object):
        _guard(cls)


def _guard(cls: type) -> None:
    for name, function in list(vars(cls).items()):
        if (name.endswith("Event") or name in _OTHERS) and type(function) is type(_guard):
            setattr(cls, name, _whole(function))


def _whole(function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def called(*arguments: Any, **named: Any) -> Any:
        try:
            return function(*arguments, **named)
        except BaseException:  # caught once, it is an object
            raise

    return called


def _below(cls: type) -> set[type]:
    found: set[type] = set(type.__subclasses__(cls))
    return found.union(*(_below(one) for one in found))
