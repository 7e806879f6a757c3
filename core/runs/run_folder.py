"""A run folder: what one training left behind, in files that can be read without this code.

run.json             the kind of the run, the experiment, its data and protocol, versions, the layout of probe.png
                     (core/records/run_record.py)
state.json           where the run stands, as the engine last wrote it
steps.jsonl          one line per update (core/records/step.py)
snapshots.jsonl      one line per snapshot: step, epoch, map method and every number of core/statistics/summary.py
                     (core/records/snapshot_record.py)
snapshots/STEP.npz   embeddings, map, histogram, margin curve and evidence on thresholds of that snapshot, and W of a
                     linear encoder
appraisal.npz        folds, bootstrap and calibration of the last snapshot (core/evidence/appraisal.py)
protocol-NAME.npz    the same of the pairs that count under a protocol (core/statistics/crossing.py)
probe.npz, .png      rows, labels, and if any groups, sessions, times, names and images of the probe set, in the order
                     of the embeddings
embeddings.npz       instead of images, where a user brought embeddings
pairs.npz            instead of images and labels, where a user brought pairs with scores (verification/scored_pairs.py)
baselines.json       the same numbers for what needs no training (core/statistics/baselines.py)
checkpoints/         what training needs to go on (core/runs/checkpoints.py)
result.json          the final numbers; present when the run is finished
"""

from __future__ import annotations

import io
import json
import platform
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple
from zipfile import BadZipFile

import numpy as np
from PIL import Image

from core.datasets.images import Images, contact_sheet
from core.evidence.appraisal import Appraisal
from core.experiment.experiment import Experiment
from core.experiment.mathematics import changes_of, mathematics_of
from core.experiment.prepared_data import PreparedData
from core.records.fields import JsonObject
from core.records.kinds import Kind
from core.records.protocol_record import ProtocolRecord
from core.records.run_record import DataRecord, Origin, ProbeSheet, RunRecord
from core.records.snapshot_record import Diagnosis, MapRecord, SnapshotRecord
from core.records.step import Step, Steps
from core.records.vectors_beside import VectorsBeside
from core.runs import seal
from core.runs.record_digests import RECORDS
from core.statistics.crossing import COLUMNS
from core.system.atomic_files import append_line, sweep, write_bytes, write_json
from core.system.json_lines import Gathered, Reader, read_gathered, read_lines
from core.training.prototypes import KEPT
from core.verification.scored_pairs import ScoredPairs

OF_OTHERS = ("state.json", "wanted", "entry.json")  # written by the engine and by pages, whoever has the run
UNREADABLE = (BadZipFile, EOFError, KeyError, ValueError, zlib.error)  # what numpy raises of a damaged archive
ARRAYS = "a whole archive of arrays"
LIBRARIES = ("numpy", "torch", "umap-learn", "faiss-cpu", "scikit-learn")


class Question(NamedTuple):
    """About a label, in words."""

    label: str
    question: str


