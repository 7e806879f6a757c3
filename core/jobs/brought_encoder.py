"""A network that somebody brought, without a head, to embed image files with."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
from PIL import Image, ImageOps

from core.datasets.fitting import FRACTIONS, fitted, plain
from core.encoders.brought_layers import weights_layer
from core.lazy import torch
from core.models.kept_models import ONNX, ModelCard, checked_file
from core.models.opened_onnx import OpenedOnnx


class BroughtEncoder:
    """How images are prepared for it, and what it makes of them. Raises ValueError for a network of vectors."""

    least: tuple[int, int] | None = None
    """Of a JPEG: all of it is decoded, since nothing says how small one may be that the network was trained on."""

    def __init__(self, card: ModelCard) -> None:
        self._card, self._rule = card, card.image_rule
        self._network: Callable[[np.ndarray], np.ndarray] | None = None

    def pixels_of(self, picture: Image.Image) -> np.ndarray:
        """(H, W), or (H, W, 3) in colour, uint8: the part that the network sees, at its size. Raises ValueError for
        pixels that are fractions."""
        if picture.mode == FRACTIONS:
            raise ValueError(
                "an image must have whole numbers as pixels, got fractions, whose range nothing tells. Save it as PNG."
            )
        rule, upright = self._rule, plain(ImageOps.exif_transpose(picture))
        coloured = upright.convert("L" if rule.channels == 1 else "RGB")
        (top, bottom), (left, right) = rule.rows_of(coloured.height), rule.columns_of(coloured.width)
        part = coloured.crop((left, top, right, bottom))
        return np.asarray(fitted(part, rule.height, rule.width, rule.fit))

    def embed(self, pixels: np.ndarray) -> np.ndarray:
        """Pixels (N, H, W) or (N, H, W, 3) uint8 as `pixels_of` gives them -> (N, F) float32."""
        if self._network is None:
            self._network = _network_of(self._card)
        return self._network(self._rule.values_of(pixels))


def _network_of(card: ModelCard) -> Callable[[np.ndarray], np.ndarray]:
    """What makes (N, F) float32 of prepared images (N, ...) float32."""
    if card.form == ONNX:
        return partial(OpenedOnnx(checked_file(card)), output=card.output, at_once=card.at_once)
    layer = weights_layer(card, is_frozen=True)

    def by_torch(values: np.ndarray) -> np.ndarray:
        with torch.no_grad():
            return layer(torch.from_numpy(values)).flatten(1).numpy()

    return by_torch
