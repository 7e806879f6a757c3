"""Networks in the store of a test, and what they must make of images."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx

from core.admission.model_rule import AskedRule
from core.admission.models import AskedModel, admit_model
from core.models.kept_models import ModelCard
from tests.core.models.made import network, saved


def brought(
    folder: Path, made: onnx.ModelProto | None = None, *, title: str = "mine.onnx", owner: str = "", **rule: object
) -> ModelCard:
    """A network that is admitted into the store, by default one of 4 features of images of 6 x 5 in colour."""
    file = saved(network() if made is None else made, folder / title)
    return admit_model(AskedModel(file, rule=AskedRule(**rule)), owner)


def images(count: int, height: int = 12, width: int = 10) -> np.ndarray:
    """(count, height, width, 3) uint8."""
    return np.random.default_rng(2).integers(0, 256, (count, height, width, 3), np.uint8)
