"""What the command line says of a list of pairs or of scores, and which reader it calls."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

import numpy as np
import pytest

from core.cli.reading_options import add_reading_options, corrections_of, reading_of
from core.distances import EUCLIDEAN, Cosine
from core.readers.pair_list import Corrections

SIDE = {"left": (0.0, 0.0), "right": (3.0, 4.0)}


def said(*words: str) -> Namespace:
    parser = ArgumentParser()
    parser.add_argument("file", nargs="?")
    add_reading_options(parser)
    return parser.parse_args(words)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Embeddings with names and labels, rows that are pairs, a list of pairs, scores, and a list of trials."""
    places = np.array([SIDE["left"], SIDE["left"], SIDE["right"], SIDE["right"]])
    np.savez(tmp_path / "faces.npz", embeddings=places, labels=[0, 0, 1, 1], names=["a", "b", "c", "d"])
    np.savez(tmp_path / "couples.npz", embeddings=places[[0, 1, 0, 2]], issame=[True, False])
    (tmp_path / "pairs.txt").write_text("a b 1\na c 0\n")
    (tmp_path / "scores.csv").write_text("is_same,distance\n1,0\n0,5\n")
    (tmp_path / "bare").write_text("a b 0.5\na c 0.25\n")
    return tmp_path


def test_nothing_said_is_no_correction() -> None:
    assert corrections_of(said()) == Corrections()


def test_every_correction_is_an_option() -> None:
    words = "--truth last --same P --score far --closer smaller --folds 4 --failures left-out".split()
    expected = Corrections("last", "P", "far", "smaller", folds="4", failures="left-out")
    assert corrections_of(said(*words)) == expected


@pytest.mark.parametrize("words", [("--closer", "nearer"), ("--failures", "forgotten")])
def test_a_choice_is_one_of_few(words: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        said(*words)
    assert f"invalid choice: '{words[1]}'" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "distances", "told"),
    [
        ("faces.npz --pairs pairs.txt", [0.0, 5.0], "pairs.txt: 2 pairs (1 same, 1 different)"),
        ("couples.npz", [0.0, 5.0], "couples.npz: 2 pairs (1 same, 1 different)"),
        ("scores.csv", [0.0, 5.0], "scores.csv: 2 pairs (1 same, 1 different)"),
        ("bare --trials pairs.txt --closer larger", [-0.5, -0.25], "pairs.txt: 2 trials (1 same, 1 different)"),
    ],
)
def test_the_files_tell_how_they_are_read(
    words: str, distances: list[float], told: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = [str(folder / word) if (folder / word).exists() else word for word in words.split()]
    reading = reading_of(said(*found), EUCLIDEAN)
    assert reading is not None and reading.pairs.distances.tolist() == distances
    assert capsys.readouterr().err == f"understood: {reading.understanding.in_words()}\n"
    assert reading.understanding.in_words().startswith(told)


def test_the_distance_compares_the_pairs_of_a_list(folder: Path) -> None:
    np.savez(folder / "faces.npz", embeddings=[[1.0, 0.0], [2.0, 0.0], [0.0, 1.0]], names=["a", "b", "c"])
    reading = reading_of(said(str(folder / "faces.npz"), "--pairs", str(folder / "pairs.txt")), Cosine())
    assert reading is not None and reading.pairs.distances.tolist() == pytest.approx([0.0, 1.0])


def test_embeddings_alone_are_no_list(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert reading_of(said(str(folder / "faces.npz")), EUCLIDEAN) is None
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("scores.csv --pairs pairs.txt", "--pairs must come with an .npz of embeddings, got scores.csv. Say --trials"),
        ("faces.npz --trials pairs.txt", "--trials must come with a file of scores, got the archive faces.npz. Say"),
        ("faces.npz --closer larger", "--closer must come with a list of pairs or of scores, got the embeddings of"),
    ],
)
def test_what_would_be_ignored_is_refused(words: str, message: str, folder: Path) -> None:
    found = [str(folder / word) if "." in word else word for word in words.split()]
    with pytest.raises(ValueError, match=message):
        reading_of(said(*found), EUCLIDEAN)


def test_scores_are_taken_as_they_are(folder: Path) -> None:
    with pytest.raises(ValueError, match="--distance must be left out where scores are given, got cosine. Scores"):
        reading_of(said(str(folder / "scores.csv")), Cosine())
