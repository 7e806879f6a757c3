"""A network that somebody brought, as layers of torch: how images are prepared for it, and the network itself."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import numpy as np

from core.encoders.own_weights import module_of, own_weights, state_of
from core.encoders.resizing import resizing
from core.lazy import torch
from core.models.image_rule import GREY, LAYOUTS, ORDERS, ImageRule
from core.models.kept_models import VECTORS, ModelCard, checked_file
from core.models.opened_onnx import OpenedOnnx

if TYPE_CHECKING:
    from torch import Tensor, nn

IDLE_SECONDS = 20.0  # after which the process of a network is ended; the next images start another


def preparation(rule: ImageRule, height: int, width: int, channels: int) -> nn.Module:
    """(N, channels, height, width) from 0 to 1 -> what the network takes, as its rule says."""
    rows, columns = rule.rows_of(height), rule.columns_of(width)

    class Preparation(torch.nn.Module):
        """Take the part, resize it, bring the channels to their number, order and scale."""

        def __init__(self) -> None:
            super().__init__()
            matrices = {
                "rows": resizing(height, rule.height, *rows),
                "columns": resizing(width, rule.width, *columns),
                "grey": torch.tensor(GREY)[:, None, None],
                "mean": torch.tensor(rule.mean)[:, None, None],
                "deviation": torch.tensor(rule.deviation)[:, None, None],
            }
            for name, values in matrices.items():
                self.register_buffer(name, values, persistent=False)

        def forward(self, images: Tensor) -> Tensor:
            if channels == 3 and rule.channels == 1:
                images = (images * self.get_buffer("grey")).sum(1, keepdim=True)
            values = self.get_buffer("rows") @ images @ self.get_buffer("columns").T
            values = values.expand(-1, rule.channels, -1, -1)
            if rule.order == ORDERS[1]:
                values = values.flip(1)
            values = (values - self.get_buffer("mean")) / self.get_buffer("deviation")
            return values if rule.layout == LAYOUTS[0] else values.permute(0, 2, 3, 1)

    return Preparation()


def onnx_layer(card: ModelCard) -> nn.Module:
    """What a process of its own makes of the samples: (N, ...) -> (N, features, 1, 1), without a gradient. The file is
    opened at the first use."""
    asking = _Asking(card)

    class OnnxLayer(torch.nn.Module):
        """Has no weights of torch: those of the network lie in its file."""

        def forward(self, values: Tensor) -> Tensor:
            found = asking(values.detach().cpu().contiguous().numpy())
            return torch.from_numpy(found)[:, :, None, None].to(values.device)

    return OnnxLayer()


def weights_layer(card: ModelCard, *, is_frozen: bool) -> nn.Module:
    """An encoder of Metric Lab by its exported weights: (N, channels, H, W) -> (N, features, 1, 1). A frozen one stays
    in evaluation while what follows trains."""
    own = own_weights(checked_file(card))

    class WeightsLayer(torch.nn.Module):
        """The encoder with all that it does at its end, as scaling to unit length."""

        def __init__(self) -> None:
            super().__init__()
            self.network = module_of(own)
            self.requires_grad_(not is_frozen)

        def train(self, mode: bool = True) -> WeightsLayer:
            return super().train(mode and not is_frozen)

        def forward(self, images: Tensor) -> Tensor:
            return own.encoder.embed(self.network, images)[:, :, None, None]

    return WeightsLayer().eval()


def load_again(layer: nn.Module, card: ModelCard) -> None:
    """Give a layer of `weights_layer` the weights of its file once more."""
    layer.get_submodule("network").load_state_dict(state_of(own_weights(checked_file(card))))


class _Asking:
    """Opens the process when it is asked for something, and ends it when it has not been for a while."""

    def __init__(self, card: ModelCard) -> None:
        self._card, self._lock = card, threading.Lock()
        self._opened: OpenedOnnx | None = None
        self._leaving: threading.Timer | None = None

    def __call__(self, values: np.ndarray) -> np.ndarray:
        card = self._card
        with self._lock:
            if self._leaving:
                self._leaving.cancel()
            if self._opened is None:
                self._opened = OpenedOnnx(checked_file(card))
            try:
                shaped = values.reshape(len(values), -1) if card.takes == VECTORS else values
                found = self._opened(shaped, output=card.output, at_once=card.at_once)
            except ValueError:
                self._close()
                raise
            self._leaving = threading.Timer(IDLE_SECONDS, self._leave)
            self._leaving.daemon = True
            self._leaving.start()
        if found.shape[1] != card.dimension or not np.isfinite(found).all():
            raise ValueError(
                f"the network must give {card.dimension} finite numbers for each sample, got {found.shape[1]} or some "
                "that are not finite. Correct how images are prepared for it, and bring it again."
            )
        return found.copy()  # which torch may write into

    def _leave(self) -> None:
        with self._lock:
            if self._leaving is threading.current_thread():
                self._close()

    def _close(self) -> None:
        if self._opened is not None:
            self._opened.close()
        self._opened = None
