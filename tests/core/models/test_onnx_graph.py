"""What an ONNX file holds, as the library onnx reads it too; and what is not taken."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import onnx
import pytest
import torch
from onnx import TensorProto, helper, numpy_helper

from core.encoders import CompactCnn, ResidualCnn
from core.encoders.base import Encoder
from core.handover.encoder_onnx import write_onnx
from core.models import onnx_graph
from core.models.onnx_graph import OnnxGraph, read_graph
from core.models.operators import OPERATORS
from tests.core.models.made import model, network

ONE = ("count", 3, 6, 5)


def graph_of(made: onnx.ModelProto) -> OnnxGraph:
    return read_graph(memoryview(made.SerializeToString()))


def refused(made: onnx.ModelProto, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        graph_of(made)


@pytest.mark.parametrize("encoder", [CompactCnn(dimension=2), ResidualCnn(dimension=2)], ids=lambda one: one.name)
def test_a_network_of_torch_is_read_as_onnx_reads_it(encoder: Encoder, tmp_path: Path) -> None:
    module = encoder.build(9, 7, torch.Generator().manual_seed(0), 3)
    write_onnx(tmp_path / "a.onnx", encoder, module, torch.zeros(3, 9, 7))
    content = (tmp_path / "a.onnx").read_bytes()
    found, expected = read_graph(memoryview(content)), onnx.load_from_string(content)
    assert found.operators == Counter(node.op_type for node in expected.graph.node) and found.opset == 20
    assert found.ir_version == expected.ir_version and found.producer == expected.producer_name
    assert [(one.name, one.kind) for one in found.inputs] == [("images", "float32")]
    (shape,) = [one.shape for one in found.inputs]
    assert shape is not None and isinstance(shape[0], str) and shape[1:] == (3, 9, 7)
    assert [one.name for one in found.outputs] == ["embeddings"]
    in_graph = sum(int(np.prod(tensor.dims)) for tensor in expected.graph.initializer)
    attributes = [attribute for node in expected.graph.node for attribute in node.attribute]
    in_nodes = [attribute.t for attribute in attributes if attribute.type == attribute.TENSOR]
    assert found.weights == in_graph + sum(int(np.prod(tensor.dims)) for tensor in in_nodes) > 1000


def test_what_it_holds_comes_back_from_plain_values() -> None:
    found = graph_of(network(metadata={"author": "somebody"}))
    assert found.metadata == {"author": "somebody"} and found.producer == "made"
    again = OnnxGraph.read(found.written())
    assert again.written() == found.written() and again.inputs == found.inputs


def test_axes_of_any_length_have_names_and_an_unsaid_shape_is_none() -> None:
    made = network(("count", 3, None, -1))
    assert graph_of(made).inputs[0].shape == ("count", 3, "?", "?")
    made.graph.input[0].type.tensor_type.ClearField("shape")
    assert graph_of(made).inputs[0].shape is None


def test_weights_that_are_listed_among_the_inputs_are_none() -> None:
    made = network()
    made.graph.input.append(helper.make_tensor_value_info("w", TensorProto.FLOAT, (90, 4)))
    assert [place.name for place in graph_of(made).inputs] == ["x"]


def test_operators_outside_the_standard_are_refused() -> None:
    node = helper.make_node("FusedMatMul", ["x", "x"], ["y"], domain="com.microsoft")
    made = model([node], ONE, {"y": ("count", 4)}, domains=("", "com.microsoft"))
    refused(made, "must be those of the ONNX standard, got 'FusedMatMul' of the domain 'com.microsoft'")
    assert graph_of(model([helper.make_node("Relu", ["x"], ["y"], domain="ai.onnx")], ONE, {"y": ONE}))


@pytest.mark.parametrize("kind", ["RandomNormalLike", "NonZero", "SequenceEmpty", "StringNormalizer", "Relu2", "Loop"])
def test_operators_that_no_encoder_needs_are_refused(kind: str) -> None:
    refused(model([helper.make_node(kind, ["x"], ["y"])], ONE, {"y": ONE}), f"standard ones .*, got '{kind}'")


def test_a_graph_within_a_node_is_refused_whatever_the_node_is_called() -> None:
    inner = helper.make_graph([], "inner", [], [helper.make_tensor_value_info("z", TensorProto.FLOAT, (1,))])
    for node in (
        helper.make_node("If", ["x"], ["y"], then_branch=inner, else_branch=inner),
        helper.make_node("Relu", ["x"], ["y"], body=inner),
    ):
        refused(model([node], ONE, {"y": ONE}), "must have no control flow, got a node with a graph of its own")


def test_functions_training_and_sparse_weights_are_refused() -> None:
    made = network()
    made.functions.append(helper.make_function("own", "f", ["a"], ["b"], [], [helper.make_opsetid("", 20)]))
    refused(made, "must be operators alone, got functions")
    made = network()
    made.training_info.add()
    refused(made, "must be operators alone, got instructions for training")
    made = network()
    made.graph.sparse_initializer.add()
    refused(made, "weights must be dense, got sparse ones")


def test_a_constant_is_held_to_the_rules_of_weights() -> None:
    tensor = numpy_helper.from_array(np.ones(3, np.float32), "c")
    tensor.dims[0] = 300
    node = helper.make_node("Constant", [], ["y"], value=tensor)
    refused(model([node], ONE, {"y": (300,)}), "a weight of shape")


def test_there_are_most_nodes_weights_attributes_and_outputs(monkeypatch: pytest.MonkeyPatch) -> None:
    nodes = [helper.make_node("Relu", ["x"], [f"y{number}"]) for number in range(5)]
    made = model(nodes, ONE, {f"y{number}": ONE for number in range(5)})
    assert graph_of(made).operators == {"Relu": 5}
    for name, said in (
        ("MOST_NODES", "at most 3 nodes"),
        ("MOST_PLACES", "must have 1 to 3 outputs, got 5"),
    ):
        with monkeypatch.context() as changed:
            changed.setattr(onnx_graph, name, 3)
            refused(made, said)
    monkeypatch.setattr(onnx_graph, "MOST_TENSORS", 0)
    refused(network(), "at most 0 weights")
    monkeypatch.setattr(onnx_graph, "MOST_ATTRIBUTES", 0)
    refused(network(), "a node must have at most 0 attributes")


@pytest.mark.parametrize(
    "content, said",
    [
        (b"\x80\x04K\x01.", "got a pickle"),
        (b"PK\x03\x04abc", "got a zip archive, as torch.save writes it"),
        (b'{"a": 1}', "got text"),
        (b"\x89HDF\r\n", "got an HDF5 file"),
        (b"version https://git-lfs.github.com/spec/v1", "got a pointer of Git LFS"),
        (b"", "with a graph and a version, got none"),
        (b"\x08\x0a", "with a graph and a version, got none"),
    ],
)
def test_other_files_are_refused_by_name(content: bytes, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        read_graph(memoryview(content))


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
def test_a_file_that_is_cut_off_is_refused(share: float) -> None:
    content = network().SerializeToString()
    with pytest.raises(ValueError, match=r" must .*, got "):
        read_graph(memoryview(content[: int(share * len(content))]))


def test_whatever_the_bytes_are_it_is_read_or_refused() -> None:
    content = network().SerializeToString()
    generator = np.random.default_rng(0)
    outcomes = set()
    for _ in range(2000):
        changed = bytearray(content)
        for place in generator.integers(0, len(content), 3):
            changed[place] = generator.integers(0, 256)
        try:
            read_graph(memoryview(bytes(changed)))
            outcomes.add("read")
        except ValueError as problem:
            assert " must " in str(problem)
            outcomes.add("refused")
    assert outcomes == {"read", "refused"}


def test_what_is_taken_is_of_the_standard_and_nothing_that_runs_other_graphs() -> None:
    standard = {schema.name for schema in onnx.defs.get_all_schemas_with_history() if schema.domain == ""}
    with_graphs = {
        schema.name
        for schema in onnx.defs.get_all_schemas_with_history()
        if any(one.type in (one.type.GRAPH, one.type.GRAPHS) for one in schema.attributes.values())
    }
    assert OPERATORS <= standard and not OPERATORS & with_graphs and {"If", "Loop", "Scan"} <= with_graphs
    others = ("Random", "Sequence", "String", "Optional", "Bernoulli")
    assert not {name for name in OPERATORS if name.startswith(others)}
