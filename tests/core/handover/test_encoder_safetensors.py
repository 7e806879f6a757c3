"""Weights as safetensors: the lines beside them load an encoder that embeds the same."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from safetensors import safe_open

from core.encoders import CompactCnn, Mlp, ResidualCnn
from core.encoders.base import Encoder
from core.handover.encoder_safetensors import LOADING, WEIGHTS, write_safetensors
from core.handover.preprocessing import Preprocessing

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
