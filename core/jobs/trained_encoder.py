"""The encoder of a run as its last checkpoint has it, with the images or vectors of the run prepared as it was
trained."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from core.datasets.admitted import folder_of, read_card
from core.datasets.brought import Brought
from core.datasets.images import Dataset, tiles_of
from core.datasets.vectors import Vectors
from core.encoders.base import Encoder
from core.experiment.prepared_data import prepare
from core.handover.preprocessing import Preprocessing
from core.handover.vector_scaling import VectorScaling
from core.jobs.kept_encoder import check_has_encoder
from core.lazy import torch
from core.runs.checkpoints import checkpoint_at
from core.runs.run_folder import Run
from core.training.learner import Learner

if TYPE_CHECKING:
    from torch import nn


class TrainedEncoder(NamedTuple):
    """An encoder with its weights after so many updates, how images or vectors are prepared for it, and those of the
    run's probe set: pixels (N, H, W) or (N, H, W, 3) uint8, or vectors (N, D) float32, in the order of the run's
    embeddings."""

    encoder: Encoder
    module: nn.Module
    preprocessing: Preprocessing | VectorScaling
    samples: np.ndarray
    step: int

    def embedded(self, samples: np.ndarray) -> np.ndarray:
        """Pixels or vectors like those of the run -> (N, K) float32 by torch, without a trace in the module's state."""
        self.module.eval()
        with torch.no_grad():
            prepared = torch.from_numpy(self.preprocessing.values_of(samples))
            parts = [self.encoder.embed(self.module, part) for part in prepared.split(512)]
        return torch.cat(parts).numpy()


def trained_encoder(run: Run, step: int | None = None) -> TrainedEncoder:
    """As it was after `step` updates, by default those of the last snapshot. Raises ValueError where the run has none,
    has not kept it, or where the data are no longer those that it was trained on."""
    record = run.record()
    if step is None:
        snapshots = run.snapshots()
        if record.kind.is_trained and not snapshots:
            raise ValueError(f"the run {record.title} must have begun, got no snapshot of it. Wait until it has.")
        step = snapshots[-1].step if snapshots else 0
    check_has_encoder(run, step)
    state, experiment = checkpoint_at(run.folder / "checkpoints", step), run.experiment()
    if state is None:
        raise ValueError(
            f"the checkpoint of step {step} must be whole, got other bytes than were written. Restore it from a copy "
            "of the store, or train the run again."
        )
    data = prepare(experiment)
    if data.samples.digest != record.known_data.digest:
        raise ValueError(
            f"the data set {experiment.dataset.name} must be the one that was trained on, got other samples. "
            "Restore it."
        )
    learner = Learner(experiment, data, "cpu", is_blank=True)
    learner.adopt(state["learner"])
    if isinstance(data.samples, Vectors):
        scaling = VectorScaling(tuple(learner.mean.flatten().tolist()), learner.deviation.item())
        probe = np.asarray(data.samples.values[data.probe_rows])
        return TrainedEncoder(experiment.encoder, learner.encoder, scaling, probe, step)
    height, width = data.images.pixels.shape[1:3]
    mean, deviation = (tuple(scale.flatten().tolist()) for scale in (learner.mean, learner.deviation))
    scales = data.images.channels, mean, deviation
    rule = Preprocessing(height, width, *scales, *rule_of(experiment.dataset))
    return TrainedEncoder(experiment.encoder, learner.encoder, rule, probe_pixels(run), step)


def rule_of(dataset: Dataset) -> tuple[str, int]:
    """How images of other shapes were fitted into the size of the data set, and how many times that size at least a
    JPEG was decoded, by the card of one that was brought; those that Metric Lab has itself are all of one shape."""
    if not isinstance(dataset, Brought):
        return "stretch", 0
    said = read_card(folder_of(dataset.data)).preparation
    return str(said.get("fit", "stretch")), int(said.get("jpeg_at_least", 0))


def probe_pixels(run: Run) -> np.ndarray:
    """(N, H, W) or (N, H, W, 3) uint8: the images of a run in the order of its embeddings. Raises ValueError for one
    without images."""
    record = run.record()
    if record.probe is None:
        raise ValueError(f"the run must be of images, got {record.title}, which has none. Choose a trained one.")
    tiles = tiles_of(run.picture(), record.probe.tile_height, record.probe.tile_width)
    return tiles[: len(run.probe()["labels"])]
