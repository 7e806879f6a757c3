from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from core.encoders.base import Encoder
from core.lazy import torch
from core.params import Card, param

if TYPE_CHECKING:
    from torch import Tensor, nn

WITHIN_CLASSES, PRINCIPAL_AXES, RANDOM = "within classes", "principal axes", "random"


@dataclass(frozen=True)
class Linear(Encoder):
    """One matrix W on the flattened pixels, or on vectors: a head, and the Mahalanobis metric M = WᵀW where metric
    learning began.

    The Euclidean distance of two embeddings is sqrt((x - y)ᵀ M (x - y)). With a dimension as large as that of the
    vectors, or larger, W can be any metric; with a smaller one M has that rank at most.
    """

    takes_vectors: ClassVar[bool] = True
    card = Card(
        formula=r"f(x) = W x + b , \qquad d_{ij}^2 = (x_i - x_j)^\top W^\top W \, (x_i - x_j)",
        paper="Xing, Ng, Jordan, Russell 2002, Distance metric learning, with application to clustering with "
        "side-information (NIPS)",
        traps=(
            "With embeddings of length 1 distances are angles, and M is the metric only up to the length of Wx.",
            "Few classes and many dimensions: W bends to the training identities. Beside it stand the vectors "
            "themselves, which no training can spoil.",
        ),
    )
    bias: bool = param(False, help="add a constant to every embedding; distances see it only at unit length")
    begins: str = param(
        WITHIN_CLASSES,
        choices=(WITHIN_CLASSES, PRINCIPAL_AXES, RANDOM),
        help="rows of W at first: whitened within the training classes (WCCN, the directions that part classes most "
        "first), the directions of largest variance, or drawn",
    )

    def layers(self, height: int, width: int, channels: int) -> nn.Module:
        nn = torch.nn
        return nn.Sequential(nn.Flatten(), nn.Linear(channels * height * width, self.dimension, bias=self.bias))

    def map_of(self, module: nn.Module) -> Tensor:
        """W (dimension, D), on the CPU, of what comes to the encoder."""
        return _matrix(module).detach().cpu()

    def set_map(self, module: nn.Module, rows: Tensor) -> None:
        """Have W begin with these rows (K, D), K at most the dimension; the rows below are 0."""
        with torch.no_grad():
            weight = _matrix(module)
            weight.zero_()
            weight[: len(rows)] = rows.to(weight.device)


def _matrix(module: nn.Module) -> Tensor:
    layers = list(module.children())
    return layers[-1].get_parameter("weight")
