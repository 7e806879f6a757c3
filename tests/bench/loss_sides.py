"""One miner with its loss in one process: forward and backward, ours and the peer's in turns, time and memory.

    python tests/bench/loss_sides.py NAME CLASSES SIZE ...

prints one JSON object per size: seconds and peak bytes of ours, of pytorch-metric-learning and of the distance matrix
with its own gradient, and how many times faster than the peer ours was, as the median of the turns. A side that needs
more memory than there is, or whose last size took too long, says null.
"""

from __future__ import annotations

import ctypes
import json
import resource
import sys
import warnings
from collections.abc import Callable
from math import ceil, inf
from statistics import median
from time import perf_counter, process_time
from typing import Any

import torch
from pytorch_metric_learning import losses as theirs
from pytorch_metric_learning import miners as their_miners

from core import losses, miners
from core.distances import Euclidean
from core.losses.base import Batch, Loss
from core.miners.base import Candidates, Miner

DIMENSION, MARGIN = 64, 0.2
MOST_BYTES = 16 << 30
PATIENCE = 2.5  # seconds of one call after which a larger size is not tried
SIDE_SECONDS, MOST_TURNS, FEWEST_TURNS = 0.6, 31, 9
TURN_SECONDS = 0.01  # of a side in one turn, so that a short call is repeated
LONGEST = 30.0  # seconds for all turns of a size

Peer = tuple[Callable[[], Any] | None, Callable[[int], Any]]
PAIRS: dict[str, tuple[Miner, Loss, Peer]] = {
    "semi-hard triplets": (
        miners.SemiHard(),
        losses.Triplet(margin=MARGIN),
        (
            lambda: their_miners.TripletMarginMiner(MARGIN, "semihard"),
            lambda classes: theirs.TripletMarginLoss(MARGIN),
        ),
    ),
    "all triplets": (
        miners.All(),
        losses.Triplet(margin=MARGIN),
        (None, lambda classes: theirs.TripletMarginLoss(MARGIN)),
    ),
    "batch-hard triplets": (
        miners.BatchHard(),
        losses.Triplet(margin=MARGIN),
        (their_miners.BatchHardMiner, lambda classes: theirs.TripletMarginLoss(MARGIN)),
    ),
    "contrastive": (miners.All(), losses.Contrastive(), (None, lambda classes: theirs.ContrastiveLoss())),
    "lifted structured": (
        miners.All(),
        losses.LiftedStructured(),
        (None, lambda classes: theirs.LiftedStructureLoss()),
    ),
    "generalised lifted": (
        miners.All(),
        losses.GeneralisedLifted(),
        (None, lambda classes: theirs.GeneralizedLiftedStructureLoss()),
    ),
    "margin, all pairs": (miners.All(), losses.MarginBased(), (None, lambda classes: theirs.MarginLoss())),
    "margin, distance-weighted": (
        miners.DistanceWeighted(),
        losses.MarginBased(),
        (their_miners.DistanceWeightedMiner, lambda classes: theirs.MarginLoss()),
    ),
    "ranked list": (
        miners.All(),
        losses.RankedList(),
        (None, lambda classes: theirs.RankedListLoss(margin=0.4, Tn=10)),
    ),
    "multi-similarity": (
        miners.MultiSimilarity(),
        losses.MultiSimilarity(),
        (their_miners.MultiSimilarityMiner, lambda classes: theirs.MultiSimilarityLoss()),
    ),
    "circle": (miners.All(), losses.Circle(), (None, lambda classes: theirs.CircleLoss())),
    "N-pair": (miners.All(), losses.NPair(), (None, lambda classes: theirs.NPairsLoss())),
    "angular": (miners.All(), losses.Angular(), (None, lambda classes: theirs.AngularLoss())),
    "InfoNCE": (miners.All(), losses.InfoNce(), (None, lambda classes: theirs.SupConLoss())),
    "proxy-anchor": (
        miners.All(),
        losses.ProxyAnchor(),
        (None, lambda classes: theirs.ProxyAnchorLoss(classes, DIMENSION)),
    ),
    "ArcFace": (miners.All(), losses.ArcFace(), (None, lambda classes: theirs.ArcFaceLoss(classes, DIMENSION))),
    "CosFace": (miners.All(), losses.CosFace(), (None, lambda classes: theirs.CosFaceLoss(classes, DIMENSION))),
}


