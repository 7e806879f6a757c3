from __future__ import annotations

from io import BytesIO

import numpy as np
import pytest

from core.admission import plain_csv
from core.admission.plain_csv import BLOCK_BYTES, LONGEST_LINE, LONGEST_NUMBER, NotPlain, Part, layout_of, read_parts

HEADER = ["label", "x0", "x1"]


class Careful:
    """Keeps what it is given, and says that there is nothing in it."""

    def __init__(self) -> None:
        self.given: list[bytes] = []

    def __call__(self, lines: bytes) -> Part:
        self.given.append(lines)
        return Part(np.empty((0, 2), np.float32), [[]])


def read(content: bytes, careful: Careful | None = None) -> tuple[np.ndarray, list[str]]:
    layout = layout_of(",", HEADER, ("x0", "x1"), ["label"])
    parts = list(read_parts(BytesIO(content), layout, careful or Careful()))
    return np.concatenate([part.values for part in parts]), [word for part in parts for word in part.words[0]]


def test_columns_lie_where_the_header_has_them() -> None:
    layout = layout_of(";", ["x1", "who", "skipped", "x0", "when"], ("x0", "x1"), ["when", "who"])
    content = b"\r\n\nx1;who;skipped;x0;when\n1;a;-;2;b\n"
    (part,) = read_parts(BytesIO(content), layout, Careful())
    assert part.values.tolist() == [[2, 1]] and part.words == [["b"], ["a"]]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_file_of_many_blocks_is_read_in_its_order(end: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plain_csv, "BLOCK_BYTES", 100)
    points = np.random.default_rng(0).normal(size=(500, 2)).astype(np.float32)
    rows = [f"ä{number},{first!r},{second!r}" for number, (first, second) in enumerate(points.astype(float).tolist())]
    careful = Careful()
    for content in (end.join(["label,x0,x1", *rows]), end.join(["label,x0,x1", *rows, ""])):
        values, words = read(content.encode(), careful)
        assert np.array_equal(values, points) and words == [f"ä{number}" for number in range(500)]
    assert careful.given == []


def test_few_blocks_are_read_ahead(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plain_csv, "BLOCK_BYTES", 60)
    file = BytesIO(b"label,x0,x1\n" + b"a,1,2\n" * 100_000)
    parts = read_parts(file, layout_of(",", HEADER, ("x0", "x1"), ["label"]), Careful())
    next(parts)
    assert file.tell() < 60 * (plain_csv.MOST_THREADS + 3)
    parts.close()


def test_missing_numbers_are_nan_and_odd_ones_are_those_of_python() -> None:
    odd = ["1.000000059604644775390625", "1e39", "-1e400", "7.0064923216240853e-46", "1e-46", "9.99e-44"]
    cells = ["", "nan", "NaN", "NA", "null", *odd]
    careful = Careful()
    values, _ = read(b"label,x0,x1\n" + "".join(f"a,{cell},1\n" for cell in cells).encode(), careful)
    assert careful.given == [] and np.isnan(values[:5, 0]).all() and (values[:, 1] == 1).all()
    with np.errstate(over="ignore"):
        assert np.array_equal(values[5:, 0], np.array([float(cell) for cell in odd]).astype(np.float32))
    assert np.isinf(values[6:8, 0]).all()


@pytest.mark.parametrize("row", ['"a",1,2', "a, 1,2", "a,1,2,3", "a,1", "a,one,2", "a,+1,2", "a,0x1,2", "a,1,inf"])
def test_what_is_not_plain_goes_to_the_careful_reader_with_the_lines_around(row: str) -> None:
    careful = Careful()
    read(f"label,x0,x1\nb,1,2\n{row}\nc,3,4\n".encode(), careful)
    assert careful.given == [f"b,1,2\n{row}\nc,3,4\n".encode()]


def test_a_number_of_very_many_digits_is_not_read_here() -> None:
    careful = Careful()
    read(b"label,x0,x1\na,1," + b"0." + b"3" * LONGEST_NUMBER + b"e-90\n", careful)
    assert len(careful.given) == 1


def test_many_missing_numbers_go_to_the_careful_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plain_csv, "OTHER_CELLS", 3)
    careful = Careful()
    assert len(read(b"label,x0,x1\n" + b"a,,1\n" * 3, careful)[0]) == 3 and careful.given == []
    read(b"label,x0,x1\n" + b"a,,1\n" * 4, careful)
    assert careful.given == [b"a,,1\n" * 4]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"label,x0,x1\ra,1,2\r", "the first line must end with a newline"),
        (b"label,x0,x1\ra,1,2\n", "the first line must end with a newline"),
        (b"label,x0,x1\n" + b"a" * (LONGEST_LINE + BLOCK_BYTES), "a line must have at most"),
        (b"l" * (LONGEST_LINE + 1) + b"\n", "the first line must end with a newline"),
        (b"label,x0,x1\n\xff,1,2\n", "words must be UTF-8 text"),
    ],
)
def test_what_only_the_whole_file_can_tell_is_said_to_be_so(content: bytes, said: str) -> None:
    with pytest.raises(NotPlain, match=said):
        read(content)


def test_lines_of_nothing_take_no_memory_however_many_columns_there_are() -> None:
    names = tuple(f"x{place}" for place in range(20_000))
    layout = layout_of(",", ["label", *names], names, ["label"])
    content = b",".join(name.encode() for name in ("label", *names)) + b"\n" * (3 * BLOCK_BYTES)
    assert sum(len(part.values) for part in read_parts(BytesIO(content), layout, Careful())) == 0
