"""An encoder to embed images with, or a head for vectors: of an exported folder, of an .onnx file, of a run, or a
network that was brought."""

from __future__ import annotations

import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import numpy as np
from PIL import Image

from core.handover.encoder_onnx import ENCODER
from core.handover.model_folder import MODEL
from core.handover.optional_packages import check_installed
from core.handover.preprocessing import Preprocessing
from core.handover.vector_scaling import KIND as VECTORS
from core.handover.vector_scaling import VectorScaling
from core.jobs.brought_encoder import BroughtEncoder
from core.jobs.trained_encoder import trained_encoder
from core.models.kept_models import MODEL_ID, models_root, read_model
from core.models.onnx_graph import OnnxGraph
from core.models.opened_onnx import OpenedOnnx
from core.runs.run_folder import Run
from core.runs.run_row import RUN_ID
from core.system.locations import store_root


class Preparing(Protocol):
    """Makes pixels of an image as an encoder takes them."""

    @property
    def least(self) -> tuple[int, int] | None:
        """Width and height below which no JPEG is decoded, or None where all of it is."""

    def pixels_of(self, picture: Image.Image) -> np.ndarray:
        """(H, W), or (H, W, 3) in colour, uint8."""


class UsableEncoder(NamedTuple):
    """How images are prepared, and what makes embeddings (N, K) float32 of their pixels (N, H, W) or (N, H, W, 3); or
    how vectors are scaled, and what makes embeddings of them (N, D) as they come. A sentence on what was taken for
    granted, or nothing."""

    preprocessing: Preparing | VectorScaling
    embed: Callable[[np.ndarray], np.ndarray]
    remark: str = ""


def usable_encoder(named: str) -> UsableEncoder:
    """By a path, or by the id of a run or of a brought network in the store. Raises ValueError where that is no
    encoder."""
    path = Path(named)
    if path.suffix == ".onnx":
        return _of_file(path, path.with_name(MODEL))
    if (path / MODEL).exists():
        return _of_file(path / ENCODER, path / MODEL)
    if MODEL_ID.fullmatch(named) and (models_root() / named).exists():
        brought = BroughtEncoder(read_model(named))
        return UsableEncoder(brought, brought.embed)
    trained = trained_encoder(run_named(named))
    return UsableEncoder(trained.preprocessing, trained.embedded)


def run_named(named: str) -> Run:
    """The run of a folder, or of an id in the store. Raises ValueError where there is none."""
    homes = [Path(named), *([store_root() / "runs" / named] if RUN_ID.fullmatch(named) else [])]
    for folder in homes:
        if (folder / "run.json").exists():
            return Run(folder)
    raise ValueError(f"there must be a run folder or the id of a run in the store, got {named!r}. Check the name.")


def _of_file(file: Path, model: Path) -> UsableEncoder:
    """Whoever made the file, what is in it runs in a process with limits of its own."""
    check_installed("an encoder as ONNX", "onnxruntime")
    if not file.exists():
        raise ValueError(f"there must be an ONNX encoder, got nothing at {file}. Check the path.")
    written = _rule_in(model, file) if model.exists() else None
    opened = OpenedOnnx(file)
    taken, gives = _places(opened.graph, file)
    rule, remark = (written, "") if written else _rule_of_shape(taken, file)
    takes_several = taken[0] != 1

    def embed(samples: np.ndarray) -> np.ndarray:
        is_of_vectors = isinstance(rule, VectorScaling)  # which are scaled inside of the file
        values = rule.checked(samples) if is_of_vectors else rule.values_of(samples)
        return opened(np.ascontiguousarray(values), output=gives, at_once=takes_several)

    return UsableEncoder(rule, embed, remark)


def _places(graph: OnnxGraph, file: Path) -> tuple[tuple[int | str, ...], str]:
    """The shape of what the network takes, and the name of what it gives first. Raises ValueError where it has more
    than one input, none, or one of no shape."""
    shapes = [place.shape for place in graph.inputs]
    if len(shapes) != 1 or not shapes[0] or not graph.outputs:
        raise ValueError(
            f"{file.name} must have one input of a shape and an output, got the shapes {shapes}. Export it again."
        )
    return shapes[0], graph.outputs[0].name


def _rule_in(model: Path, file: Path) -> Preprocessing | VectorScaling:
    """As the model.json of this very file says."""
    try:
        written: dict[str, Any] = json.loads(model.read_text(encoding="utf-8"))
        digest, rule = written["encoder"]["sha256"], _rule_of(written["preprocessing"])
    except (KeyError, TypeError, ValueError) as problem:
        raise ValueError(
            f"{model} must say how images are prepared, got {problem}. Export the encoder again."
        ) from None
    if digest != sha256(file.read_bytes()).hexdigest():
        raise ValueError(f"{model} must be of {file.name} beside it, got one of another file. Export both together.")
    return rule


def _rule_of(written: Any) -> Preprocessing | VectorScaling:
    is_of_vectors = isinstance(written, dict) and written.get("kind") == VECTORS
    return VectorScaling.read(written) if is_of_vectors else Preprocessing.read(written)


def _rule_of_shape(shape: tuple[int | str, ...], file: Path) -> tuple[Preprocessing | VectorScaling, str]:
    """As the shape of its input says, with a sentence on what that takes for granted."""
    if len(shape) == 2 and isinstance(shape[1], int):
        return VectorScaling((0.0,) * shape[1], 1.0), f"there is no {MODEL} beside {file.name}: vectors are not scaled"
    sizes = [size for size in shape[1:] if isinstance(size, int)]
    if len(shape) != 4 or len(sizes) != 3:
        raise ValueError(
            f"{file.name} must take images (N, channels, height, width) of one size, got {list(shape)}. Add its "
            f"{MODEL}."
        )
    channels, height, width = sizes
    rule = Preprocessing(height, width, channels, (0.0,) * channels, (1.0,) * channels)
    return rule, f"there is no {MODEL} beside {file.name}: images are stretched, and their values go from 0 to 1"
