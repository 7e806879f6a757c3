"""The command that prints a threshold card, for each kind of file and each goal."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from core.__main__ import main
from core.cli.verify import verify
from core.distances import DISTANCES
from core.handover.files import CARD, CODE, REPORT
from core.handover.snippet import python_snippet
from core.verification.goals import GOALS
from core.verification.protocols import FOLDS, OTHERS, PROTOCOLS, SAME
from tests.core.readers.malformed_files import EVERY_FILE, Malformed


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same 30 identities as an archive of embeddings with names, as a list of pairs and as scores."""
    folder = tmp_path_factory.mktemp("files")
    generator = np.random.default_rng(0)
    labels = np.repeat(np.arange(30), 4)
    points = 4 * generator.normal(size=(30, 3))[labels] + generator.normal(size=(120, 3))
    people = [f"person{label:02d}" for label in labels]
    names = [f"{person}_{number % 4 + 1:04d}" for number, person in enumerate(people)]
    np.savez(folder / "faces.npz", embeddings=points, labels=np.array(people), names=np.array(names))
    lines, scores = ["10\t6"], ["first,second,similarity"]
    for fold in range(10):
        for member in range(3):
            person = 3 * fold + member
            lines.append(f"person{person:02d}\t1\t2")
        for member in range(3):
            lines.append(f"person{3 * fold + member:02d}\t1\tperson{3 * fold + (member + 1) % 3:02d}\t3")
    for first, second in zip(*np.triu_indices(120, 1), strict=True):
        apart = np.sqrt(np.square(points[first] - points[second]).sum())
        scores.append(f"{people[first]},{people[second]},{40 - apart!r}".replace("np.float64(", "").replace(")", ""))
    (folder / "pairs.txt").write_text("\n".join(lines) + "\n")
    (folder / "scores.csv").write_text("\n".join(scores) + "\n")
    return folder


NUMBERS = {
    "f-beta": ("--beta", "2"),
    "hand": ("--threshold", "2.5"),
    "cost": ("--cost-false-accept", "9", "--genuine-share", "0.8"),
}


def needed(kind: str) -> list[str]:
    """The words for a goal without which it is refused."""
    options = [option for option in GOALS[kind].options.values() if option.is_needed]
    return [word for option in options for word in (f"--{option.name}", "1")]


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("kind", GOALS)
def test_every_goal_and_protocol_makes_a_card(kind: str, protocol: str, folder: Path) -> None:
    card = verify([str(folder / "faces.npz"), "--goal", kind, *NUMBERS.get(kind, needed(kind)), "--protocol", protocol])
    assert json.loads(json.dumps(card, allow_nan=False)) == card
    assert card["goal"]["kind"] == kind and card["protocol"] == protocol
    assert 0 < card["threshold"] and 0 < card["true_accepts"]


def test_embeddings_and_their_scores_have_one_outcome(folder: Path) -> None:
    """Thresholds differ, because a file of scores has one at every distance, but the same pairs are accepted."""
    by_embeddings = verify([str(folder / "faces.npz"), "--target-far", "0.02"])
    by_scores = verify([str(folder / "scores.csv"), "--target-far", "0.02"])
    assert by_embeddings["protocol"] == by_scores["protocol"] == OTHERS
    assert by_scores["threshold_as_scored"] == -by_scores["threshold"]
    assert abs(by_scores["threshold_as_scored"] - (40 - by_embeddings["threshold"])) < 0.05
    for name in ("positive_pairs", "negative_pairs", "identities"):
        assert by_scores[name] == by_embeddings[name]
    assert abs(by_scores["true_accepts"] - by_embeddings["true_accepts"]) <= 2
    np.testing.assert_allclose(by_scores["false_accept_interval"], by_embeddings["false_accept_interval"], rtol=0.1)


def test_a_list_of_pairs_keeps_its_folds(folder: Path) -> None:
    card = verify([str(folder / "faces.npz"), "--pairs", str(folder / "pairs.txt"), "--goal", "accuracy"])
    assert card["protocol"] == FOLDS and len(card["folds"]) == 10
    assert card["positive_pairs"] == card["negative_pairs"] == 30
    assert (card["distance"], card["normalisation"]) == ("euclidean", "as given")
    assert "def is_same(first, second)" in python_snippet(card)


