from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from core.encoders.headed import EVERYTHING, HEAD, Headed, layers_of
from core.lazy import torch
from core.models.kept_models import ONNX, VECTORS, ModelCard, read_model
from core.params import Card, param

if TYPE_CHECKING:
    from torch import Generator, nn

LINEAR, MLP = "linear", "mlp"
HOW_TO_GET = (
    "brought-network must be given a network of yours, got none. Bring an ONNX file, or weights that Metric Lab has "
    "exported, and choose it."
)


@dataclass(frozen=True)
class BroughtNetwork(Headed):
    """A network of your own, as ONNX or as weights that Metric Lab has exported, with a head that learns on top of it.

    Images come to it prepared as its card says. An ONNX network is frozen, and runs in a process of its own; weights
    of Metric Lab can be tuned. Where training images are neither moved nor mirrored, what a frozen network makes of
    them is computed once. What it does without a head stands among the baselines.
    """

    takes_vectors: ClassVar[bool] = True
    takes_pixels: ClassVar[bool] = True
    card = Card(
        formula=r"f(x) = h(\phi(x)) , \quad \phi \text{ yours, } h \text{ linear or an MLP}",
        traps=(
            "Another crop, another order of the colours or another range than in its training, and the network gives "
            "poor features without a word: compare the frozen network among the baselines with what is known of it.",
        ),
    )
    model: str = param("", help="the id under which the store keeps the network")
    head: str = param(LINEAR, choices=(LINEAR, MLP), help="what stands on top of it: one layer, or a hidden one more")
    width: int = param(256, low=16, high=1024, unit="units", help="units in the hidden layer of an MLP head")
    trained: str = param(
        HEAD, choices=(HEAD, EVERYTHING), help="what learns: the head, or weights of Metric Lab below it as well"
    )
    network_rate: float = param(
        0.1, low=0.0001, high=1.0, help="learning rate of the network, as a share of that of the head"
    )

    @property
    def absence(self) -> str:
        try:
            self.kept()
        except ValueError as problem:
            return str(problem)
        return ""

    def kept(self) -> ModelCard:
        """The card of the network. Raises ValueError where none is chosen, or it is not in this store."""
        if not self.model:
            raise ValueError(HOW_TO_GET)
        return read_model(self.model)

    def check(self, shape: tuple[int, int, int], *, is_vector: bool) -> None:
        card = self.kept()
        if is_vector != (card.takes == VECTORS):
            got = f"vectors of {shape[0]} numbers" if is_vector else "images"
            raise ValueError(
                f"the data must be {card.takes} for the network {card.title}, got {got}. Choose other data, or another "
                "encoder."
            )
        if is_vector and card.numbers != shape[0]:
            raise ValueError(
                f"vectors must have {card.numbers} numbers for the network {card.title}, got {shape[0]}. Choose other "
                "data, or another encoder."
            )
        if card.form == ONNX and self.trained == EVERYTHING:
            raise ValueError(
                "trained must be head only for a network of ONNX, whose own weights stay as they are, got everything. "
                "Set it back."
            )

    def kept_back(self, kind: str) -> str:
        if kind == ONNX and self.kept().form != ONNX:
            return ""
        return (
            f"an encoder on a network that was brought must be taken home as embeddings, got {kind}: its file lies in "
            "the store, and Metric Lab does not hand it on. Take npz or parquet, or embed images with "
            "`python -m core embed --model RUN`."
        )

    def layers(self, height: int, width: int, channels: int) -> nn.Module:
        from core.encoders.brought_layers import onnx_layer, preparation, weights_layer

        card = self.kept()
        before = torch.nn.Identity() if card.takes == VECTORS else preparation(card.image_rule, height, width, channels)
        is_frozen = self.trained == HEAD
        network = onnx_layer(card) if card.form == ONNX else weights_layer(card, is_frozen=is_frozen)
        return torch.nn.Sequential(before, network, torch.nn.Flatten(), self._head(card.dimension))

    def build(self, height: int, width: int, generator: Generator, channels: int = 1) -> nn.Module:
        from core.encoders.brought_layers import load_again

        module = super().build(height, width, generator, channels)
        if self.kept().form != ONNX:
            load_again(layers_of(module)[1], self.kept())  # what was drawn for the head was drawn for all layers
        return module

    def _head(self, features: int) -> nn.Module:
        nn = torch.nn
        if self.head == LINEAR:
            return nn.Linear(features, self.dimension)
        return nn.Sequential(nn.Linear(features, self.width), nn.ReLU(), nn.Linear(self.width, self.dimension))
