"""Cells of a table of text turned into numbers, of lines that are plain: separators between cells and no quotes;
compiled.

A number is gathered as at most 18 digits and a power of ten. Where both are whole numbers or powers that float64 holds
exactly, one multiplication or division gives the nearest float64 (Clinger 1990, How to read floating point numbers
accurately, PLDI). Elsewhere the result is off by less than 2**-50 of itself, and it is taken where everything so near
is one float32. So each number taken is np.float32(float(cell)) to the last bit; other cells are left to the caller.
"""

from __future__ import annotations

import numpy as np
from numba import njit

PASSED = -1  # a column of which nothing is wanted
WORDS = -2  # the first column of words, the next one is -3
SPOILT = -1  # instead of a number of rows

_NEWLINE, _RETURN, _PLUS, _MINUS, _POINT, _ZERO = 10, 13, 43, 45, 46, 48
_LARGE_E, _SMALL_E = 69, 101
_POWERS = np.array([float(f"1e{power}") for power in range(23)])  # all that float64 holds exactly
_EXACT_POWER, _EXACT_WHOLE, _DIGITS, _MOST_POWER = 22, 1 << 53, 18, 66
_ERROR = 2.0**-50  # six roundings of 2**-53 at most, that of float(cell) with them, and what follows the 18th digit
# Of eight bytes at a time: what is taken from digits, what sets the highest bit of larger bytes, and masks and shifts.
_ZEROS, _TO_TOP = np.uint64(0x3030303030303030), np.uint64(0x7676767676767676)
_TOPS, _LOWEST, _ONE = np.uint64(0x8080808080808080), np.uint64(0x0101010101010101), np.uint64(1)
_BYTE_OF_TWO, _TWO_OF_FOUR = np.uint64(0x00FF00FF00FF00FF), np.uint64(0x0000FFFF0000FFFF)
_ONE_BYTE, _TWO_BYTES, _FOUR_BYTES, _LAST_BYTE = np.uint64(8), np.uint64(16), np.uint64(32), np.uint64(56)
_TEN_AND_ONE, _HUNDRED_AND_ONE = np.uint64(10 * 2**8 + 1), np.uint64(100 * 2**16 + 1)
_TEN_THOUSAND_AND_ONE = np.uint64(10_000 * 2**32 + 1)
_POINTS, _NEWLINES = np.uint64(0x2E2E2E2E2E2E2E2E), np.uint64(0x0A0A0A0A0A0A0A0A)
_BELOW_TOPS, _NONE = np.uint64(0x7F7F7F7F7F7F7F7F), np.uint64(0)
# So many bytes at the end.
_LAST = np.array([((1 << 8 * count) - 1) << 64 - 8 * count for count in range(9)], np.uint64)
_TENS = 10 ** np.arange(17)
_LARGEST = float(np.finfo(np.float32).max)


@njit(cache=True, nogil=True)
def find_ends(eights: np.ndarray, separator: int, ends: np.ndarray) -> int:
    """Whole lines (B,) uint64, each byte with the seven that follow it, the first in the lowest place, and zeros behind
    the last -> how many cells there are; where the separator or newline behind each of them stands goes to `ends` (B,).

    One cell of each eight bytes is written down whether there is one or not, which a processor could not foresee.
    """
    count, separators = 0, np.uint64(separator) * _LOWEST
    for place in range(0, len(eights), 8):
        found = _equal(eights[place] ^ separators) | _equal(eights[place] ^ _NEWLINES)
        if count < len(ends):
            ends[count] = place + _first_byte(found)
            count, found = count + (found != _NONE), found & (found - _ONE)
        while found:
            ends[count], count, found = place + _first_byte(found), count + 1, found & (found - _ONE)
    return count


@njit(nogil=True, forceinline=True)
def _equal(different: np.uint64) -> np.uint64:
    """The highest bit of each byte that is 0."""
    return ~(((different & _BELOW_TOPS) + _BELOW_TOPS) | different | _BELOW_TOPS)


