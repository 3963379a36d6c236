"""What a file manager, a browser or the clipboard hands over, as a picture or as where to find one."""

from __future__ import annotations

import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QImage, QPainter

from workbench.data import PictureError
from workbench.gui.inspection.kinds import PICTURES

_LONGEST = 1024
_MOST_BYTES = 32_000_000
_PATIENCE = 15.0


def is_picture(mime: QMimeData) -> bool:
    """Whether this may be a picture: pixels, a file, or an address of one; other files, and several, are none."""
    address = address_of(mime)
    if isinstance(address, Path) and (address.suffix.lower() not in PICTURES or len(mime.urls()) > 1):
        return False
    return mime.hasImage() or address is not None


def pixels_of(mime: QMimeData) -> np.ndarray[Any, Any] | None:
    """Pixels that were handed over, uint8 ``(3, H, W)``; None where only a file or an address was."""
    image = QImage(mime.imageData()) if mime.hasImage() else QImage()
    return None if image.isNull() else as_array(image)


def address_of(mime: QMimeData) -> Path | str | None:
    """The file or the web address that was handed over."""
    for url in mime.urls() if mime.hasUrls() else []:
        if url.isLocalFile():
            return Path(url.toLocalFile())
        address = bytes(url.toEncoded().data()).decode("ascii", "replace")
        if _is_address(address):
            return address
    return None


def load(address: str) -> bytes:
    """What an http, https or data address gives. Raises `PictureError`."""
    if not _is_address(address):
        raise PictureError("only http and https addresses are loaded")
    request = urllib.request.Request(address, headers={"User-Agent": "cnn-workbench"})
    try:
        with urllib.request.urlopen(request, timeout=_PATIENCE) as response:
            content = response.read(_MOST_BYTES + 1)
    except (OSError, ValueError, urllib.error.URLError) as error:
        reason = getattr(error, "reason", None) or error
        raise PictureError(f"it could not be loaded ({reason})") from None
    if len(content) > _MOST_BYTES:
        raise PictureError(f"it has more than {_MOST_BYTES // 1_000_000} MB")
    return content


def as_array(image: QImage) -> np.ndarray[Any, Any]:
    """The pixels, uint8 ``(3, H, W)``, on white where they are transparent, scaled down to 1024 at most."""
    if max(image.width(), image.height()) > _LONGEST:
        keep, smooth = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        image = image.scaled(_LONGEST, _LONGEST, keep, smooth)
    flat = QImage(image.size(), QImage.Format.Format_RGB888)
    flat.fill(Qt.GlobalColor.white)
    painter = QPainter(flat)
    painter.drawImage(0, 0, image)
    painter.end()
    rows = np.frombuffer(flat.constBits(), np.uint8).reshape(flat.height(), flat.bytesPerLine())
    pixels = rows[:, : 3 * flat.width()].reshape(flat.height(), flat.width(), 3)
    return np.ascontiguousarray(pixels.transpose(2, 0, 1))


def _is_address(url: str) -> bool:
    return url.startswith(("http://", "https://", "data:image/"))