def our_side(miner: Miner, loss: Loss, points: torch.Tensor, labels: torch.Tensor) -> Callable[[], None]:
    generator = torch.Generator().manual_seed(0)
    started = loss.learned(int(labels.max()) + 1, DIMENSION, generator)
    learned = {name: start.requires_grad_(loss.learning_rates().get(name) != 0) for name, start in started.items()}

    def step() -> None:
        points.grad = None
        matrix = Euclidean().matrix(points) if loss.compares == "distance" or loss.consumes else None
        mined = None
        if loss.consumes:
            distances = matrix.detach()
            taken = miner(Candidates(distances, labels, loss.hardness_margin, DIMENSION, generator))
            mined = loss.as_consumed(taken, distances, labels)
        loss(Batch(points, labels, matrix, learned, generator), mined).objective.backward()

    return step


def their_side(peer: Peer, points: torch.Tensor, labels: torch.Tensor) -> Callable[[], None]:
    make_miner, make_loss = peer
    miner, loss = make_miner() if make_miner else None, make_loss(int(labels.max()) + 1)

    def step() -> None:
        points.grad = None
        loss(points, labels, miner(points, labels) if miner else None).backward()

    return step


def matrix_side(points: torch.Tensor) -> Callable[[], None]:
    """The yardstick: the distance matrix by the product, with its own gradient, as autograd does it."""

    def step() -> None:
        points.grad = None
        products = points @ points.T
        squares = products.diagonal()
        (squares[:, None] + squares - 2 * products).clamp_min(1e-12).sqrt().sum().backward()

    return step


def measured(sides: dict[str, Callable[[], None]]) -> dict[str, Any]:
    """Median seconds of interleaved turns, nine or more but where calls take seconds, and the peak bytes of one call of
    each; the median of the turns' ratios, because a busy machine is not equally fast from turn to turn."""
    found: dict[str, Any] = {"ratio": None}
    calls: dict[str, int] = {}
    for name, step in list(sides.items()):
        try:
            step()  # compiles, allocates
            found[f"{name}_bytes"] = peak_bytes(step)
            calls[name] = max(1, ceil(TURN_SECONDS / _seconds(step, 1)))
        except (RuntimeError, MemoryError):
            found[f"{name}_seconds"] = None
            del sides[name]
    turns: list[dict[str, float]] = []
    started = perf_counter()
    while len(turns) < FEWEST_TURNS or (
        perf_counter() - started < SIDE_SECONDS * len(sides) and len(turns) < MOST_TURNS
    ):
        turns.append({name: _seconds(step, calls[name]) for name, step in sides.items()})
        if perf_counter() - started > LONGEST:
            break
    found |= {f"{name}_seconds": median(turn[name] for turn in turns) for name in sides} | {"turns": len(turns)}
    if {"ours", "peer"} <= sides.keys():
        found["ratio"] = median(turn["peer"] / turn["ours"] for turn in turns)
    return found


def _seconds(step: Callable[[], None], calls: int) -> float:
    """Of one call, as the mean of so many: processor time, which is all that one thread needs, whatever else the
    machine does."""
    before = process_time()
    for _ in range(calls):
        step()
    return (process_time() - before) / calls


def peak_bytes(step: Callable[[], None]) -> int:
    """By how much the process grows at most during one call, once it has given back what it kept from the last."""
    ctypes.CDLL(None).malloc_trim(0)
    with open("/proc/self/clear_refs", "w") as reset:
        reset.write("5")
    before = _status("VmRSS")
    step()
    return _status("VmHWM") - before


def _status(field: str) -> int:
    with open("/proc/self/status") as lines:
        return next(1024 * int(line.split()[1]) for line in lines if line.startswith(field))


def main(name: str, classes: str, sizes: list[int]) -> None:
    warnings.simplefilter("ignore")
    torch.set_num_threads(1)
    resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
    miner, loss, peer = PAIRS[name]
    slowest = {"ours": 0.0, "peer": 0.0}
    for size in sizes:
        points = torch.nn.functional.normalize(torch.randn(size, DIMENSION, generator=torch.Generator().manual_seed(0)))
        points.requires_grad_()
        labels = torch.arange(size) % (size // 8 if classes == "8 per class" else 10)
        sides = {"ours": our_side(miner, loss, points, labels), "matrix": matrix_side(points)}
        if slowest["peer"] < PATIENCE:
            sides["peer"] = their_side(peer, points, labels)
        found = {"size": size, "peer_seconds": None, "peer_bytes": None} | measured(sides)
        slowest["peer"] = found["peer_seconds"] if found["peer_seconds"] is not None else inf
        print(json.dumps(found), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], [int(size) for size in sys.argv[3:]])
