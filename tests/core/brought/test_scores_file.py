"""What a CSV of scores is read as, against a loop over its lines; and every way in which one can be wrong."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from core.brought import csv_table
from core.brought.scored_pairs import ScoredPairs
from core.brought.scores_file import load_scores, names_direction
from core.thresholds.verification import auc, exact_curve, exact_equal_error_rate

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


def test_numbers_are_read_to_the_last_digit(tmp_path: Path) -> None:
    values = np.random.default_rng(0).normal(size=500) * 10.0 ** np.arange(-250, 250)
    content = "".join(f"{row % 2},{value!r}\n" for row, value in enumerate(values.tolist()))
    assert load_scores(written(tmp_path, "is_same,distance\n" + content)).distances.tolist() == values.tolist()


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
        ("", "must start with a line that names its columns, got ''"),
        ("1,0.5\n0,0.7\n", "must start with a line that names its columns, got '1,0.5'"),
        ("1\nAnn 1 2\nAnn 1 Kim 1\n", "must start with a line that names its columns, got '1'"),  # a pairs file
        ("is_same,distance,image\n", "must have columns out of is_same, .*, second, got 'image'. Rename"),
        ("is_same,distance,distance\n", "must have each column once, got distance again"),
        ("is_same,distance,similarity\n", "must have one column of scores, .*, got distance and similarity. Keep one"),
        ("is_same,score,distance\n", "must have one column of scores, .*, got score and distance. Keep one"),
        ("is_same,first,second\n", "must have one column of scores, .*, got none. Add one"),
        ("is_same,score\n", "direction of the column score in mine.csv must be given, got none. Say"),
        ("distance\n1\n", "must have the column is_same, or first and second, got distance. Add"),
        ("first,distance\nAnn,1\n", "must have first and second or neither, got only first. Add"),
        ("is_same,distance\n", "must hold pairs of the same and of different identities, got 0 and 0"),
        (SAMES + "1,0.7\n", "identities, got 2 and 0. Add"),
        ("is_same,distance\n0,0.5\n", "identities, got 0 and 1. Add"),
        (SAMES + "0,far\n", "line 3: distance must be a finite number, got 'far'. Write"),
        (SAMES + "0,\n", "line 3: distance must be a finite number, got ''"),
        (SAMES + "0,1_000\n", "line 3: distance must be a finite number, got '1_000'"),
        (SAMES + '0,"0,7"\n', "line 3: distance must be a finite number, got '0,7'"),
        (SAMES + "\n0,NaN\n", "line 4: distance must be a finite number, got 'NaN'"),
        (SAMES + "0,-inf\n", "line 3: distance must be a finite number, got '-inf'"),
        (SAMES + "0,1e999\n", "line 3: distance must be a finite number, got '1e999'"),
        ("is_same;distance\n1;0,5\n0;0.7\n", "must have one decimal mark in the column distance, .*up to line 3"),
        ("is_same;distance\n1;0,5\n0;1.000,7\n", "must have one decimal mark in the column distance"),
        (SAMES + "maybe,0.7\n", "line 3: is_same must be 0 or 1, false or true, no or yes, got 'maybe'"),
        (SAMES + ",0.7\n", "line 3: is_same must be 0 or 1, .*, got ''"),
        (SAMES + "0\n", "line 3 must have as many cells as the header, 2, got 1"),
        (SAMES + "0,0.7,9\n", "line 3 must have as many cells as the header, 2, got 3"),
        (SAMES + '0,"0.7\n', r"line 3 must be cells of CSV, got one that cannot be read \(unexpected end"),
        (NAMED + "Ann,Bob,yes,1\n", "line 2: is_same must agree with first and second, got 'yes' for 'Ann' and 'Bob'"),
        (NAMED + "Ann,Ann,0,1\n", "line 2: is_same must agree with first and second, got '0' for 'Ann' and 'Ann'"),
        (NAMED + "Ann, ,0,1\n", "line 2: second must name an identity, got an empty cell"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "must be UTF-8 text, got bytes of zero"),
        (SAMES.encode("utf-16"), "must be UTF-8 text, got bytes of zero"),
        (NAMED.encode() + b"J\xfcrgen,Ann,0,1\n", "line 2 must be UTF-8 text, got the byte 0xfc"),
        ("x" * 200_000, "must be cells of CSV, .*field larger than field limit"),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(tmp_path: Path, content: str | bytes, message: str) -> None:
    with pytest.raises(ValueError, match=message) as raised:
        load_scores(written(tmp_path, content))
    said = str(raised.value)
    assert "mine.csv" in said and " must " in said and ", got " in said and said.endswith(".") and "\n" not in said


def test_a_direction_must_not_contradict_the_column(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="a distance in mine.csv must be closer when smaller, got the opposite"):
        load_scores(written(tmp_path, SAMES), smaller_is_closer=False)
    with pytest.raises(ValueError, match="a similarity in mine.csv must be closer when larger, got the opposite"):
        load_scores(written(tmp_path, "is_same,similarity\n"), smaller_is_closer=True)


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


@pytest.mark.parametrize(("column", "expected"), [("distance", True), ("Similarity", True), ("score", False)])
def test_a_score_alone_does_not_name_its_direction(tmp_path: Path, column: str, expected: bool) -> None:
    assert names_direction(written(tmp_path, f"is_same,{column}\n")) == expected
