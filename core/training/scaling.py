"""Samples as an encoder takes them: tensors, scaled by what the training samples are like, or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from core.datasets.images import Images
from core.datasets.samples import Samples
from core.encoders.base import Encoder
from core.lazy import torch

if TYPE_CHECKING:
    from torch import Tensor


def as_tensor(values: np.ndarray) -> Tensor:
    """(N, H, W) uint8 -> (N, 1, H, W) float32 in [0, 1]; (N, H, W, 3) -> (N, 3, H, W); (N, D) float32 as it is ->
    (N, D, 1, 1), an image of one pixel."""
    if values.ndim == 2:
        return torch.from_numpy(values)[:, :, None, None]
    return _of_pixels(torch.from_numpy(values))


def _of_pixels(values: Tensor) -> Tensor:
    return (values[:, None] if values.ndim == 3 else values.permute(0, 3, 1, 2)).float() / 255


def scales_of(training: Tensor, samples: Samples, encoder: Encoder) -> tuple[Tensor, Tensor]:
    """What is taken away from samples and what the rest is divided by, as their kind and the encoder ask for: of the
    `training` samples as `as_tensor` gives them."""
    if encoder.takes_pixels:
        return _as_they_are(training)
    return (_of_channels if isinstance(samples, Images) else _of_vectors)(training)


def _as_they_are(images: Tensor) -> tuple[Tensor, Tensor]:
    """(N, channels, H, W) -> means of 0 and deviations of 1, (channels, 1, 1)."""
    shape = (images.shape[1], 1, 1)
    return torch.zeros(shape), torch.ones(shape)


def _of_channels(images: Tensor) -> tuple[Tensor, Tensor]:
    """(N, channels, H, W) -> mean and standard deviation of each channel, (channels, 1, 1); the deviation of a colour
    that is everywhere the same is 1, since it tells nothing apart."""
    colours = images.unbind(1)
    deviations = [torch.ones(()) if colour.amin() == colour.amax() else colour.std() for colour in colours]
    means = torch.stack([colour.mean() for colour in colours])
    return means[:, None, None], torch.stack(deviations)[:, None, None]


def _of_vectors(vectors: Tensor) -> tuple[Tensor, Tensor]:
    """(N, D, 1, 1) -> the mean of each number, (D, 1, 1), and one scale for all of them, (1, 1, 1): their root mean
    square deviation; 1 where all vectors are the same.

    One scale keeps which vectors are near to each other; a scale for each number would be a metric of its own.
    """
    means = vectors.mean(0)
    scale = (vectors - means).square().mean().sqrt()
    return means, (scale if scale > 0 else torch.ones(())).reshape(1, 1, 1)
