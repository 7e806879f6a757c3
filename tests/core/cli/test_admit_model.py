"""`python -m core import model.onnx`, and what one does with it: embed, train, and not export."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from onnx import TensorProto, helper
from PIL import Image

from core.__main__ import main
from core.cli.admit_model import is_network, numbers_in
from core.models.kept_models import folder_of, read_model
from core.runs.run_folder import Run
from core.statistics.baselines import FROZEN, FROZEN_COSINE
from tests.core.brought_models import images
from tests.core.commands import refused
from tests.core.exported_weights import exported
from tests.core.models.made import network, saved

SMALL = (
    "--encoder brought-network --encoder-dimension 2 --split-evaluation-share 0.95 --sampler-classes-per-batch 5 "
    "--sampler-samples-per-class 4 --epochs 2 --probe-points 60"
).split()


@pytest.fixture(autouse=True)
def own_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("METRIC_LAB_STORE", str(tmp_path / "store"))


def imported(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[dict[str, object], str]:
    assert main(["import", *words]) == 0
    said = capsys.readouterr()
    return json.loads(said.out), said.err


def test_one_json_object_says_what_was_found(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = saved(network(), tmp_path / "mine.onnx")
    options = "--title own --order BGR --range".split() + ["0 to 255", "--mean", "104,117,123", "--part", "0,0,1,0.5"]
    found, said = imported(capsys, str(file), *options)
    card = read_model(str(found["id"]))
    assert found["title"] == "own" and found["operators"] == {"Flatten": 1, "MatMul": 1} and found["dimension"] == 4
    assert card.image_rule.mean == (104 / 255, 117 / 255, 123 / 255) and card.image_rule.order == "BGR"
    assert card.image_rule.part == (0, 0, 1, 0.5) and found["folder"] == str(folder_of(card.id))
    assert "admitted own: images become 4 numbers" in said and f"--encoder-model {card.id}" in said
    assert "hint" not in said
    assert "hint: nobody says how images are prepared" in imported(capsys, str(file))[1]


def test_an_output_is_named_by_an_option(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = network()
    made.graph.output.append(helper.make_tensor_value_info("flat", TensorProto.FLOAT, ("count", 90)))
    file = str(saved(made, tmp_path / "mine.onnx"))
    assert "Say which is the embedding (--output NAME)" in refused(capsys, "import", file)
    assert imported(capsys, file, "--output", "flat")[0]["dimension"] == 90


def test_what_is_wrong_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.onnx").write_bytes(b"\x80\x04K\x01.")
    assert "must be an ONNX model, got a pickle" in refused(capsys, "import", str(tmp_path / "a.onnx"))
    assert "must be a file that is there" in refused(capsys, "import", str(tmp_path / "b.onnx"))
    assert "--mean must be numbers with commas" in refused(capsys, "import", "a.onnx", "--mean", "a,b")
    assert "import: argument --order" in refused(capsys, "import", "a.onnx", "--order", "GBR")


def test_what_is_a_network_is_told_by_the_name() -> None:
    assert is_network(["a.ONNX"]) and is_network(["--title", "x", "b/encoder.safetensors"])
    assert not is_network(["a.zip"]) and not is_network(["--onnx"])
    assert numbers_in("--mean", None) is None and numbers_in("--mean", "0.5, 1") == (0.5, 1.0)


def test_it_embeds_a_folder_of_images(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found, _ = imported(capsys, str(saved(network(), tmp_path / "mine.onnx")))
    for number, pixels in enumerate(images(4)):
        (tmp_path / "people" / f"p{number // 2}").mkdir(parents=True, exist_ok=True)
        Image.fromarray(pixels).save(tmp_path / "people" / f"p{number // 2}" / f"{number}.png")
    out = tmp_path / "out.npz"
    assert main(["embed", "--model", str(found["id"]), str(tmp_path / "people"), "--out", str(out)]) == 0
    assert json.loads(capsys.readouterr().out) == {"images": 4, "dimension": 4, "identities": 2, "passed_over": 0}
    with np.load(out) as arrays:
        assert arrays["embeddings"].shape == (4, 4) and arrays["labels"].tolist() == ["p0", "p0", "p1", "p1"]


@pytest.mark.parametrize("form", ["onnx", "safetensors"])
def test_a_head_on_it_is_trained_and_the_frozen_network_stands_beside(
    form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = saved(network(), tmp_path / "mine.onnx") if form == "onnx" else exported(tmp_path)[0]
    model = str(imported(capsys, str(file))[0]["id"])
    out = tmp_path / "run"
    assert main(["train", *SMALL, "--encoder-model", model, "--out", str(out)]) == 0
    said = json.loads(capsys.readouterr().out)
    expected = {FROZEN} if form == "safetensors" else {FROZEN, FROZEN_COSINE}
    assert expected <= set(said["baselines"]) and 0.3 < said["baselines"][FROZEN]["auc"] <= 1
    run = Run(out)
    assert run.record().experiment["encoder"]["model"] == model
    # A run embeds images anew, with its head.
    Image.fromarray(images(1)[0]).save(tmp_path / "a.png")
    assert main(["embed", "--model", str(out), str(tmp_path / "a.png"), "--out", str(tmp_path / "a.npz")]) == 0
    assert json.loads(capsys.readouterr().out)["dimension"] == 2
    for kind in ("safetensors", "onnx") if form == "onnx" else ("safetensors",):
        assert main(["export", str(out), "--to", kind, "--out", str(tmp_path / kind)]) == 2
        assert f"must be taken home as embeddings, got {kind}" in capsys.readouterr().err
    assert main(["export", str(out), "--to", "npz", "--out", str(tmp_path / "npz")]) == 0


def test_a_network_that_does_not_fit_its_data_leaves_no_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    model = str(imported(capsys, str(saved(network(("n", 90)), tmp_path / "v.onnx")))[0]["id"])
    told = refused(capsys, "train", *SMALL, "--encoder-model", model, "--out", str(tmp_path / "run"))
    assert "the data must be vectors for the network v.onnx, got images" in told
    told = refused(capsys, "train", *SMALL, "--out", str(tmp_path / "run"))
    assert "must be given a network of yours, got none" in told and not (tmp_path / "run").exists()
