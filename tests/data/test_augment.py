"""Each augmentation against a plain one of single images, and chance that has no state."""

import math

import pytest
import torch
from torchvision.transforms import InterpolationMode
from torchvision.transforms.v2 import functional as V

from workbench.data import augment, augmented, chance, load, training_batches
from workbench.data.chance import Stream
from workbench.project import DataChoice, Recipe

ALL = Recipe(
    batch_size=50, crop_padding=3, flip=True, rotation=20.0, colour=0.3, cutout=6, input_noise=0.1, seed=5
)  # fmt: skip


def images(channels=3, count=6, size=(10, 14)):
    return torch.randint(
        0, 256, (count, channels, *size), dtype=torch.uint8, generator=torch.Generator().manual_seed(1)
    )


def draws(count=6):
    return torch.rand((3, count), generator=torch.Generator().manual_seed(2))


def test_crop_is_that_of_a_padded_image():
    rows, columns, _ = draws()
    rows[-4:], columns[-4:] = torch.tensor([0, 0, 0.9999, 0.9999]), torch.tensor([0, 0.9999, 0, 0.9999])  # the corners
    for got, image, row, column in zip(augment.crop(images(), 4, rows, columns), images(), rows, columns, strict=True):
        padded = torch.nn.functional.pad(image, (4, 4, 4, 4))
        top, left = int(row * 9), int(column * 9)
        assert torch.equal(got, padded[:, top : top + 10, left : left + 14])


def test_flip_mirrors_half_of_the_images():
    draw = torch.tensor([0.0, 0.49, 0.5, 0.51, 0.99, 0.3])
    got = augment.flip(images(), draw)
    for number, mirrored in enumerate([True, True, False, False, False, True]):
        assert torch.equal(got[number], V.horizontal_flip(images()[number]) if mirrored else images()[number])


def test_rotation_is_torchvisions():
    draw = draws()[0]
    got = augment.rotate(images(), 30, draw)
    for one, image, number in zip(got, images(), draw.tolist(), strict=True):
        angle = (2 * number - 1) * 30
        assert torch.allclose(one, V.rotate(image.float(), angle, InterpolationMode.BILINEAR), atol=0.05)


@pytest.mark.parametrize("channels", [1, 3])
def test_colour_is_torchvisions(channels):
    got = augment.colour(images(channels), 0.4, *draws())
    for one, image, *factors in zip(got, images(channels), *(0.6 + 0.8 * draws()).tolist(), strict=True):
        want = V.adjust_contrast(V.adjust_brightness(image / 255, factors[0]), factors[1])
        if channels == 3:
            want = V.adjust_saturation(want, factors[2])
        assert torch.allclose(one / 255, want, atol=2e-3)


def test_cutout_blanks_a_square_clipped_at_the_border():
    rows, columns, _ = draws()
    got = augment.cutout(torch.ones(6, 3, 10, 14), 5, rows, columns)
    for one, row, column in zip(got, rows, columns, strict=True):
        want = torch.ones(3, 10, 14)
        top, left = int(row * 10) - 2, int(column * 14) - 2
        want[:, max(0, top) : top + 5, max(0, left) : left + 5] = 0
        assert torch.equal(one, want)


def test_noise_is_standard_normal_and_each_image_has_its_own():
    noise = chance.normal(torch.arange(400), 501)
    assert noise.shape == (400, 501)
    values = noise.flatten().double().sort().values
    normal = 0.5 * (1 + torch.erf(values / math.sqrt(2)))
    steps = torch.arange(1, len(values) + 1) / len(values)
    assert (normal - steps).abs().max() < 1.95 / math.sqrt(len(values))  # Kolmogorov and Smirnov, one in a thousand
    assert torch.corrcoef(noise[:20]).fill_diagonal_(0).abs().max() < 0.25
    assert torch.equal(chance.normal(torch.tensor([7]), 501)[0], noise[7])


