"""What a file of scores is read as, against a loop over its lines; and every way in which one can be wrong."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from core.readers import csv_table
from core.readers.pair_files import read_scores
from core.readers.pair_list import Corrections
from core.statistics.roc import auc, exact_curve, exact_equal_error_rate
from core.verification.scored_pairs import LEFT_OUT, REFUSED, Failures, ScoredPairs
from tests.core.readers.loading import load_scores

TRUTHS = ["0", "1", "false", "TRUE", "No", "yes"]  # in turns different and the same


def written(folder: Path, content: str | bytes) -> Path:
    path = folder / "mine.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def lines_of(separator: str, decimal_mark: str, score: str, rows: int) -> list[str]:
    """A header and rows with ties, all spellings of the truth, names that need quotes, and spaces around cells."""
    generator = np.random.default_rng(0)
    lines = [separator.join(["second", score, "IS_SAME", "first"])]
    for row in range(rows):
        value = generator.integers(-8, 8) / 4
        person = f'"Lee, {generator.integers(9)}; ä"'
        other = person if row % 2 else '" Kim"'
        lines.append(separator.join([other, f"{value} ".replace(".", decimal_mark), f" {TRUTHS[row % 6]}", person]))
    return lines


@pytest.mark.parametrize("start, end", [("", "\n"), ("\ufeff", "\r\n"), ("", "\n\n")])
@pytest.mark.parametrize("separator, decimal_mark", [(",", "."), (";", "."), (";", ","), ("\t", ",")])
@pytest.mark.parametrize("score", ["distance", "similarity"])
def test_a_file_holds_what_a_loop_finds_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, start: str, end: str, separator: str, decimal_mark: str, score: str
) -> None:
    monkeypatch.setattr(csv_table, "ROWS_AT_ONCE", 7)
    lines = lines_of(separator, decimal_mark, score, 60)
    pairs = load_scores(written(tmp_path, start + end.join(lines) + end))
    sign = -1 if score == "similarity" else 1
    distances, is_same, first, second = [], [], [], []
    for line in lines[1:]:
        other, _, rest = line[1:].partition('"' + separator)
        value, truth, person = rest.split(separator, 2)
        distances.append(sign * float(value.replace(",", ".")))
        is_same.append(truth.strip().lower() in {"1", "true", "yes"})
        first.append(person.strip('"'))
        second.append(other.strip())
    assert len(set(distances)) < 20 and 0 < sum(is_same) < 60 and min(distances) < 0 < max(distances)
    assert pairs.distances.tolist() == distances and pairs.distances.dtype == np.float64
    assert pairs.is_same.tolist() == is_same and pairs.is_same.dtype == bool
    assert pairs.identities == tuple(sorted({*first, *second})) and len(pairs.identities) > 5
    assert pairs.first is not None and pairs.second is not None and pairs.first.dtype == pairs.second.dtype == np.int64
    assert [pairs.identities[number] for number in pairs.first] == first
    assert [pairs.identities[number] for number in pairs.second] == second
    assert pairs.is_similarity == (score == "similarity") and pairs.fold is None


def test_identities_alone_tell_which_pairs_are_the_same(tmp_path: Path) -> None:
    pairs = load_scores(written(tmp_path, "first,second,distance\nAnn,Ann,1\nAnn,ann,2\n"))
    assert pairs.is_same.tolist() == [True, False] and pairs.identities == ("Ann", "ann")


def test_without_identities_there_are_none(tmp_path: Path) -> None:
    pairs = load_scores(written(tmp_path, "is_same,distance\n1,1\n0,2\n"))
    assert pairs.first is None and pairs.second is None and pairs.identities is None


@pytest.mark.parametrize("smaller_is_closer", [True, False])
def test_a_score_has_the_direction_it_is_given(tmp_path: Path, smaller_is_closer: bool) -> None:
    path = written(tmp_path, "is_same,score\n1,0.5\n0,0\n")
    pairs = load_scores(path, smaller_is_closer=smaller_is_closer)
    named = "distance" if smaller_is_closer else "similarity"
    same = load_scores(written(tmp_path, f"is_same,{named}\n1,0.5\n0,0\n"), smaller_is_closer=smaller_is_closer)
    assert pairs.distances.tolist() == same.distances.tolist() == ([0.5, 0.0] if smaller_is_closer else [-0.5, 0.0])
    assert pairs.is_similarity == same.is_similarity == (not smaller_is_closer)
    assert not np.signbit(pairs.distances[1])


def test_the_pairs_go_straight_into_verification(tmp_path: Path) -> None:
    pairs = load_scores(written(tmp_path, "is_same,similarity\n1,0.9\n1,0.4\n0,0.4\n0,0.1\n"))
    assert auc(pairs) == (1 + 1 + 0.5 + 1) / 4
    curve = exact_curve(pairs)
    assert [pairs.in_own_terms(threshold) for threshold in curve.thresholds] == [0.9, 0.4, 0.1]
    assert curve.true_accepts.tolist() == [1, 2, 2] and curve.false_accepts.tolist() == [0, 1, 2]
    assert exact_equal_error_rate(pairs)[0] == pytest.approx(1 / 4)  # where 1 - t meets t, half way from (0, 1/2)


SAMES = "is_same,distance\n1,0.5\n"
NAMED = "first,second,is_same,distance\n"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "^mine.csv must hold pairs, got an empty file"),
        (
            "1\nAnn 1 2\nAnn 1 Kim 1\n",
            "must hold scores, got 2 pairs without any .the same where one person is named; nam",
        ),
        ("is_same,distance,distance\n", "must have each column once, got distance again"),
        (
            "is_same,distance,similarity\n",
            "must have one column for scores, got 'distance' and 'similarity'. Say which",
        ),
        ("is_same,score,distance\n", "must have one column for scores, got 'distance' and 'score'. Say which"),
        ("is_same,first,second\n", "must hold scores, got 0 pairs without any"),
        ("is_same,score\n", "direction of the scores in mine.csv must be given, got none. Say"),
        ("1,0.5\n0,0.7\n", "direction of the scores in mine.csv must be given, got none. Say"),
        ("distance\n1\n", "must say which pairs are of the same identity, got 1 scores without it .*Add"),
        ("first,distance\nAnn,1\n", "must say which pairs are of the same identity, got 1 scores"),
        (
            "a b 0.3\nc d 0.5\n",
            "must say which pairs are of the same identity, got 2 scores .*between blanks.*--trials",
        ),
        (
            "a b c 0.3\nd e f 0.5\n",
            "must be a list of pairs in a form that is known here, got lines such as 'a b c 0.3'",
        ),
        ("1 1\n0 0\n", "must have one column for the truth, got two that may be it, 1 and 2, .*--truth first"),
        ("is_same,distance\n", "must hold pairs of the same and of different identities, got 0 and 0"),
        (SAMES + "1,0.7\n", "identities, got 2 and 0. Add"),
        ("is_same,distance\n0,0.5\n", "identities, got 0 and 1. Add"),
        (
            SAMES + "0,far\n",
            "line 3: distance must be a finite number, got 'far' .truth in is_same; columns between commas; names",
        ),
        (SAMES + "0,1_000\n", "line 3: distance must be a finite number, got '1_000'"),
        (SAMES + '0,"0,7"\n', "line 3: distance must be a finite number, got '0,7'"),
        (
            SAMES + "\n0,NaN\n",
            "line 4 must have a score, got none, as in 1 of 2 pairs. Count .*--failures refused.*left-out",
        ),
        (SAMES + "0,\n", "line 3 must have a score, got none, as in 1 of 2 pairs"),
        (SAMES + "0,-inf\n", "line 3: distance must be a finite number, got '-inf'"),
        (SAMES + "0,1e999\n", "line 3: distance must be a finite number, got '1e999'"),
        (SAMES + "0,-1e308\n", "line 3: distance must be a finite number below 1e.300 in size, got '-1e308'"),
        ("is_same;distance\n1;0,5\n0;0.7\n", "must have one decimal mark in the column distance, .*up to line 3"),
        ("is_same;distance\n1;0,5\n0;1.000,7\n", "must have one decimal mark in the column distance"),
        (
            SAMES + "maybe,0.7\n",
            "line 3: is_same must be 1 or 0, 1 or -1, true or false, .*, got 'maybe' .truth in is_same.*Write .*--same",
        ),
        (SAMES + ",0.7\n", "line 3: is_same must be 1 or 0, .*, got ''"),
        (SAMES + "0,0.7\n-1,0.7\n", "must spell the truth in one way in the column is_same, got 0 and -1"),
        (SAMES + "0\n", "line 3 must have as many cells as the first line, 2, got 1"),
        (SAMES + "0,0.7,9\n", "line 3 must have as many cells as the first line, 2, got 3"),
        (SAMES + '0,"0.7\n', r"line 3 must be cells of CSV, got one that cannot be read \(unexpected end"),
        (NAMED + "Ann,Bob,yes,1\n", "line 2: is_same must agree with first and second, got 'yes' for 'Ann' and 'Bob'"),
        (NAMED + "Ann,Ann,0,1\n", "line 2: is_same must agree with first and second, got '0' for 'Ann' and 'Ann'"),
        (NAMED + "Ann, ,0,1\n", "line 2: second must name an identity, got an empty cell"),
        ("is_same,distance,fold\n1,1,a\n0,2,a\n1,1,b\n", "of both kinds in every fold, got 1 .* 0 of .* fold 2 of 2"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "must be text, got an image"),
        (b"\x93NUMPY\x01\0v\0", "must be text, got an array of numpy. Bring embeddings with"),
        (SAMES.encode("utf-16"), "must be UTF-8 text, got bytes of zero"),
        (NAMED.encode() + b"J\xfcrgen,Ann,0,1\n", "line 2 must be UTF-8 text, got the byte 0xfc"),
        ("x," + "y" * 200_000, "must be cells of CSV, .*field larger than field limit"),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(tmp_path: Path, content: str | bytes, message: str) -> None:
    with pytest.raises(ValueError, match=message) as raised:
        load_scores(written(tmp_path, content))
    said = str(raised.value)
    assert "mine.csv" in said and " must " in said and ", got " in said and said.endswith(".") and "\n" not in said


@pytest.mark.parametrize(("column", "is_distance"), [("distance", False), ("similarity", True), ("score", True)])
def test_who_says_which_scores_are_closer_is_believed(tmp_path: Path, column: str, is_distance: bool) -> None:
    path = written(tmp_path, f"is_same,{column}\n1,0.5\n0,0.25\n")
    closer = "smaller" if is_distance else "larger"
    pairs, understanding = read_scores(path, Corrections(closer=closer))
    assert pairs.is_similarity != is_distance and pairs.distances.tolist() == (
        [0.5, 0.25] if is_distance else [-0.5, -0.25]
    )
    assert f"({closer} is closer, as you said)" in understanding.in_words()


def test_what_is_no_file_of_scores_is_named(tmp_path: Path) -> None:
    np.savez(tmp_path / "mine.npz", embeddings=np.ones((2, 2)))
    for name, message in [
        ("mine.npz", r"mine\.npz must be text, got an archive such as \.npz"),
        ("none.csv", r"the file must exist, got .*none\.csv"),
        (".", "the path must be that of a file, got the folder"),
    ]:
        with pytest.raises(ValueError, match=message):
            load_scores(tmp_path / name)


def test_a_wrong_cell_far_down_is_found_on_its_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_table, "ROWS_AT_ONCE", 10)
    rows = [f"{row % 2},{row}" for row in range(50)]
    good = load_scores(written(tmp_path, "is_same,distance\n" + "\n".join(rows)))
    assert isinstance(good, ScoredPairs) and len(good.positive) == len(good.negative) == 25
    rows[36] = "0,x"
    with pytest.raises(ValueError, match="line 38: distance must be a finite number, got 'x'"):
        load_scores(written(tmp_path, "is_same,distance\n" + "\n".join(rows)))


def test_every_pair_has_the_line_it_stands_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_table, "ROWS_AT_ONCE", 2)
    pairs = load_scores(written(tmp_path, "first,second,distance\nAnn,Ann,1\n\nAnn,Bob,2\nBob,Bob,3\nAnn,Bob,4\n"))
    assert pairs.lines is not None and pairs.lines.tolist() == [2, 4, 5, 6]


@pytest.mark.parametrize(
    ("said", "message"),
    [
        (
            Corrections(same="2"),
            "the word for the same identity in mine.csv must be one of the column is_same, got '2'",
        ),
        (Corrections(folds="9"), "the folds of mine.csv must be from 2 to 2, got 9 for 2 pairs"),
        (Corrections(truth="distance"), "line 2: distance must be 1 or 0, .* got '0.5'"),
    ],
)
def test_what_is_said_wrongly_is_told(tmp_path: Path, said: Corrections, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        read_scores(written(tmp_path, SAMES + "0,0.75\n"), said)


def test_folds_may_be_a_column(tmp_path: Path) -> None:
    content = "fold,is_same,distance\n" + "".join(f"{10 - row // 2},{row % 2},{row}\n" for row in range(6))
    pairs, understanding = read_scores(written(tmp_path, content))
    assert pairs.fold is not None and pairs.fold.tolist() == [2, 2, 1, 1, 0, 0], "by number: 10 comes after 9"
    assert "3 folds as the file has them" in understanding.in_words()
    for said, expected in ((Corrections(folds="none"), None), (Corrections(folds="2"), [0, 0, 0, 1, 1, 1])):
        fold = read_scores(written(tmp_path, content.replace("fold,", "part,")), said).pairs.fold
        assert (None if fold is None else fold.tolist()) == expected


BOB_4 = "".join(
    f"{row} {row + other} data/s{row + other}/probe1 {0.8 - other}\n" for other in (0, 1) for row in range(5)
)
BOB_5 = "".join(f"{row} m{row} {row + other} probe{other} {0.8 - other}\n" for other in (0, 1) for row in range(5))


@pytest.mark.parametrize("content", [BOB_4, BOB_5, "claimed_id real_id probe score\n" + BOB_4])
def test_bob_names_the_claimed_and_the_real_identity(tmp_path: Path, content: str) -> None:
    pairs, understanding = read_scores(written(tmp_path, content))
    assert pairs.is_same.tolist() == [True] * 5 + [False] * 5 and pairs.identities == tuple("012345")
    assert pairs.is_similarity and "in the form of Bob" in understanding.in_words()
    assert understanding.truth == "the same where the claimed identity is the real one"


def failing(folder: Path) -> Path:
    return written(folder, "is_same,similarity\n" + "0,0.3\n1,0.8\n" * 5 + "0,nan\n1,\n")


def test_pairs_without_a_score_count_as_refused_or_are_left_out(tmp_path: Path) -> None:
    refused = read_scores(failing(tmp_path), Corrections(failures=REFUSED))
    assert refused.pairs.distances.tolist()[-2:] == [np.inf, np.inf] and refused.pairs.failures == Failures(2, REFUSED)
    assert refused.pairs.compared.distances.tolist() == [-0.3, -0.8] * 5
    left_out = read_scores(failing(tmp_path), Corrections(failures=LEFT_OUT))
    assert len(left_out.pairs.distances) == 10 and left_out.pairs.failures == Failures(2, LEFT_OUT)
    assert left_out.pairs.lines is not None and left_out.pairs.lines.tolist() == list(range(2, 12))
    assert "2 that could not be compared left out" in left_out.understanding.in_words()
    assert (refused.understanding.same, left_out.understanding.same) == (6, 6)


def test_kinds_that_failed_altogether_are_missing(tmp_path: Path) -> None:
    path = written(tmp_path, "is_same,distance\n1,0.5\n0,nan\n")
    with pytest.raises(ValueError, match="must hold pairs of the same and of different identities, got 1 and 0"):
        read_scores(path, Corrections(failures=REFUSED))
