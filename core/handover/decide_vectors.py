"""Decide whether two vectors show the same identity: python decide.py FIRST SECOND

Needs numpy and onnxruntime, and beside this file the model.json and encoder.onnx that were exported with it. Each file
holds one vector of the encoder that made those of the training: .npy, or text with its numbers between commas or
blanks.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np


def main(words: list[str]) -> int:
    """Print the distance, the threshold and the decision; 0 where the pair is accepted, 1 where it is refused."""
    if len(words) != 2:
        print("usage: python decide.py FIRST SECOND", file=sys.stderr)
        return 2
    folder = Path(__file__).resolve().parent
    try:
        model = json.loads((folder / "model.json").read_text(encoding="utf-8"))
        embeddings = embed(model, folder, np.stack([vector_of(Path(word), model) for word in words]))
        apart = float(distance(embeddings[0], embeddings[1]))
    except (ValueError, OSError) as problem:
        print(f"error: {problem}", file=sys.stderr)
        return 2
    accepted = is_accepted(model, apart)
    verdict = "accepted" if accepted else "refused"
    print(f"{verdict}: distance {apart:.6g}, threshold {model['threshold']['value']}")
    return 0 if accepted else 1


def is_accepted(model: dict[str, Any], apart: float) -> bool:
    """Whether a pair so far apart is accepted, ties too; nobody is where no threshold serves the goal."""
    threshold = model["threshold"]
    if threshold["value"] is None and not threshold["accepts_nobody"]:
        raise ValueError("model.json must have a threshold to decide by, got none. Export the run with one.")
    return not threshold["accepts_nobody"] and apart <= threshold["value"]


def embed(model: dict[str, Any], folder: Path, vectors: np.ndarray) -> np.ndarray:
    """Vectors (N, D) as they come from their encoder -> embeddings (N, K) float32; mean and scale are in the file."""
    import onnxruntime

    session = onnxruntime.InferenceSession(folder / model["encoder"]["file"], providers=["CPUExecutionProvider"])
    values = np.ascontiguousarray(vectors, np.float32)
    return np.asarray(session.run(None, {model["encoder"]["input"]: values})[0])


def distance(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """How far two embeddings (D,), or N pairs of them as two (N, D), are apart."""
    first, second = first.astype(np.float64), second.astype(np.float64)
    return np.sqrt(((first - second) ** 2).sum(axis=-1))


def unit(embeddings: np.ndarray) -> np.ndarray:
    """Scaled to length 1; the zero vector stays."""
    lengths = np.sqrt((embeddings**2).sum(axis=-1, keepdims=True))
    return embeddings / np.where(lengths > 0, lengths, 1)


def vector_of(path: Path, model: dict[str, Any]) -> np.ndarray:
    """The vector (D,) of a file. Raises ValueError for what is none of the right length."""
    numbers = model["preprocessing"]["numbers"]
    try:
        if path.suffix == ".npy":
            vector = np.load(path, allow_pickle=False).reshape(-1).astype(np.float32)
        else:
            vector = np.array(path.read_text(encoding="utf-8").replace(",", " ").split(), np.float32)
    except (ValueError, EOFError, UnicodeDecodeError) as problem:
        raise ValueError(f"{path.name} must hold the numbers of one vector, got {problem}. Save it again.") from None
    if vector.shape != (numbers,) or not np.isfinite(vector).all():
        raise ValueError(
            f"{path.name} must hold one vector of {numbers} finite numbers, got {vector.size:,}. Take it from the same "
            "encoder."
        )
    return vector


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