@njit(cache=True, nogil=True)
def read_cells(
    text: np.ndarray,
    eights: np.ndarray,
    ends: np.ndarray,
    kinds: np.ndarray,
    values: np.ndarray,
    words: np.ndarray,
    others: np.ndarray,
) -> tuple[int, int]:
    """Whole lines (B,) uint8 without quotes and without returns but those of their ends, and with zeros behind them ->
    how many rows were read, and how many cells of numbers were not. `eights` (B,) and `ends` are as of `find_ends`.

    `kinds` (C,) says what a column is: PASSED, the place of a number from 0 on, or WORDS and below. Numbers go to
    `values` (R, D) float32, begin and end of each word to `words` (R, W, 2), and row, place, begin and end of a cell
    that is not read to `others` (H, 4). Empty lines are no rows. R must be more than B / C.

    Gives SPOILT rows for a row of another width, or more than H other cells.
    """
    begin, row, column, other = 0, 0, 0, 0
    for end in ends:
        is_last, stop = text[end] == _NEWLINE, end
        if is_last and end > begin and text[end - 1] == _RETURN:
            stop = end - 1
        if is_last and column == 0 and stop == begin:
            begin = end + 1
            continue
        if is_last != (column == len(kinds) - 1):
            return SPOILT, 0
        kind = kinds[column]
        if kind >= 0:
            value, is_certain = _usual(text, eights, begin, stop)
            if not is_certain:
                place, value, is_certain = _number(text, eights, begin)
                if not is_certain or place != stop:
                    if other == len(others):
                        return SPOILT, 0
                    others[other, 0], others[other, 1], others[other, 2], others[other, 3] = row, kind, begin, stop
                    other += 1
            values[row, kind] = value
        elif kind <= WORDS:
            words[row, WORDS - kind, 0], words[row, WORDS - kind, 1] = begin, stop
        begin, column = end + 1, column + 1
        if is_last:
            row, column = row + 1, 0
    return row, other


@njit(nogil=True, forceinline=True)
def _usual(text: np.ndarray, eights: np.ndarray, begin: int, stop: int) -> tuple[np.float32, bool]:
    """A number with up to 7 digits before its point, and 1 to 16 behind it, and whether it is one and is certain.

    What is done does not depend on how many digits there are, which a processor could not foresee.
    """
    is_negative = text[begin] == _MINUS
    whole = begin + is_negative
    ahead = eights[whole]
    points = ahead ^ _POINTS
    points = (points - _LOWEST) & ~points & _TOPS  # the highest bit of a point, the first one at least
    if not points:
        return np.float32(0), False
    before = _first_byte(points)
    behind = stop - whole - before - 1
    if before < 1 or behind < 1 or behind > 16 or stop < 16:
        return np.float32(0), False
    in_front = (ahead ^ _ZEROS) << np.uint64(64 - 8 * before)
    wholes = in_front >> _LAST_BYTE if before == 1 else _together(in_front)
    last = (eights[stop - 8] ^ _ZEROS) & _LAST[min(behind, 8)]
    first = (eights[stop - 16] ^ _ZEROS) & _LAST[max(behind - 8, 0)]
    if ((in_front + _TO_TOP) | in_front | (last + _TO_TOP) | last | (first + _TO_TOP) | first) & _TOPS:
        return np.float32(0), False
    fraction = np.int64(_together(first)) * 100_000_000 + np.int64(_together(last))
    if before + behind > _DIGITS:
        return np.float32(0), False
    value, is_certain = _value(np.int64(wholes) * _TENS[behind] + fraction, -behind, True)
    return -value if is_negative else value, is_certain


@njit(nogil=True, forceinline=True)
def _first_byte(tops: np.uint64) -> np.int64:
    """How many bytes lie below the first one whose highest bit is set."""
    below = (tops & (~tops + _ONE)) - _ONE
    return np.int64((((below & _LOWEST) * _LOWEST) >> _LAST_BYTE) - _ONE)


