"""The weights of an encoder as safetensors, with the lines of Python that load them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from core.encoders.base import Encoder
from core.handover.optional_packages import check_installed
from core.handover.preprocessing import Preprocessing
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


def write_safetensors(folder: Path, encoder: Encoder, module: nn.Module, rule: Preprocessing) -> None:
    """Write the weights by their names, and beside them the code that loads them."""
    check_installed("weights as safetensors", "safetensors")
    from safetensors.torch import save

    described = encoder.described()
    # Laid out in one piece: the weights of convolutions lie with their channels last, which safetensors refuses.
    kept = module.state_dict().items()
    state = {name: tensor.detach().cpu().clone(memory_format=torch.contiguous_format) for name, tensor in kept}
    about = {"format": "pt", "encoder": json.dumps(described), "preprocessing": json.dumps(rule.written())}
    write_bytes(folder / WEIGHTS, save(state, metadata=about))
    parameters = {name: value for name, value in described.items() if name != "kind"}
    sizes = {"height": rule.height, "width": rule.width, "channels": rule.channels}
    code = CODE.format(kind=described["kind"], parameters=parameters, file=WEIGHTS, **sizes)
    write_bytes(folder / LOADING, code.encode())
