"""Which rows a threshold was measured without: for its card, and in words for the report, the code and the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from core.records.fields import JsonObject
from core.records.run_record import RunRecord
from core.verification.leaving_out import as_ranges, spans

POINTS, PAIRS = "points", "pairs"
WITHOUT = "--without"
MOST_NAMED = 12  # spans of rows in a sentence; the card and the command name all


def left_out_on_card(rows: Sequence[int] | np.ndarray, left: int, kind: str) -> JsonObject:
    """Rows (R,) from 0, by their numbers before anything was left out, as the option --without takes them; how many
    they are, of how many points or pairs, `left` of which are left."""
    count = len(np.unique(rows))
    return {"rows": as_ranges(rows), "count": count, "of": left + count, "kind": kind}


def left_out_of(record: RunRecord) -> JsonObject | None:
    """What a run was measured without; None where that is nothing."""
    is_of_pairs = record.kind.is_of_pairs and not record.kind.has_roles
    data, rows = record.known_data, rows_left_out(record)
    if not len(rows):
        return None
    left = (data.pair_count or 0) if is_of_pairs else data.evaluation_count
    if record.without and record.without.of:
        left = record.without.of - len(rows)
    return left_out_on_card(rows, left, PAIRS if is_of_pairs else POINTS)


def rows_left_out(record: RunRecord) -> np.ndarray:
    """Their numbers (R,) in what was there before; an older version kept those of pairs in the command alone."""
    if record.without:
        return np.array(record.without.rows, np.int64)
    command = (record.data and record.data.command) or ()
    if WITHOUT not in command:
        return np.empty(0, np.int64)
    return rows_named(command[command.index(WITHOUT) + 1])


def rows_named(ranges: str) -> np.ndarray:
    """What `as_ranges` has written: "3,5-7" -> 3, 5, 6, 7."""
    ends = [part.partition("-") for part in ranges.split(",") if part.strip()]
    return np.concatenate([np.arange(int(first), int(last or first) + 1) for first, _, last in ends])


def left_out_in_words(card: Mapping[str, Any]) -> str:
    """Of a card or of what `left_out_on_card` gives it: how many rows are missing and which; nothing where none is."""
    said = card.get("left_out", card if "rows" in card else None)
    if not said:
        return ""
    named = [
        f"{first:,}" if first == last else f"{first:,} to {last:,}" for first, last in spans(rows_named(said["rows"]))
    ]
    more = f" and {len(named) - MOST_NAMED:,} more such rows or spans" if len(named) > MOST_NAMED else ""
    word = "row" if said["count"] == 1 else "rows"
    rows = "; ".join(named[:MOST_NAMED])
    return f"{said['count']:,} of {said['of']:,} {said['kind']} left out: {word} {rows}{more}, counted from 0"
