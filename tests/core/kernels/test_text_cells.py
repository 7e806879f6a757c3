from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.kernels.text_cells import PASSED, SPOILT, WORDS, find_ends, read_cells

# Numbers that have caught other readers: ties between two float32 or two float64, the ends of both ranges, and more
# digits than an integer of 64 bits holds.
HARD = [
    *("0", "-0", "0.0", "-0.0", "0e5", "-0e-400", "00012", "1", "-1", "1.", ".5", "-.5", "1e0", "1E+2", "1e-02"),
    *("16777216", "16777217", "16777218", "16777219", "-16777217", "33554434", "33554438"),
    *("1.00000005960464477539062", "1.000000059604644775390625", "1.00000005960464477539063"),
    *("9007199254740993", "9007199254740993e0", "9007199254740992.999", "0.1", "0.3", "2.2250738585072011e-308"),
    *("1.17549435e-38", "1.1754942e-38", "1.4e-45", "7e-46", "7.0064923216240853e-46", "7.0064923216240854e-46"),
    *("5e-324", "2.4703282292062327e-324", "2.4703282292062328e-324", "1e-400", "1e-45", "1e-44", "3e-44"),
    *("3.4028234e38", "3.4028235e38", "3.4028235677973366e38", "3.4028235677973365e38", "1e39", "1e308", "1e309"),
    *("123456789012345678", "1234567890123456789", "12345678901234567890", "0.000000000000000000000000012345678901234"),
    *("9.999999999999999999999999e22", "1e22", "1e23", "9e22", "1e44", "1e45", "123456789e30", "123456789e-60"),
    *(
        "8.5899345e9",
        "8589934592",
        "8589935104",
        "8589935103.9999999999999999999999",
        "1" + "0" * 38,
        "0." + "0" * 37 + "1",
    ),
]


def read(
    text: str, kinds: list[int], separator: str = ",", room: int = 100
) -> tuple[int, np.ndarray, list[list[str]], dict]:
    """The number of rows, the numbers, the words of each row, and the cells that were not read by row and place."""
    content = text.encode()
    rows = len(content) // len(kinds) + 1
    values = np.full((rows, sum(kind >= 0 for kind in kinds)), np.float32(77))
    words = np.zeros((rows, sum(kind <= WORDS for kind in kinds), 2), np.int32)
    others = np.zeros((room, 4), np.int32)
    padded = content + bytes(8)
    ends = np.zeros(len(content), np.int32)
    eights = np.ndarray(len(content), "<u8", padded, strides=(1,))
    ends = ends[: find_ends(eights, ord(separator), ends)]
    count, other_count = read_cells(
        np.frombuffer(padded, np.uint8), eights, ends, np.array(kinds, np.int64), values, words, others
    )
    if count == SPOILT:
        return count, values, [], {}
    said = [[content[begin:end].decode() for begin, end in row] for row in words[:count].tolist()]
    left = {(row, place): content[begin:end].decode() for row, place, begin, end in others[:other_count].tolist()}
    return count, values[:count], said, left


def nearest(text: str) -> np.float32:
    with np.errstate(over="ignore"):
        return np.float32(float(text))


def bits(value: np.float32) -> int:
    return int(np.float32(value).view(np.uint32))


def read_one(text: str) -> np.float32 | None:
    """A number alone in its row; None where it was left to the caller."""
    count, values, _, others = read(f"{text}\n", [0])
    assert count == 1 and others in ({}, {(0, 0): text})
    return None if others else values[0, 0]


@pytest.mark.parametrize("text", HARD)
def test_a_hard_number_is_the_nearest_to_the_last_bit_or_left_to_the_caller(text: str) -> None:
    found = read_one(text)
    assert found is None or bits(found) == bits(nearest(text))


def test_of_hard_numbers_only_few_are_left_to_the_caller() -> None:
    left = [text for text in HARD if read_one(text) is None]
    assert 5 < len(left) < len(HARD) / 2
    assert not {"16777217", "-0", "0.1", "9007199254740993", "3.4028234e38", "1e22"} & set(left)


def test_ties_of_float32_lie_in_float64_exactly_and_are_taken() -> None:
    """Halves between two float32 of at most 2**53, written out, go to the even one as numpy rounds them."""
    generator = np.random.default_rng(0)
    bare = generator.integers(1 << 23, 1 << 24, 2000)
    for whole in (2 * bare + 1).tolist():
        for power in (-4, 0, 20):
            text = repr(whole * 2.0**power)
            found = read_one(text)
            assert found is not None and bits(found) == bits(nearest(text))


