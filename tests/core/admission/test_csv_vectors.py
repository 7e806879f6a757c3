from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.admission import csv_vectors
from core.admission.brought import Brought
from core.admission.csv_vectors import read_csv
from core.admission.plain_csv import BLOCK_BYTES

POINTS = np.random.default_rng(0).normal(size=(6, 3)).astype(np.float32)


def read(tmp_path: Path, text: str, **chosen: str) -> Brought:
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    return read_csv(tmp_path / "a.csv", chosen, tmp_path, lambda share: None)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_numbers_are_read_with_words_as_they_are_written(separator: str, tmp_path: Path) -> None:
    labels = ["001", "NA", "null", "1e5", "True", '"a,b;c\t"']
    lines = ["label,x0,x1,x2,camera"]
    lines += [f"{label},{','.join(map(repr, map(float, row)))},7" for label, row in zip(labels, POINTS, strict=True)]
    quoted, text = '"a,b;c\t"', "\n".join(lines)
    text = text.replace(quoted, "@").replace(",", separator).replace("@", quoted) + "\n"
    found = read(tmp_path, text)
    assert np.array_equal(found.values, POINTS) and found.values.dtype == np.float32
    assert found.columns == {"label": [*labels[:5], "a,b;c\t"], "group": ["7"] * 6}


def test_a_table_of_many_blocks_is_read_whole_and_says_how_far_it_is(tmp_path: Path) -> None:
    points = np.random.default_rng(0).normal(size=(30_000, 16)).astype(np.float32)
    header = ",".join([*(f"x{place}" for place in range(16)), "label"])
    lines = [",".join([*map(repr, row), str(number)]) for number, row in enumerate(points.astype(float).tolist())]
    (tmp_path / "a.csv").write_text("\n".join([header, *lines]))
    assert (tmp_path / "a.csv").stat().st_size > 2 * BLOCK_BYTES
    told: list[float] = []
    found = read_csv(tmp_path / "a.csv", {}, tmp_path, told.append)
    assert np.array_equal(found.values, points) and found.columns["label"] == [str(n) for n in range(30_000)]
    assert len(told) > 2 and told == sorted(told) and told[-1] == 1


def test_a_missing_number_is_nan_and_a_chosen_column_counts(tmp_path: Path) -> None:
    found = read(tmp_path, "who,label,x0,x1\na,1,,2\nb,2,nan,3\n", label="who")
    assert np.isnan(found.values[:, 0]).all() and found.values[:, 1].tolist() == [2, 3]
    assert found.columns == {"label": ["a", "b"]} and found.details == {"columns": {"label": "who"}}


def test_empty_lines_below_the_names_are_no_rows(tmp_path: Path) -> None:
    found = read(tmp_path, "label,x0,x1\n" + "\n" * 100 + "a,1,2\n\nb,3,4\n")
    assert found.columns == {"label": ["a", "b"]} and found.values.tolist() == [[1, 2], [3, 4]]


def test_bytes_that_are_no_text_are_refused_with_their_line(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"label,x0,x1\n" + b"a,1,2\n" * 500 + b"\xff,1,2\n")
    with pytest.raises(ValueError, match="a.csv, line 502 must be UTF-8 text, got the byte 0xff"):
        read_csv(tmp_path / "a.csv", {}, tmp_path, lambda share: None)


@pytest.mark.parametrize(
    "text, said",
    [
        ("", "must have a first line of names and rows below it"),
        ("label,x0,x1\n", "must have a first line of names and rows below it"),
        ("label,x0,x0\na,1,2\n", "must have a different name for each column, got 'x0'"),
        ("label,x0,x1\na,1,two\n", "must be a whole table of UTF-8 text .*two"),
        ("label,x0,x1\na,1,2\nb,1\n", "must be a whole table of UTF-8 text .*[Ee]xpected 3 columns"),
        ("label,y\na,1\n", "must have its values in a column named"),
        ("label x0 x1\na 1 2\n", "must have commas, semicolons or tabs between its cells"),
        ("label,x0,x1\na,'1,2\n", "must be a whole table of UTF-8 text"),
    ],
)
def test_what_is_no_such_table_is_said_so(text: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=said):
        read(tmp_path, text)


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    for content in (b"label,x0,x1\n\xff\xfe,1,2\n", b"PK\x03\x04" + bytes(50), b"\x80\x04K\x01."):
        (tmp_path / "a.csv").write_bytes(content)
        with pytest.raises(ValueError, match=" must be "):
            read_csv(tmp_path / "a.csv", {}, tmp_path, lambda share: None)


