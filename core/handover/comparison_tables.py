"""A comparison as tables, each as CSV and as Parquet with the same columns: levels, differences, and the curve of every
run."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any, NamedTuple

from core.comparison.results import Results, interval
from core.handover.csv_table import csv_of
from core.records.snapshot_record import SnapshotRecord
from core.system.atomic_files import write_bytes

Row = Sequence[Any]


class Column(NamedTuple):
    """A column by its name; its values are texts, whole numbers or numbers, and may be missing."""

    name: str
    kind: type
    meaning: str


class Table(NamedTuple):
    """What is written as `name`.csv and `name`.parquet."""

    name: str
    columns: Sequence[Column]
    rows: Sequence[Row]


NUMBER = Column("number", str, "the number, by its key")
INTERVAL = (
    Column("value", float, "the mean over the seeds"),
    Column("low", float, "the lower end of its interval, missing where nothing is known of it"),
    Column("high", float, "the upper end"),
    Column("confidence", float, "of the interval"),
    Column("seeds", int, "over how many seeds"),
    Column("identities", int, "over how many identities, 0 where the interval is over seeds alone"),
)
LEVELS = (Column("strategy", str, "its name"), NUMBER, *INTERVAL)
DIFFERENCES = (
    NUMBER,
    Column("first", str, "a strategy"),
    Column("second", str, "the strategy that is taken away from it"),
    *INTERVAL,
    Column("verdict", str, "better, worse, different or not distinguishable, as seen from the first"),
)
WHEN = (
    Column("strategy", str, "its name"),
    Column("seed", int, "of the training"),
    Column("fold", int, "which of the folds is held out, missing where there is one split"),
    Column("run", str, "the id of the run"),
    Column("epoch", float, "epochs of training before the snapshot"),
    Column("update", int, "updates before it"),
    Column("seconds", float, "seconds of updates before it"),
)
OF_SNAPSHOTS = tuple(
    Column(of.name, int if "int" in str(of.type) else float, "a number of the snapshot, as in snapshots.jsonl")
    for of in fields(SnapshotRecord)
    if of.name not in {"step", "epoch", "seconds", "map", "alarm", "other"}
)
CURVES = (*WHEN, *OF_SNAPSHOTS)


def tables_of(results: Results) -> list[Table]:
    """Levels, differences and curves, in the order of the strategies and numbers."""
    levels = [(name, key, *_cells(of)) for name, own in results.levels.items() for key, of in own.items()]
    differences = [
        (key, one.first, one.second, *_cells(one.difference), one.verdict)
        for key, pairs in results.differences.items()
        for one in pairs
    ]
    curves = [
        (one.strategy, one.seed, one.fold, one.run, at.epoch, at.step, at.seconds, *_numbers(at))
        for one in results.trainings
        for at in one.snapshots
    ]
    return [
        Table("levels", LEVELS, levels),
        Table("differences", DIFFERENCES, differences),
        Table("curves", CURVES, curves),
    ]


def csv_table(table: Table) -> str:
    """With a line of names first."""
    return csv_of([column.name for column in table.columns], table.rows)


def write_csv(folder: Path, results: Results) -> None:
    """levels.csv, differences.csv and curves.csv."""
    for table in tables_of(results):
        write_bytes(folder / f"{table.name}.csv", csv_table(table).encode())


def write_parquet(folder: Path, results: Results) -> None:
    """levels.parquet, differences.parquet and curves.parquet; each column says what it is under the key `meaning` of
    its field's metadata."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    kinds = {str: pa.string(), int: pa.int64(), float: pa.float64()}
    for table in tables_of(results):
        columns = zip(*table.rows, strict=True) if table.rows else ((),) * len(table.columns)
        arrays = [pa.array(values, kinds[of.kind]) for of, values in zip(table.columns, columns, strict=True)]
        schema = pa.schema(
            [pa.field(of.name, kinds[of.kind], metadata={"meaning": of.meaning}) for of in table.columns]
        )
        content = io.BytesIO()
        pq.write_table(pa.Table.from_arrays(arrays, schema=schema), content)
        write_bytes(folder / f"{table.name}.parquet", content.getvalue())


def _cells(of: Any) -> tuple[Any, ...]:
    return tuple(interval(of)[column.name] for column in INTERVAL)


def _numbers(at: SnapshotRecord) -> tuple[Any, ...]:
    return tuple(getattr(at, column.name) for column in OF_SNAPSHOTS)
