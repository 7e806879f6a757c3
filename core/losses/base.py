"""What every loss declares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Literal, NamedTuple

from core.batch.four_samples import FourSamples
from core.batch.mined import Band, Pairs, Triplets, as_consumed
from core.params import Declared

if TYPE_CHECKING:
    import numpy as np
    from torch import Generator, Tensor

# Losses without a margin between d_ap and d_an are still judged by one: FaceNet's value for unit-length embeddings.
REFERENCE_MARGIN = 0.2


@dataclass(frozen=True)
class Batch:
    """What a loss may look at: N embeddings (N, D) with their labels (N,), numbered from 0 over the training classes.

    `distances` (N, N) are those of the experiment, with their gradient. `learned` are the loss's own tensors. `step`
    counts updates from 1, for losses that change as training goes on. `generator` is for losses that draw.
    """

    embeddings: Tensor
    labels: Tensor
    distances: Tensor
    learned: Mapping[str, Tensor]
    generator: Generator
    step: int = 1


class Terms(NamedTuple):
    """What a loss makes of a batch: the sum of its terms, how many there are and how many of them are above 0.

    Training follows `objective`, a scalar with a gradient: a mean over the terms, plus whatever the loss adds to it.
    """

    objective: Tensor
    total: Tensor
    count: int
    active: int

    def plus(self, other: Terms) -> Terms:
        """Both sums, each averaged on its own."""
        return Terms(
            objective=self.objective + other.objective,
            total=self.total + other.total,
            count=self.count + other.count,
            active=self.active + other.active,
        )


@dataclass(frozen=True)
class Loss(Declared):
    """Its parameters and one formula; pure. Learned tensors are declared here and owned by training."""

    consumes: ClassVar[type[Pairs] | type[Triplets] | None]
    # Whether a loss of triplets takes a rule, or pairs, as it is and sums what lies between: others are given triplets.
    sums_triplets: ClassVar[bool] = False
    # What it looks at: distances of the experiment, or a likeness of its own.
    compares: ClassVar[Literal["distance", "cosine", "dot product", "class scores"]] = "distance"
    # Whether its gradient holds weights constant that depend on the embeddings: then it is not the slope of the value.
    holds_weights: ClassVar[bool] = False
    # What to train this loss with where nothing else is said: family -> kind and parameters, as `described()` has them.
    suits: ClassVar[Mapping[str, Mapping[str, Any]]] = {}
    # Why, by family: half a sentence that a page puts behind "because".
    suits_because: ClassVar[Mapping[str, str]] = {}

    @property
    def hardness_margin(self) -> float:
        """The margin that tells semi-hard from easy triplets, in the experiment's distance."""
        return REFERENCE_MARGIN

    @property
    def averages(self) -> Literal["active", "all"]:
        """Whether the step follows the mean over the terms above zero or over all."""
        return "all"

    def learned(self, class_count: int, dimension: int, generator: Generator) -> dict[str, Tensor]:
        """Initial values of the tensors that are learned along with the encoder."""
        return {}

    def learning_rates(self) -> dict[str, float]:
        """Learning rates of learned tensors that have one of their own; 0 for those that `follow` moves instead."""
        return {}

    def class_points(self, learned: Mapping[str, Tensor]) -> Tensor | None:
        """Of the learned tensors the points (C, D) that stand for the training classes in the embedding space."""
        return None

    def class_boundaries(self, learned: Mapping[str, Tensor]) -> Tensor | None:
        """Of the learned tensors the distances up to which two are the same, (C,) by training class or (1,)."""
        return None

    def follow(self, batch: Batch) -> None:
        """Move learned tensors by a rule of the loss's own, without a gradient, after each update."""

    def curve(self, samples: FourSamples) -> np.ndarray:
        """The mean over all terms of each batch of four samples, (K,), whatever training averages over: a second
        writing of the formula, for a card that follows what is typed."""
        raise NotImplementedError

    @property
    def has_curve(self) -> bool:
        """Whether the formula is written a second time; the card of a loss without shows its defaults, as recorded."""
        return type(self).curve is not Loss.curve

    def __call__(self, batch: Batch, mined: Pairs | Triplets | Band | None) -> Terms:
        """Evaluate the mined part of a batch, which has the form that `as_consumed` gives it."""
        raise NotImplementedError

    def as_consumed(
        self, taken: Pairs | Triplets | Band | None, distances: Tensor, labels: Tensor
    ) -> Pairs | Triplets | Band | None:
        """What a miner took of a batch, distances (N, N) and labels (N,), in the form that the loss consumes."""
        return taken if self.sums_triplets else as_consumed(taken, self.consumes, distances, labels)

    def mean(self, values: Tensor, weight: Tensor | None = None) -> Terms:
        """The terms (T,), weighted (T,) if need be, averaged as `averages` says; 0 with a gradient of 0 for none."""
        weighted = values if weight is None else values * weight
        return self.averaged(weighted.sum(), len(values), int((weighted.detach() > 0).sum()))

    def averaged(self, total: Tensor, count: int, active: int, *, added: Tensor | None = None) -> Terms:
        """Terms that are summed already, averaged as `averages` says; `added` is divided likewise, but is no term."""
        divisor = max(active if self.averages == "active" else count, 1)
        return Terms((total if added is None else total + added) / divisor, total, count, active)
