"""Weights that Metric Lab has exported, taken in again by a process of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.admission.model_rule import AskedRule
from core.admission.our_weights import found_in_weights, look_at
from core.models.image_rule import ImageRule
from core.models.opened_onnx import MEMORY
from tests.core.exported_weights import RULE, altered, exported


def test_a_card_says_what_the_file_says(tmp_path: Path) -> None:
    path, module = exported(tmp_path)
    found = found_in_weights(AskedRule(part=(0.0, 0.0, 0.5, 1.0)), path)
    rule = ImageRule.read(found["rule"])
    assert (rule.height, rule.width, rule.mean, rule.deviation) == (9, 7, RULE.mean, RULE.deviation)
    assert rule.part == (0.0, 0.0, 0.5, 1.0) and found["rule_from"] == "file" and found["dimension"] == 16
    assert found["graph"]["encoder"]["kind"] == "compact-cnn"
    assert found["graph"]["weights"] == sum(tensor.numel() for tensor in module.state_dict().values())
    assert found["graph"] == look_at(path)["graph"]


def test_what_is_wrong_comes_back_from_the_process(tmp_path: Path) -> None:
    path, _ = exported(tmp_path)
    with pytest.raises(ValueError, match="which say their preprocessing, got none"):
        found_in_weights(AskedRule(), altered(path, {}, preprocessing=""))


def test_another_rule_than_that_of_the_file_is_refused(tmp_path: Path) -> None:
    path, _ = exported(tmp_path)
    with pytest.raises(ValueError, match="say themselves how images are prepared for them"):
        found_in_weights(AskedRule(order="BGR"), path)


def test_weights_of_no_numbers_are_refused(tmp_path: Path) -> None:
    path, module = exported(tmp_path)
    broken = module.state_dict()["0.weight"].contiguous() * float("nan")
    with pytest.raises(ValueError, match="weights must give finite embeddings"):
        look_at(altered(path, {"0.weight": broken.contiguous()}))


def test_a_process_without_memory_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(MEMORY, "0.05")
    path, _ = exported(tmp_path)
    with pytest.raises(ValueError, match="must be looked at within 0.05 GB of memory|must fit into memory|allocate"):
        found_in_weights(AskedRule(), path)
