from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

from core.encoders.headed import EVERYTHING, HEAD, Headed, layers_of
from core.encoders.pretrained import PRETRAINED, absence, pretrained_state
from core.encoders.resizing import resizing
from core.lazy import torch
from core.params import Card, param

if TYPE_CHECKING:
    from torch import Generator, Tensor, nn

PIXEL_MEAN, PIXEL_DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)  # of ImageNet, values from 0 to 1
FROM_IMAGENET, RANDOM = "ImageNet", "random"
LAST = {"resnet": "fc", "mobilenet": "classifier", "efficientnet": "classifier"}  # what tells ImageNet's classes apart


@dataclass(frozen=True)
class Backbone(Headed):
    """A large network of torchvision, pretrained on ImageNet, with a linear layer to the embedding: as it is, or tuned.

    Pixels come to it as they are: it makes grey images three equal colours, stretches them to its own size and scales
    them by ImageNet's mean and deviation. With the head alone in training the network is frozen, its batch
    normalisation too; where training images are neither moved nor mirrored, what it makes of them is computed once.
    """

    takes_pixels: ClassVar[bool] = True
    card = Card(
        formula=r"f(x) = W \, \phi(x) + b , \quad \phi \text{ from ImageNet, or random}",
        paper="He, Zhang, Ren, Sun 2016, Deep residual learning for image recognition (CVPR); Howard et al. 2019, "
        "Searching for MobileNetV3 (ICCV); Tan, Le 2019, EfficientNet (ICML)",
        dialects=(
            "Papers on metric learning mostly tune everything at a small rate; a frozen network with a head is the "
            "cheap first step, and an honest baseline.",
        ),
        traps=(
            "ImageNet holds photographs of things: on handwriting or drawings its features may be worse than pixels.",
            "Few training images and everything in training: it overfits within a few epochs.",
        ),
    )
    network: str = param("resnet18", choices=tuple(PRETRAINED), help="which network, as torchvision calls it")
    weights: str = param(
        FROM_IMAGENET,
        choices=(FROM_IMAGENET, RANDOM),
        help="where its weights begin: as trained on ImageNet, from a file that is fetched once, or drawn",
    )
    trained: str = param(
        HEAD, choices=(HEAD, EVERYTHING), help="what learns: the linear layer at the end, or the network as well"
    )
    network_rate: float = param(
        0.1, low=0.0001, high=1.0, help="learning rate of the network, as a share of that of the head"
    )
    side: int = param(
        128, choices=(64, 96, 128, 160, 224), unit="pixels", help="images are stretched to so much a side"
    )

    @property
    def absence(self) -> str:
        return absence(self.network) if self.weights == FROM_IMAGENET else ""

    def blank(self) -> Backbone:
        return replace(self, weights=RANDOM)

    def layers(self, height: int, width: int, channels: int) -> nn.Module:
        trunk, features = _trunk(self.network)
        module = torch.nn.Sequential(
            _as_imagenet(height, width, self.side),
            _kept(trunk) if self.trained == HEAD else trunk,
            torch.nn.Flatten(),
            torch.nn.Linear(features, self.dimension),
        )
        if self.trained == HEAD:
            trunk.requires_grad_(False)
        return module

    def build(self, height: int, width: int, generator: Generator, channels: int = 1) -> nn.Module:
        module = super().build(height, width, generator, channels)
        if self.weights == FROM_IMAGENET:
            _load(layers_of(module)[1], pretrained_state(self.network), self.network)
        return module


def _trunk(network: str) -> tuple[nn.Module, int]:
    """A network without its classifier, weights drawn, that gives (N, features, 1, 1); and how many features."""
    from torchvision import models

    # Layers left out at random would draw from torch's own generator, which no checkpoint holds.
    options: dict[str, Any] = {"stochastic_depth_prob": 0.0} if network.startswith("efficientnet") else {}
    whole = models.get_model(network, weights=None, **options)
    last = _last(network)
    first = next(layer for layer in getattr(whole, last).modules() if isinstance(layer, torch.nn.Linear))
    setattr(whole, last, torch.nn.Unflatten(1, (first.in_features, 1, 1)))
    return whole, first.in_features


def _last(network: str) -> str:
    return next(last for family, last in LAST.items() if network.startswith(family))


def _kept(trunk: nn.Module) -> nn.Module:
    """A network that stays in evaluation while what follows trains: batches leave no trace in it."""
    trunk.train = lambda mode=True: type(trunk).train(trunk, False)  # type: ignore[method-assign]
    return trunk.eval()


def _load(trunk: nn.Module, state: dict[str, Tensor], network: str) -> None:
    """Give the trunk its weights; those of the classifier have no place."""
    kept = {name: tensor for name, tensor in state.items() if not name.startswith(f"{_last(network)}.")}
    try:
        trunk.load_state_dict(kept)
    except RuntimeError as problem:
        raise ValueError(
            f"the pretrained weights must be those of {network}, got others ({str(problem).splitlines()[-1].strip()}). "
            "Remove their file, and fetch it again."
        ) from None


def _as_imagenet(height: int, width: int, side: int) -> nn.Module:
    """(N, 1 or 3, height, width) from 0 to 1 -> (N, 3, side, side) as the networks have seen images in training."""

    class AsImageNet(torch.nn.Module):
        """Stretch, make three colours of grey, scale."""

        def __init__(self) -> None:
            super().__init__()
            self.register_buffer("rows", resizing(height, side), persistent=False)
            self.register_buffer("columns", resizing(width, side), persistent=False)
            for name, values in (("mean", PIXEL_MEAN), ("deviation", PIXEL_DEVIATION)):
                self.register_buffer(name, torch.tensor(values)[:, None, None], persistent=False)

        def forward(self, images: Tensor) -> Tensor:
            stretched = self.get_buffer("rows") @ images @ self.get_buffer("columns").T
            return (stretched - self.get_buffer("mean")) / self.get_buffer("deviation")

    return AsImageNet()