class Run:
    """One run folder; the class keeps nothing in memory, core/system/json_lines.py what it has read of the records."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @classmethod
    def create(cls, folder: Path, experiment: Experiment, fork: Origin | None = None, title: str = "") -> Run:
        """Make the folder, or take the one that is there: an equal experiment goes on where it stopped.

        A `fork` says which run and checkpoint it starts from (core/runs/fork.py), `title` what it is called where that
        is not the experiment's own.
        """
        run = cls(folder)
        is_new = not (folder / "run.json").exists()
        if not is_new:
            run._check_same(experiment, fork)
        for name in ("snapshots", "checkpoints"):  # one that was empty has not come along with the files of a run
            (folder / name).mkdir(parents=True, exist_ok=True)
        if is_new:
            run.write_record(
                RunRecord(
                    id=_run_id(experiment, fork),
                    kind=Kind.TRAINED,
                    mathematics=mathematics_of(experiment),
                    title=title or experiment.title(),
                    fork=fork,
                    experiment=experiment.described(),
                    versions={"python": platform.python_version()} | {name: version(name) for name in LIBRARIES},
                )
            )
        return run

    def _check_same(self, experiment: Experiment, fork: Origin | None) -> None:
        record = self.record()
        if record.id == _run_id(experiment, fork or record.fork):
            return
        if record.kind.is_trained and self.experiment() == experiment and (earlier := self.earlier_mathematics()):
            raise ValueError(
                f"a run that goes on must be of today's mathematics, got {self.folder}, made by {earlier}. "
                "Start its settings anew, in another folder; this one stays as it is."
            )
        raise ValueError(
            f"{self.folder} must be empty or hold the same experiment, got run {record.id}. Choose another folder."
        )

    # Description

    def record(self) -> RunRecord:
        """What run.json says. Raises ValueError where it is damaged or of a newer version."""
        seal.check(self.folder, "run.json")
        try:
            return RunRecord.read(json.loads((self.folder / "run.json").read_text()))
        except json.JSONDecodeError as problem:
            raise ValueError(
                f"{self.folder}: run.json must be JSON, got {problem}. Restore it, or remove the folder."
            ) from None
        except ValueError as problem:
            raise ValueError(f"{self.folder}: {problem}") from None

    def write_record(self, record: RunRecord) -> None:
        """Write run.json; a record without a date gets that of now."""
        write_json(self.folder / "run.json", replace(record, created=record.created or _now()).written())

    def experiment(self) -> Experiment:
        """What was trained."""
        return Experiment.from_described(self.record().experiment)

    def earlier_mathematics(self) -> str:
        """How this run's results differ from those it would have today; empty where they do not, and for what a user
        brought."""
        record = self.record()
        if not record.has_encoder:
            return ""
        experiment = Experiment.from_described(record.experiment)
        if experiment.dataset.needs_download or experiment.dataset.absence:
            return ""
        changes = changes_of(experiment, since=record.mathematics or 1)
        return f"earlier mathematics: {' and '.join(change.earlier for change in changes)}" if changes else ""

    def write_data(self, data: PreparedData) -> None:
        """Keep the probe set, with its images and names where it has some, and say in run.json what was learned
        from."""
        rows, samples = data.probe_rows, data.samples
        told = samples.columns(rows) | data.seen_before
        self._write_arrays("probe.npz", rows=rows, labels=samples.labels[rows], **told)
        counts = data.class_counts
        record = DataRecord(
            digest=data.samples.digest,
            class_names=tuple(data.samples.class_names),
            training_count=len(data.training_rows),
            evaluation_count=data.evaluation_count,
            probe_count=len(data.probe_rows),
            evaluation_classes=counts["evaluation_classes"],
            probe_classes=counts["probe_classes"],
            protocol=data.protocol,
        )
        probe = self._write_sheet(samples.pixels[rows]) if isinstance(samples, Images) else None
        self.write_record(replace(self.record(), data=record, probe=probe))

    def _write_sheet(self, pixels: np.ndarray) -> ProbeSheet:
        """Keep images (N, H, W) or (N, H, W, 3) as tiles of one picture; how they lie there."""
        columns = int(np.ceil(np.sqrt(len(pixels))))
        picture = io.BytesIO()
        Image.fromarray(contact_sheet(pixels, columns)).save(picture, "PNG", optimize=True)
        self.write_picture(picture.getvalue())
        return ProbeSheet(columns, tile_height=pixels.shape[1], tile_width=pixels.shape[2])

    def write_upload(self, record: RunRecord, files: Mapping[str, Mapping[str, np.ndarray]]) -> None:
        """Make the folder of what a user brought: the arrays of each of its files, then run.json, which says what they
        are (core/jobs/measure_embeddings.py)."""
        (self.folder / "snapshots").mkdir(parents=True, exist_ok=True)
        for name, arrays in files.items():
            self._write_arrays(name, **arrays)
        self.write_record(record)

    def write_picture(self, sheet: bytes) -> None:
        """The images of the probe set as tiles of one PNG."""
        write_bytes(self.folder / "probe.png", sheet)

    def picture(self) -> np.ndarray:
        """(H, W) grey or (H, W, 3) in colour, uint8: the images of the probe set as tiles."""
        with Image.open(self.folder / "probe.png") as sheet:
            return np.asarray(sheet if sheet.mode == "L" else sheet.convert("RGB"))

    def embeddings(self) -> np.ndarray:
        """(N, D) as a user brought them."""
        return self._read_arrays("embeddings.npz")["embeddings"]

    def pairs(self) -> ScoredPairs:
        """The pairs as a user brought them."""
        return ScoredPairs.from_arrays(self._read_arrays("pairs.npz"))

    def probe(self) -> dict[str, np.ndarray]:
        """`rows` (N,) into the data set, `labels` (N,), and what else is known of each point: `group` and `session` by
        name, `time`, `names`; of points with roles these and their `groups`."""
        return self._read_arrays("probe.npz")

    def crossed_columns(self) -> dict[str, np.ndarray]:
        """The groups and sessions of the points (N,), of those that the run knows."""
        return {name: values for name, values in self.probe().items() if name in COLUMNS}

    # Records

    def append_step(self, step: Step) -> None:
        """Add one update to steps.jsonl."""
        append_line(self.folder / "steps.jsonl", json.dumps(step.written(), allow_nan=False))

    def steps(self) -> Steps:
        """All updates so far."""
        return self._lines("steps.jsonl", Step.read, Steps)

    def write_map(self, when: MapRecord, arrays: dict[str, np.ndarray]) -> None:
        """`map` (N, 2) with its prototypes, and when and how it was drawn."""
        self._write_arrays(f"snapshots/{when.step:06d}.npz", **arrays)
        append_line(self.folder / "maps.jsonl", json.dumps(when.written(), allow_nan=False))

    def write_statistics(
        self, when: MapRecord, numbers: Mapping[str, Any], arrays: dict[str, np.ndarray], alarm: Diagnosis | None = None
    ) -> None:
        """Write the arrays of a snapshot whose map is written, that map among them, and then its line of numbers."""
        line = replace(SnapshotRecord.read(when.written() | dict(numbers)), alarm=alarm)
        self._write_arrays(f"snapshots/{line.step:06d}.npz", **arrays)
        append_line(self.folder / "snapshots.jsonl", json.dumps(line.written(), allow_nan=False))

    def maps(self) -> list[MapRecord]:
        """When each map was drawn, oldest first."""
        return self._lines("maps.jsonl", MapRecord.read, list[MapRecord])

    def snapshots(self) -> list[SnapshotRecord]:
        """The numbers of every snapshot, oldest first."""
        return self._lines("snapshots.jsonl", SnapshotRecord.read, list[SnapshotRecord])

    def snapshot(self, step: int, *names: str) -> dict[str, np.ndarray]:
        """The named arrays of the snapshot after `step` updates, or all of them."""
        return self._read_arrays(f"snapshots/{step:06d}.npz", *names)

    def write_appraisal(self, step: int, arrays: dict[str, np.ndarray]) -> None:
        """Keep what is known of the thresholds of the last snapshot beyond its own arrays."""
        self._write_arrays("appraisal.npz", step=np.array(step), **arrays)

    def appraisal(self, step: int) -> Appraisal | None:
        """What is known of the thresholds of a snapshot; None for one that an older version has kept."""
        arrays = self.snapshot(step)
        if (self.folder / "appraisal.npz").exists():
            deep = self._read_arrays("appraisal.npz")
            arrays |= deep if deep["step"] == step else {}
        return Appraisal.from_arrays(arrays.get("thresholds", arrays["edges"]), arrays)

    def write_protocol(self, step: int, name: str, appraisal: Appraisal) -> None:
        """Keep what the pairs that count under a protocol say of the thresholds of the last snapshot."""
        self._write_arrays(f"protocol-{name}.npz", step=np.array(step), **appraisal.arrays())

    def protocol_appraisal(self, step: int, name: str) -> Appraisal | None:
        """What `write_protocol` has kept of this snapshot; None where it has not."""
        if not (self.folder / f"protocol-{name}.npz").exists():
            return None
        arrays = self._read_arrays(f"protocol-{name}.npz")
        return Appraisal.from_arrays(self.threshold_edges(step), arrays) if arrays["step"] == step else None

    def threshold_edges(self, step: int) -> np.ndarray:
        """(S + 1,) edges of the thresholds that a snapshot's pairs were counted at: in an older version's those of its
        histogram."""
        arrays = self.snapshot(step)
        return arrays.get("thresholds", arrays["edges"])

    def prototypes(self, step: int) -> dict[str, np.ndarray]:
        """What the snapshot keeps of the loss (core/training/prototypes.py); empty where that learns none by class."""
        return self._kept(step, KEPT)

    def linear_map(self, step: int) -> np.ndarray | None:
        """W (K, D) of a linear encoder after `step` updates; None where the snapshot keeps none."""
        return self._kept(step, ("linear_map",)).get("linear_map")

    def _kept(self, step: int, names: Iterable[str]) -> dict[str, np.ndarray]:
        """Those of the named arrays that the snapshot has."""
        name = f"snapshots/{step:06d}.npz"
        path = self.folder / name
        seal.check(self.folder, name)
        try:
            with np.load(path, allow_pickle=False) as arrays:
                return {name: arrays[name] for name in names if name in arrays.files}
        except UNREADABLE as problem:
            raise _damaged(path, ARRAYS, problem) from None

    def rewind(self, step: int) -> None:
        """Forget every record after `step`, and what a killed writer has left: the run goes on from a checkpoint taken
        there."""
        sweep(self.folder, but=OF_OTHERS)
        for inner in ("snapshots", "checkpoints"):
            sweep(self.folder / inner)
        for name in RECORDS:
            lines = [line for line in read_lines(self.folder / name, dict) if line["step"] <= step]
            text = "".join(json.dumps(line, allow_nan=False) + "\n" for line in lines)
            write_bytes(self.folder / name, text.encode())
        for file in (self.folder / "snapshots").glob("*.npz"):
            if int(file.stem) > step:
                file.unlink()

    def write_baselines(self, baselines: dict[str, dict[str, float]]) -> None:
        """Keep what simpler encoders reach on the same data."""
        write_json(self.folder / "baselines.json", baselines)

    def baselines(self) -> dict[str, dict[str, float]]:
        """What simpler encoders reach on the same data; empty where nobody measured it."""
        return self._json("baselines.json")

    def write_result(self, result: JsonObject) -> None:
        """Keep the numbers that the run ends with, and what is to be said of them."""
        write_json(self.folder / "result.json", result)

    def beside_vectors(self) -> VectorsBeside | None:
        """How a finished run of vectors retrieves beside the vectors themselves; None for any other."""
        written = self.result().get("beside_vectors")
        return None if written is None else VectorsBeside.read(written)

    def protocols(self) -> list[ProtocolRecord]:
        """What a finished run reads where only some pairs count; nothing where it knows of no groups or sessions."""
        return [ProtocolRecord.read(written) for written in self.result().get("protocols", [])]

    def result(self) -> JsonObject:
        """The final numbers, empty until the run is finished."""
        return self._json("result.json")

    def remarks(self) -> list[str]:
        """What to know of the data of a finished run before trusting what comes of them."""
        return self.result().get("remarks", [])

    def questions(self) -> list[Question]:
        """What a finished run asks about labels that dwarf the others."""
        return [Question(question["label"], question["question"]) for question in self.result().get("questions", [])]

    def state(self) -> JsonObject:
        """The row of the store as it was last mirrored here."""
        return self._json("state.json")

    def _lines(self, name: str, reader: Reader[Any], gather: Callable[[], Gathered]) -> Gathered:
        seal.check(self.folder, name)
        return read_gathered(self.folder / name, reader, gather)

    def _json(self, name: str) -> JsonObject:
        seal.check(self.folder, name)
        path = self.folder / name
        try:
            found = json.loads(path.read_text()) if path.exists() else {}
        except ValueError as problem:
            raise _damaged(path, "JSON", problem) from None
        if not isinstance(found, dict):
            raise _damaged(path, "a JSON object", type(found).__name__)
        return found

    def _write_arrays(self, name: str, **arrays: np.ndarray) -> None:
        content = io.BytesIO()
        np.savez(content, allow_pickle=False, **arrays)
        write_bytes(self.folder / name, content.getvalue())

    def _read_arrays(self, file: str, *names: str) -> dict[str, np.ndarray]:
        seal.check(self.folder, file)
        try:
            with np.load(self.folder / file, allow_pickle=False) as arrays:
                return {name: arrays[name] for name in names or arrays.files}
        except UNREADABLE as problem:
            raise _damaged(self.folder / file, ARRAYS, problem) from None


def _damaged(path: Path, expected: str, problem: object) -> ValueError:
    return ValueError(f"{path} must be {expected}, got {problem}. Restore it, or remove the run.")


def _run_id(experiment: Experiment, fork: Origin | None) -> str:
    return experiment.run_id(fork.written() if fork else None)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
