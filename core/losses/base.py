"""What every loss declares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

from core.indices import Pairs, Triplets
from core.params import Declared

if TYPE_CHECKING:
    from torch import Generator, Tensor

# Losses without a margin between d_ap and d_an are still judged by one: FaceNet's value for unit-length embeddings.
REFERENCE_MARGIN = 0.2


@dataclass(frozen=True)
class Loss(Declared):
    """Its parameters and one formula; pure. Learned tensors are declared here and owned by training."""

    consumes: ClassVar[type[Pairs] | type[Triplets] | None]

    @property
    def hardness_margin(self) -> float:
        """The margin that tells semi-hard from easy triplets, in this loss's distance."""
        return REFERENCE_MARGIN

    @property
    def hardness_squared(self) -> bool:
        """Whether this loss compares squared distances."""
        return False

    @property
    def averages(self) -> Literal["active", "all"]:
        """Whether the step follows the mean over the terms above zero or over all."""
        return "all"

    def learned(self, class_count: int, dimension: int, generator: Generator) -> dict[str, Tensor]:
        """Initial values of the tensors that are learned along with the encoder."""
        return {}

    def __call__(
        self,
        embeddings: Tensor,
        labels: Tensor,
        mined: Pairs | Triplets | None,
        learned: Mapping[str, Tensor],
    ) -> Tensor:
        """(N, D), (N,), mined rows -> one value per term (T,)."""
        raise NotImplementedError
