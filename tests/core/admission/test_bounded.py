import io

import pytest

from core.admission.bounded import Bounded

ERROR = ValueError("too much")


def test_what_is_within_the_bounds_is_read_as_it_is() -> None:
    reader = Bounded(io.BytesIO(b"0123456789"), 5, ERROR, 10)
    assert reader.read(5) == b"01234" and reader.tell() == 5 and reader.read() == b"56789"
    assert reader.seek(2) == 2 and reader.read(3) == b"234" and reader.seek(-1, io.SEEK_END) == 9
    assert reader.seekable() and reader.readable()


def test_more_at_once_is_refused_before_anything_is_read() -> None:
    reader = Bounded(io.BytesIO(b"0123456789"), 5, ERROR)
    for size in (6, 10**15):
        with pytest.raises(ValueError, match="too much"):
            reader.read(size)
    assert reader.tell() == 0


def test_all_that_is_left_is_refused_where_it_is_more() -> None:
    with pytest.raises(ValueError, match="too much"):
        Bounded(io.BytesIO(b"0123456789"), 5, ERROR).read()


def test_nothing_beyond_the_last_place_is_read_or_sought() -> None:
    reader = Bounded(io.BytesIO(b"0123456789"), 5, ERROR, last=4)
    with pytest.raises(ValueError, match="too much"):
        reader.seek(5)
    reader.seek(0)
    with pytest.raises(ValueError, match="too much"):
        reader.read(5)
