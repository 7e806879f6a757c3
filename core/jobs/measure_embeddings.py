"""Embeddings that a user brings: a run of one snapshot, so that everything that reads runs reads them, too.
Pairs with scores go the same way (measure_scores.py).

The page keeps them in a run folder and asks for the run; a worker measures them (`measure`) as it would any snapshot.
Equal embeddings with equal labels, compared by the same distance, are one run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache, partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

from core.distances.base import Distance
from core.jobs.measure_protocols import protocols_of_run
from core.jobs.roles_of_run import questions_on
from core.records.fields import JsonObject
from core.records.kinds import Kind
from core.records.messages import Report, stage
from core.records.run_record import DataRecord, RunRecord
from core.records.snapshot_record import MapRecord
from core.runs.parts import has_unclaimed
from core.runs.run_folder import Run
from core.runs.store import Row, Store
from core.system.memory import give_back

if TYPE_CHECKING:
    from core.measurement.measurement import Block, Measurement

MEASURED = "measured in the second way"  # part of what tells runs apart: thresholds were cut otherwise before
MARGIN = 0.2  # of the triplet census; the page of triplets tries others
MOST = {"points": 200_000, "identities": 20_000}  # of each identity, counts are held at every threshold


class Brought(Protocol):
    """What becomes a run when a user brings it."""

    @property
    def name(self) -> str:
        """What the user calls it."""

    @property
    def run_id(self) -> str:
        """The id of the run that measures it: the same for the same content."""

    def request(self) -> JsonObject:
        """What a worker is asked to measure."""
        ...

    def record(self) -> RunRecord:
        """What run.json says of it."""
        ...

    def files(self) -> dict[str, dict[str, np.ndarray]]:
        """The arrays to keep, by file."""
        ...


@dataclass(frozen=True)
class Upload:
    """Checked embeddings (N, D), the class numbers (N,) and names of their points, what compares them, and what each
    point is called, where that is known: a file mostly. `crossed` are the groups and sessions (N,) of the points as the
    archive calls them, by column."""

    name: str
    embeddings: np.ndarray
    labels: np.ndarray
    class_names: tuple[str, ...]
    distance: Distance
    point_names: tuple[str, ...] = ()
    crossed: Mapping[str, np.ndarray] = field(default_factory=dict)

    def __post_init__(self) -> None:
        check_size(self.name, len(self.labels), len(self.class_names))

    @cached_property
    def digest(self) -> str:
        """SHA-256 of embeddings and labels, of the names of classes and points, and of groups and sessions if any."""
        content = sha256(f"{self.embeddings.dtype} {self.embeddings.shape} {self.class_names}".encode())
        for array in (self.embeddings, self.labels):
            content.update(np.ascontiguousarray(array).tobytes())
        content.update("\n".join(self.point_names).encode())
        for column, values in sorted(self.crossed.items()):
            content.update(f"{column} {values.tolist()}".encode())
        return content.hexdigest()

    @property
    def run_id(self) -> str:
        """The same for the same content and distance."""
        return sha256(f"{MEASURED} {self.digest} {self.distance.described()}".encode()).hexdigest()[:32]

    def request(self) -> JsonObject:
        """What the queue shows of it in place of an experiment."""
        upload = {"name": self.name, "digest": self.digest}
        return {"kind": Kind.EMBEDDINGS.value, "upload": upload, "distance": self.distance.described()}

    def files(self) -> dict[str, dict[str, np.ndarray]]:
        """The arrays of a run folder by file and name."""
        return files_of(self.embeddings, self.labels, self.point_names, self.crossed)

    def record(self) -> RunRecord:
        """The description that run.json holds."""
        count = len(self.labels)
        return RunRecord(
            id=self.run_id,
            kind=Kind.EMBEDDINGS,
            title=self.name,
            experiment={"distance": self.distance.described()},
            data=DataRecord(
                digest=self.digest,
                class_names=self.class_names,
                training_count=0,
                evaluation_count=count,
                probe_count=count,
                protocol=Kind.EMBEDDINGS.protocol,
            ),
        )


def check_size(name: str, points: int, identities: int) -> None:
    """Raise ValueError for more embeddings than are measured for a page."""
    counts = {"points": points, "identities": identities}
    for what, most in MOST.items():
        if counts[what] > most:
            raise ValueError(
                f"{name} must have at most {most:,} {what} to be measured here, got {counts[what]:,}. "
                "Use `python -m core verify`, or take fewer."
            )


def files_of(
    embeddings: np.ndarray,
    labels: np.ndarray,
    point_names: Sequence[str] = (),
    columns: Mapping[str, np.ndarray] | None = None,
) -> dict[str, dict[str, np.ndarray]]:
    """What a run of embeddings (N, D) with labels (N,) keeps instead of images, what its points are called, and the
    groups and sessions (N,) that are crossed."""
    probe = {"rows": np.arange(len(labels)), "labels": labels} | dict(columns or {})
    probe |= {"names": np.array(point_names, np.str_)} if point_names else {}
    return {"embeddings.npz": {"embeddings": embeddings}, "probe.npz": probe}


def keep(store: Store, upload: Brought) -> Row:
    """Make the folder of the run, and ask for the run."""
    run = Run(store.folder(upload.run_id))
    if not (run.folder / "run.json").exists():
        run.write_upload(upload.record(), upload.files())
    return store.submit(upload.request(), upload.run_id, upload.name)


def measure(folder: Path, *, report: Report, wanted: Callable[[], str], part: str = "") -> str:
    """Draw the map and take all statistics of uploaded embeddings: the job of a worker, which makes nothing twice."""
    run = Run(folder)
    if run.result():
        return "finished"
    if not part:
        run.rewind(-1)
    work = _prepared(run.folder)
    if not work.prepared.is_one_block:
        from core.jobs.measure_in_parts import measure_in_parts

        when = MapRecord(step=0, epoch=0.0, seconds=0.0, map="none")
        answer = measure_in_parts(run, work, part, report=report, finish=partial(_write, run, work, when, {}))
    else:
        answer = _measure_at_once(run, work, report, wanted)
    if answer != "parts" and not (part and has_unclaimed(run.folder)):
        let_go()
    return answer


def let_go() -> None:
    """Let go of what the parts of a run share, where no other part will follow."""
    _prepared.cache_clear()
    give_back()


@lru_cache(maxsize=1)  # the next part of the same run is often the same worker's
def _prepared(folder: Path) -> Measurement:
    from core.measurement.measurement import Measurement
    from core.statistics.summary import Prepared

    run = Run(folder)
    prepared = Prepared(run.embeddings(), run.probe()["labels"], MARGIN, run.experiment().distance)
    return Measurement(prepared, is_rough=True)


def _measure_at_once(run: Run, work: Measurement, report: Report, wanted: Callable[[], str]) -> str:
    from core.maps.projector import Projector

    steps = 3

    def done(step: int) -> None:
        report(stage(step, steps))

    # A threshold needs no map to wait for.
    layout = Projector(seed=0, wait_for_umap=False).layout(work.prepared.embeddings)
    when = MapRecord(step=0, epoch=0.0, seconds=0.0, map=layout.method)
    run.write_map(when, {"map": layout.points})
    done(1)
    if wanted() != "run":
        return "stopped" if wanted() == "stop" else "paused"
    whole = work.whole(threads=2)  # somebody waits, and it is soon over
    done(2)
    _write(run, work, when, {"map": layout.points}, whole)
    done(3)
    return "finished"


def _write(run: Run, work: Measurement, when: MapRecord, map_arrays: dict[str, np.ndarray], whole: Block) -> None:
    """Write the only snapshot, all that is known of its thresholds, and the result."""
    prepared, statistics, appraisal = work.prepared, work.statistics(whole), work.appraisal(whole)
    run.write_appraisal(when.step, work.deepened(whole, appraisal).deep_arrays())
    arrays = {"embeddings": prepared.embeddings, **map_arrays, **statistics.arrays(), **appraisal.arrays()}
    run.write_statistics(when, statistics.numbers, arrays)
    remarks = remarks_on(prepared.embeddings, prepared.labels, prepared.distance)
    remarks_and_questions = {
        "protocol": run.record().known_data.protocol,
        "remarks": remarks,
        "questions": questions_on(run),
    }
    run.write_result(run.snapshots()[-1].written() | remarks_and_questions | protocols_of_run(run))


def remarks_on(embeddings: np.ndarray, labels: np.ndarray, distance: Distance) -> list[str]:
    """What to know of embeddings (N, D) with labels (N,) before trusting what comes of them."""
    from core.statistics.distance_blocks import distinct_points
    from core.statistics.spans import has_unit_length

    remarks: list[str] = []
    single = int((np.unique(labels, return_counts=True)[1] < 2).sum())
    if single:
        remarks.append(f"identities with a single point, which have no genuine pair: {single:,}")
    repeated = len(labels) - len(distinct_points(embeddings)[0])
    if repeated:
        remarks.append(f"points that repeat another one exactly: {repeated:,}")
    if not distance.ignores_length and not has_unit_length(embeddings):
        remarks.append("the embeddings are not of unit length, and are compared as they are")
    return remarks
