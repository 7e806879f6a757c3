"""Train a run in its folder: what a worker, the command line and the recorded lessons all do."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np

from core.datasets.images import Images
from core.evidence.appraisal import deepened
from core.evidence.paired_retrieval import map_at_r_beside
from core.experiment.experiment import Experiment
from core.experiment.prepared_data import PreparedData, prepare
from core.experiment.schedule import Schedule
from core.jobs.measure_protocols import protocols_of_run
from core.maps.projector import Projector
from core.measurement.measurement import Block, Measurement
from core.records.fields import JsonObject
from core.records.messages import Progress, Report
from core.records.snapshot_record import Diagnosis, MapRecord
from core.records.step import Step
from core.runs.checkpoints import keep_healthy, last_checkpoint, save_checkpoint
from core.runs.fork import started_from
from core.runs.record_digests import RecordDigests
from core.runs.run_folder import Run
from core.statistics.baselines import baselines, frozen_baselines, vector_baselines
from core.statistics.spectrum import spectrum
from core.statistics.summary import Prepared
from core.system.background import BackgroundWriter
from core.training.collapse import diagnose
from core.training.idle_updates import idle_count
from core.training.loop import Checkpoint, Record, Snapshot, train
from core.training.state import PositionState

REPORT_SECONDS = 1.0
RECENT_STEPS = 10  # whose mean loss is compared with the collapse constant
LEAST_SHARE = 0.03  # of the training, before its length is estimated


def record(
    run: Run,
    *,
    device: str = "cpu",
    report: Report = lambda progress: None,
    wanted: Callable[[], str] = lambda: "run",
    wait_for_umap: bool = True,
) -> str:
    """Train the run inside its folder, from its last good checkpoint if it has one.

    `report` gets epoch, epochs, step, seconds of training and the estimated seconds left, after every epoch and about
    every second. When `wanted()` is no longer "run" a checkpoint is written and "paused" or "stopped" returned; at the
    end "finished". Maps, statistics and checkpoints are made on a second thread, so that training goes on meanwhile,
    and a map does not wait behind much else. Raises ValueError where the experiment does not fit its data, where a
    fork lacks the checkpoint that it starts from, and where the loss is no longer finite.
    """
    if run.result():
        return "finished"
    experiment = run.experiment()
    data = prepare(experiment)
    if run.record().data is None:
        run.write_data(data)
    step, state = last_checkpoint(run.folder / "checkpoints") or (-1, None)
    run.rewind(step)
    start = started_from(run) if state is None else None
    writer = _RunWriter(run, experiment, data, wait_for_umap)
    finished = state is not None and _is_over(experiment.schedule, state["position"])
    clock = _Clock(experiment.schedule)
    with BackgroundWriter() as background:
        for item in train(
            experiment, data, device=device, state=state, start=start, interrupted=lambda: wanted() != "run"
        ):
            if isinstance(item, Step):
                writer.write_step(item)
            elif isinstance(item, Snapshot):
                writer.take(item, background)
            else:
                background.do_later(writer.write_checkpoint, item)
            if clock.is_due(item):
                report(clock.progress(item, writer.seconds))
            finished = isinstance(item, Checkpoint) and item.finished
    if not finished:
        return "stopped" if wanted() == "stop" else "paused"
    writer.write_appraisal()
    run.write_result(final_numbers(run) | writer.beside_vectors() | protocols_of_run(run))
    return "finished"


def final_numbers(run: Run) -> JsonObject:
    """The numbers of the last snapshot, with the baselines and the protocol they belong to, and how many of the updates
    trained nothing."""
    last, steps = run.snapshots()[-1], run.steps()
    data = run.record().known_data
    return last.written() | {
        "updates": len(steps),
        "idle_updates": idle_count(steps),
        "protocol": data.protocol,
        "training_count": data.training_count,
        "baselines": run.baselines(),
    }


def _is_over(schedule: Schedule, position: PositionState) -> bool:
    return schedule.is_over(position["step"], position["epoch"] - 1, position["seconds"])


class _Clock:
    """When to report, and how long it may still take."""

    def __init__(self, schedule: Schedule) -> None:
        self.schedule, self.reported = schedule, time.monotonic()
        self.began: tuple[float, float] | None = None

    def is_due(self, item: Record) -> bool:
        return isinstance(item, Checkpoint) or time.monotonic() - self.reported >= REPORT_SECONDS

    def progress(self, item: Record, seconds: float) -> Progress:
        """The estimate counts from the first report, since what comes before it happens once."""
        self.reported = time.monotonic()
        share = self.schedule.share_done(item.step, item.epoch, seconds)
        self.began = self.began or (self.reported, share)
        elapsed, done = self.reported - self.began[0], share - self.began[1]
        left = elapsed * max(1 - share, 0) / done if done >= LEAST_SHARE else None
        return {
            "epoch": int(item.epoch),
            "epochs": self.schedule.epochs_in_all(item.epoch, share),
            "step": item.step,
            "seconds": seconds,
            "left": left,
        }


class _RunWriter:
    """Writes the records of one training into its run folder."""

    def __init__(self, run: Run, experiment: Experiment, data: PreparedData, wait_for_umap: bool) -> None:
        self.run, self.experiment, self.data = run, experiment, data
        self.labels = data.samples.labels[data.probe_rows]
        written = run.maps()
        previous = run.snapshot(written[-1].step, "map")["map"] if written else None
        self.projector = Projector(experiment.schedule.seed, previous=previous, wait_for_umap=wait_for_umap)
        self.seconds = written[-1].seconds if written else 0.0
        self.digests = RecordDigests(run.folder)
        self.losses: deque[float] = deque(maxlen=RECENT_STEPS)
        self.latest: tuple[int, Measurement, Block] | None = None  # the last that was measured, and its step
        # Maps whose statistics are still to be taken.
        self.maps: dict[int, tuple[MapRecord, dict[str, np.ndarray]]] = {}
        measured = run.snapshots()
        self.first: Mapping[str, Any] = measured[0].written() if measured else {}
        self.alarm = measured[-1].alarm if measured else None

    def write_step(self, step: Step) -> None:
        self.seconds += step.seconds
        self.run.append_step(step)
        self.losses.append(step.loss)

    def take(self, item: Snapshot, background: BackgroundWriter) -> None:
        """Have the map made soon, and what takes longer after it."""
        background.do(self._write_map, item)
        if item.step == 0 and not self.run.baselines():
            background.do_later(self._write_baselines, item)
        if item.measured:
            recent = sum(self.losses) / len(self.losses) if self.losses else None
            background.do_later(partial(self._write_statistics, recent), item)

    def write_checkpoint(self, item: Checkpoint) -> None:
        records = self.digests.up_to(item.step)
        save_checkpoint(self.run.folder / "checkpoints", item.step, item.state, records)
        if not self.alarm:
            keep_healthy(self.run.folder / "checkpoints", item.step, item.epoch)

    def _write_map(self, item: Snapshot) -> None:
        layout = self.projector.layout(item.embeddings)
        points = layout.points.astype(np.float32)
        when = MapRecord(step=item.step, epoch=item.epoch, seconds=item.seconds, map=layout.method)
        arrays = {"map": points}
        if item.prototypes:
            arrays |= item.prototypes.arrays(item.embeddings, self.labels, points)
        if item.linear_map is not None:
            arrays["linear_map"] = item.linear_map
        self.run.write_map(when, arrays)
        if item.measured:
            self.maps[item.step] = when, arrays

    def _write_statistics(self, recent: float | None, item: Snapshot) -> None:
        when, of_map = self.maps.pop(item.step)
        loss, distance = self.experiment.loss, self.experiment.distance
        work = Measurement(Prepared(item.embeddings, self.labels, loss.hardness_margin, distance))
        whole = work.whole()
        statistics, self.latest = work.statistics(whole), (item.step, work, whole)
        arrays = {
            "embeddings": item.embeddings,
            **of_map,
            **statistics.arrays(),
            **work.appraisal(whole, with_folds=False).arrays(),
        }
        numbers = statistics.numbers | spectrum(item.embeddings, self.labels)
        self.first = self.first or numbers
        self.alarm = self._alarm(numbers, recent)
        self.run.write_statistics(when, numbers, arrays, self.alarm)

    def write_appraisal(self) -> None:
        """Appraise the last snapshot, whose threshold is the one that is taken away."""
        step = self.run.snapshots()[-1].step
        if self.latest and self.latest[0] == step:
            _, work, whole = self.latest
            deep = work.deepened(whole)
        else:  # a former attempt has measured it, perhaps one of an earlier version
            appraisal, edges = self.run.appraisal(step), self.run.threshold_edges(step)
            assert appraisal is not None, "every snapshot is appraised when its statistics are"
            embeddings = self.run.snapshot(step, "embeddings")["embeddings"]
            deep = deepened(appraisal, embeddings, self.labels, edges, distance=self.experiment.distance)
        self.run.write_appraisal(step, deep.deep_arrays())

    def _alarm(self, numbers: Mapping[str, Any], recent: float | None) -> Diagnosis | None:
        """What has collapsed, if anything."""
        return diagnose(numbers, self.first, len(self.data.samples.class_names), self.experiment, recent)

    def _write_baselines(self, item: Snapshot) -> None:
        samples, rows, dimension = self.data.samples, self.data.training_rows, self.experiment.encoder.dimension
        probe, training, untrained = samples.values[self.data.probe_rows], samples.values[rows], item.embeddings
        found = (
            baselines(probe, self.labels, training, dimension, untrained)
            if isinstance(samples, Images)
            else vector_baselines(probe, self.labels, training, samples.labels[rows], dimension, untrained)
        )
        frozen = {} if item.features is None else frozen_baselines(item.features, self.labels)
        self.run.write_baselines(found | frozen)

    def beside_vectors(self) -> JsonObject:
        """How the last embeddings of vectors retrieve beside the vectors themselves; empty for images."""
        if isinstance(self.data.samples, Images):
            return {}
        embeddings = self.run.snapshot(self.run.snapshots()[-1].step, "embeddings")["embeddings"]
        vectors = self.data.samples.values[self.data.probe_rows]
        found = map_at_r_beside(embeddings, vectors, self.labels, self.experiment.distance)
        return {"beside_vectors": found.written()}
