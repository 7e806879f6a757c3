"""A comparison as tables that others read."""

from __future__ import annotations

import csv
from pathlib import Path

import pyarrow.parquet as pq

from core.comparison.reached import NUMBERS
from core.handover.comparison_tables import CURVES, DIFFERENCES, LEVELS, tables_of, write_csv, write_parquet
from tests.core.found_results import EVIL, STEPS, found

KINDS = {str: "string", int: "int64", float: "double"}


def test_both_forms_have_the_same_lines(tmp_path: Path) -> None:
    results = found(("=1+1", EVIL, "c"), seeds=2)
    write_csv(tmp_path, results)
    write_parquet(tmp_path, results)
    for table in tables_of(results):
        names = [column.name for column in table.columns]
        written = pq.read_table(tmp_path / f"{table.name}.parquet")
        assert written.column_names == names
        assert [str(field.type) for field in written.schema] == [KINDS[column.kind] for column in table.columns]
        assert all(written.schema.field(of.name).metadata[b"meaning"].decode() == of.meaning for of in table.columns)
        assert [tuple(line.values()) for line in written.to_pylist()] == [tuple(row) for row in table.rows]
        with (tmp_path / f"{table.name}.csv").open(newline="") as file:
            lines = list(csv.DictReader(file))
        assert len(lines) == len(table.rows) and list(lines[0]) == names
        for line, row in zip(lines, table.rows, strict=True):
            assert all(
                text in ("" if value is None else str(value), f"'{value}")
                for text, value in zip(line.values(), row, strict=True)
            )


def test_there_is_a_line_for_every_level_difference_and_snapshot() -> None:
    levels, differences, curves = tables_of(found(seeds=2))
    assert (levels.columns, differences.columns, curves.columns) == (LEVELS, DIFFERENCES, CURVES)
    assert len(levels.rows) == 3 * len(NUMBERS) and len(differences.rows) == 3 * len(NUMBERS)
    assert len(curves.rows) == 3 * 2 * len(STEPS)
    first = dict(zip([column.name for column in CURVES], curves.rows[1], strict=True))
    assert (first["strategy"], first["seed"], first["fold"], first["update"]) == ("semi-hard", 0, None, 1)
    assert first["auc"] == 0.8 and first["rank_share"] is None and "alarm" not in first and "map" not in first


def test_an_end_that_nobody_knows_is_missing() -> None:
    results = found(("a", "b"), seeds=1)
    unknown = results.levels["a"]["density"]
    results.levels["a"]["density"] = type(unknown)(unknown.value, float("-inf"), float("inf"), 0.95, 1, 0)
    row = next(row for row in tables_of(results)[0].rows if row[:2] == ("a", "density"))
    assert row[3:5] == (None, None) and row[7] == 0
