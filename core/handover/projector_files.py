"""Embeddings as a folder that TensorBoard's projector opens: `tensorboard --logdir FOLDER`."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
from PIL import Image

from core.datasets.images import contact_sheet
from core.handover.csv_table import neutral
from core.handover.embedding_set import EmbeddingSet
from core.system.atomic_files import write_bytes

CONFIG, TENSORS, METADATA, SPRITE = "projector_config.pbtxt", "tensors.tsv", "metadata.tsv", "sprite.png"
LARGEST_SPRITE = 8192  # pixels of a side, what graphics cards and the projector take


def write_projector(folder: Path, points: EmbeddingSet, pixels: np.ndarray | None = None) -> str:
    """Write tensors, names, the images (N, H, W) or (N, H, W, 3) of the points if there are any, and what ties them
    together; a sentence where the images are left out, or nothing."""
    lines = ("\t".join(format(value, ".9g") for value in row) for row in points.plain.tolist())
    write_bytes(folder / TENSORS, ("\n".join(lines) + "\n").encode())
    names = points.point_names or ("",) * len(points.labels)
    head = "class\trow\tname" if points.point_names else "class\trow"
    told = [head]
    for name, row, point in zip(points.names, points.rows.tolist(), names, strict=True):
        told.append("\t".join([_cell(name), str(row), *([_cell(point)] if points.point_names else [])]))
    write_bytes(folder / METADATA, ("\n".join(told) + "\n").encode())
    sprite, left_out = ("", "") if pixels is None else _sprite(folder, pixels)
    config = f'embeddings {{\n  tensor_name: "embeddings"\n  tensor_path: "{TENSORS}"\n  metadata_path: "{METADATA}"\n'
    write_bytes(folder / CONFIG, f"{config}{sprite}}}\n".encode())
    return left_out


def _sprite(folder: Path, pixels: np.ndarray) -> tuple[str, str]:
    """The lines that name the sheet of images; or nothing, and why."""
    height, width = pixels.shape[1:3]
    columns = int(np.ceil(np.sqrt(len(pixels))))
    across, down = columns * width, -(-len(pixels) // columns) * height
    if max(across, down) > LARGEST_SPRITE:
        return "", (
            f"{SPRITE} is left out: the projector takes at most {LARGEST_SPRITE:,} pixels a side, and these "
            f"{len(pixels):,} images would take {across:,} x {down:,}."
        )
    picture = io.BytesIO()
    Image.fromarray(contact_sheet(pixels, columns)).save(picture, "PNG", optimize=True)
    write_bytes(folder / SPRITE, picture.getvalue())
    sizes = f"    single_image_dim: {width}\n    single_image_dim: {height}\n"
    return f'  sprite {{\n    image_path: "{SPRITE}"\n{sizes}  }}\n', ""


def _cell(text: str) -> str:
    """On one line without tabs, and no formula of a spreadsheet; a space where nothing is left, since the projector
    passes over empty lines."""
    return neutral(" ".join(text.split())) or " "
