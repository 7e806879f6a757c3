"""What an ONNX file holds, read out of its bytes by code of ours before any library opens it: where it asks for
anything but standard operators on its own weights, it is refused.

The numbers of fields are those of onnx.proto3; of what is not looked at here, onnxruntime judges later.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from core.models.onnx_tensor import check_tensor
from core.models.operators import OPERATORS, STANDARD, TYPES
from core.models.wire import DAMAGED, fields_of
from core.system.quoting import brief, shown

MOST_BYTES = 500_000_000  # of a file
MOST_NODES, MOST_TENSORS = 20_000, 20_000
MOST_PLACES = 64  # inputs, or outputs
MOST_ATTRIBUTES = 64  # of a node
MOST_AXES = 8
MOST_METADATA, METADATA_LENGTH = 100, 20_000
NAME_LENGTH = 200

OTHERS = {
    b"\x80": "a pickle",
    b"PK": "a zip archive, as torch.save writes it",
    b"\x89HDF": "an HDF5 file",
    b"{": "text",
    b"version https://git-lfs": "a pointer of Git LFS instead of the file",
}


@dataclass(frozen=True)
class Place:
    """An input or an output: its name, the type of its values, and its shape, an axis of any length by its name; None
    where the file does not say the shape."""

    name: str
    kind: str
    shape: tuple[int | str, ...] | None

    def written(self) -> dict[str, Any]:
        """Plain values, as JSON has them."""
        return {"name": self.name, "type": self.kind, "shape": None if self.shape is None else list(self.shape)}

    @classmethod
    def read(cls, written: Mapping[str, Any]) -> Place:
        """Of what `written` gives."""
        shape = written["shape"]
        return cls(written["name"], written["type"], None if shape is None else tuple(shape))


@dataclass
class OnnxGraph:
    """What a network takes, gives and is made of: how often each operator stands in it, and how many numbers its
    weights have."""

    ir_version: int = 0
    opset: int = 0
    producer: str = ""
    inputs: list[Place] = field(default_factory=list)
    outputs: list[Place] = field(default_factory=list)
    operators: Counter[str] = field(default_factory=Counter)
    weights: int = 0
    tensors: int = 0
    metadata: dict[str, str] = field(default_factory=dict)

    def written(self) -> dict[str, Any]:
        """Plain values, as JSON has them."""
        return {
            "ir_version": self.ir_version,
            "opset": self.opset,
            "producer": self.producer,
            "inputs": [place.written() for place in self.inputs],
            "outputs": [place.written() for place in self.outputs],
            "operators": dict(self.operators.most_common()),
            "weights": self.weights,
            "metadata": self.metadata,
        }

    @classmethod
    def read(cls, written: Mapping[str, Any]) -> OnnxGraph:
        """Of what `written` gives."""
        told: dict[str, Any] = {key: written[key] for key in ("ir_version", "opset", "producer", "weights", "metadata")}
        places: dict[str, Any] = {key: [Place.read(one) for one in written[key]] for key in ("inputs", "outputs")}
        return cls(**told, **places, operators=Counter(written["operators"]))


def read_graph(content: memoryview) -> OnnxGraph:
    """What a whole file holds. Raises ValueError, with what to do, for what is no ONNX model, or one that is not taken:
    with weights in other files, operators outside the standard, control flow, functions, or sizes that lie."""
    for magic, what in OTHERS.items():
        if bytes(content[: len(magic)]) == magic:
            raise ValueError(f"the file must be an ONNX model, got {what}. Export the network as ONNX.")
    graph, is_there = OnnxGraph(), False
    for one in fields_of(content):
        if one.number == 1:
            graph.ir_version = one.whole
        elif one.number == 2:
            graph.producer = one.text[:NAME_LENGTH]
        elif one.number == 7:
            is_there = True
            _read_graph(one.piece, graph)
        elif one.number == 8:
            _read_opset(one.piece, graph)
        elif one.number == 14:
            _read_metadata(one.piece, graph)
        elif one.number in (20, 25):
            what = "instructions for training" if one.number == 20 else "functions"
            raise ValueError(f"the network must be operators alone, got {what}. Export it for inference, inlined.")
    if not is_there or not graph.opset or not 3 <= graph.ir_version < 1000:
        raise ValueError(f"the file must be an ONNX model with a graph and a version, got none. {DAMAGED}")
    return graph


def _read_opset(message: memoryview, graph: OnnxGraph) -> None:
    """The version of the standard's operators; versions of others count where a node is one of theirs."""
    domain, version = "", 0
    for one in fields_of(message, 16):
        if one.number == 1:
            domain = one.text
        elif one.number == 2:
            version = one.whole
    if domain in STANDARD:
        graph.opset = version


def _read_metadata(message: memoryview, graph: OnnxGraph) -> None:
    found = {one.number: one.text for one in fields_of(message, 16)}
    key, value = found.get(1, ""), found.get(2, "")
    if len(graph.metadata) < MOST_METADATA and len(key) <= NAME_LENGTH and len(value) <= METADATA_LENGTH:
        graph.metadata[key] = value


