"""The command that makes a card again, of what a user brought: also of corrected lists, and without some rows."""

from __future__ import annotations

from collections.abc import Sequence

from core.handover.card import ThresholdCard
from core.handover.files import command_for
from core.handover.left_out import WITHOUT
from core.records.run_record import RunRecord, Withdrawal
from core.verification.leaving_out import as_ranges
from dashboard.lookups import runs

CLOSER = "--closer"


def command_of(card: ThresholdCard, record: RunRecord) -> str:
    """Empty where no command reads the same: of a training, of an admitted set, which is no file, and of what an older
    version kept without saying how."""
    if record.data and record.data.admitted:
        return ""
    if record.data and record.data.command:
        file, *reading = record.data.command
        return command_for(card, file, reading)
    if record.without and (record.kind.has_roles or not record.kind.is_of_pairs):
        file = _file_of(record.without)
        return command_for(card, file, [WITHOUT, as_ranges(record.without.rows)]) if file else ""
    return command_for(card, record.title) if record.kind.is_archive else ""


def _file_of(without: Withdrawal) -> str:
    """The archive that rows were left out of; an older version kept its name in the first run alone."""
    if without.file:
        return without.file
    first = runs.find_run(without.run)
    record = first.record() if first else None
    return record.title if record and record.kind.is_archive else ""


def with_closer(command: Sequence[str] | None, closer: str) -> tuple[str, ...]:
    """The words that read the same scores with the other end taken for closer; none where there were none."""
    if not command:
        return ()
    words = list(command)
    if CLOSER in words:
        del words[words.index(CLOSER) : words.index(CLOSER) + 2]
    return *words, CLOSER, closer
