"""Any picture is made to meet the network's input."""

import numpy as np
import pytest
import torch
from pictures import picture
from PIL import Image

from workbench.data import DataError, PictureError, fit_images, fit_picture


@pytest.mark.parametrize("fit", ["resize", "crop", "pad"])
@pytest.mark.parametrize("form", ["PNG", "JPEG", "BMP", "GIF", "WEBP", "TIFF", "PPM"])
@pytest.mark.parametrize("channels", [1, 3])
def test_every_format_is_fitted_to_any_size(tmp_path, form, channels, fit):
    path = tmp_path / "picture"
    picture(3, (60, 40)).save(path, form)
    fitted = fit_picture(path, (channels, 24, 20), fit)
    assert (fitted.shape, fitted.dtype) == ((channels, 24, 20), torch.uint8)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I;16", "I"])
@pytest.mark.parametrize("channels", [1, 3])
def test_every_mode_is_made_grey_or_colour(tmp_path, mode, channels):
    values = np.tile(np.linspace(0, 255, 16, dtype=np.uint8), (16, 1))
    image = Image.fromarray(values)
    if mode.startswith("I"):
        image = Image.fromarray(values.astype(np.uint16) * 257)
    path = tmp_path / f"picture.{'tif' if mode == 'CMYK' else 'png'}"
    (image if mode.startswith("I") else image.convert(mode)).save(path)
    fitted = fit_picture(path, (channels, 16, 16))
    assert fitted.shape == (channels, 16, 16)
    if mode != "1":
        assert (fitted.int() - torch.from_numpy(values).int()).abs().max() <= 3


@pytest.mark.parametrize("fit", ["resize", "crop", "pad"])
@pytest.mark.parametrize(("size", "shape"), [((60, 40), (3, 24, 20)), ((12, 9), (3, 24, 20)), ((20, 24), (3, 24, 20))])
def test_files_and_arrays_are_fitted_alike(tmp_path, size, shape, fit):
    image = picture(5, size)
    image.save(tmp_path / "a.png")
    one = fit_picture(tmp_path / "a.png", shape, fit)
    other = fit_picture(np.asarray(image), shape, fit)
    assert (one.int() - other.int()).abs().max() <= 1


def test_pad_keeps_small_pictures_as_they_are_in_the_middle():
    digit = torch.arange(28 * 28).remainder(251).to(torch.uint8).view(1, 1, 28, 28)
    fitted = fit_images(digit, (1, 32, 32), "pad")
    assert torch.equal(fitted[..., 2:30, 2:30], digit)
    assert int(fitted.sum()) == int(digit.sum())


def test_crop_cuts_the_middle_and_resize_squeezes():
    image = torch.zeros(1, 1, 10, 30, dtype=torch.uint8)
    image[..., 10:20] = 200
    assert fit_images(image, (1, 10, 10), "crop").unique().tolist() == [200]
    squeezed = fit_images(image, (1, 10, 10), "resize")[0, 0, 5]
    assert squeezed[0] == squeezed[-1] == 0
    assert squeezed[4] == 200


def test_colour_becomes_grey_as_in_pillow():
    image = picture(7, (40, 30))
    grey = fit_picture(np.asarray(image), (1, 30, 40))
    assert (grey[0].int() - torch.from_numpy(np.array(image.convert("L"))).int()).abs().max() <= 1


def test_a_turned_camera_is_turned_back(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6
    picture(1, (40, 20)).save(tmp_path / "a.png", exif=exif)
    upright = picture(1, (40, 20)).transpose(Image.Transpose.ROTATE_270)
    assert torch.equal(fit_picture(tmp_path / "a.png", (3, 40, 20))[0], torch.from_numpy(np.array(upright))[..., 0])


@pytest.mark.parametrize(
    "array", [np.zeros((4, 4), np.float32), np.zeros((4, 4, 5), np.uint8), np.zeros((0, 4), np.uint8)]
)
def test_an_array_that_is_no_picture_is_refused(array):
    with pytest.raises(PictureError, match="expected"):
        fit_picture(array, (3, 8, 8))


def test_other_channels_than_grey_and_colour_are_refused():
    with pytest.raises(DataError, match="the network takes 4 channels"):
        fit_images(torch.zeros(1, 1, 4, 4, dtype=torch.uint8), (4, 4, 4), "resize")
