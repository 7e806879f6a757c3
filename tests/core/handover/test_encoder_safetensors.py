"""Weights as safetensors: the lines beside them load an encoder that embeds the same."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from safetensors import safe_open

from core.encoders import CompactCnn, Linear, Mlp, ResidualCnn
from core.encoders.base import Encoder
from core.handover.encoder_safetensors import LOADING, WEIGHTS, write_safetensors
from core.handover.preprocessing import Preprocessing
from core.handover.vector_scaling import VectorScaling

RULE = Preprocessing(9, 7, 3, (0.1, 0.2, 0.3), (1.0, 1.0, 1.0))
ENCODERS = [CompactCnn(dimension=2), ResidualCnn(dimension=2), Mlp(width=16, dimension=2, normalise=False)]


@pytest.mark.parametrize("encoder", ENCODERS, ids=str)
def test_the_lines_load_an_encoder_that_embeds_the_same(
    encoder: Encoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = encoder.build(9, 7, torch.Generator().manual_seed(0), 3)
    images = torch.randn(20, 3, 9, 7, generator=torch.Generator().manual_seed(1))
    module(images)
    write_safetensors(tmp_path, encoder, module, RULE)
    code = (tmp_path / LOADING).read_text()
    assert len(code.splitlines()) <= 11
    monkeypatch.chdir(tmp_path)
    loaded: dict[str, object] = {}
    exec(compile(code, LOADING, "exec"), loaded)
    module.eval()
    with torch.no_grad():
        expected = encoder.embed(module, images)
        found = loaded["encoder"].embed(loaded["module"], images)
    assert torch.equal(found, expected) and float(expected.abs().max()) > 0


def test_the_file_says_what_it_is_of(tmp_path: Path) -> None:
    encoder = CompactCnn(dimension=2)
    module = encoder.build(9, 7, torch.Generator(), 3)
    write_safetensors(tmp_path, encoder, module, RULE)
    with safe_open(tmp_path / WEIGHTS, "pt") as file:
        about = file.metadata()
        assert set(file.keys()) == set(module.state_dict())
    assert json.loads(about["encoder"]) == encoder.described()
    assert Preprocessing.read(json.loads(about["preprocessing"])) == RULE


def test_a_head_comes_with_what_its_vectors_are_scaled_by(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    encoder, generator = Linear(dimension=2, begins="random"), torch.Generator().manual_seed(0)
    module, rule = encoder.build(1, 1, generator, 5), VectorScaling((1.0, 2.0, 3.0, 4.0, 5.0), 0.5)
    write_safetensors(tmp_path, encoder, module, rule)
    monkeypatch.chdir(tmp_path)
    loaded: dict[str, object] = {}
    exec(compile((tmp_path / LOADING).read_text(), LOADING, "exec"), loaded)
    vectors = torch.randn(20, 5, generator=generator)
    with torch.no_grad():
        expected = encoder.embed(module.eval(), torch.from_numpy(rule.values_of(vectors.numpy())))
    assert torch.equal(loaded["embed"](vectors), expected) and float(expected.abs().max()) > 0  # type: ignore[operator]
    with safe_open(tmp_path / WEIGHTS, "pt") as file:
        assert VectorScaling.read(json.loads(file.metadata()["preprocessing"])) == rule
