"""Admission beside plain Pillow, numpy and pandas, and how long the card's checks take."""

from __future__ import annotations

import multiprocessing
import os
import tempfile
import time
import zipfile
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from io import BytesIO
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import pandas as pd
from PIL import Image

from core.admission.array_files import read_npz
from core.admission.copies import copies_in
from core.admission.csv_vectors import read_csv
from core.admission.decoding import decoded
from core.admission.entries import entries_in
from core.admission.findings import findings
from core.admission.preparation import Preparation
from core.datasets.images import Images
from core.datasets.vectors import Vectors
from tests.core.admission.made import photo

Row = dict[str, Any]
PHOTOS, BATCH, TURNS = 3600, 16, 3
POINTS, DIMENSION = 100_000, 128
CSV_ROWS, REPEATED = 25_000, 4
IMAGES, VECTORS = 20_000, 100_000
MOST_SECONDS = 60.0


def rows() -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        return [_images(place), _npz(place), _csv(place), _checks_of_vectors(), _checks_of_images()]


def _images(place: Path) -> Row:
    """The same photos from the same zip: ours decoded, upright, made small; the peer's decoded alone."""
    path, photos = place / "photos.zip", [photo(640, 480, seed=number) for number in range(8)]
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(PHOTOS):
            archive.writestr(f"p{number % 40}/{number}.jpg", photos[number % 8])
    count = os.cpu_count() or 1
    seconds: dict[str, list[float]] = {"ours": [], "peer": []}
    with ProcessPoolExecutor(count, multiprocessing.get_context("spawn")) as pool:
        list(pool.map(_plain, [photos[:1]] * count))  # loads Pillow
        for _ in range(TURNS):
            seconds["ours"].append(_seconds(lambda: _all(decoded(entries_in(path), Preparation()))))
            seconds["peer"].append(_seconds(lambda: _plainly(path, pool)))
    ours, peer = PHOTOS / median(seconds["ours"]), PHOTOS / median(seconds["peer"])
    what = f"JPEG of 640 x 480 admitted, {count} processes"
    return _row(what, ours, peer, "Pillow, decoding alone", ours / peer, ">= 0.8", ours >= 0.8 * peer, "images/s")


def _plainly(path: Path, pool: ProcessPoolExecutor) -> None:
    with zipfile.ZipFile(path) as archive:
        contents = [archive.read(name) for name in archive.namelist()]
    _all(pool.map(_plain, [contents[start : start + BATCH] for start in range(0, len(contents), BATCH)]))


def _plain(contents: list[bytes]) -> int:
    for content in contents:
        Image.open(BytesIO(content)).load()
    return len(contents)


def _npz(place: Path) -> Row:
    path = place / "a.npz"
    points = np.random.default_rng(0).normal(size=(POINTS, DIMENSION)).astype(np.float32)
    np.savez(path, embeddings=points, labels=np.arange(POINTS) % 1000)

    def peer() -> None:
        with np.load(path) as arrays:
            _all(arrays[name] for name in arrays.files)

    ours, theirs = _in_turns(lambda: read_npz(path, {}), peer)
    what = f"{POINTS:,} x {DIMENSION} of an .npz read and checked"
    return _row(what, ours, theirs, "np.load", ours / theirs, "<= 1.5", ours <= 1.5 * theirs, "s")


def _csv(place: Path) -> Row:
    path = place / "a.csv"
    points = np.random.default_rng(0).normal(size=(CSV_ROWS, DIMENSION)).astype(np.float32)
    frame = pd.DataFrame(points, columns=[f"x{number}" for number in range(DIMENSION)])
    frame["label"] = [f"p{number % 1000:04}" for number in range(CSV_ROWS)]
    head, rows = frame.to_csv(index=False).split("\n", 1)
    path.write_text(f"{head}\n{rows * REPEATED}")
    ours, theirs = _in_turns(lambda: read_csv(path, {}, place, lambda share: None), lambda: pd.read_csv(path))
    what = f"{CSV_ROWS * REPEATED:,} x {DIMENSION} of CSV"
    return _row(what, ours, theirs, "pandas.read_csv", theirs / ours, ">= 3", theirs >= 3 * ours, "s")


def _checks_of_vectors() -> Row:
    generator = np.random.default_rng(0)
    labels = np.arange(VECTORS) % 5000
    points = generator.normal(size=(5000, DIMENSION))[labels] + 0.5 * generator.normal(size=(VECTORS, DIMENSION))
    points[1::1000] = points[::1000]
    samples = Vectors(points.astype(np.float32), labels, tuple(map(str, range(5000))))
    return _checks(f"the card's checks of {VECTORS:,} x {DIMENSION}", samples)


def _checks_of_images() -> Row:
    generator = np.random.default_rng(0)
    coarse = generator.integers(0, 256, (IMAGES, 8, 8), dtype=np.uint8)
    pixels = coarse.repeat(8, axis=1).repeat(8, axis=2)
    pixels[1::100] = pixels[::100] ^ 1
    samples = Images(pixels, np.arange(IMAGES) % 1000, tuple(map(str, range(1000))))
    return _checks(f"the card's checks of {IMAGES:,} images of 64 x 64", samples)


def _checks(what: str, samples: Vectors | Images) -> Row:
    copies_in(type(samples)(samples.values[:64], samples.labels[:64], samples.class_names))  # compiles
    seconds = _seconds(lambda: findings(samples))
    return _row(what, seconds, MOST_SECONDS, "floor", seconds / MOST_SECONDS, "<= 1", seconds <= MOST_SECONDS, "s")


def _in_turns(ours: Callable[[], object], peer: Callable[[], object]) -> tuple[float, float]:
    ours()
    peer()
    taken = [(_seconds(ours), _seconds(peer)) for _ in range(TURNS)]
    return median(one for one, _ in taken), median(one for _, one in taken)


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _all(values: Any) -> int:
    return sum(1 for _ in values)


def _row(what: str, ours: float, peer: float, name: str, ratio: float, bar: str, holds: bool, unit: str) -> Row:
    return {
        "what": what,
        "ours": ours,
        "unit": unit,
        "peer": peer,
        "peer_name": name,
        "ratio": ratio,
        "bar": bar,
        "holds": bool(holds),
    }


if __name__ == "__main__":
    for row in rows():
        print(row)
