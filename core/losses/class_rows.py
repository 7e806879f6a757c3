"""What losses with one learned row per class share: the rows, a linear classifier, and cosines with the rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from core.lazy import torch

if TYPE_CHECKING:
    from torch import Generator, Tensor


def class_rows(class_count: int, dimension: int, generator: Generator) -> Tensor:
    """(C, D) random rows of length about 1."""
    return torch.randn(class_count, dimension, generator=generator) / dimension**0.5


def classifier(class_count: int, dimension: int, generator: Generator) -> dict[str, Tensor]:
    """The start of a linear layer from the embedding to the classes."""
    return {"weight": class_rows(class_count, dimension, generator), "bias": torch.zeros(class_count)}


def cross_entropies(embeddings: Tensor, labels: Tensor, learned: Mapping[str, Tensor]) -> Tensor:
    """(N, D), (N,) -> the cross-entropy of each sample under the classifier, (N,)."""
    logits = torch.nn.functional.linear(embeddings, learned["weight"], learned["bias"])
    return torch.nn.functional.cross_entropy(logits, labels, reduction="none")


def cosines(embeddings: Tensor, rows: Tensor) -> Tensor:
    """(N, D), (C, D) -> cosines of the angles between them, (N, C); 0 for a zero vector."""
    normalize = torch.nn.functional.normalize
    return normalize(embeddings) @ normalize(rows).T


def own_scores(scores: Tensor, labels: Tensor) -> Tensor:
    """(N, C), (N,) -> each sample's score for its own class, (N,)."""
    return scores.gather(1, labels[:, None]).squeeze(1)


def cross_entropies_with(scores: Tensor, labels: Tensor, own: Tensor, scale: float) -> Tensor:
    """(N, C), (N,), (N,) -> cross-entropies (N,) of scale * scores, with `own` for each sample's own class instead."""
    from core.batch.score_functions import CrossEntropies

    return CrossEntropies.apply(scores, labels, own, scale)


def class_sums(points: Tensor, labels: Tensor, class_count: int) -> tuple[Tensor, Tensor]:
    """(N, D), (N,) -> the sum over each class (C, D) and how many samples it has (C, 1); zeros for an absent class."""
    sums = points.new_zeros(class_count, points.shape[1]).index_add(0, labels, points)
    return sums, torch.bincount(labels, minlength=class_count)[:, None]