def _read_graph(message: memoryview, graph: OnnxGraph) -> None:
    inputs: list[Place] = []
    weights: set[str] = set()
    nodes = 0
    for one in fields_of(message):
        if one.number == 1:
            nodes += 1
            if nodes > MOST_NODES:
                raise ValueError(f"the network must have at most {MOST_NODES:,} nodes, got more. Take a smaller one.")
            graph.operators[_operator(one.piece, graph)] += 1
        elif one.number == 5:
            weights.add(_weigh(one.piece, graph))
        elif one.number == 11:
            inputs.append(_place(one.piece))
        elif one.number == 12:
            graph.outputs.append(_place(one.piece))
        elif one.number == 15:
            raise ValueError("weights must be dense, got sparse ones. Export the network with dense weights.")
    graph.inputs += [place for place in inputs if place.name not in weights]  # older files list weights as inputs
    for what, places in (("inputs", graph.inputs), ("outputs", graph.outputs)):
        if not 0 < len(places) <= MOST_PLACES:
            raise ValueError(f"the network must have 1 to {MOST_PLACES} {what}, got {len(places)}. {DAMAGED}")


def _weigh(message: memoryview, graph: OnnxGraph) -> str:
    """Count the numbers of a weight; its name."""
    graph.tensors += 1
    if graph.tensors > MOST_TENSORS:
        raise ValueError(f"the network must have at most {MOST_TENSORS:,} weights, got more. Take a smaller one.")
    name, count = check_tensor(message)
    graph.weights += count
    return name


def _operator(message: memoryview, graph: OnnxGraph) -> str:
    """The operator of a node. Raises ValueError for one that is not taken."""
    kind, domain, attributes = "", "", 0
    for one in fields_of(message):
        if one.number == 4:
            kind = one.text
        elif one.number == 7:
            domain = one.text
        elif one.number == 5:
            attributes += 1
            if attributes > MOST_ATTRIBUTES:
                raise ValueError(f"a node must have at most {MOST_ATTRIBUTES} attributes, got more. {DAMAGED}")
            _check_attribute(one.piece, graph)
    if domain not in STANDARD:
        raise ValueError(
            f"operators must be those of the ONNX standard, got {shown(brief(kind))} of the domain "
            f"{shown(brief(domain))}. Export the network without operators of others."
        )
    if kind not in OPERATORS:
        raise ValueError(
            f"operators must be standard ones that need no control flow, chance, strings or sequences, got "
            f"{shown(brief(kind))}. Export the network without it."
        )
    return kind


def _check_attribute(message: memoryview, graph: OnnxGraph) -> None:
    """Raise ValueError where it holds graphs, or tensors that are not taken."""
    for one in fields_of(message):
        if one.number in (6, 11):
            raise ValueError(
                "the network must have no control flow, got a node with a graph of its own. Export it for a fixed path."
            )
        if one.number in (5, 10):
            _weigh(one.piece, graph)
        if one.number in (22, 23):
            raise ValueError("weights must be dense, got sparse ones. Export the network with dense weights.")


def _place(message: memoryview) -> Place:
    """An input or output. Raises ValueError where it is no tensor of numbers."""
    name, kind, shape = "", "", None
    for one in fields_of(message, 64):
        if one.number == 1:
            name = one.text
        elif one.number == 2:
            kind, shape = _tensor_type(one.piece)
    if not name or len(name) > NAME_LENGTH:
        raise ValueError(f"inputs and outputs must have names of 1 to {NAME_LENGTH} letters, got others. {DAMAGED}")
    return Place(name, kind, shape)


def _tensor_type(message: memoryview) -> tuple[str, tuple[int | str, ...] | None]:
    for one in fields_of(message, 16):
        if one.number == 1:
            return _element_and_shape(one.piece)
    raise ValueError(f"inputs and outputs must be tensors of numbers, got others. {DAMAGED}")


def _element_and_shape(message: memoryview) -> tuple[str, tuple[int | str, ...] | None]:
    element, shape = 0, None
    for one in fields_of(message, 16):
        if one.number == 1:
            element = one.whole
        elif one.number == 2:
            shape = tuple(_axis(axis.piece) for axis in fields_of(one.piece, MOST_AXES) if axis.number == 1)
    if element not in TYPES:
        raise ValueError(f"inputs and outputs must be of numbers, got type {element}. Export the network otherwise.")
    return TYPES[element][0], shape


def _axis(message: memoryview) -> int | str:
    """Its length, or a name where any will do."""
    for one in fields_of(message, 8):
        if one.number == 1:
            return one.whole if one.whole > 0 else "?"  # some write -1 or 0 for any length
        if one.number == 2:
            return one.text[:NAME_LENGTH] or "?"
    return "?"
