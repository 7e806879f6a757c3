"""How a vector of somebody else's encoder becomes what a head on it takes, said in plain values as preprocessing.py
says it of images."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from core.records.fields import JsonObject

KIND = "vectors"  # in model.json, where preprocessing of images has none


@dataclass(frozen=True)
class VectorScaling:
    """Of each number of a vector (D,) the mean over the training set is taken away, and the rest divided by one scale
    for all of them."""

    mean: tuple[float, ...]
    scale: float

    def __post_init__(self) -> None:
        if not self.mean or not self.scale > 0 or not np.isfinite([*self.mean, self.scale]).all():
            raise ValueError(
                f"vectors must have a finite mean for each number and a scale above 0, got {len(self.mean)} means and "
                f"{self.scale}. Correct model.json."
            )

    @property
    def numbers(self) -> int:
        """D, how many numbers a vector has."""
        return len(self.mean)

    @classmethod
    def read(cls, written: Any) -> VectorScaling:
        """Of what `written` gave, as JSON has it. Raises ValueError for what is damaged."""
        try:
            return cls(tuple(float(value) for value in written["mean"]), float(written["scale"]))
        except (KeyError, TypeError) as problem:
            raise ValueError(
                f"preprocessing of vectors must say mean and scale, got {problem}. Export the encoder again."
            ) from None

    def written(self) -> JsonObject:
        """The plain values that `read` takes."""
        return {"kind": KIND, "numbers": self.numbers, "mean": list(self.mean), "scale": self.scale}

    def checked(self, vectors: np.ndarray) -> np.ndarray:
        """(N, D) float32 of vectors as somebody has them, what the exported encoder takes. Raises ValueError for those
        of another length and for what is not finite."""
        if vectors.ndim != 2 or vectors.shape[1] != self.numbers:
            raise ValueError(
                f"vectors must have {self.numbers:,} numbers each, as those that the head was trained on, got "
                f"{vectors.shape}. Take those of the same encoder."
            )
        if not np.isfinite(vectors).all():
            raise ValueError("vectors must be finite, got NaN or infinity. Leave such rows out.")
        return np.ascontiguousarray(vectors, np.float32)

    def values_of(self, vectors: np.ndarray) -> np.ndarray:
        """(N, D) -> (N, D, 1, 1) float32, what the head itself takes: an image of one pixel, scaled."""
        scaled = (self.checked(vectors) - np.array(self.mean, np.float32)) / np.float32(self.scale)
        return scaled[:, :, None, None]