@pytest.mark.parametrize("kind", DISTANCES)
def test_a_list_of_pairs_is_compared_by_any_distance(
    kind: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [str(folder / "faces.npz"), "--pairs", str(folder / "pairs.txt"), "--distance", kind]
    card = verify([*words, "--goal", "eer"])
    assert (
        card["distance"] == kind and f"compared by {'' if kind == 'dot-product' else 'the '}" in capsys.readouterr().err
    )
    assert card["positive_pairs"] == 30 and (kind != "minkowski" or card["distance_parameters"] == {"p": 3.0})


def test_what_was_understood_is_said_before_it_is_measured(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    card = verify([str(folder / "scores.csv")])
    said = capsys.readouterr().err
    assert said.startswith(
        "understood: scores.csv: 7,140 pairs (180 same, 6,960 different), the same where first and second"
    )
    assert said == f"understood: {card['understood']}\n" and "similarity (larger is closer, by the name" in said
    verify([str(folder / "scores.csv"), "--closer", "smaller"])
    assert "distance (smaller is closer, as you said)" in capsys.readouterr().err


def test_corrections_are_options(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = [f"{row} {row % 3 > 0:d} {row % 4 > 0:d} {row / 10 + (row % 3 > 0)}" for row in range(40)]
    (tmp_path / "mine.txt").write_text("id one other far\n" + "\n".join(lines))
    words = ["verify", str(tmp_path / "mine.txt"), "--goal", "eer"]
    assert main(words) == 2 and "must have one column for the truth" in capsys.readouterr().err
    words += ["--truth", "one", "--same", "0", "--score", "far", "--closer", "smaller", "--folds", "4"]
    assert main(words) == 0
    printed = capsys.readouterr()
    assert "truth in one, distance (smaller is closer, as you said)" in printed.err
    card = json.loads(printed.out)
    assert len(card["folds"]) == 4 and card["positive_pairs"] == sum(row % 3 == 0 for row in range(40))


@pytest.mark.parametrize(("treated", "genuine"), [("refused", 6), ("left-out", 5)])
def test_failures_are_told_in_the_card(
    treated: str, genuine: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "mine.csv").write_text("is_same,similarity\n" + "0,0.3\n1,0.8\n" * 5 + "0,nan\n1,\n")
    words = ["verify", str(tmp_path / "mine.csv"), "--goal", "eer"]
    assert main(words) == 2 and "--failures refused" in capsys.readouterr().err
    assert main([*words, "--failures", treated]) == 0
    card = json.loads(capsys.readouterr().out)
    assert card["failures"] == {"count": 2, "treated": treated} and card["positive_pairs"] == genuine
    assert card["false_reject_rate"] == (genuine - 5) / genuine and card["false_accept_rate"] == 0
    assert main([*words, "--failures", treated, "--out", str(tmp_path / "out")]) == 0
    told = {"refused": "2, counted as refused", "left-out": "2, left out"}[treated]
    assert f"<th>Pairs that could not be compared</th><td>{told}</td>" in (tmp_path / "out" / REPORT).read_text()


def test_trials_come_beside_their_scores(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "scores").write_text("".join(f"a{row} b{row} {row % 7 + 6 * (row % 2)}\n" for row in range(40)))
    (tmp_path / "trials").write_text("".join(f"a{row} b{row} {'non' * (1 - row % 2)}target\n" for row in range(40)))
    card = verify([str(tmp_path / "scores"), "--trials", str(tmp_path / "trials"), "--goal", "eer"])
    assert card["distance"] == "negated similarity" and card["positive_pairs"] == 20
    assert "40 trials (20 same, 20 different), truth last, similarity" in capsys.readouterr().err


def test_rows_with_issame_are_pairs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    points = np.random.default_rng(0).normal(size=(80, 3))
    is_same = np.tile([True, True, False, False], 10)
    points[1::2][is_same] = points[::2][is_same] + 0.1
    np.savez(tmp_path / "couples.npz", embeddings=points, issame=is_same)
    card = verify([str(tmp_path / "couples.npz"), "--goal", "accuracy"])
    assert card["protocol"] == FOLDS and len(card["folds"]) == 10 and card["distance"] == "euclidean"
    assert "rows 2 i and 2 i + 1 of the embeddings are pair i" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["scores.csv", "--distance", "cosine"], "--distance must be left out where scores are given, got cosine"),
        (
            ["scores.csv", "--pairs", "pairs.txt"],
            "--pairs must come with an .npz of embeddings, got scores.csv. Say --trials",
        ),
        (["faces.npz", "--trials", "pairs.txt"], "--trials must come with a file of scores, got the archive faces.npz"),
        (
            ["faces.npz", "--closer", "larger"],
            "--closer must come with a list of pairs or of scores, got the embeddings of",
        ),
    ],
)
def test_what_would_be_ignored_is_refused(
    words: list[str], sentence: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [str(folder / word) if "." in word else word for word in words]
    assert main(["verify", *words]) == 2
    assert sentence in capsys.readouterr().err


def test_the_default_is_one_percent_on_other_identities(folder: Path) -> None:
    card = verify([str(folder / "faces.npz")])
    assert card["goal"] == {"kind": "far", "max_false_accept_rate": 0.01} and card["protocol"] == OTHERS


WRONG = {
    "two goals": (["--target-far", "0.1", "--goal", "eer"], "must have one goal, got --target-far and eer"),
    "two numbers": (["--target-far", "0.1", "--target-frr", "0.1"], "got --target-far and --target-frr"),
    "a missing number": (["--goal", "f-beta"], "goal f-beta must have its number, got none. Give --beta"),
    "no share": (["--target-far", "3"], "max_false_accept_rate must be a number from 0 to 1, got 3"),
    "no such goal": (["--goal", "best"], "invalid choice: 'best'"),
    "no such protocol": (["--protocol", "all"], "invalid choice: 'all'"),
    "a negative cost": (
        ["--goal", "cost", "--cost-false-accept", "-1"],
        "false_accept must be a number from 0",
    ),
}


@pytest.mark.parametrize(("words", "sentence"), WRONG.values(), ids=WRONG)
def test_wrong_words_are_answered_in_one_sentence(
    words: list[str], sentence: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["verify", str(folder / "faces.npz"), *words]) == 2
    printed = capsys.readouterr()
    assert printed.out == "" and printed.err.count("\n") == 1 and sentence in printed.err


@pytest.mark.parametrize("file", ["faces.npz", "scores.csv"])
def test_a_folder_gets_what_is_printed(
    file: str, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "new" / "folder"
    assert main(["verify", str(folder / file), "--out", str(out)]) == 0
    printed = capsys.readouterr()
    card = json.loads(printed.out)
    assert printed.err.count("understood") == (file == "scores.csv") == printed.err.count("\n") and sorted(
        path.name for path in out.iterdir()
    ) == [REPORT, CARD, CODE]
    assert json.loads((out / CARD).read_text()) == card
    assert (out / CODE).read_text() == python_snippet(card)
    assert f"<title>Threshold for {file}</title>" in (out / REPORT).read_text()


def test_a_folder_in_use_is_left_alone(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    for out in (tmp_path, tmp_path / "notes.txt"):
        assert main(["verify", str(folder / "faces.npz"), "--out", str(out)]) == 2
        printed = capsys.readouterr()
        assert printed.out == "" and printed.err.count("\n") == 1
        assert f"--out must be a new or an empty folder, got {out}. Choose another." in printed.err
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_code_that_cannot_be_is_left_out_and_said(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["verify", str(folder / "faces.npz"), "--distance", "mahalanobis", "--out", str(tmp_path)]) == 0
    printed = capsys.readouterr()
    assert sorted(path.name for path in tmp_path.iterdir()) == [REPORT, CARD]
    assert "hint: threshold.py is left out. a threshold as code must be of a distance" in printed.err
    assert json.loads(printed.out)["distance"] == "mahalanobis"


def test_few_identities_are_reported_on_the_same_pairs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    labels = np.repeat(np.arange(6), 3)
    points = np.random.default_rng(0).normal(size=(18, 2)) + 3 * labels[:, None]
    np.savez(tmp_path / "few.npz", embeddings=points, labels=labels)
    assert main(["verify", str(tmp_path / "few.npz")]) == 0
    assert json.loads(capsys.readouterr().out)["protocol"] == SAME
    assert main(["verify", str(tmp_path / "few.npz"), "--protocol", OTHERS]) == 2
    assert "needs at least 20 identities" in capsys.readouterr().err


@pytest.mark.parametrize("file", **EVERY_FILE)
def test_a_malformed_file_is_answered_in_one_sentence(
    file: Malformed, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / file.name).write_bytes(file.content)
    words = [str(tmp_path / file.name)]
    if file.listed is not None:
        (tmp_path / "pairs.txt").write_text(file.listed)
        words += ["--pairs", str(tmp_path / "pairs.txt")]
    assert main(["verify", *words]) == 2
    printed = capsys.readouterr()
    assert printed.out == "" and printed.err.count("\n") == 1 and file.said in printed.err


def test_many_points_have_the_outcome_of_few(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the histogram that never holds the pairs."""
    few = verify([str(folder / "faces.npz"), "--target-far", "0.02"])
    monkeypatch.setattr("core.statistics.samples.AT_ONCE", 100)
    many = verify([str(folder / "faces.npz"), "--target-far", "0.02"])
    assert many["area_under_curve"] != few["area_under_curve"], "one is of the pairs, one of their histogram"
    assert abs(many["true_accepts"] - few["true_accepts"]) <= 3
    assert abs(many["area_under_curve"] - few["area_under_curve"]) < 1e-6
    assert abs(many["equal_error_rate"] - few["equal_error_rate"]) < 0.002
    assert (many["points"], many["classes"]) == (few["points"], few["classes"])
