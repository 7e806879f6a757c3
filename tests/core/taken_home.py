"""A run that is trained in a moment, and small sets of embeddings, for whatever takes them home."""

from __future__ import annotations

import atexit
import tempfile
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np

from core.distances import EUCLIDEAN
from core.distances.base import Distance
from core.encoders import CompactCnn
from core.experiment.experiment import Experiment
from core.experiment.schedule import Schedule
from core.handover.embedding_set import EmbeddingSet
from core.jobs.train_run import record
from core.runs.run_folder import Run

# Digits of 8 x 8 pixels; 150 of them, which are more than the 64 that onnxruntime and torch are compared on.
EXPERIMENT = Experiment(encoder=CompactCnn(dimension=32), schedule=Schedule(epochs=1, probe_points=150))
NAMES = ("=1+1", "a\tb", "c\nd", "e|f <b>g</b>")  # what spreadsheets, tables and pages might take for theirs


@cache
def trained_run() -> Run:
    """One epoch of digits, in a folder that lasts as long as the tests."""
    temporary = tempfile.TemporaryDirectory(prefix="metric-lab-taken-home-")
    atexit.register(temporary.cleanup)
    run = Run.create(Path(temporary.name) / "run", EXPERIMENT)
    assert record(run, wait_for_umap=False) == "finished"
    return run


def embedding_set(distance: Distance = EUCLIDEAN, points: int = 12, *, named: bool = False) -> EmbeddingSet:
    """Of four classes of unequal size, whose embeddings (N, 5) lie in memory column by column."""
    generator = np.random.default_rng(0)
    embeddings = np.asfortranarray(generator.normal(size=(points, 5)).astype(np.float32))
    labels = np.minimum(np.arange(points) // 2, 3)
    names = tuple(f"photo {row}\t.png" for row in range(points)) if named else ()
    return EmbeddingSet(embeddings, labels, NAMES, np.arange(points) * 3, distance, names)


def renamed(points: EmbeddingSet, *names: str) -> EmbeddingSet:
    """The same points with other names of their classes."""
    return replace(points, class_names=names)
