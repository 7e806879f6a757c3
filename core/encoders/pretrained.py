"""Weights that others have trained: found where torch keeps what it has fetched, or fetched there, and checked.

Pages ask whether they are here, so nothing below loads torch before weights are read.
"""

from __future__ import annotations

import hashlib
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from core.lazy import torch
from core.system.quoting import brief

if TYPE_CHECKING:
    from torch import Tensor

SECONDS = 30.0  # without an answer, after which a download is given up
BYTES_AT_ONCE = 1 << 20


class Pretrained(NamedTuple):
    """Weights of torchvision by their full name, the file that holds them and its size. The file's name ends in the
    first eight characters of its SHA-256."""

    name: str
    file: str
    megabytes: int

    @property
    def digest(self) -> str:
        """How the SHA-256 of the file begins, in hex."""
        return self.file.removesuffix(".pth").rpartition("-")[2]

    @property
    def path(self) -> Path:
        """Where the file lies, or would."""
        return cache_folder() / self.file


PRETRAINED = {
    "resnet18": Pretrained("ResNet18_Weights.IMAGENET1K_V1", "resnet18-f37072fd.pth", 45),
    "resnet50": Pretrained("ResNet50_Weights.IMAGENET1K_V2", "resnet50-11ad3fa6.pth", 98),
    "mobilenet_v3_small": Pretrained("MobileNet_V3_Small_Weights.IMAGENET1K_V1", "mobilenet_v3_small-047dcff4.pth", 10),
    "efficientnet_b0": Pretrained(
        "EfficientNet_B0_Weights.IMAGENET1K_V1", "efficientnet_b0_rwightman-7f5810bc.pth", 21
    ),
}


def cache_folder() -> Path:
    """The folder of torch.hub's checkpoints, by the same variables of the environment."""
    home = os.environ.get("TORCH_HOME") or Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache") / "torch"
    return Path(home).expanduser() / "hub" / "checkpoints"


def absence(network: str) -> str:
    """What a run would have to fetch, in a sentence; empty where the weights are here."""
    weights = PRETRAINED[network]
    if weights.path.is_file():
        return ""
    return (
        f"The pretrained weights of {network} ({weights.megabytes} MB) are not on this machine yet. The run fetches "
        f"them before it begins, where the network allows that; where it does not, put {weights.file} into torch's "
        "cache (~/.cache/torch/hub/checkpoints, unless TORCH_HOME names another)."
    )


def pretrained_state(network: str) -> dict[str, Tensor]:
    """The weights of a network by their names, fetched where they are not here; for workers and the command line.

    Raises ValueError, with what to put where by hand, where they are neither here nor to be had, or are not the ones
    that they should be.
    """
    weights = PRETRAINED[network]
    if not weights.path.is_file():
        _fetch(network, weights)
    check_digest(weights.path, weights.digest)
    try:
        return torch.load(weights.path, map_location="cpu", weights_only=True)
    except Exception as problem:  # torch's own errors of damaged files have no common kind
        raise ValueError(
            f"{weights.path} must hold weights, got {brief(str(problem))}. Remove it, and fetch it again."
        ) from None


def check_digest(path: Path, expected: str) -> None:
    """Raise ValueError where the SHA-256 of a file does not begin as `expected` says, in hex."""
    content = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while part := file.read(BYTES_AT_ONCE):
                content.update(part)
    except OSError as problem:
        raise ValueError(f"{path} must be readable, got {problem.strerror}. Correct its rights.") from None
    if not content.hexdigest().startswith(expected):
        raise ValueError(
            f"the SHA-256 of {path} must begin with {expected}, got {content.hexdigest()[: len(expected)]}: it is cut "
            "off, or another file. Remove it, and fetch it again."
        )


def _fetch(network: str, weights: Pretrained) -> None:
    """From the address that stands in torchvision; the file takes its name once it is whole and checked."""
    try:
        from torchvision.models import get_weight

        address = get_weight(weights.name).url
        weights.path.parent.mkdir(parents=True, exist_ok=True)
        with _patience():
            torch.hub.download_url_to_file(address, str(weights.path), weights.digest, progress=False)
    except (ImportError, OSError, RuntimeError, ValueError) as problem:
        if weights.path.is_file():  # another worker was first
            return
        reason = str(problem).splitlines()[0] if str(problem) else type(problem).__name__
        raise ValueError(
            f"the pretrained weights of {network} must be on this machine or to be had from the network, got no file "
            f"{weights.path} and a failed download ({reason}). Fetch {weights.file} elsewhere, from where torchvision "
            "has it, and put it there; or choose random weights."
        ) from None


@contextmanager
def _patience() -> Iterator[None]:
    """A download that gets no answer ends, as torch's own would not."""
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(SECONDS)
    try:
        yield
    finally:
        socket.setdefaulttimeout(before)
