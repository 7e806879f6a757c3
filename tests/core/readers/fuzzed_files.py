"""Files in every form that users bring, spoilt by chance: bits flipped, ends cut off, wrong headers, mixed forms."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from io import BytesIO
from typing import NamedTuple

import numpy as np

PEOPLE = ["Ann", "Bob", "Kim", "Lea"]
NAMES = [f"{person}_{number:04d}" for person in PEOPLE for number in (1, 2, 3)]
PAIRS = [(0, 1), (3, 5), (6, 7), (9, 10), (0, 3), (1, 6), (4, 9), (7, 11)]
SAME = [first // 3 == second // 3 for first, second in PAIRS]
SCORES = np.random.default_rng(3).normal(SAME, 0.6).round(3).tolist()


class Fuzzed(NamedTuple):
    """Files by name, one of them spoilt, the words that bring them, and what was done to it."""

    files: dict[str, bytes]
    words: tuple[str, ...]
    how: str


def archive(*, compressed: bool = False, **arrays: np.ndarray) -> bytes:
    content = BytesIO()
    (np.savez_compressed if compressed else np.savez)(content, **arrays)
    return content.getvalue()


def _rows(form: str) -> str:
    lines = []
    for (first, second), same, score in zip(PAIRS, SAME, SCORES, strict=True):
        one, other = PEOPLE[first // 3], PEOPLE[second // 3]
        numbers = (
            f"{one}\t{first % 3 + 1}\t{second % 3 + 1}"
            if same
            else f"{one}\t{first % 3 + 1}\t{other}\t{second % 3 + 1}"
        )
        lines.append(form.format(NAMES[first], NAMES[second], int(same), score, one, other, numbers=numbers))
    return "\n".join(lines) + "\n"


POINTS = np.random.default_rng(0).normal(size=(12, 3)) + np.repeat(np.arange(4), 3)[:, None]
FACES = archive(embeddings=POINTS.astype(np.float32), labels=np.repeat(PEOPLE, 3), names=np.array(NAMES))
COUPLES = archive(embeddings=POINTS[np.array(PAIRS).ravel()], issame=np.array(SAME))
SOUND: dict[str, tuple[dict[str, bytes], tuple[str, ...]]] = {
    "embeddings": ({"faces.npz": FACES}, ()),
    "compressed": ({"a.npz": archive(compressed=True, embeddings=POINTS, labels=np.repeat(range(4), 3))}, ()),
    "couples": ({"couples.npz": COUPLES}, ()),
}
for name, text in {
    "LFW": "1 4\n" + _rows("{numbers}"),
    "LFW without a first line": _rows("{numbers}"),
    "Kaggle": "name,imagenum1,imagenum2,\n" + _rows("{numbers}").replace("\t", ","),
    "VoxCeleb": _rows("{2} {0}.wav {1}.wav"),
    "truth last": _rows("d/{0}.jpg\td/{1}.jpg\t{2}"),
    "named list": "img1,img2,issame\n" + _rows("{0},{1},{2}"),
}.items():
    SOUND[name] = ({"list.txt": text.encode(), "faces.npz": FACES}, ("--pairs", "list.txt"))
for name, text in {
    "scores": "is_same,similarity\n" + _rows("{2},{3}"),
    "identities": "first;second;distance\n" + _rows("{4};{5};{3}").replace(".", ","),
    "folds": "fold,label,cosine,path\n" + _rows("1,{2},{3},x") + _rows("2,{2},{3},y"),
    "Bob": _rows("{4} {5} d/{1} {3}"),
    "Bob's five": _rows("{4} m{0} {5} d/{1} {3}"),
    "no first line": _rows("{2}\t{3}"),
}.items():
    SOUND[name] = ({"scores.csv": text.encode()}, ("--failures", "refused"))
SOUND["Kaldi"] = (
    {"scores.txt": _rows("{0} {1} {3}").encode(), "trials.txt": _rows("{0} {1} {2}").encode()},
    ("--trials", "trials.txt"),
)
SOUND["truths alone"] = (
    {"list.txt": _rows("{2}").encode(), "rows.npz": archive(embeddings=POINTS[np.array(PAIRS).ravel()])},
    ("--pairs", "list.txt"),
)


def _flipped(content: bytes, generator: np.random.Generator) -> bytes:
    spoilt = bytearray(content)
    for place in generator.integers(0, 8 * len(spoilt), generator.integers(1, 9)):
        spoilt[place // 8] ^= 1 << (place % 8)
    return bytes(spoilt)


def _cut(content: bytes, generator: np.random.Generator) -> bytes:
    start, stop = np.sort(generator.integers(0, len(content) + 1, 2))
    return (content[:stop], content[start:], content[:start] + content[stop:])[generator.integers(3)]


def _headed(content: bytes, generator: np.random.Generator) -> bytes:
    """With the first line, or the first bytes, of another file."""
    files, _ = list(SOUND.values())[generator.integers(len(SOUND))]
    other = list(files.values())[0]
    if generator.random() < 0.5 and b"\n" in content:
        return other.partition(b"\n")[0] + b"\n" + content.partition(b"\n")[2]
    length = int(generator.integers(1, 64))
    return other[:length] + content[length:]


def _celled(content: bytes, generator: np.random.Generator) -> bytes:
    """With words in the place of others, or inside an archive with a changed member whose checksum is right."""
    if content.startswith(b"PK"):
        return _inside(content, generator)
    words = [
        b"nan",
        b"",
        b"-1",
        b"1e999",
        b"-1e308",
        b"target",
        b"0",
        b"x",
        b"\xff",
        b"1_0",
        b'"',
        b"--",
        b"9" * 400,
        b"\0",
        b"first",
    ]
    lines = content.split(b"\n")
    for _ in range(generator.integers(1, 4)):
        at = int(generator.integers(len(lines)))
        for mark in (b"\t", b",", b";", b" "):
            if mark in lines[at]:
                cells = lines[at].split(mark)
                cells[generator.integers(len(cells))] = words[generator.integers(len(words))]
                lines[at] = mark.join(cells)
                break
    return b"\n".join(lines)


def _inside(content: bytes, generator: np.random.Generator) -> bytes:
    spoilt = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(spoilt, "w") as new:
        members = old.namelist()
        chosen = members[generator.integers(len(members))]
        for member in members:
            held = old.read(member)
            if member == chosen:
                held = (_flipped(held[:128], generator) + held[128:], _cut(held, generator), _flipped(held, generator))[
                    generator.integers(3)
                ]
            new.writestr(member, held)
    return spoilt.getvalue()


SPOIL: tuple[Callable[[bytes, np.random.Generator], bytes], ...] = (_flipped, _cut, _headed, _celled)


def fuzzed(seed: int) -> Fuzzed:
    """One of the sound sets of files with one file spoilt; the same for the same seed."""
    generator = np.random.default_rng(seed)
    form, spoil = list(SOUND)[seed % len(SOUND)], SPOIL[seed // len(SOUND) % len(SPOIL)]
    files, words = SOUND[form]
    chosen = list(files)[generator.integers(len(files))]
    spoilt = spoil(files[chosen], generator)
    # The last file is the main one: the archive of a list, the scores of their trials come first in the words.
    main = next(name for name in files if name not in words)
    return Fuzzed({**files, chosen: spoilt}, (main, *words), f"{form}, {spoil.__name__.strip('_')} {chosen}")
