"""Pairs with scores that a user brings, or a list of pairs with embeddings: a run of one snapshot without embeddings.

Its thresholds are the distances of the pairs themselves (evidence/appraisal_of_scores.py). Equal pairs are one run.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path

import numpy as np

from core.distances import EUCLIDEAN
from core.distances.base import Distance
from core.evidence.evidence import Evidence
from core.evidence.polarity import looks_swapped, swapped_in_words
from core.jobs import roles_of_run
from core.jobs.measure_embeddings import MARGIN, MEASURED
from core.records.fields import JsonObject
from core.records.kinds import Kind
from core.records.messages import Report, stage
from core.records.run_record import DataRecord, RunRecord, Withdrawal
from core.records.snapshot_record import MapRecord
from core.runs.run_folder import Run
from core.statistics.roc import curve_auc
from core.verification.scored_pairs import REFUSED, ScoredPairs

MOST_PAIRS = 5_000_000  # that a page reads while a reader waits
MOST_IDENTITIES = 10_000  # of each, counts are held at every threshold


@dataclass(frozen=True)
class ScoredUpload:
    """Checked pairs, the name of the file that lists or scores them, how that was understood, by which distance they
    were compared here, where they came without scores, the words by which the command line reads the same, and which
    of another run's pairs are left out."""

    name: str
    pairs: ScoredPairs
    understood: str = ""
    distance: Distance | None = None
    command: tuple[str, ...] = ()
    without: Withdrawal | None = None

    def __post_init__(self) -> None:
        counts = {"pairs": len(self.pairs.distances), "identities": len(self.pairs.identities or ())}
        for what, most in (("pairs", MOST_PAIRS), ("identities", MOST_IDENTITIES)):
            if counts[what] > most:
                raise ValueError(
                    f"{self.name} must have at most {most:,} {what} to be measured here, got {counts[what]:,}. "
                    "Use `python -m core verify`, or take fewer."
                )

    @property
    def kind(self) -> Kind:
        """Whether its pairs came with scores or were compared here."""
        return Kind.LISTED if self.distance else Kind.SCORES

    @cached_property
    def digest(self) -> str:
        """SHA-256 of all arrays of the pairs."""
        content = sha256()
        for name, array in sorted(self.pairs.arrays().items()):
            content.update(f"{name} {array.dtype} {array.shape}".encode())
            content.update(np.ascontiguousarray(array).tobytes())
        return content.hexdigest()

    @property
    def run_id(self) -> str:
        """The same for the same pairs and distance."""
        is_plain = self.distance is None or self.distance == EUCLIDEAN
        compared = "" if is_plain or self.distance is None else f" {self.distance.described()}"
        text = f"{MEASURED} pairs {self.digest}{compared}{named_without(self.without)}"
        return sha256(text.encode()).hexdigest()[:32]

    def request(self) -> JsonObject:
        """What the queue shows of it in place of an experiment."""
        upload = {"name": self.name, "digest": self.digest}
        return {"kind": self.kind.value, "upload": upload, "pairs": len(self.pairs.distances)}

    def files(self) -> dict[str, dict[str, np.ndarray]]:
        """The arrays of a run folder by file and name."""
        return {"pairs.npz": self.pairs.arrays()}

    def record(self) -> RunRecord:
        """What run.json says of it; a distance only where these pairs were compared here."""
        fold = self.pairs.fold
        return RunRecord(
            id=self.run_id,
            kind=self.kind,
            title=self.name,
            experiment={"distance": self.distance.described()} if self.distance else {},
            data=DataRecord(
                digest=self.digest,
                class_names=tuple(self.pairs.identities or ()),
                training_count=0,
                evaluation_count=0,
                probe_count=0,
                pair_count=len(self.pairs.distances),
                fold_count=0 if fold is None else int(fold.max()) + 1,
                protocol=self.kind.protocol,
                understood=self.understood,
                command=self.command or None,
            ),
            without=self.without,
        )


def named_without(without: Withdrawal | None) -> str:
    """What tells a run that rows were left out of from one of the same content that somebody brought."""
    return f" without {without.run} {without.step} {list(without.rows)}" if without else ""


def measure(folder: Path, *, report: Report, wanted: Callable[[], str]) -> str:
    """Work out all that pairs say of thresholds: the job of a worker, which makes nothing twice."""
    from core.evidence.appraisal_of_scores import appraise_scores
    from core.statistics.roc import auc, exact_equal_error_rate
    from core.statistics.threshold_grid import threshold_grid

    run, steps = Run(folder), 2
    if run.result():
        return "finished"
    run.rewind(-1)

    def done(step: int) -> None:
        report(stage(step, steps))

    pairs = run.pairs()
    edges = threshold_grid(pairs)
    done(1)
    if wanted() != "run":
        return "stopped" if wanted() == "stop" else "paused"
    appraisal = appraise_scores(pairs, edges)
    curve = appraisal.everyone.curve
    counts = {
        "positive_counts": np.diff(curve.true_accepts, prepend=0),
        "negative_counts": np.diff(curve.false_accepts, prepend=0),
    }
    numbers = {
        "eer": exact_equal_error_rate(pairs)[0],
        "auc": auc(pairs),
        "points": 0,
        "classes": len(pairs.identities or ()),
    }
    remarks = remarks_on(run, pairs, appraisal.everyone)
    questions: list[dict[str, str]] = []
    record = run.record()
    if record.kind.has_roles:
        numbers |= roles_of_run.numbers_of(run, MARGIN)
        remarks, questions = roles_of_run.remarks_on(run) + remarks, roles_of_run.questions_on(run)
    when = MapRecord(step=0, epoch=0.0, seconds=0.0, map="none")
    run.write_statistics(when, numbers, {"edges": edges, "thresholds": edges, **counts, **appraisal.arrays()})
    remarks_and_questions = {"protocol": record.known_data.protocol, "remarks": remarks, "questions": questions}
    run.write_result(run.snapshots()[-1].written() | remarks_and_questions)
    done(2)
    return "finished"


def remarks_on(run: Run, pairs: ScoredPairs, everyone: Evidence) -> list[str]:
    """How the pairs were read, and what to know of them before trusting what comes of them."""
    understood = run.record().known_data.understood
    remarks: list[str] = [understood] if understood else []
    if looks_swapped(everyone):
        remarks.append(swapped_in_words(pairs, curve_auc(everyone.curve)))
    if pairs.failures:
        treated = "count as refused" if pairs.failures.treated == REFUSED else "are left out"
        remarks.append(f"pairs that could not be compared: {pairs.failures.count:,}, which {treated}")
    return remarks
