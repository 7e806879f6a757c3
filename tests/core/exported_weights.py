"""Encoders as the safetensors that Metric Lab exports."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file

from core.encoders import CompactCnn
from core.encoders.base import Encoder
from core.handover.encoder_safetensors import WEIGHTS, write_safetensors
from core.handover.preprocessing import Preprocessing

RULE = Preprocessing(9, 7, 3, (0.4, 0.5, 0.6), (0.2, 0.3, 0.4))


def exported(folder: Path, encoder: Encoder | None = None, rule: Preprocessing = RULE) -> tuple[Path, torch.nn.Module]:
    """The file, and the module that it is of, in evaluation."""
    encoder = CompactCnn(dimension=16) if encoder is None else encoder
    module = encoder.build(rule.height, rule.width, torch.Generator().manual_seed(0), rule.channels)
    generator = torch.Generator().manual_seed(1)
    module(torch.randn(20, rule.channels, rule.height, rule.width, generator=generator))  # statistics of its own
    write_safetensors(folder, encoder, module, rule)
    return folder / WEIGHTS, module.eval()


def altered(path: Path, tensors: Mapping[str, torch.Tensor | None], **metadata: Any) -> Path:
    """The same file with other tensors, or without those that are None, and with other metadata."""
    from safetensors import safe_open

    with safe_open(path, "pt") as file:
        about = file.metadata()
    state = {name: tensor for name, tensor in (load_file(path) | dict(tensors)).items() if tensor is not None}
    told = {name: value if isinstance(value, str) else json.dumps(value) for name, value in metadata.items()}
    save_file(state, path, metadata=about | told)
    return path
