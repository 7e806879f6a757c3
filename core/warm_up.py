"""Compile every numerical kernel before somebody waits for it: `python -m core.warm_up`.

numba keeps what it compiled beside the code, so the first call on a machine takes about a minute on two cores and every
later one in a new process some eight seconds, most of them imports.
"""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from threading import Thread

import numpy as np


def warm_up() -> None:
    """Import what training and statistics need and call each of them once on a small set."""
    for part in PARTS:
        part()


def warm_up_in_background() -> None:
    Thread(target=warm_up, name="warm-up", daemon=True).start()


def _maps() -> None:
    from core import projection

    projection.warm_up()


def _statistics() -> None:
    from core.blocks import Blocks
    from core.distance_rows import DIRECT_LIMIT
    from core.statistics import summarise
    from core.thresholds.appraisal import appraise, deepened

    generator = np.random.default_rng(0)
    for points in (64, DIRECT_LIMIT + 1):
        embeddings, identities = generator.normal(size=(points, 4)).astype(np.float32), np.arange(points) % 32
        edges = summarise(embeddings, identities, margin=0.2).thresholds
        deepened(appraise(embeddings, identities, edges), embeddings, identities, edges)
        Blocks(embeddings, identities, margin=0.2).whole()


def _training() -> None:
    import torch

    import core.recording  # noqa: F401
    from core.geometry import euclidean_matrix
    from core.indices import Band, all_pairs
    from core.losses import Circle, Contrastive, LiftedStructured
    from core.losses.base import Batch
    from core.miners import SemiHard
    from core.miners.base import Candidates
    from core.triplet_sums import hardness_shares, triplet_sums

    torch.set_num_threads(1)
    labels = torch.arange(64) % 8
    for dtype in (torch.float32, torch.float64):
        points = torch.randn(64, 8, dtype=dtype, requires_grad=True)
        batch = Batch(points, labels, euclidean_matrix(points), {}, torch.Generator())
        for loss in (Contrastive(), LiftedStructured(), Circle()):
            loss(batch, all_pairs(labels)).objective.backward(retain_graph=True)
        distances = batch.distances.detach()
        hardness_shares(distances, labels, 0.2)
        for focus in (0.0, 1.0):
            triplet_sums(distances, labels, Band(0.0, 0.2, focus), 0.2)
        for dialect in ("Wu-TF", "siamese-triplet"):
            SemiHard(dialect=dialect)(Candidates(distances, labels, 0.2, 8, torch.Generator().manual_seed(0)))


PARTS = (_maps, _training, _statistics)


def main() -> None:
    """Each part in a process of its own."""
    with ProcessPoolExecutor(len(PARTS), multiprocessing.get_context("spawn")) as pool:
        for done in [pool.submit(part) for part in PARTS]:
            done.result()


if __name__ == "__main__":
    main()
