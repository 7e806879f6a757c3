"""How well the lists of suspects find what was planted: a table of docs/RESULTS.md.

`python -m core.makers.planted_suspects docs/RESULTS.md` trains on data of which some labels are wrong, adds copies and
strange images to the held-out ones, puts some of these in the middle of their class, counts how many of them the lists
of Explore hold, keeps that in assets/planted_suspects.json and writes the table. With --table it only writes the table
again; with --set it trains on that one alone.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from core.evidence.intervals import quantile
from core.experiment.presets import PRESETS
from core.makers.marked_text import write_marked
from core.makers.planted_images import KINDS, planted_images
from core.records.fields import JsonObject
from core.system.locations import ASSETS

if TYPE_CHECKING:
    from core.experiment.experiment import Experiment

FILE = ASSETS / "planted_suspects.json"
JUDGED = ("digits", "faces", "pictograms")
SEEDS = range(5)
SHARE_OF_EPOCHS = 4  # of the preset's, so that all of it takes some minutes
WRONG = 0.05  # of all labels, before anything is split or trained
PLANTED = 0.02  # of the held-out images, of each kind
LABEL_ERRORS, CENTRES = "wrong labels", "class centres"
LISTS = {  # that what is planted should be in
    LABEL_ERRORS: "label errors",
    "exact copies": "duplicates",
    "saved copies": "duplicates",
    "strange images": "outliers",
    CENTRES: "hubs",
}
DIGITS = 4


class Listed(NamedTuple):
    """What a list holds against the truth: how many were planted, how long the list is, how many of the planted are in
    it, and how many of them among its first so many; `chance` is what a list in any order would hold, as a share."""

    planted: int
    listed: int
    found: int
    first: int
    chance: float


def experiment_of(preset: str, seed: int) -> Experiment:
    """The preset for a part of its epochs, which splits alike from every seed."""
    experiment = PRESETS[preset].experiment
    epochs = max(experiment.schedule.epochs // SHARE_OF_EPOCHS, 1)
    return replace(experiment, schedule=replace(experiment.schedule, epochs=epochs, seed=seed))


def compared(listed: Sequence[Any], truth: Collection[Any], chance: float) -> Listed:
    """A list, in its order, against the truth."""
    first = listed[: len(truth)]
    found, found_first = (sum(one in truth for one in some) for some in (listed, first))
    return Listed(len(truth), len(listed), found, found_first, chance)


def measured(preset: str, seed: int, experiment: Experiment | None = None) -> list[JsonObject]:
    """One training on data with wrong labels: a row for each kind of what was planted."""
    from core.experiment.prepared_data import PreparedData
    from core.experiment.splits import probe_rows
    from core.lazy import torch
    from core.training.loop import Snapshot, train
    from core.verification.label_errors import swapped_labels

    torch.set_num_threads(1)
    experiment = experiment or experiment_of(preset, seed)
    images = experiment.dataset.load()
    labels, wrong = swapped_labels(images.labels, WRONG, seed)
    split = experiment.split.split(labels, images.known)
    probe = probe_rows(labels, split.evaluation_rows, experiment.schedule.probe_points, seed)
    planting = planted_images(images, labels, probe, PLANTED, seed)
    shown = np.concatenate([probe, np.arange(len(labels), len(planting.images.labels))])
    data = PreparedData(planting.images, split.training_rows, split.evaluation_rows, shown, split.protocol)
    *_, last = (record for record in train(experiment, data) if isinstance(record, Snapshot))
    found = {LABEL_ERRORS: _of_labels(last.embeddings[: len(probe)], labels[probe], np.isin(probe, wrong))}
    for kind in KINDS:
        rows = np.concatenate([np.arange(len(probe)), len(probe) + np.flatnonzero(planting.kinds == kind)])
        sources = np.searchsorted(probe, planting.sources[planting.kinds == kind])
        found[kind] = _of_images(kind, last.embeddings[rows], planting.images.labels[shown[rows]], sources)
    found[CENTRES] = _of_centres(last.embeddings[: len(probe)], labels[probe], seed)
    shared = {"set": preset, "seed": seed, "points": len(probe)}
    return [
        {**shared, "kind": kind, **one._replace(chance=round(one.chance, DIGITS))._asdict()}
        for kind, one in found.items()
    ]


def _of_labels(embeddings: np.ndarray, labels: np.ndarray, is_wrong: np.ndarray) -> Listed:
    from core.statistics.neighbourhoods import neighbourhoods
    from core.verification.label_errors import label_doubts

    rows = neighbourhoods(embeddings, labels).rows
    truth = set(np.flatnonzero(is_wrong).tolist())
    return compared([one.row for one in label_doubts(rows, labels)], truth, len(truth) / len(labels))


def _of_images(kind: str, embeddings: np.ndarray, labels: np.ndarray, sources: np.ndarray) -> Listed:
    """Of the images that were added at the end, whose sources (P,) are rows here."""
    from core.statistics.neighbourhoods import neighbourhoods
    from core.verification.duplicates import duplicates
    from core.verification.outliers import outliers

    of, count = neighbourhoods(embeddings, labels), len(labels)
    added = np.arange(count - len(sources), count)
    if LISTS[kind] == "duplicates":
        pairs = [(one.first, one.second) for one in duplicates(of.copies, of.apart, labels)]
        truth = set(zip(sources.tolist(), added.tolist(), strict=True))
        return compared(pairs, truth, len(truth) / (count * (count - 1) / 2))
    return compared([one.row for one in outliers(of.distances[:, -1])], set(added.tolist()), len(added) / count)


def _of_centres(embeddings: np.ndarray, labels: np.ndarray, seed: int) -> Listed:
    """Of points that are put where the mean of their class is, as far from the origin as they were."""
    from core.statistics.neighbourhoods import neighbourhoods
    from core.verification.hubs import hubs

    count = max(1, round(PLANTED * len(labels)))
    moved, rows = embeddings.copy(), np.random.default_rng(seed).choice(len(labels), count, replace=False)
    for row in rows:
        centre = embeddings[labels == labels[row]].mean(axis=0)
        moved[row] = centre * np.linalg.norm(embeddings[row]) / np.linalg.norm(centre)
    of = neighbourhoods(moved, labels)
    return compared([one.row for one in hubs(of.rows, of.occurrences, labels)], set(rows.tolist()), count / len(labels))


def table(rows: Sequence[Mapping[str, Any]]) -> str:
    """A line for each set and kind: means over the seeds, with Student's interval of each share."""
    lines = [
        "| set | planted | number | list | its length | precision | recall | precision of the first | in any order |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for preset in dict.fromkeys(row["set"] for row in rows):
        for kind in dict.fromkeys(row["kind"] for row in rows):
            own = [row for row in rows if (row["set"], row["kind"]) == (preset, kind)]
            precision = over_seeds([row["found"] / row["listed"] for row in own if row["listed"]])
            recall = over_seeds([row["found"] / row["planted"] for row in own])
            first = over_seeds([row["first"] / row["planted"] for row in own])
            planted, length, chance = (_mean(own, name) for name in ("planted", "listed", "chance"))
            cells = [
                preset,
                kind,
                f"{planted:.0f}",
                LISTS[kind],
                f"{length:.0f}",
                precision,
                recall,
                first,
                f"{chance:.3f}",
            ]
            lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _mean(rows: Sequence[Mapping[str, Any]], name: str) -> float:
    return float(np.mean([row[name] for row in rows]))


def over_seeds(shares: Sequence[float]) -> str:
    """The mean of shares and Student's interval for it, cut at 0 and 1; a dash for none."""
    if not shares:
        return "–"
    mean, count = float(np.mean(shares)), len(shares)
    if count == 1:
        return f"{mean:.2f}"
    reach = quantile(count) * float(np.std(shares, ddof=1)) / np.sqrt(count)
    return f"{mean:.2f} ({max(mean - reach, 0):.2f} to {min(mean + reach, 1):.2f})"


def kept_rows() -> list[JsonObject]:
    """The rows of assets/planted_suspects.json: one for each set, seed and kind."""
    return json.loads(FILE.read_text(encoding="utf-8"))


def keep(rows: Sequence[Mapping[str, Any]]) -> None:
    """Write them, one a line, by set."""
    ordered = sorted(rows, key=lambda row: (JUDGED.index(row["set"]), row["seed"]))
    lines = ",\n".join(json.dumps(row) for row in ordered)
    FILE.write_text(f"[\n{lines}\n]\n", encoding="utf-8")


def main(words: list[str]) -> None:
    """Train what is asked for, keep what was found and write the table into the files named."""
    parser = argparse.ArgumentParser(prog="python -m core.makers.planted_suspects", description="Plant suspects.")
    parser.add_argument("files", nargs="*", type=Path, help="papers that hold the table")
    parser.add_argument("--set", action="append", choices=JUDGED, help="train on this one alone, and keep the others")
    parser.add_argument("--table", action="store_true", help="train nothing, write the table again")
    options = parser.parse_args(words)
    if not options.table:
        wanted = options.set or JUDGED
        rows = [row for row in kept_rows() if row["set"] not in wanted] if options.set and FILE.exists() else []
        for preset in wanted:
            for seed in SEEDS:
                rows += measured(preset, seed)
                print(f"{preset}, seed {seed}: done", file=sys.stderr, flush=True)
        keep(rows)
    for file in options.files:
        write_marked(file, "planted-suspects", table(kept_rows()))


if __name__ == "__main__":
    main(sys.argv[1:])
