"""`python -m core embed`: embeddings of image files by an encoder that was taken home, or by a run; of vectors by a
head on such."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import numpy as np

from core.experiment.options import Parser
from core.handover.vector_scaling import VectorScaling
from core.jobs.usable_encoder import UsableEncoder, usable_encoder
from core.readers.embeddings_file import load_embeddings, load_point_names
from core.readers.image_files import ImageFiles, image_files
from core.records.fields import JsonObject
from core.system.atomic_files import write_bytes
from core.system.progress import Progress

AT_ONCE = 256  # images
Arrays = dict[str, np.ndarray]


def embed_command(words: list[str]) -> int:
    """Write embeddings, names and labels as far as they are known; print what was written as JSON; the exit status."""
    options = _parser().parse_args(words)
    out = Path(options.out)
    if out.suffix != ".npz" or not out.parent.is_dir():
        raise ValueError(f"--out must be an .npz in a folder that is there, got {out}. Name another.")
    encoder = usable_encoder(options.model)
    if encoder.remark:
        print(f"hint: {encoder.remark}", file=sys.stderr)
    of_vectors = isinstance(encoder.preprocessing, VectorScaling)
    arrays, found = (_of_vectors if of_vectors else _of_images)(Path(options.path), encoder)
    content = io.BytesIO()
    np.savez(content, allow_pickle=False, **arrays)
    write_bytes(out, content.getvalue())
    print(json.dumps(found))
    return 0


def _of_images(path: Path, encoder: UsableEncoder) -> tuple[Arrays, JsonObject]:
    """Arrays to write, and what there is in them: of an image, a folder or a zip of images."""
    files = image_files(path)
    if files.passed_over:
        print(f"hint: passed over, as no images by their names: {files.passed_over:,} files", file=sys.stderr)
    progress = Progress("embedding", len(files.names))
    embeddings = np.concatenate(list(_embedded(files, encoder, progress)))
    progress.end()
    identities = [image.identity for image in files.names]
    arrays = {"embeddings": embeddings, "names": np.array([image.name for image in files.names], np.str_)}
    arrays |= {"labels": np.array(identities, np.str_)} if all(identities) else {}
    found = {"images": len(embeddings), "dimension": embeddings.shape[1], "identities": len(set(identities) - {""})}
    return arrays, found | {"passed_over": files.passed_over}


def _of_vectors(path: Path, encoder: UsableEncoder) -> tuple[Arrays, JsonObject]:
    """The same of an .npz of embeddings by the encoder that made those of the training, with its labels and names."""
    vectors, labels, class_names = load_embeddings(path)
    names = load_point_names(path, len(vectors))
    embeddings = encoder.embed(vectors)
    arrays = {"embeddings": embeddings, "labels": np.array(class_names, np.str_)[labels]}
    arrays |= {"names": np.array(names, np.str_)} if names else {}
    return arrays, {"vectors": len(vectors), "dimension": embeddings.shape[1], "identities": len(class_names)}


def _parser() -> Parser:
    parser = Parser(
        prog="python -m core embed", description="Embeddings of image files, or of vectors.", allow_abbrev=False
    )
    parser.add_argument(
        "path",
        help="an image, a folder of images, or a zip; the folder of an image is its identity; for a head on vectors an "
        ".npz of embeddings and labels",
    )
    parser.add_argument(
        "--model", required=True, metavar="MODEL", help="an exported folder, .onnx, a run, or an imported network"
    )
    parser.add_argument("--out", required=True, metavar="FILE.npz", help="embeddings, names, and labels if any")
    return parser


def _embedded(files: ImageFiles, encoder: UsableEncoder, progress: Progress) -> Iterator[np.ndarray]:
    rule = encoder.preprocessing
    assert not isinstance(rule, VectorScaling), "images are embedded by an encoder of images"
    pixels = (rule.pixels_of(picture) for picture in files.pictures(rule.least))
    while batch := list(islice(pixels, AT_ONCE)):
        yield encoder.embed(np.stack(batch))
        progress.did(len(batch))