@given(st.floats(allow_nan=False, allow_infinity=False), st.sampled_from(["r", ".17e", ".18e", ".24e", ".6f", ".9g"]))
def test_any_float64_however_it_is_written(value: float, form: str) -> None:
    text = repr(value) if form == "r" else format(value, form)
    found = read_one(text)
    assert found is None or bits(found) == bits(nearest(text))


@given(st.from_regex(r"-?([0-9]{1,30}(\.[0-9]{0,30})?|\.[0-9]{1,30})([eE][+-]?[0-9]{1,3})?", fullmatch=True))
def test_any_number_in_digits(text: str) -> None:
    if text.isascii():
        found = read_one(text)
        assert found is None or bits(found) == bits(nearest(text))


@given(st.floats(width=32, allow_nan=False, allow_infinity=False))
def test_a_float32_comes_back_as_it_was_and_is_seldom_left(value: float) -> None:
    for text in (repr(value), f"{value:.8e}"):
        found = read_one(text)
        assert bits(nearest(text)) == bits(np.float32(value))
        assert found is None or bits(found) == bits(np.float32(value))
        if value == 0 or 1e-30 < abs(value) < 1e30:
            assert found is not None


def test_numbers_near_a_tie_of_float32_are_never_rounded_twice() -> None:
    """Written with 25 digits, a little above, at and below the half between two float32."""
    picker, taken = random.Random(0), 0
    for _ in range(3000):
        low = np.float32(picker.uniform(0.5, 2) * 10.0 ** picker.randint(-20, 20))
        half = (float(low) + float(np.nextafter(low, np.float32(np.inf)))) / 2
        near = [f"{half:.25e}", f"{half * (1 + 2.0**-52):.16e}", f"{half * (1 - 2.0**-53):.19e}"]
        for text in (*near, f"{half * (1 + 2.0**-48):.17e}", f"{half * (1 - 2.0**-48):.17e}"):
            found = read_one(text)
            taken += found is not None
            assert found is None or bits(found) == bits(nearest(text))
    assert taken == 2 * 3000, "the closest are left to the caller, and no others"


def test_rows_of_numbers_words_and_what_is_passed_over() -> None:
    kinds = [WORDS, 1, PASSED, 0, WORDS - 1]
    count, values, words, others = read("a,1,x,2.5,\n\n,-3,,4e1,ä b\r\n\r\n 1,0,y,7,z\n", kinds)
    assert count == 3 and others == {}
    assert values.tolist() == [[2.5, 1], [40, -3], [7, 0]]
    assert words == [["a", ""], ["", "ä b"], [" 1", "z"]]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_any_byte_separates(separator: str) -> None:
    assert read(f"1{separator}2\n3{separator}4\n", [0, 1], separator)[1].tolist() == [[1, 2], [3, 4]]


@pytest.mark.parametrize(
    "cell",
    [
        "",
        "nan",
        "NA",
        " 1",
        "1 ",
        "+1",
        "1e",
        "1e+",
        "-",
        ".",
        "-.",
        "e5",
        "0x10",
        "1_0",
        "1.5.2",
        "1,5",
        "inf",
        "1f",
        "٣",
    ],
)
def test_what_is_no_plain_number_is_left_to_the_caller(cell: str) -> None:
    count, values, _, others = read(f"1;{cell};3\n4;5;6\n", [0, 1, 2], ";")
    assert count == 2 and others == {(0, 1): cell}
    assert values[0, [0, 2]].tolist() == [1, 3] and values[1].tolist() == [4, 5, 6]


@pytest.mark.parametrize(
    "text",
    ["a\n", "a,1,2\n", "a,1\n \n", ",\n\n\n,,\n"],
)
def test_lines_that_are_not_plain_are_said_to_be_spoilt(text: str) -> None:
    assert read(text, [WORDS, 0])[0] == SPOILT


def test_no_rows_are_in_empty_lines() -> None:
    assert read("\n\r\n\n", [WORDS, 0])[0] == 0 and read("", [WORDS, 0])[0] == 0


def test_more_other_cells_than_there_is_room_for_spoil_the_lines() -> None:
    text = "a,\n" * 5
    assert len(read(text, [WORDS, 0], room=5)[3]) == 5 and read(text, [WORDS, 0], room=4)[0] == SPOILT


def test_a_row_more_than_bytes_by_columns_is_never_written_to() -> None:
    """A line shorter than the columns are many is begun in the one row that there is room for."""
    assert read("1\n", [0, 1, 2, 3, 4, 5])[0] == SPOILT
