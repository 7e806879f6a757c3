"""The weights of an encoder as safetensors, with the lines of Python that load them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from core.encoders.base import Encoder
from core.handover.optional_packages import check_installed
from core.handover.preprocessing import Preprocessing
from core.handover.vector_scaling import VectorScaling
from core.lazy import torch
from core.system.atomic_files import write_bytes

if TYPE_CHECKING:
    from torch import nn

WEIGHTS, LOADING = "encoder.safetensors", "load_encoder.py"
CODE = '''"""Run where the code of Metric Lab lies; then `encoder.embed(module, images)` embeds prepared images."""

import torch
from safetensors.torch import load_file

from core.encoders import ENCODERS

encoder = ENCODERS[{kind!r}].made_from({parameters!r})
module = encoder.blank().build({height}, {width}, torch.Generator(), {channels})
module.load_state_dict(load_file({file!r}))
module.eval()
'''
CODE_OF_VECTORS = '''"""Run where the code of Metric Lab lies; then `embed(vectors)` embeds vectors (N, {numbers})."""

import torch
from safetensors.torch import load_file

from core.encoders import ENCODERS

encoder = ENCODERS[{kind!r}].made_from({parameters!r})
module = encoder.blank().build(1, 1, torch.Generator(), {numbers})
weights = load_file({file!r})
mean, scale = weights.pop({mean!r}), weights.pop({scale!r})
module.load_state_dict(weights)
module.eval()


def embed(vectors):
    """(N, {numbers}) float32 as they come from their encoder -> (N, {dimension})."""
    with torch.no_grad():
        return encoder.embed(module, ((vectors - mean) / scale)[:, :, None, None])
'''
MEAN, SCALE = "vectors.mean", "vectors.scale"  # beside the weights, of what vectors are scaled by


def write_safetensors(folder: Path, encoder: Encoder, module: nn.Module, rule: Preprocessing | VectorScaling) -> None:
    """Write the weights by their names, and beside them the code that loads them; of a head on vectors also what these
    are scaled by."""
    check_installed("weights as safetensors", "safetensors")
    from safetensors.torch import save

    described = encoder.described()
    # Laid out in one piece: the weights of convolutions lie with their channels last, which safetensors refuses.
    kept = module.state_dict().items()
    state = {name: tensor.detach().cpu().clone(memory_format=torch.contiguous_format) for name, tensor in kept}
    is_of_vectors = isinstance(rule, VectorScaling)
    if is_of_vectors:
        state |= {MEAN: torch.tensor(rule.mean), SCALE: torch.tensor(rule.scale)}
    about = {"format": "pt", "encoder": json.dumps(described), "preprocessing": json.dumps(rule.written())}
    write_bytes(folder / WEIGHTS, save(state, metadata=about))
    parameters = {name: value for name, value in described.items() if name != "kind"}
    named = {"kind": described["kind"], "parameters": parameters, "file": WEIGHTS}
    if is_of_vectors:
        sizes = {"numbers": rule.numbers, "dimension": encoder.dimension}
        code = CODE_OF_VECTORS.format(mean=MEAN, scale=SCALE, **named, **sizes)
    else:
        code = CODE.format(height=rule.height, width=rule.width, channels=rule.channels, **named)
    write_bytes(folder / LOADING, code.encode())
