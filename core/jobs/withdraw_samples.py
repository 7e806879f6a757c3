"""A snapshot without some of its samples, whose labels somebody found wrong: a run of its own, so nothing is lost.

The rows that are left out are those of the first run, however often more are taken out; putting them back is going back
to that run. So it is with pairs that are left out of listed or scored ones.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import replace
from hashlib import sha256

import numpy as np
from PIL import Image

from core.datasets.images import contact_sheet, tiles_of
from core.handover.left_out import WITHOUT, rows_left_out
from core.jobs.measure_embeddings import MEASURED, files_of
from core.jobs.measure_scores import ScoredUpload
from core.records.kinds import Kind
from core.records.run_record import ProbeSheet, RunRecord, Withdrawal
from core.runs.run_folder import Run
from core.runs.store import Row, Store
from core.statistics.checks import check_embeddings
from core.statistics.crossing import COLUMNS
from core.verification.leaving_out import as_ranges, rows_before

TOLD = (*COLUMNS, "time", "seen")  # of each sample, beside its label and its name


def take_out(store: Store, name: str, run: Run, step: int, rows: Iterable[int]) -> Row:
    """Ask for the snapshot of the run `name` after `step` updates without these rows of its probe set.

    Raises ValueError where what is left has no pairs of both kinds.
    """
    record = run.record()
    file = record.title if record.kind.is_archive and not record.known_data.admitted else None
    probe = run.probe()
    labels, embeddings = probe["labels"], run.snapshot(step, "embeddings")["embeddings"]
    before = record.without or Withdrawal(name, step, (), record.title, file, len(labels))
    is_left = np.ones(len(labels), bool)
    is_left[list(rows)] = False
    check_embeddings(embeddings[is_left], labels[is_left])
    all_rows = rows_before(len(labels), before.rows)
    without = replace(before, rows=tuple(sorted([*before.rows, *all_rows[~is_left].tolist()])))
    text = f"{MEASURED} {without.run} {without.step} {list(without.rows)}"
    new = Run(store.folder(sha256(text.encode()).hexdigest()[:32]))
    if not (new.folder / "run.json").exists():
        new.write_upload(
            _record(record, new.folder.name, without, int(is_left.sum())),
            files_of(
                embeddings[is_left],
                labels[is_left],
                probe["names"][is_left].tolist() if "names" in probe else (),
                {name: values[is_left] for name, values in probe.items() if name in TOLD},
            ),
        )
        if record.probe:
            new.write_picture(_sheet(run, record.probe, is_left))
    upload = {"without": list(without.rows), "run": without.run, "step": without.step}
    return store.submit({"kind": Kind.WITHDRAWN.value, "upload": upload}, new.folder.name, new.record().title)


def pairs_without(name: str, run: Run, rows: np.ndarray) -> ScoredUpload:
    """The pairs of the run `name` but for some rows (R,), as a run of their own that says which are gone, by their
    numbers in the first run, and by which command they are read."""
    record, pairs = run.record(), run.pairs()
    count, gone = len(pairs.distances), rows_left_out(record)
    before = record.without or Withdrawal(name, 0, (), record.title, record.title, count + len(gone))
    all_gone = np.sort(np.append(gone, rows_before(count, gone)[rows]))
    without = replace(before, rows=tuple(all_gone.tolist()))
    data = record.known_data
    command = list(data.command or ())
    if WITHOUT in command:
        del command[command.index(WITHOUT) : command.index(WITHOUT) + 2]
    reading = (*command, WITHOUT, as_ranges(all_gone)) if command else ()
    title = f"{without.title} · without {len(all_gone):,} pair{'s' if len(all_gone) > 1 else ''}"
    distance = run.experiment().distance if record.kind.is_compared_here else None
    return ScoredUpload(title, pairs.without(rows), data.understood, distance, reading, without)


def _record(record: RunRecord, name: str, without: Withdrawal, count: int) -> RunRecord:
    """What run.json says: what the run's own says of its data and settings, and what is missing."""
    missing = len(without.rows)
    return RunRecord(
        id=name,
        kind=Kind.WITHDRAWN,
        title=f"{without.title} · without {missing} sample{'s' if missing > 1 else ''}",
        experiment=record.experiment,
        versions=record.versions,
        data=replace(record.known_data, evaluation_count=count, probe_count=count),
        probe=record.probe and replace(record.probe, columns=int(np.ceil(np.sqrt(count)))),
        without=without,
    )


def _sheet(run: Run, probe: ProbeSheet, is_left: np.ndarray) -> bytes:
    """The images of the kept samples on a sheet of their own."""
    picture = io.BytesIO()
    tiles = tiles_of(run.picture(), probe.tile_height, probe.tile_width)[: len(is_left)][is_left]
    Image.fromarray(contact_sheet(tiles, int(np.ceil(np.sqrt(len(tiles)))))).save(picture, "PNG", optimize=True)
    return picture.getvalue()
