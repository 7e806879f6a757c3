"""Small images and archives of them."""

from __future__ import annotations

import io
import tarfile
import zipfile
from pathlib import Path

import numpy as np
from PIL import Image

Members = list[tuple[str, bytes]]


def png(value: int = 128, size: tuple[int, int] = (12, 9), *, seed: int | None = None, coloured: bool = False) -> bytes:
    """A file of one grey, or of noise where a seed says which."""
    width, height = size
    shape = (height, width, 3) if coloured else (height, width)
    pixels = np.full(shape, value, np.uint8)
    if seed is not None:
        pixels = np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8)
    return encoded(Image.fromarray(pixels))


def encoded(image: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    content = io.BytesIO()
    image.save(content, kind, **options)
    return content.getvalue()


def photo(width: int, height: int, *, seed: int = 0) -> bytes:
    """A JPEG of smooth colours under the noise of a camera, as photographs are."""
    generator = np.random.default_rng(seed)
    coarse = generator.integers(0, 256, (height // 20, width // 20, 3), dtype=np.uint8)
    smooth = np.asarray(Image.fromarray(coarse).resize((width, height), Image.Resampling.BICUBIC)).astype(np.float32)
    noisy = smooth + generator.normal(0, 6, smooth.shape).astype(np.float32)
    return encoded(Image.fromarray(np.clip(noisy, 0, 255).astype(np.uint8)), "JPEG", quality=88)


def people(count: int = 3, each: int = 2, *, root: str = "") -> Members:
    """Images of noise, in a folder for each of some people."""
    return [
        (f"{root}p{person}/{number}.png", png(seed=10 * person + number))
        for person in range(count)
        for number in range(each)
    ]


def zipped(path: Path, members: Members) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return path


def tarred(path: Path, members: Members) -> Path:
    with tarfile.open(path, "w:gz" if path.suffix in (".gz", ".tgz") else "w") as archive:
        for name, content in members:
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return path


def unpacked(folder: Path, members: Members) -> Path:
    for name, content in members:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder
