"""Roles on the command line: what the options and the arrays of the archive change, and what only raises a question."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.__main__ import main
from tests.core.commands import refused
from tests.imports import ROOT

# Ten identities of five samples, 60 distractors labelled 0 and 12 samples of junk labelled -1, as on Market-1501.
MARKET = str(ROOT / "tests" / "core" / "market_junk.npz")


def told(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[dict[str, Any], list[str]]:
    """The object on standard output, and the lines on standard error."""
    assert main(list(words)) == 0
    said = capsys.readouterr()
    return json.loads(said.out), said.err.splitlines()


def test_labels_of_market_by_its_protocol(capsys: pytest.CaptureFixture[str]) -> None:
    numbers, said = told(capsys, "statistics", MARKET, "--junk", "-1", "--distractors", "0")
    assert (numbers["queries"], numbers["junk"], numbers["distractors"]) == (50, 12, 60)
    assert numbers["recall_at_1"] == 0.64 and numbers["map_at_r"] == pytest.approx(0.4996, abs=5e-5)
    assert (numbers["positive_pairs"], numbers["negative_pairs"]) == (100, 4125)
    assert (numbers["points"], numbers["classes"]) == (110, 10) and not said


def test_without_a_word_the_numbers_stay_and_a_question_is_asked(capsys: pytest.CaptureFixture[str]) -> None:
    numbers, said = told(capsys, "statistics", MARKET)
    assert numbers["recall_at_1"] == pytest.approx(0.598, abs=5e-4) and numbers["positive_pairs"] == 1936
    assert "queries" not in numbers
    assert [line[:25] for line in said] == ["hint: label 0 is on 60 of", "hint: label -1 is on 12 o"]
    assert "does it name one identity?" in said[0] and "--junk 0" in said[0] and "--distractors 0" in said[0]


def test_a_threshold_of_the_pairs_that_count(capsys: pytest.CaptureFixture[str]) -> None:
    words = ("--junk", "-1", "--distractors", "0")
    card, said = told(capsys, "verify", MARKET, *words, "--goal", "eer")
    numbers, _ = told(capsys, "statistics", MARKET, *words)
    assert (card["positive_pairs"], card["negative_pairs"]) == (100, 4125) and not said
    assert card["equal_error_rate"] == numbers["eer"] and card["area_under_curve"] == numbers["auc"]
    assert card["true_accepts"] + card["false_rejects"] == 100 and card["roles"]["queries"] == 50
    plain, said = told(capsys, "verify", MARKET, "--goal", "eer", "--protocol", "same-pairs")
    assert plain["positive_pairs"] == 1936 and len(said) == 3 and "roles" not in plain


def grouped(folder: Path, **arrays: np.ndarray) -> str:
    """24 identities with two samples from each of two cameras; samples of one camera are much alike."""
    generator = np.random.default_rng(0)
    labels, cameras = np.repeat(np.arange(24), 4), np.tile([0, 0, 1, 1], 24)
    points = generator.normal(size=(24, 4))[labels] + 0.9 * generator.normal(size=(48, 4))[2 * labels + cameras]
    points += 0.05 * generator.normal(size=points.shape)
    path = folder / "grouped.npz"
    np.savez(path, embeddings=points, labels=labels, **({"group": np.array(["left", "right"])[cameras]} | arrays))
    return str(path)


def test_groups_change_nothing_unless_they_are_asked_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = grouped(tmp_path)
    plain, _ = told(capsys, "statistics", path)
    across, said = told(capsys, "statistics", path, "--across-groups")
    assert plain["recall_at_1"] == 1.0 and "pairs_left_out" not in plain and plain["positive_pairs"] == 24 * 6
    assert across["recall_at_1"] < 0.7 and across["pairs_left_out"] == 48 and not said
    assert across["positive_pairs"] == 24 * 4 and across["negative_pairs"] == plain["negative_pairs"]
    card, _ = told(capsys, "verify", path, "--across-groups", "--protocol", "same-pairs", "--goal", "eer")
    assert card["positive_pairs"] == 24 * 4 and card["equal_error_rate"] == across["eer"] > plain["eer"]
    without = told(capsys, "verify", path, "--goal", "eer", "--protocol", "same-pairs")[0]
    assert without["positive_pairs"] == 24 * 6 and "roles" not in without
    assert told(capsys, "verify", path, "--across-groups")[0]["protocol"] == "other-identities"


def test_an_array_of_roles_is_heeded_and_lonely_queries_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    role = np.tile(["query", "gallery", "gallery", "junk"], 24).astype("U10")
    role[[1, 2]] = "distractor"
    numbers, said = told(capsys, "statistics", grouped(tmp_path, role=role))
    assert (numbers["queries"], numbers["queries_without_positive"]) == (23, 1)
    assert (numbers["gallery"], numbers["distractors"], numbers["junk"]) == (48, 2, 24)
    assert (numbers["positive_pairs"], numbers["negative_pairs"]) == (46, 24 * 48 - 46)
    assert said == ["hint: 1 of 24 queries have nobody to find in the gallery and are not counted"]


@pytest.mark.parametrize("command", ["statistics", "verify"])
def test_what_does_not_fit_is_one_sentence(command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "must have the array group" in refused(capsys, command, MARKET, "--across-groups")
    assert "must be one of the archive, got '11'" in refused(capsys, command, MARKET, "--junk", "11")
    path = grouped(tmp_path, role=np.array(["probe"] * 96))
    assert "role must be one of query, gallery, both, distractor, junk, got 'probe'" in refused(capsys, command, path)


def test_roles_are_for_embeddings_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "mine.csv"
    path.write_text("is_same,distance\n1,0.5\n0,0.7\n")
    said = refused(capsys, "verify", str(path), "--junk", "-1", "--across-groups")
    assert "--junk and --across-groups must be left out where scores" in said
