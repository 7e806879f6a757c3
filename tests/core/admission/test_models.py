"""Networks that are taken in: what their cards say, and what is not taken."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from onnx import TensorProto, helper

from core.admission import models
from core.admission.model_rule import AskedRule
from core.admission.models import AskedModel, admit_model, summary_of
from core.encoders import CompactCnn
from core.handover.encoder_onnx import write_onnx
from core.models.kept_models import model_ids, models_root, owners_of
from tests.core.brought_models import brought
from tests.core.exported_weights import RULE, exported
from tests.core.models.made import model, network, of_the_batch, one_at_a_time, saved


@pytest.fixture(autouse=True)
def own_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("METRIC_LAB_STORE", str(tmp_path / "store"))


def refused(tmp_path: Path, said: str, file: Path, **asked: object) -> None:
    with pytest.raises(ValueError, match=said):
        admit_model(AskedModel(file, **asked))  # type: ignore[arg-type]
    assert model_ids() == [] and not (models_root().exists() and list(models_root().iterdir()))


def test_a_network_of_images_has_a_card(tmp_path: Path) -> None:
    card = brought(tmp_path, owner="ann")
    assert (card.title, card.form, card.takes, card.dimension, card.at_once) == ("mine.onnx", "onnx", "images", 4, True)
    assert card.output == "embedding" and card.graph["operators"] == {"Flatten": 1, "MatMul": 1}
    assert card.file.read_bytes() == (tmp_path / "mine.onnx").read_bytes() and owners_of(card.id) == ("ann",)
    told = summary_of(card)
    assert list(told)[0] == "id" and told["opset"] == 20 and told["rule_from"] == "nobody" and json.dumps(told)
    assert [path.name for path in models_root().iterdir()] == [card.id]


def test_the_same_file_prepared_otherwise_is_another_network(tmp_path: Path) -> None:
    first, other = brought(tmp_path), brought(tmp_path, order="BGR")
    assert first.sha256 == other.sha256 and first.id != other.id
    assert brought(tmp_path).id == first.id and len(model_ids()) == 2


def test_a_network_of_vectors_has_one(tmp_path: Path) -> None:
    card = brought(tmp_path, network(("count", 90)))
    assert (card.takes, card.numbers, card.dimension, card.rule) == ("vectors", 90, 4, {})


SINGLE = {"one": network((1, 3, 6, 5)), "in name alone": one_at_a_time(), "of the batch": of_the_batch()}


@pytest.mark.parametrize("made", SINGLE.values(), ids=SINGLE)
def test_one_that_takes_one_sample_at_a_time_is_known(made: object, tmp_path: Path) -> None:
    card = brought(tmp_path, made)  # type: ignore[arg-type]
    assert not card.at_once and card.dimension == 4


def test_an_output_is_chosen_where_there_are_several(tmp_path: Path) -> None:
    made = network()
    made.graph.output.append(helper.make_tensor_value_info("flat", TensorProto.FLOAT, ("count", 90)))
    file = saved(made, tmp_path / "a.onnx")
    refused(tmp_path, r"must have one output .* got embedding \['count', 4\], flat", file)
    refused(tmp_path, "the output must be one of embedding .*, got 'flap'", file, output="flap")
    assert admit_model(AskedModel(file, output="flat")).dimension == 90


def test_what_metric_lab_has_exported_says_how_images_are_prepared(tmp_path: Path) -> None:
    encoder = CompactCnn(dimension=2)
    module = encoder.build(9, 7, torch.Generator().manual_seed(0), 3)
    write_onnx(tmp_path / "encoder.onnx", encoder, module, torch.zeros(3, 9, 7), RULE)
    card = admit_model(AskedModel(tmp_path / "encoder.onnx"))
    assert card.rule_from == "file" and card.image_rule.mean == RULE.mean and card.at_once
    write_onnx(tmp_path / "encoder.onnx", encoder, module, torch.zeros(3, 9, 7))  # as earlier versions did
    bare = admit_model(AskedModel(tmp_path / "encoder.onnx"))
    assert bare.rule_from == "nobody"
    model_json = {"encoder": {"sha256": bare.sha256}, "preprocessing": RULE.written()}
    (tmp_path / "model.json").write_text(json.dumps(model_json))
    assert admit_model(AskedModel(tmp_path / "encoder.onnx")).rule == card.rule
    (tmp_path / "model.json").write_text(json.dumps(model_json | {"encoder": {"sha256": "of another"}}))
    assert admit_model(AskedModel(tmp_path / "encoder.onnx")).id == bare.id


def test_weights_of_metric_lab_are_taken_in_too(tmp_path: Path) -> None:
    path, _ = exported(tmp_path)
    card = admit_model(AskedModel(path, title="a\nb"))
    assert (card.form, card.title, card.dimension, card.rule_from) == ("safetensors", "a b", 16, "file")
    assert card.file.read_bytes() == path.read_bytes()


def test_a_network_that_takes_other_than_one_array_of_float32_is_refused(tmp_path: Path) -> None:
    two = network()
    two.graph.input.append(helper.make_tensor_value_info("z", TensorProto.FLOAT, (1,)))
    refused(tmp_path, "must have one input, .* got x of float32, z of float32", saved(two, tmp_path / "a.onnx"))
    cast = helper.make_node("Cast", ["x"], ["y"], to=TensorProto.FLOAT)
    made = model([cast], ("n", 90), {"y": ("n", 90)}, kind=TensorProto.INT64)
    refused(tmp_path, "must have one input, of float32 .* got x of int64", saved(made, tmp_path / "a.onnx"))
    refused(
        tmp_path,
        "must take one sample at a time, or any number of them, got 2",
        saved(network((2, 3, 6, 5)), tmp_path / "a.onnx"),
    )


def test_an_embedding_is_a_row_of_finite_numbers_of_a_stated_length(tmp_path: Path) -> None:
    nodes = [helper.make_node("Log", ["x"], ["y"])]
    made = model(nodes, ("n", 90), {"y": ("n", 90)})
    refused(tmp_path, "an embedding must be finite numbers, got some that are not", saved(made, tmp_path / "a.onnx"))
    wide = saved(network(features=5000), tmp_path / "a.onnx")
    refused(tmp_path, "must be 1 to 4,096 numbers for each sample, got 5,000", wide)


def test_other_files_are_refused_by_their_names_and_sizes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    refused(tmp_path, "a network must be a file .onnx, or .safetensors .* got 'a.pt'", tmp_path / "a.pt")
    refused(tmp_path, "must be a file that is there, got", tmp_path / "a.onnx")
    (tmp_path / "a.onnx").write_bytes(b"")
    refused(tmp_path, "must be a file of 1 to 500,000,000 bytes, got 0", tmp_path / "a.onnx")
    monkeypatch.setattr(models, "MOST_BYTES", 100)
    refused(tmp_path, "must be a file of 1 to 100 bytes", saved(network(), tmp_path / "a.onnx"))


def test_a_rule_that_does_not_fit_is_refused_and_nothing_stays(tmp_path: Path) -> None:
    file = saved(network(("n", 3, "h", "w")), tmp_path / "a.onnx")
    refused(tmp_path, "the height of images must be said", file)
    refused(tmp_path, "must embed samples of", file, rule=AskedRule(height=8, width=8))  # whose weights do not fit
    assert admit_model(AskedModel(file, rule=AskedRule(height=6, width=5))).image_rule.height == 6


def test_a_title_is_plain_and_short(tmp_path: Path) -> None:
    file = saved(network(), tmp_path / "a.onnx")
    assert AskedModel(file, title="a\u202eb\n" + "c" * 200).shown_title == "a b " + "c" * 96
    assert AskedModel(file).shown_title == "a.onnx"


def test_what_has_no_say_is_refused_and_not_passed_over(tmp_path: Path) -> None:
    vectors = saved(network(("n", 90)), tmp_path / "v.onnx")
    refused(tmp_path, "nothing may be said of images for a network of vectors", vectors, rule=AskedRule(order="BGR"))
    path, _ = exported(tmp_path)
    refused(tmp_path, "must be taken with their one output, got 'y'", path, output="y")
