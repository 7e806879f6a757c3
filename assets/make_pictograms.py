"""Draw the pictograms that are shipped: emoji as several artists' sets have them.

python -m assets.make_pictograms [OUT]

It fetches the pinned packages by npm into a temporary folder, and draws with resvg-py, which nothing else needs:
pip install --target FOLDER resvg-py==0.5.0, then PYTHONPATH=FOLDER. The same versions give the same bytes each time.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
import tarfile
from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import numpy as np
from PIL import Image

from assets.make_fashion_mnist import write_archive
from core.datasets.pictograms import FILE

SIDE = 32
GROUND = "#ffffff"  # emoji are drawn for light pages: on other grounds more of them can hardly be seen
LEAST_DRAWINGS = 4
ALIKE = 2.0  # mean difference of the values, up to 255, below which two drawings are copies
SEED = 0


class Source(NamedTuple):
    """A package of SVG drawings, and the digest of what npm packs of it."""

    version: str
    digest: str


# Where two sets have the same drawing, it is that of the earlier set.
SOURCES = {
    "noto": Source("1.2.9", "3e918d88fc945c0bb3d468dbace6f88caef67f01c9f0e7bcae0915a042e8f1ad"),
    "twemoji": Source("1.2.5", "19046dff7d8707ce96212ec86468b36ac5f8e60409629dd13f809265c6d0ebb7"),
    "fluent-emoji-flat": Source("1.2.6", "7d064769dee690815f823bc5bcc511d957198caf9f5edd8dd9c1aa48a6aeb175"),
    "fxemoji": Source("1.2.2", "f3e72b3c59d05e1db03b7e308d55c0d05bd7ba3f625a90da1b79313c12858eef"),
    "noto-v1": Source("1.2.5", "2bf62c26c2c2884aa99e90aec942cdaee17a5921f05690694f4978ad4b017c37"),
}
# What fxemoji calls by a name that means something else elsewhere.
MISNAMED = {"fxemoji": frozenset({"construction", "dog", "mouse", "pig", "sunglasses", "tiger", "umbrella"})}

Icons = dict[str, Any]


def fetch(name: str, source: Source, folder: Path) -> Icons:
    """What one package says of its drawings; ValueError where npm brings another file than the pinned one."""
    package = f"@iconify-json/{name}@{source.version}"
    subprocess.run(["npm", "pack", "--silent", package], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    content = (folder / f"iconify-json-{name}-{source.version}.tgz").read_bytes()
    if sha256(content).hexdigest() != source.digest:
        raise ValueError(f"{package} must have the digest {source.digest}, got {sha256(content).hexdigest()}.")
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        file = archive.extractfile("package/icons.json")
        assert file is not None
        return json.load(file)


def shared_names(sets: Mapping[str, Icons]) -> dict[str, dict[str, str]]:
    """Of every emoji without a skin tone: its name in each set that draws it.

    Sets differ in hyphens alone. The name of an emoji is that of the first set that has it.
    """
    emoji: dict[str, dict[str, str]] = {}
    for set_name, icons in sets.items():
        for name, icon in icons["icons"].items():
            plain = name.replace("-", "")
            if not icon.get("hidden") and "skintone" not in plain and name not in MISNAMED.get(set_name, ()):
                emoji.setdefault(plain, {})[set_name] = name
    return {next(iter(names.values())): names for names in emoji.values() if len(names) >= LEAST_DRAWINGS}


def drawn(icons: Icons, name: str) -> np.ndarray:
    """(SIDE, SIDE, 3) uint8: the whole drawing in the middle of its ground."""
    import resvg_py

    icon = icons["icons"][name]
    width, height = (icon.get(edge, icons.get(edge, 16)) for edge in ("width", "height"))
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'width="{SIDE}" height="{SIDE}" viewBox="0 0 {width} {height}">{icon["body"]}</svg>'
    )
    content = resvg_py.svg_to_bytes(svg_string=svg, background=GROUND, skip_system_fonts=True)
    with Image.open(io.BytesIO(bytes(content))) as picture:
        return np.asarray(picture.convert("RGB"))


def copied_rows(pixels: np.ndarray, labels: np.ndarray, groups: np.ndarray) -> tuple[set[int], set[int]]:
    """Rows of drawings that an earlier set has, nearly the same, for the same emoji; and rows of those that one set
    uses for several emoji: nobody can say which of them it means."""
    from_others: set[int] = set()
    for label in np.unique(labels):
        rows = np.flatnonzero(labels == label)
        rows = rows[np.argsort(groups[rows])]
        for place, row in enumerate(rows):
            earlier = pixels[rows[:place]].astype(np.int64)
            if place and np.abs(earlier - pixels[row]).mean(axis=(1, 2, 3)).min() < ALIKE:
                from_others.add(int(row))
    uses: dict[tuple[int, bytes], list[int]] = {}
    for row, group in enumerate(groups.tolist()):
        uses.setdefault((group, pixels[row].tobytes()), []).append(row)
    return from_others, {row for rows in uses.values() if len(rows) > 1 for row in rows}


def arranged(
    names: Iterable[str], pixels: np.ndarray, labels: np.ndarray, groups: np.ndarray, group_names: Iterable[str]
) -> dict[str, np.ndarray]:
    """The arrays of the file: emoji that still have enough drawings, in an order drawn once, and each one's drawings in
    the order of the sets."""
    counts = np.bincount(labels, minlength=labels.max() + 1)
    kept = np.random.default_rng(SEED).permutation(np.flatnonzero(counts >= LEAST_DRAWINGS))
    place = np.full(len(counts), -1)
    place[kept] = np.arange(len(kept))
    order = np.lexsort((groups, place[labels]))
    rows = order[place[labels][order] >= 0]
    return {
        "pixels": pixels[rows],
        "labels": place[labels][rows].astype(np.int64),
        "groups": groups[rows].astype(np.int64),
        "class_names": np.array([name.replace("-", " ") for name in names])[kept],
        "group_names": np.array(list(group_names)),
    }


def make(file: Path) -> None:
    """Write pixels, labels, groups and their names; say what was left out."""
    with TemporaryDirectory() as folder:
        sets = {name: fetch(name, source, Path(folder)) for name, source in SOURCES.items()}
    emoji = dict(sorted(shared_names(sets).items()))
    keys = [
        (label, group) for label, found in enumerate(emoji.values()) for group, s in enumerate(SOURCES) if s in found
    ]
    labels, groups = np.array(keys).T
    set_names = list(SOURCES)
    found = list(emoji.values())
    pixels = np.stack([drawn(sets[set_names[group]], found[label][set_names[group]]) for label, group in keys])
    from_others, ambiguous = copied_rows(pixels, labels, groups)
    left = np.delete(np.arange(len(keys)), sorted(from_others | ambiguous))
    arrays = arranged(emoji, pixels[left], labels[left], groups[left], set_names)
    write_archive(file, arrays)
    print(
        f"{len(emoji):,} emoji in {len(keys):,} drawings; left out {len(from_others)} drawings that an earlier set has "
        f"and {len(ambiguous)} that stand for several emoji in one set; kept {len(arrays['class_names']):,} emoji in "
        f"{len(arrays['labels']):,} drawings"
    )


if __name__ == "__main__":
    if len(sys.argv) > 2:
        sys.exit(__doc__)
    try:
        make(Path(sys.argv[1]) if len(sys.argv) == 2 else FILE)
    except (OSError, ValueError, subprocess.CalledProcessError) as error:
        sys.exit(str(error))
