"""Emoji as several artists drew them, in colour: many identities, few drawings of each."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import ClassVar
from zipfile import BadZipFile

import numpy as np

from core.datasets.images import Dataset, Images
from core.params import param
from core.system.locations import ASSETS

FILE = ASSETS / "pictograms" / "pictograms.npz"
IDENTITIES = 1104  # in the file


@dataclass(frozen=True)
class Pictograms(Dataset):
    """Emoji in colour, each drawn by four or five artists: what is meant stays the same, and every hand has its style.

    The identities of a smaller set are the first of a larger one, in an order that was drawn once. The artist of each
    drawing is its group.
    """

    licence: ClassVar[str] = (
        "Noto Emoji by Google (Apache 2.0), Twemoji by Twitter and contributors (CC BY 4.0), Fluent Emoji by Microsoft "
        "(MIT), FxEmojis by Mozilla (CC BY 4.0)"
    )
    size: ClassVar[str] = "4,868 images of 32 x 32 in colour, 1,104 identities"
    real: ClassVar[bool] = True

    identities: int = param(
        IDENTITIES, low=10, high=IDENTITIES, unit="identities", help="how many different pictograms"
    )

    def read(self) -> Images:
        try:
            # Opened here: np.load leaves a file open when it is no archive.
            with FILE.open("rb") as stream, np.load(stream, allow_pickle=False) as arrays:
                pixels, labels, groups = (arrays[name] for name in ("pixels", "labels", "groups"))
                names, artists = (tuple(arrays[name].tolist()) for name in ("class_names", "group_names"))
            rows = np.flatnonzero(labels < self.identities)
            return Images(pixels[rows], labels[rows], names[: self.identities], groups[rows], artists)
        except (OSError, EOFError, KeyError, ValueError, BadZipFile, zlib.error) as error:
            raise ValueError(
                f"{FILE} must be the archive shipped with Metric Lab, got a missing or damaged file ({error}). "
                "Restore it from the repository, or make it again (see the README beside it)."
            ) from error
