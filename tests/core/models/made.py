"""Small networks as ONNX files, made by the library onnx, and what they must give, by numpy alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

OPSET = 20


def weights(inputs: int, features: int, seed: int = 0) -> np.ndarray:
    """(inputs, features) float32."""
    return np.random.default_rng(seed).normal(size=(inputs, features)).astype(np.float32)


def model(
    nodes: Sequence[onnx.NodeProto],
    shape: Sequence[int | str | None] | None,
    outputs: Mapping[str, Sequence[int | str | None]],
    *,
    arrays: Mapping[str, np.ndarray] | None = None,
    metadata: Mapping[str, str] | None = None,
    kind: int = TensorProto.FLOAT,
    domains: Sequence[str] = ("",),
) -> onnx.ModelProto:
    """A model of these nodes with one input, "x"."""
    graph = helper.make_graph(
        list(nodes),
        "made",
        [helper.make_tensor_value_info("x", kind, shape)],
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, axes) for name, axes in outputs.items()],
        [numpy_helper.from_array(array, name) for name, array in (arrays or {}).items()],
    )
    imports = [helper.make_opsetid(domain, OPSET if domain == "" else 1) for domain in domains]
    made = helper.make_model(graph, opset_imports=imports, ir_version=10, producer_name="made")
    helper.set_model_props(made, dict(metadata or {}))
    return made


def network(
    shape: Sequence[int | str | None] = ("count", 3, 6, 5),
    features: int = 4,
    *,
    seed: int = 0,
    metadata: Mapping[str, str] | None = None,
    inputs: int = 90,
) -> onnx.ModelProto:
    """Flattens what it takes and multiplies it with `weights`; its second output is the same times 2."""
    nodes = [
        helper.make_node("Flatten", ["x"], ["flat"], axis=1),
        helper.make_node("MatMul", ["flat", "w"], ["embedding"]),
    ]
    first = shape[0]
    return model(
        nodes, shape, {"embedding": (first, features)}, arrays={"w": weights(inputs, features, seed)}, metadata=metadata
    )


def saved(made: onnx.ModelProto, path: Path) -> Path:
    """The file with the model; nothing is checked."""
    path.write_bytes(made.SerializeToString())
    return path


def one_at_a_time() -> onnx.ModelProto:
    """Has a free first axis in name alone: it reshapes to one row whatever comes."""
    nodes = [
        helper.make_node("Reshape", ["x", "one"], ["flat"]),
        helper.make_node("MatMul", ["flat", "w"], ["embedding"]),
    ]
    arrays = {"one": np.array([1, 90], np.int64), "w": weights(90, 4)}
    return model(nodes, ("count", 3, 6, 5), {"embedding": ("count", 4)}, arrays=arrays)


def of_the_batch() -> onnx.ModelProto:
    """Takes away the mean of all that comes at once: what a sample becomes depends on its company."""
    nodes = [
        helper.make_node("Flatten", ["x"], ["flat"], axis=1),
        helper.make_node("MatMul", ["flat", "w"], ["rows"]),
        helper.make_node("ReduceMean", ["rows", "axes"], ["mean"], keepdims=1),
        helper.make_node("Mul", ["mean", "half"], ["shift"]),
        helper.make_node("Sub", ["rows", "shift"], ["embedding"]),
    ]
    arrays = {"w": weights(90, 4), "axes": np.array([0], np.int64), "half": np.array([0.5], np.float32)}
    return model(nodes, ("count", 3, 6, 5), {"embedding": ("count", 4)}, arrays=arrays)