def by_hand(text: str) -> np.ndarray:
    """The numbers of a table "label,x0,x1" by float(), line by line."""
    rows = [row[1:] for row in csv.reader(text.splitlines()[1:]) if row]
    missing = {"", "nan", "NaN", "NA", "null"}
    with np.errstate(over="ignore"):
        numbers = [[np.nan if cell in missing else float(cell) for cell in row] for row in rows]
        return np.array(numbers).astype(np.float32)


NUMBERS = st.one_of(
    st.floats(allow_nan=False, allow_infinity=False).map(repr),
    st.floats(width=32, allow_nan=False, allow_infinity=False).map(repr),
    st.from_regex(r"-?[0-9]{1,25}(\.[0-9]{1,25})?(e-?[0-9]{1,2})?", fullmatch=True).filter(str.isascii),
    st.sampled_from(["", "nan", "NA", "-0", "1e39", "1e-46", "16777217", "9007199254740993"]),
)
WORDS = st.sampled_from(["a", "001", "NA", '"a,b"', '"say ""a"""', "ä", " b "])


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(WORDS, NUMBERS, NUMBERS), min_size=1, max_size=30))
def test_every_number_is_float32_of_pythons_float_read_fast_or_with_care(
    tmp_path: Path, rows: list[tuple[str, str, str]]
) -> None:
    text = "\n".join(["label,x0,x1", *(",".join(row) for row in rows)])
    found = read(tmp_path, text)
    assert found.values.tobytes() == by_hand(text).tobytes()
    assert found.columns["label"] == [row[0] for row in csv.reader(text.splitlines()[1:])]


def test_a_few_lines_with_quotes_in_a_long_table_change_nothing(tmp_path: Path) -> None:
    points = np.random.default_rng(0).normal(size=(60_000, 2))
    lines = [f"p{number},{first!r},{second!r}" for number, (first, second) in enumerate(points.tolist())]
    plain = read(tmp_path, "\n".join(["label,x0,x1", *lines]))
    for row in (0, 31_000, 59_999):
        lines[row] = lines[row].replace(f"p{row}", f'"p{row}"').replace(",", ", ")
    odd = read(tmp_path, "\n".join(["label,x0,x1", *lines]))
    assert (tmp_path / "a.csv").stat().st_size > 2 * BLOCK_BYTES
    assert np.array_equal(odd.values, plain.values) and odd.columns == plain.columns
    assert np.array_equal(plain.values, points.astype(np.float32))


def test_a_return_alone_ends_a_line_as_it_always_did(tmp_path: Path) -> None:
    found = read(tmp_path, "label,x0,x1\na,1,2\nb,3,4\rc,5,6\n")
    assert found.values.tolist() == [[1, 2], [3, 4], [5, 6]] and found.columns["label"] == ["a", "b", "c"]


def test_what_is_wrong_far_down_is_said_with_its_row(tmp_path: Path) -> None:
    lines = ["label,x0,x1", *["a,1,2"] * 400_000, "b,1", "c,3,4"]
    with pytest.raises(ValueError, match=r"Row #400002: Expected 3 columns, got 2: b,1"):
        read(tmp_path, "\n".join(lines))


def test_more_than_may_be_kept_is_refused_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_vectors, "LARGEST_BYTES", 1000)
    with pytest.raises(ValueError, match="the data must take at most 1e-06 GB once they are prepared"):
        read(tmp_path, "label,x0,x1\n" + "a,1,2\n" * 200)
