"""One image file, which may be anything: opened with an allow-list, refused by size before it is decoded."""

from __future__ import annotations

import io
import os
import stat
import struct
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image, ImageOps
from torch import Tensor

from workbench.data.fit import Shape, check_channels, fit_images, placed, scaled_size

LARGEST = {  # pixels per format, such that decoding takes at most about 200 MB; JPEG is decoded at a reduced size
    "JPEG": 50_000_000,
    "PNG": 25_000_000,
    "BMP": 25_000_000,
    "GIF": 25_000_000,
    "PPM": 25_000_000,
    "TIFF": 25_000_000,
    "WEBP": 25_000_000,
}
_SHRINK_FIRST = 3.0  # how much larger than its target a picture stays after the fast reduction (Pillow's advice)


class PictureError(Exception):
    """A file that is no usable picture; the message is the reason, in a few words."""


def fit_picture(picture: str | Path | np.ndarray[Any, Any] | Tensor, shape: Shape, fit: str = "resize") -> Tensor:
    """One picture as uint8 ``(C, H, W)``, fitted as `fit_images` does.

    An array is uint8 ``(h, w)``, ``(h, w, 3)`` or ``(1|3, h, w)``. Raises `PictureError`.
    """
    if isinstance(picture, (str, Path)):
        return _fitted_file(Path(picture), shape, fit)
    array = torch.from_numpy(np.array(picture))
    if array.dtype != torch.uint8 or array.ndim not in (2, 3) or 0 in array.shape:
        raise PictureError(f"expected uint8 of 2 or 3 dimensions, received {array.dtype} {tuple(array.shape)}")
    if array.ndim == 2:
        array = array[None]
    elif array.shape[0] not in (1, 3) and array.shape[2] in (1, 3):
        array = array.permute(2, 0, 1)
    if array.shape[0] not in (1, 3):
        raise PictureError(f"expected 1 or 3 channels, received the shape {tuple(array.shape)}")
    return fit_images(array[None], shape, fit)[0]


def read_picture(source: Path | bytes, longest: int = 1024) -> Tensor:
    """A file, or a file's content, as it is: uint8 ``(3, h, w)``, scaled down where a side is ``longest`` or more.

    Raises `PictureError`.
    """
    return _read(source, lambda image: _scaled(image, "RGB", lambda have: scaled_size(have, (longest, longest), "pad")))


def _fitted_file(path: Path, shape: Shape, fit: str) -> Tensor:
    channels, height, width = shape
    check_channels(channels)
    mode = "L" if channels == 1 else "RGB"
    size = (height, width)
    return _read(path, lambda image: placed(_scaled(image, mode, lambda have: scaled_size(have, size, fit)), size))


def _read(source: Path | bytes, decode: Callable[[Image.Image], Tensor]) -> Tensor:
    try:
        if isinstance(source, Path):
            _check_file(source)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow's remarks on odd metadata; what matters is whether it decodes
            content = io.BytesIO(source) if isinstance(source, bytes) else source
            with Image.open(content, formats=tuple(LARGEST)) as image:
                read = decode(image)
    except PictureError:
        raise
    except Image.DecompressionBombError:
        raise PictureError("too many pixels") from None
    except Image.UnidentifiedImageError:
        raise PictureError(f"not an image of a known format ({', '.join(LARGEST)})") from None
    except OSError as error:
        raise PictureError(_reason(error)) from None
    except (ValueError, SyntaxError, TypeError, KeyError, IndexError, AttributeError, ArithmeticError, EOFError,
            RuntimeError, AssertionError, NotImplementedError, struct.error) as error:  # fmt: skip
        # Pillow's parsers raise any of these on damaged headers
        raise PictureError(f"damaged ({type(error).__name__})") from None
    except MemoryError:
        raise PictureError("does not fit into memory") from None
    return read.contiguous()


def _check_file(path: Path) -> None:
    status = os.stat(path)
    if not stat.S_ISREG(status.st_mode):
        raise PictureError("not a regular file")  # opening a pipe would wait for ever
    if not status.st_size:
        raise PictureError("empty file")


def _scaled(image: Image.Image, mode: str, scaled: Callable[[tuple[int, int]], tuple[int, int]]) -> Tensor:
    """uint8 ``(C, H, W)`` of the size that ``scaled`` gives for the picture's own."""
    width, height = image.size
    limit = LARGEST[str(image.format)]
    if width * height > limit:
        raise PictureError(f"{width} × {height} pixels; at most {limit // 1_000_000} megapixels are read")
    target = scaled((height, width))
    if image.format == "JPEG":
        larger = max(target)  # in both directions: the camera's rotation is not known yet
        image.draft(mode, (int(larger * _SHRINK_FIRST), int(larger * _SHRINK_FIRST)))
    image.load()
    upright = _plain(ImageOps.exif_transpose(image), mode)
    target = scaled((upright.height, upright.width))
    if (upright.height, upright.width) != target:
        upright = upright.resize(target[::-1], Image.Resampling.BILINEAR, reducing_gap=_SHRINK_FIRST)
    pixels = torch.from_numpy(np.array(upright if upright.mode == mode else upright.convert(mode)))
    return pixels[None] if mode == "L" else pixels.permute(2, 0, 1)


def _plain(image: Image.Image, mode: str) -> Image.Image:
    """A picture whose pixels can be interpolated: no palette, no single bits, no 16 bits."""
    if image.mode.startswith("I;16") or image.mode == "I":
        return Image.fromarray((np.asarray(image).clip(0, 65535) // 257).astype(np.uint8))
    return image if image.mode in ("L", "RGB", "CMYK", "YCbCr") else image.convert(mode)


def _reason(error: OSError) -> str:
    if error.errno is not None:
        return (error.strerror or type(error).__name__).lower()
    return "truncated" if "truncated" in str(error) else "damaged"
