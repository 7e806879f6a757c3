"""What was left out is named by its old numbers: on the card, in the report, in the code and in words."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from core.handover.left_out import left_out_in_words, left_out_of, left_out_on_card, rows_left_out, rows_named
from core.handover.report import report
from core.handover.snippet import python_snippet
from core.records.kinds import Kind
from core.records.run_record import DataRecord, RunRecord, Withdrawal
from core.verification.goals import Far
from core.verification.leaving_out import as_ranges, rows_before
from tests.core.reports import of_embeddings

GONE = left_out_on_card([2629, 7, 6, 8], 5996, "points")
DATA = DataRecord(
    digest="", class_names=("a", "b"), training_count=0, evaluation_count=57, probe_count=57, protocol="as uploaded"
)


def test_the_card_has_the_words_of_the_command_line() -> None:
    assert GONE == {"rows": "6-8,2629", "count": 4, "of": 6000, "kind": "points"}
    assert left_out_in_words(GONE) == "4 of 6,000 points left out: rows 6 to 8; 2,629, counted from 0"
    assert left_out_in_words({"left_out": left_out_on_card([5], 9, "pairs")}) == (
        "1 of 10 pairs left out: row 5, counted from 0"
    )
    assert left_out_in_words({"rows_of_another_kind": 3}) == ""


def test_many_rows_are_counted_and_not_all_named() -> None:
    said = left_out_in_words(left_out_on_card(np.arange(0, 60, 2), 100, "points"))
    assert "30 of 130 points" in said and "22 and 18 more such rows or spans" in said


def test_what_as_ranges_writes_is_read_back() -> None:
    for rows in ([4], [0, 1, 2], [1, 3, 4, 9]):
        assert rows_named(as_ranges(rows)).tolist() == rows
    assert rows_named("3, 5-7").tolist() == [3, 5, 6, 7]


def test_report_and_code_name_what_was_left_out() -> None:
    card, told = of_embeddings(Far(0.2))
    assert "left out" not in report(card, told) and "left out" not in python_snippet(card)
    card |= {"left_out": GONE}
    for text in (report(card, told), python_snippet(card)):
        assert "4 of 6,000 points left out: rows 6 to 8; 2,629" in " ".join(text.replace("\n#", "").split())


def test_a_run_knows_its_rows_also_in_the_record_of_an_older_version() -> None:
    run = RunRecord(id="x", kind=Kind.WITHDRAWN, title="x", experiment={}, data=DATA)
    assert left_out_of(run) is None and len(rows_left_out(run)) == 0
    old = replace(run, without=Withdrawal.read({"run": "y", "step": 0, "rows": [0, 8, 9], "title": "y"}))
    assert left_out_of(old) == {"rows": "0,8-9", "count": 3, "of": 60, "kind": "points"}
    command = ("scores.csv", "--closer", "larger", "--without", "3-5,80")
    pairs = replace(run, kind=Kind.SCORES, data=replace(DATA, pair_count=86, command=command))
    assert left_out_of(pairs) == {"rows": "3-5,80", "count": 4, "of": 90, "kind": "pairs"}


def test_rows_keep_the_numbers_they_had() -> None:
    left = np.delete(np.arange(10), [2, 5])
    np.testing.assert_array_equal(rows_before(8, [5, 2]), left)
    np.testing.assert_array_equal(rows_before(3, []), [0, 1, 2])
