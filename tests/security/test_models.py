"""Networks that mean harm, or lie: refused in one sentence by code of ours, before any library sees the file, in a
process with little memory; and nothing is written but the network itself. All of them are harmless."""

from __future__ import annotations

import json
import os
import pickle
import zipfile
from pathlib import Path

import numpy as np
import onnx
import psutil
import pytest
import torch
from onnx import TensorProto, external_data_helper, helper, numpy_helper

from core.admission.model_rule import AskedRule
from core.admission.models import AskedModel, admit_model
from core.models.kept_models import models_root
from core.models.onnx_graph import MOST_NODES
from core.models.opened_onnx import MEMORY
from tests.core.exported_weights import altered, exported
from tests.core.models.made import model, network, saved
from tests.core.models.test_weights_file import written


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("METRIC_LAB_STORE", str(tmp_path / "store"))
    monkeypatch.setenv(MEMORY, "1.5")
    (tmp_path / "outside").write_text("as it was")
    (tmp_path / "inner").mkdir()
    return tmp_path / "inner"


def refusal(file: Path, **rule: object) -> str:
    """The sentence; nothing has changed, and no process is left."""
    before = tree(file.parents[1])
    with pytest.raises(ValueError) as raised:
        admit_model(AskedModel(file, rule=AskedRule(**rule)))  # type: ignore[arg-type]
    assert tree(file.parents[1]) == before and list(models_root().glob("*")) == []
    assert not [one for one in psutil.Process().children() if "core.models" in " ".join(one.cmdline())]
    said = str(raised.value)
    assert " must " in said and ", got " in said and "\n" not in said
    return said


def tree(root: Path) -> dict[str, bytes]:
    inside = root / "store"
    files = [path for path in root.rglob("*") if inside not in (path, *path.parents) and path.is_file()]
    return {str(path): path.read_bytes() for path in files}


@pytest.mark.parametrize("location", ["../outside", "/outside", "weights.data", "..\\outside"])
def test_weights_in_other_files_are_never_looked_for(location: str, folder: Path) -> None:
    (folder / "weights.data").write_bytes(bytes(1440))
    made = network()
    tensor = made.graph.initializer[0]
    external_data_helper.set_external_data(tensor, location)
    tensor.ClearField("raw_data")
    assert "must be one file, got weights that lie in another" in refusal(saved(made, folder / "a.onnx"))
    made.graph.initializer[0].data_location = TensorProto.DEFAULT  # said to lie here, and named elsewhere
    assert "must be one file" in refusal(saved(made, folder / "a.onnx"))


def test_a_constant_may_lie_nowhere_else_either(folder: Path) -> None:
    tensor = numpy_helper.from_array(np.ones(90, np.float32), "c")
    external_data_helper.set_external_data(tensor, "../outside")
    tensor.ClearField("raw_data")
    node = helper.make_node("Constant", [], ["y"], value=tensor)
    assert "must be one file" in refusal(saved(model([node], ("n", 90), {"y": ("n", 90)}), folder / "a.onnx"))


@pytest.mark.parametrize("domain", ["com.microsoft", "ai.onnx.ml", "ai.onnx.training", "own", "../own"])
def test_operators_of_other_domains_are_refused(domain: str, folder: Path) -> None:
    node = helper.make_node("Own", ["x"], ["y"], domain=domain)
    made = model([node], ("n", 90), {"y": ("n", 90)}, domains=("", domain))
    assert f"got 'Own' of the domain '{domain}'" in refusal(saved(made, folder / "a.onnx"))


def test_many_nodes_are_refused_by_their_number(folder: Path) -> None:
    nodes = [helper.make_node("Relu", ["x"], [f"y{number}"]) for number in range(MOST_NODES + 1)]
    made = model(nodes, ("n", 90), {"y0": ("n", 90)})
    assert "must have at most 20,000 nodes, got more" in refusal(saved(made, folder / "a.onnx"))


def test_a_shape_of_more_numbers_than_the_file_has_bytes_is_refused(folder: Path) -> None:
    for dims in ([2**31, 2**31], [2**62], [-1]):
        made = network()
        del made.graph.initializer[0].dims[:]
        made.graph.initializer[0].dims.extend(dims)
        assert "a weight" in refusal(saved(made, folder / "a.onnx"))