def test_draws_are_uniform_and_streams_epochs_and_seeds_are_independent():
    index = torch.arange(20_000)
    streams = (Stream.FLIP, Stream.NOISE)
    drawn = [chance.uniform(index, stream, seed, epoch) for stream in streams for seed in (0, 1) for epoch in (0, 1)]
    rows = torch.stack(drawn)
    assert rows.min() >= 0
    assert rows.max() < 1
    assert (rows.mean(1) - 0.5).abs().max() < 0.01
    assert torch.corrcoef(rows).fill_diagonal_(0).abs().max() < 0.03
    assert torch.corrcoef(torch.stack((rows[0][1:], rows[0][:-1])))[0, 1].abs() < 0.03


def test_the_hash_is_splitmix64():
    """The first output of SplitMix64 for the state 0 is the finaliser of the golden ratio's bits."""
    golden = torch.tensor([0x9E3779B97F4A7C15 - (1 << 64)])
    assert int(chance.mix(golden)[0]) == 0xE220A8397B1DCDAF - (1 << 64)


@pytest.fixture(scope="module")
def digits():
    return load(DataChoice(subset=230), (3, 16, 16))


def by_index(batches):
    return {
        index: image for batch in batches for index, image in zip(batch.indices.tolist(), batch.images, strict=True)
    }


def test_an_image_is_augmented_alike_in_any_batch_size(digits):
    one = by_index(training_batches(digits, ALL, 3))
    other = by_index(training_batches(digits, ALL.changed(batch_size=7), 3))
    assert one.keys() == other.keys()
    assert all(torch.allclose(one[index], other[index], atol=1e-5) for index in one)


def test_an_epoch_resumed_in_its_middle_is_the_same_bits_and_touches_no_global_chance(digits):
    torch.manual_seed(1)
    state = torch.get_rng_state()
    whole = list(training_batches(digits, ALL, 3))
    torch.rand(5)
    torch.manual_seed(1)
    for start in range(6):
        rest = list(training_batches(digits, ALL, 3, start=start))
        assert len(rest) == len(whole) - start
        for got, want in zip(rest, whole[start:], strict=True):
            assert torch.equal(got.images, want.images)
            assert torch.equal(got.labels, want.labels)
            assert torch.equal(got.indices, want.indices)
    assert torch.equal(torch.get_rng_state(), state)


def test_what_is_shown_of_an_epoch_is_what_the_training_sees(digits):
    recipe = Recipe(batch_size=2000, crop_padding=2, flip=True, rotation=20, colour=0.3, cutout=3, input_noise=0.1)
    batch = next(training_batches(digits, recipe, 4))
    positions = torch.tensor([7, 3, 90])
    shown = augmented(digits, recipe, 4, positions)
    assert (shown.dtype, shown.shape[1:]) == (torch.uint8, batch.images.shape[1:])
    scale = torch.tensor(digits.std).view(-1, 1, 1) * 255
    for position, picture in zip(positions, shown, strict=True):
        trained = batch.images[batch.indices == digits.train.indices[position]][0]
        back = trained * scale + torch.tensor(digits.mean).view(-1, 1, 1) * 255
        assert (picture - back.clamp(0, 255)).abs().max() <= 0.51
    plain = augmented(digits, Recipe(), 4, positions)
    assert torch.equal(plain, digits.train.take(positions))


def test_epochs_and_seeds_differ(digits):
    first = by_index(training_batches(digits, ALL, 3))
    for other in (training_batches(digits, ALL, 4), training_batches(digits, ALL.changed(seed=6), 3)):
        images = by_index(other)
        assert list(images) != list(first)
        assert not any(torch.equal(images[index], first[index]) for index in first)


def test_channels_last_gives_the_same_values(digits):
    one = next(training_batches(digits, ALL, 3)).images
    other = next(training_batches(digits, ALL, 3, channels_last=True)).images
    assert other.is_contiguous(memory_format=torch.channels_last)
    assert torch.equal(one, other)
