from __future__ import annotations

import numpy as np
import pytest
import torch

from core.datasets import Images
from core.datasets.vectors import Vectors
from core.encoders import Backbone, CompactCnn
from core.training.scaling import as_tensor, scales_of

NAMES = ("a", "b")


def coloured(rng: np.random.Generator) -> Images:
    pixels = rng.integers(0, 256, (6, 4, 5, 3), dtype=np.uint8)
    pixels[..., 2] = 7
    return Images(pixels, np.arange(6) % 2, NAMES)


def test_pixels_become_shares_of_one_with_channels_first() -> None:
    pixels = np.array(coloured(np.random.default_rng(0)).pixels)
    tensor = as_tensor(pixels)
    assert tensor.shape == (6, 3, 4, 5) and float(tensor[2, 1, 3, 4]) == pixels[2, 3, 4, 1] / np.float32(255)
    assert as_tensor(pixels[..., 0]).shape == (6, 1, 4, 5)


def test_each_colour_has_its_mean_and_deviation_and_a_constant_one_is_divided_by_one() -> None:
    images = coloured(np.random.default_rng(0))
    mean, deviation = scales_of(as_tensor(np.array(images.pixels)), images, CompactCnn())
    shares = images.pixels / 255
    np.testing.assert_allclose(mean.flatten(), shares.mean(axis=(0, 1, 2)), rtol=1e-5)
    np.testing.assert_allclose(deviation.flatten()[:2], shares.std(axis=(0, 1, 2), ddof=1)[:2], rtol=1e-5)
    assert deviation.flatten()[2] == 1


@pytest.mark.parametrize("channels", [1, 3])
def test_an_encoder_of_pixels_is_given_them_as_they_are(channels: int) -> None:
    images = coloured(np.random.default_rng(0))
    pixels = images.pixels if channels == 3 else images.pixels[..., 0]
    tensor = as_tensor(np.array(pixels))
    mean, deviation = scales_of(tensor, Images(pixels, images.labels, NAMES), Backbone())
    assert mean.shape == deviation.shape == (channels, 1, 1)
    assert torch.equal((tensor - mean) / deviation, tensor)


def test_vectors_have_a_mean_each_and_one_scale() -> None:
    values = np.random.default_rng(0).normal(3, 2, (50, 4)).astype(np.float32)
    vectors = Vectors(values.copy(), np.arange(50) % 2, NAMES)
    mean, scale = scales_of(as_tensor(values), vectors, CompactCnn())
    np.testing.assert_allclose(mean.flatten(), values.mean(axis=0), rtol=1e-4)
    assert scale.shape == (1, 1, 1)
    assert float(scale) == pytest.approx(np.sqrt(((values - values.mean(axis=0)) ** 2).mean()), rel=1e-4)
    equal = np.ones((3, 4), np.float32)
    assert scales_of(as_tensor(equal), Vectors(equal.copy(), np.array([0, 1, 1]), NAMES), CompactCnn())[1] == 1
