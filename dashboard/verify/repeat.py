"""The command that makes a card again, of what a user brought: also of corrected lists, and without some rows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core.handover.card import ThresholdCard
from core.handover.files import command_for
from core.readers.row_ranges import as_ranges
from core.records.run_record import RunRecord
from dashboard.lookups import runs

WITHOUT, CLOSER = "--without", "--closer"


def command_of(card: ThresholdCard, record: RunRecord) -> str:
    """Empty where no command reads the same: of a training, and of what an older version kept without saying how."""
    if record.kind.is_archive:
        return command_for(card, record.title)
    if record.without:
        run = runs.find_run(record.without.run)
        of = run.record() if run else None
        if of is None or not of.kind.is_archive:
            return ""
        return command_for(card, of.title, [WITHOUT, as_ranges(record.without.rows)])
    if record.data and record.data.command:
        file, *reading = record.data.command
        return command_for(card, file, reading)
    return ""


def without_rows(command: Sequence[str] | None, rows: np.ndarray) -> tuple[str, ...]:
    """The words that read the same pairs but for some rows (R,); none where rows are left out already."""
    if not command or WITHOUT in command:
        return ()
    return *command, WITHOUT, as_ranges(rows)


def with_closer(command: Sequence[str] | None, closer: str) -> tuple[str, ...]:
    """The words that read the same scores with the other end taken for closer; none where there were none."""
    if not command:
        return ()
    words = list(command)
    if CLOSER in words:
        del words[words.index(CLOSER) : words.index(CLOSER) + 2]
    return *words, CLOSER, closer
