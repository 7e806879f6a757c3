"""`python -m core embed`: embeddings of image files by an encoder that was taken home, or by a run."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import numpy as np

from core.experiment.options import Parser
from core.jobs.usable_encoder import UsableEncoder, usable_encoder
from core.readers.image_files import ImageFiles, image_files
from core.system.atomic_files import write_bytes
from core.system.progress import Progress

AT_ONCE = 256  # images


def embed_command(words: list[str]) -> int:
    """Write embeddings, names and, where folders name them, labels; print what was written as JSON; the exit status."""
    parser = Parser(prog="python -m core embed", description="Embeddings of image files.", allow_abbrev=False)
    parser.add_argument("path", help="an image, a folder of images, or a zip; the folder of an image is its identity")
    parser.add_argument("--model", required=True, metavar="MODEL", help="an exported folder, an .onnx file, or a run")
    parser.add_argument("--out", required=True, metavar="FILE.npz", help="embeddings, names, and labels if any")
    options = parser.parse_args(words)
    out = Path(options.out)
    if out.suffix != ".npz" or not out.parent.is_dir():
        raise ValueError(f"--out must be an .npz in a folder that is there, got {out}. Name another.")
    files, encoder = image_files(Path(options.path)), usable_encoder(options.model)
    hints = [encoder.remark] if encoder.remark else []
    if files.passed_over:
        hints.append(f"passed over, as no images by their names: {files.passed_over:,} files")
    for hint in hints:
        print(f"hint: {hint}", file=sys.stderr)
    progress = Progress("embedding", len(files.names))
    embeddings = np.concatenate(list(_embedded(files, encoder, progress)))
    progress.end()
    identities = [image.identity for image in files.names]
    arrays = {"embeddings": embeddings, "names": np.array([image.name for image in files.names], np.str_)}
    arrays |= {"labels": np.array(identities, np.str_)} if all(identities) else {}
    content = io.BytesIO()
    np.savez(content, allow_pickle=False, **arrays)
    write_bytes(out, content.getvalue())
    found = {"images": len(embeddings), "dimension": embeddings.shape[1], "identities": len(set(identities) - {""})}
    print(json.dumps(found | {"passed_over": files.passed_over}))
    return 0


def _embedded(files: ImageFiles, encoder: UsableEncoder, progress: Progress) -> Iterator[np.ndarray]:
    pixels = (encoder.preprocessing.pixels_of(picture) for picture in files.pictures())
    while batch := list(islice(pixels, AT_ONCE)):
        yield encoder.embed(np.stack(batch))
        progress.did(len(batch))
