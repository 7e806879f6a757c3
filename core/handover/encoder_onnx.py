"""An encoder as one ONNX file, with the scaling of the embeddings inside, and of vectors that it takes; and how far
onnxruntime is from torch."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from core.encoders.base import Encoder
from core.handover.optional_packages import check_installed
from core.handover.preprocessing import Preprocessing
from core.handover.vector_scaling import VectorScaling
from core.lazy import torch
from core.models.image_rule import METADATA
from core.models.onnx_errors import refusals, what_it_says
from core.system.atomic_files import write_bytes

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from torch import Tensor, nn

ENCODER, OPSET = "encoder.onnx", 20
INPUT, VECTORS, OUTPUT = "images", "vectors", "embeddings"
AT_ONCE = 256  # images
LARGEST_DIFFERENCE = 1e-4  # between onnxruntime and torch, of one value of an embedding


def write_onnx(
    path: Path, encoder: Encoder, module: nn.Module, sample: Tensor, rule: Preprocessing | VectorScaling | None = None
) -> None:
    """Write the module as the encoder embeds with it, for any number of prepared images like `sample` (channels, H, W),
    by which `rule` the file says where it is given; or, with the rule of vectors, for any number of vectors (D,) as
    they come, which are scaled inside."""
    check_installed("an encoder as ONNX", "onnx", "onnxscript")
    # Of two, since one may stand for a size that never changes.
    example = torch.stack([sample, sample]).contiguous()
    training, scaling = module.training, rule if isinstance(rule, VectorScaling) else None
    whole = _embedding(encoder, module, scaling).eval()  # while it trains, the batch's statistics would be exported
    program = torch.onnx.export(
        whole,
        (example,),
        dynamo=True,
        opset_version=OPSET,
        dynamic_shapes=({0: torch.export.Dim("count")},),
        input_names=[VECTORS if scaling else INPUT],
        output_names=[OUTPUT],
        verbose=False,
    )
    module.train(training)
    assert program is not None, "torch gives a program where it is asked for one by dynamo"
    if isinstance(rule, Preprocessing):
        program.model.metadata_props[METADATA] = json.dumps(rule.written())
    with tempfile.TemporaryDirectory() as temporary:
        file = Path(temporary) / ENCODER
        program.save(file, external_data=False)  # one file, which cannot lose a part
        write_bytes(path, file.read_bytes())


def _embedding(encoder: Encoder, module: nn.Module, scaling: VectorScaling | None) -> nn.Module:
    """From prepared images, or from vectors, to embeddings, of length 1 where the encoder makes them so."""

    class Embedding(torch.nn.Module):
        """What is written."""

        def __init__(self) -> None:
            super().__init__()
            self.module = module
            if scaling:
                self.register_buffer("mean", torch.tensor(scaling.mean))
                self.register_buffer("scale", torch.tensor(scaling.scale))

        def forward(self, samples: Tensor) -> Tensor:
            if scaling:
                samples = ((samples - self.mean) / self.scale)[:, :, None, None]
            return encoder.embed(self.module, samples)

    return Embedding()


def embedded_by_onnx(path: Path, images: np.ndarray, *, threads: int = 1) -> np.ndarray:
    """Prepared images (N, channels, H, W) float32, or vectors (N, D) -> (N, K) float32 by onnxruntime, on a processor.

    Raises ValueError for a file that is no encoder of such.
    """
    session = onnx_session(path, threads)
    name = session.get_inputs()[0].name
    try:
        parts = (np.ascontiguousarray(images[start : start + AT_ONCE]) for start in range(0, len(images), AT_ONCE))
        return np.concatenate([np.asarray(session.run(None, {name: part})[0]) for part in parts])
    except refusals() as problem:
        taken = VECTORS if images.ndim == 2 else INPUT
        raise ValueError(
            f"{path.name} must be an encoder of {taken} {images.shape[1:]}, got {what_it_says(problem)}. Export it "
            "again."
        ) from None


def onnx_session(path: Path, threads: int = 1) -> InferenceSession:
    """The file, opened by onnxruntime. Raises ValueError where it cannot be, and where onnxruntime is missing."""
    check_installed("an encoder as ONNX", "onnxruntime")
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    try:
        return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    except refusals() as problem:
        raise ValueError(f"{path.name} must be an ONNX model, got {what_it_says(problem)}. Export it again.") from None


def check_agreement(by_onnx: np.ndarray, by_torch: np.ndarray) -> float:
    """The largest difference of one value. Raises ValueError where that is above LARGEST_DIFFERENCE."""
    largest = float(np.abs(by_onnx - by_torch).max())
    if not largest < LARGEST_DIFFERENCE:
        raise ValueError(
            f"onnxruntime must agree with torch to {LARGEST_DIFFERENCE:g}, got a difference of {largest:g}. Take the "
            "encoder as safetensors."
        )
    return largest
