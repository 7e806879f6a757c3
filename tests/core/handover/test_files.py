"""The command for a card makes the same card again; that what is written is what was told, tests of `verify` say."""

from __future__ import annotations

import shlex
from pathlib import Path

import numpy as np
import pytest

from core.cli.verify import verify
from core.handover.files import CARD, CODE, REPORT, check_folder, command_for, write_hand_over
from core.verification.goals import Accuracy, Cost, Eer, Far, FBeta, Frr, Goal, Hand, Youden
from core.verification.protocols import FOLDS, OTHERS, SAME
from tests.core.reports import measured, of_embeddings

GOALS = [
    Far(0.02),
    Frr(0.125),
    Eer(),
    Youden(),
    FBeta(2.0),
    Cost(10.0, 2.0, 0.9),
    Hand(0.7),
]
CASES = [*((goal, OTHERS) for goal in GOALS), (Accuracy(), SAME), (Eer(), FOLDS)]


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The measured set in a file whose name wants quotes."""
    monkeypatch.chdir(tmp_path)
    np.savez("-my faces'.npz", embeddings=measured()[0], labels=np.repeat(np.arange(40), 6))
    return "-my faces'.npz"


@pytest.mark.parametrize(("goal", "protocol"), CASES, ids=str)
def test_the_command_makes_the_same_card(goal: Goal, protocol: str, archive: str) -> None:
    card, _ = of_embeddings(goal, protocol, archive)
    words = shlex.split(command_for(card, archive))
    assert words[:4] == ["python", "-m", "core", "verify"]
    again = verify(words[4:])
    assert {**again, "date": ""} == {**card, "date": ""}


def test_the_command_keeps_the_distance_and_a_negative_threshold() -> None:
    card, _ = of_embeddings(Hand(0.7))
    card |= {"distance": "minkowski", "distance_parameters": {"p": 4.0}, "threshold": -1e-05}
    assert command_for(card, "a.npz") == (
        "python -m core verify a.npz --distance minkowski --distance-p 4.0 --threshold=-1e-05 "
        "--protocol other-identities"
    )


def test_a_folder_must_be_new_or_empty(tmp_path: Path) -> None:
    check_folder(tmp_path)
    check_folder(tmp_path / "new")
    assert write_hand_over(tmp_path / "new", *of_embeddings(Eer())) == ""
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == sorted([CARD, CODE, REPORT])
    with pytest.raises(ValueError, match="--out must be a new or an empty folder, got .*new. Choose another"):
        check_folder(tmp_path / "new")