@njit(nogil=True)
def _number(text: np.ndarray, eights: np.ndarray, place: int) -> tuple[int, np.float32, bool]:
    """The place behind a number, what it is as float32, and whether that is certain. A line ends behind it."""
    is_negative = text[place] == _MINUS
    place += is_negative
    begin, digits = place, np.int64(0)
    while 0 <= np.int64(text[place]) - _ZERO <= 9:
        digits = digits * 10 + (np.int64(text[place]) - _ZERO)
        place += 1
    count, power = place - begin, 0
    if text[place] == _POINT:
        behind_point = place + 1
        place, digits = _more_digits(eights, behind_point, digits)
        power = behind_point - place
        count -= power
    if count == 0:
        return place, np.float32(0), False
    is_whole = True
    if count > _DIGITS:  # then `digits` went over
        digits, dropped = _first_digits(text, begin, place)
        power, is_whole = power + dropped, dropped == 0
    has_exponent = True
    if text[place] == _SMALL_E or text[place] == _LARGE_E:
        place, exponent, has_exponent = _exponent(text, place + 1)
        power += exponent
    value, is_certain = _value(digits, power, is_whole)
    return place, -value if is_negative else value, is_certain and has_exponent


@njit(nogil=True)
def _more_digits(eights: np.ndarray, place: int, digits: np.int64) -> tuple[int, np.int64]:
    """The place behind the digits from `place` on, and the number with them at its end; modulo 2**64.

    Eight bytes at a time: a byte is a digit where it is at most 9 once 0x30 is taken from it, and neighbours are put
    together, two, four and eight at a time, as if the bytes were limbs of one number.
    """
    while True:
        bytes_ = eights[place] ^ _ZEROS
        beyond = ((bytes_ + _TO_TOP) | bytes_) & _TOPS  # the highest bit of what is no digit, the first one at least
        if beyond:
            break
        digits = digits * 100_000_000 + np.int64(_together(bytes_))
        place += 8
    count = _first_byte(beyond)
    if count:
        # Digits go to the end, as if zeros stood before them.
        digits = digits * _TENS[count] + np.int64(_together(bytes_ << np.uint64(64 - 8 * count)))
    return place + int(count), digits


@njit(nogil=True, forceinline=True)
def _together(bytes_: np.uint64) -> np.uint64:
    """Eight digits, one a byte, the first in the lowest, as one number."""
    twos = (bytes_ * _TEN_AND_ONE) >> _ONE_BYTE
    fours = ((twos & _BYTE_OF_TWO) * _HUNDRED_AND_ONE) >> _TWO_BYTES
    return ((fours & _TWO_OF_FOUR) * _TEN_THOUSAND_AND_ONE) >> _FOUR_BYTES


@njit(nogil=True)
def _first_digits(text: np.ndarray, begin: int, end: int) -> tuple[np.int64, int]:
    """The first 18 digits behind leading zeros as a number, and how many digits follow them."""
    digits, count, dropped = np.int64(0), 0, 0
    for place in range(begin, end):
        if text[place] == _POINT:
            continue
        if count == _DIGITS:
            dropped += 1
        else:
            digits = digits * 10 + (np.int64(text[place]) - _ZERO)
            count += digits > 0
    return digits, dropped


@njit(nogil=True)
def _exponent(text: np.ndarray, place: int) -> tuple[int, int, bool]:
    """The place behind the digits of an exponent, the exponent, and whether there are any."""
    is_negative = text[place] == _MINUS
    if is_negative or text[place] == _PLUS:
        place += 1
    begin, exponent = place, np.int64(0)
    while 0 <= np.int64(text[place]) - _ZERO <= 9:
        exponent = min(exponent * 10 + (np.int64(text[place]) - _ZERO), np.int64(1 << 30))
        place += 1
    return place, int(-exponent if is_negative else exponent), place > begin


@njit(nogil=True, forceinline=True)
def _value(digits: np.int64, power: int, is_whole: bool) -> tuple[np.float32, bool]:
    """Digits times a power of ten as float32, and whether that is certain; not of what is infinite there."""
    if digits == 0:
        return np.float32(0), is_whole
    if abs(power) > _MOST_POWER:
        return np.float32(0), False
    value, left = np.float64(digits), abs(power)
    while left > 0:
        step = min(left, _EXACT_POWER)
        value = value * _POWERS[step] if power > 0 else value / _POWERS[step]
        left -= step
    if not value <= _LARGEST:
        return np.float32(0), False
    nearest = np.float32(value)
    if digits <= _EXACT_WHOLE and abs(power) <= _EXACT_POWER and is_whole:
        return nearest, True
    away = value * _ERROR
    return nearest, np.float32(value - away) == np.float32(value + away)
