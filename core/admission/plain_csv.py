"""The rows of a table of text, read fast: blocks of whole lines, each by compiled code in a thread of its own.

What is not plain goes to a careful reader, block by block: quotes, blanks around numbers, a decimal comma, a row of
another width. Memory does not grow with the file: so many blocks are under way at a time.
"""

from __future__ import annotations

import os
import re
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import BinaryIO, NamedTuple

import numpy as np

BLOCK_BYTES = 1 << 18  # of text, read and parsed at a time: its arrays stay in the cache and are used again
LONGEST_LINE = 4 << 20  # bytes
MOST_THREADS = 4
BEYOND = bytes(8)  # behind the last line, so that eight bytes can be taken at any place
OTHER_CELLS = 1 << 14  # of a block, which are read one by one
LONGEST_NUMBER = 100  # characters of such a cell
MISSING = ("", "nan", "NaN", "NA", "null")  # in place of a number; words are always what is written

_MISSING = {word.encode() for word in MISSING}
# What Python and the careful reader take for the same number.
_NUMBER = re.compile(rb"-?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")


class NotPlain(ValueError):
    """Raised at lines of which only a careful reader of the whole file can say what is wrong."""


class Layout(NamedTuple):
    """What separates cells, what each column is (C,) as core/kernels/text_cells.py has it, and how many columns there
    are of numbers and of words."""

    separator: int
    kinds: np.ndarray
    number_count: int
    word_count: int


class Part(NamedTuple):
    """Some rows: their numbers (B, D) float32, NaN where one is missing, and their words, column by column."""

    values: np.ndarray
    words: list[list[str]]


Careful = Callable[[bytes], Part]


def layout_of(separator: str, header: list[str], numbers: tuple[str, ...], words: list[str]) -> Layout:
    """The layout of a table with these names of columns, some of which are numbers and some words."""
    from core.kernels.text_cells import PASSED, WORDS

    kinds = np.full(len(header), PASSED, np.int64)
    kinds[[header.index(name) for name in numbers]] = np.arange(len(numbers))
    kinds[[header.index(name) for name in words]] = WORDS - np.arange(len(words))
    return Layout(ord(separator), kinds, len(numbers), len(words))


def read_parts(file: BinaryIO, layout: Layout, careful: Careful) -> Iterator[Part]:
    """The rows of the file below its first line that is not empty, in their order. Raises NotPlain."""
    _pass_header(file)
    threads = min(os.cpu_count() or 1, MOST_THREADS)
    with ThreadPoolExecutor(threads, "csv") as pool:
        waiting: deque[Future[Part]] = deque()
        for lines in _blocks(file):
            waiting.append(pool.submit(_part, lines, layout, careful))
            if len(waiting) > threads:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _pass_header(file: BinaryIO) -> None:
    line = b"\n"
    while line in (b"\n", b"\r\n"):
        line = file.readline(LONGEST_LINE)
    if b"\r" in line.rstrip(b"\r\n") or not line.endswith(b"\n"):
        raise NotPlain("the first line must end with a newline, got another end. Read it with care.")


def _blocks(file: BinaryIO) -> Iterator[bytes]:
    """Whole lines, each with its end, and BEYOND; an end is added to the last line where it has none."""
    rest = b""
    while content := file.read(BLOCK_BYTES):
        end = content.rfind(b"\n") + 1
        if end:
            yield b"".join((rest, memoryview(content)[:end], BEYOND))
        rest = content[end:] if end else rest + content
        if len(rest) > LONGEST_LINE:
            raise NotPlain(f"a line must have at most {LONGEST_LINE:,} bytes, got more. Read it with care.")
    if rest:
        yield rest + b"\n" + BEYOND


def _part(lines: bytes, layout: Layout, careful: Careful) -> Part:
    from core.kernels.text_cells import SPOILT, find_ends, read_cells

    size = len(lines) - len(BEYOND)
    if b'"' in lines or (b"\r" in lines and lines.count(b"\r") != lines.count(b"\r\n")):
        return careful(lines[:size])
    most = size // len(layout.kinds) + 1  # a row has a byte for each cell at least
    values = np.empty((most, layout.number_count), np.float32)
    words = np.empty((most, layout.word_count, 2), np.int32)
    others = np.empty((OTHER_CELLS, 4), np.int32)
    eights = np.ndarray(size, "<u8", lines, strides=(1,))  # eight bytes from each place on
    ends = np.empty(size, np.int32)
    ends = ends[: find_ends(eights, layout.separator, ends)]
    text = np.frombuffer(lines, np.uint8)
    count, other_count = read_cells(text, eights, ends, layout.kinds, values, words, others)
    if count == SPOILT or not _read_others(lines, others[:other_count], values):
        return careful(lines[:size])
    places = words[:count].transpose(1, 0, 2).tolist()
    try:
        return Part(values[:count], [[lines[begin:end].decode() for begin, end in column] for column in places])
    except UnicodeDecodeError:
        raise NotPlain("words must be UTF-8 text, got other bytes. Read them with care.") from None


def _read_others(lines: bytes, others: np.ndarray, values: np.ndarray) -> bool:
    """Put the cells that are not read into `values`; whether each is a number or missing."""
    with np.errstate(over="ignore"):  # what is beyond float32 is infinite, as float32(float(cell)) is
        for row, place, begin, end in others.tolist():
            cell = lines[begin:end]
            if cell in _MISSING:
                values[row, place] = np.nan
            elif len(cell) <= LONGEST_NUMBER and _NUMBER.fullmatch(cell):
                values[row, place] = float(cell)
            else:
                return False
    return True