def test_a_file_larger_than_is_taken_is_not_even_copied(folder: Path) -> None:
    with (folder / "a.onnx").open("wb") as file:
        file.truncate(500_000_001)  # takes no room on the disk
    assert "must be a file of 1 to 500,000,000 bytes, got 500,000,001" in refusal(folder / "a.onnx")
    os.truncate(folder / "a.onnx", 0)
    assert "got 0" in refusal(folder / "a.onnx")


def test_what_takes_more_memory_than_there_is_ends_alone(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """123 MB of weights, in a process that may take 150 MB."""
    monkeypatch.setenv(MEMORY, "0.15")
    assert "must" in refusal(saved(network(("count", 30_000), 1024, inputs=30_000), folder / "a.onnx"))


class Touching:
    """Would touch a file where it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, tuple[Path]]:
        return Path.touch, (self.path,)


@pytest.mark.parametrize("name", ["a.onnx", "a.safetensors"])
def test_pickles_under_another_name_are_not_opened(name: str, folder: Path) -> None:
    touched = folder / "touched"
    (folder / name).write_bytes(pickle.dumps(Touching(touched)))
    refusal(folder / name)
    torch.save({"w": torch.zeros(3)}, folder / name)
    refusal(folder / name)
    with zipfile.ZipFile(folder / name, "w") as archive:
        archive.writestr("data.pkl", pickle.dumps(Touching(touched)))
    refusal(folder / name)
    assert not touched.exists()


@pytest.mark.parametrize("name", ["a.pt", "a.pth", "a.pkl", "a.h5", "a", "a.onnx.pt"])
def test_only_two_kinds_of_files_are_taken(name: str, folder: Path) -> None:
    (folder / name).write_bytes(network().SerializeToString())
    assert "a network must be a file .onnx, or .safetensors" in refusal(folder / name)


def test_a_folder_or_a_link_to_nothing_is_no_file(folder: Path) -> None:
    (folder / "a.onnx").mkdir()
    assert "must be a file that is there" in refusal(folder / "a.onnx")
    (folder / "b.onnx").symlink_to(folder / "nothing")
    assert "must be a file that is there" in refusal(folder / "b.onnx")


def test_weights_that_ask_for_more_than_the_file_holds_take_no_memory(folder: Path) -> None:
    path, _ = exported(folder)
    rule = {"height": 1024, "width": 1024, "channels": 3, "mean": [0.0] * 3, "deviation": [1.0] * 3}
    described = {"kind": "mlp", "width": 1024, "dimension": 1024}  # 12.9 GB for images of this size
    file = altered(path, {}, encoder=described, preprocessing={**rule, "fit": "stretch", "filter": "bilinear"})
    assert "must be those of mlp for images of 1024 x 1024" in refusal(file)


def test_a_header_that_lies_is_refused_in_the_store_too(folder: Path) -> None:
    lying = {"dtype": "F32", "shape": [2**50], "data_offsets": [0, 2**52]}
    assert "as many bytes as they take" in refusal(written(folder / "a.safetensors", {"w": lying | {"shape": [3]}}))
    assert "must fill the file" in refusal(written(folder / "a.safetensors", {"w": lying}))
    assert "must be JSON" in refusal(written(folder / "a.safetensors", b"[" * 100_000))


def test_names_and_titles_lead_nowhere(folder: Path) -> None:
    made = network()
    made.graph.output[0].name = made.graph.node[1].output[0] = "../../outside"
    made.metadata_props.add(key="../outside", value="<b>")
    file = saved(made, folder / "a.onnx")
    before = tree(folder.parent)
    card = admit_model(AskedModel(file, title="../../outside"))
    assert tree(folder.parent) == before and sorted(path.name for path in card.file.parent.iterdir()) == [
        "model.json",
        "model.onnx",
    ]


def test_damage_anywhere_is_a_sentence_or_a_network(folder: Path) -> None:
    """Of our own reading alone: no library is given what this makes."""
    from core.models.onnx_graph import read_graph

    content = network(metadata={"a": "b"}).SerializeToString()
    for place in range(0, len(content), 7):
        changed = bytearray(content)
        changed[place] ^= 0x41
        try:
            read_graph(memoryview(bytes(changed)))
        except ValueError as problem:
            assert " must " in str(problem)


def test_what_is_kept_can_be_read_without_this_code(folder: Path) -> None:
    card = admit_model(AskedModel(saved(network(), folder / "a.onnx")))
    assert json.loads((card.file.parent / "model.json").read_text())["sha256"] == card.sha256
    assert onnx.load(card.file).producer_name == "made"
