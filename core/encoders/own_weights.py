"""An encoder of Metric Lab by the weights that it has exported as safetensors: what the file says is built, and holds
just the tensors that the file has, or it is refused."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from core.encoders.base import Encoder
from core.lazy import torch
from core.models.image_rule import MOST_PIXELS
from core.models.weights_file import AGAIN, WeightsFile, open_weights
from core.params import build
from core.system.quoting import brief, shown

if TYPE_CHECKING:
    from torch import Tensor, nn

ENCODER, PREPROCESSING = "encoder", "preprocessing"


class OwnWeights(NamedTuple):
    """An encoder, how images are prepared for it as plain values (core/handover/preprocessing.py), and its weights."""

    encoder: Encoder
    preprocessing: Mapping[str, Any]
    file: WeightsFile

    @property
    def sizes(self) -> tuple[int, int, int]:
        """Height, width and channels of its images."""
        rule = self.preprocessing
        return rule["height"], rule["width"], rule["channels"]


def own_weights(path: Path) -> OwnWeights:
    """What a file is of. Raises ValueError where it is no safetensors file, does not say its encoder as Metric Lab
    does, or has other tensors than that encoder."""
    file = open_weights(path)
    described, rule = (_object(file.metadata.get(name, ""), name) for name in (ENCODER, PREPROCESSING))
    encoder = _encoder_of(described)
    sizes = [rule.get(name) for name in ("height", "width", "channels")]
    if not all(type(size) is int and 1 <= size <= MOST_PIXELS for size in sizes) or sizes[2] not in (1, 3):
        raise ValueError(f"images must have 1 or 3 channels and sides of 1 to {MOST_PIXELS:,}, got {sizes}. {AGAIN}")
    found = OwnWeights(encoder, rule, file)
    _check_tensors(found)
    return found


def module_of(own: OwnWeights) -> nn.Module:
    """The encoder with its weights, in evaluation."""
    module = own.encoder.layers(*own.sizes)
    module.load_state_dict(state_of(own))
    return module.to(memory_format=torch.channels_last).eval()


def state_of(own: OwnWeights) -> dict[str, Tensor]:
    """Its weights by name."""
    return {name: torch.from_numpy(own.file.array(name)) for name in own.file.tensors}


def _object(text: str, what: str) -> dict[str, Any]:
    """A JSON object of the metadata."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise ValueError(
            f"safetensors must be those that Metric Lab has exported, which say their {what}, got "
            f"{shown(text) if text else 'none'}. Bring others as ONNX. {AGAIN}"
        )
    return found


def _encoder_of(described: Mapping[str, Any]) -> Encoder:
    from core.encoders import ENCODERS, BroughtNetwork

    kinds = {name: kind for name, kind in ENCODERS.items() if kind is not BroughtNetwork}
    try:
        return build("encoder", kinds, described).blank()
    except TypeError as problem:
        raise ValueError(f"the encoder must be one of Metric Lab, got {brief(problem)}. {AGAIN}") from None


def _check_tensors(own: OwnWeights) -> None:
    """Raise ValueError where the file has others than the encoder. Its layers are laid out without memory for that:
    what a file says may be large, what it holds is not."""
    with torch.device("meta"):
        expected = own.encoder.layers(*own.sizes).state_dict()
    shapes, wanted = own.file.shapes, {name: tuple(tensor.shape) for name, tensor in expected.items()}
    wrong = sorted(name for name in {*shapes, *wanted} if shapes.get(name) != wanted.get(name))
    if wrong:
        there, here = (listed.get(wrong[0], "none") for listed in (shapes, wanted))
        raise ValueError(
            f"the weights must be those of {own.encoder.name} for images of {own.sizes[0]} x {own.sizes[1]}, got "
            f"{there} for {shown(wrong[0])}, which has {here}, and {len(wrong) - 1:,} others. {AGAIN}"
        )
