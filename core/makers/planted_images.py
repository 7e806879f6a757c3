"""Images that are known to be suspicious, made out of those of a data set: copies and strange images."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from PIL import Image

from core.datasets.images import Images
from core.datasets.samples import Samples

QUALITY = 90  # of a JPEG file


class Planting(NamedTuple):
    """The images with the planted ones at the end, of each of these its kind (P,) and the row of its source (P,)."""

    images: Images
    kinds: np.ndarray
    sources: np.ndarray


def exact_copies(pixels: np.ndarray, rows: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    """The images of these rows (R, ...) as they are."""
    return pixels[rows]


def saved_copies(pixels: np.ndarray, rows: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    """The images of these rows (R, ...) as they are read again out of a JPEG file of quality QUALITY."""
    return np.stack([_saved(pixels[row]) for row in rows])


def strange_images(pixels: np.ndarray, rows: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    """The images of these rows (R, ...) with their pixels in random places: the same colours, and nothing to see."""
    flat = pixels[rows].reshape(len(rows), -1, *pixels.shape[3:])
    return np.stack([generator.permutation(one) for one in flat]).reshape(pixels[rows].shape)


KINDS: dict[str, Callable[[np.ndarray, np.ndarray, np.random.Generator], np.ndarray]] = {
    "exact copies": exact_copies,
    "saved copies": saved_copies,
    "strange images": strange_images,
}


def planted_images(images: Samples, labels: np.ndarray, probe: np.ndarray, share: float, seed: int) -> Planting:
    """Images with these labels (N,), and for each kind as many more as `share` of the probe (E,), at least one, each
    made of another row of the probe and with its label. Raises ValueError for vectors."""
    if not isinstance(images, Images):
        got = type(images).__name__.lower()
        raise ValueError(f"images must be planted among images, got {got}. Choose a set of them.")
    generator = np.random.default_rng(seed)
    count = max(1, round(share * len(probe)))
    sources = [np.sort(generator.choice(probe, count, replace=False)) for _ in KINDS]
    made = [make(images.pixels, rows, generator) for make, rows in zip(KINDS.values(), sources, strict=True)]
    all_sources = np.concatenate(sources)
    # What else is known of a sample, such as its group, says nothing of one that nobody took.
    more = Images(
        np.concatenate([images.pixels, *made]), np.concatenate([labels, labels[all_sources]]), images.class_names
    )
    return Planting(more, np.repeat(list(KINDS), count), all_sources)


def _saved(image: np.ndarray) -> np.ndarray:
    content = io.BytesIO()
    Image.fromarray(image).save(content, "JPEG", quality=QUALITY)
    with Image.open(content) as again:
        return np.asarray(again)
