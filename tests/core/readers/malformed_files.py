"""Files that a user might bring and that are wrong, each with what is said of it; for the page and the command line."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import NamedTuple

import numpy as np

POINTS = np.random.default_rng(0).normal(size=(6, 3)).astype(np.float32)
LABELS = np.repeat([0, 1, 2], 2)
NAMES = np.array(["Ann_0001", "Ann_0002", "Bob_0001", "Bob_0002", "Kim_0001", "Kim_0002"])


class Malformed(NamedTuple):
    """A file, what comes before the rule in the sentence about it, and the list of pairs that came with it, if any."""

    name: str
    content: bytes
    said: str
    listed: str | None = None


def archive(**changed: np.ndarray | None) -> bytes:
    """A sound .npz with these arrays changed, or left out where None."""
    arrays = {"embeddings": POINTS, "labels": LABELS, "names": NAMES} | changed
    content = BytesIO()
    np.savez(content, allow_pickle=True, **{name: array for name, array in arrays.items() if array is not None})
    return content.getvalue()


def _npz(said: str, **changed: np.ndarray | None) -> Malformed:
    return Malformed("mine.npz", archive(**changed), said)


def _csv(said: str, content: str | bytes) -> Malformed:
    return Malformed("mine.csv", content if isinstance(content, bytes) else content.encode(), said)


def _txt(said: str, listed: str, **changed: np.ndarray | None) -> Malformed:
    return Malformed("mine.npz", archive(**changed), said, listed)


def _with(value: float) -> np.ndarray:
    spoilt = POINTS.copy()
    spoilt[4, 1] = value
    return spoilt


LIST = "1\nAnn 1 2\nAnn 1 Bob 1\n"
SCORES = "is_same,distance\n1,0.5\n"
MALFORMED: Mapping[str, Malformed] = {
    "an empty archive": Malformed("mine.npz", b"", "mine.npz must be a whole .npz archive"),
    "no archive": Malformed("mine.npz", b"embeddings,labels\n1,2\n", "mine.npz must be a whole .npz archive"),
    "half an archive": Malformed("mine.npz", archive()[:400], "mine.npz must be a whole .npz archive"),
    "no embeddings": _npz("mine.npz must hold the arrays embeddings and labels, got labels", embeddings=None),
    "no labels": _npz("mine.npz must hold the arrays embeddings and labels, got embeddings", labels=None),
    "pickled embeddings": _npz("must be real numbers, got object", embeddings=np.array([{}] * 6, dtype=object)),
    "complex embeddings": _npz("must be real numbers, got complex128", embeddings=POINTS.astype(complex)),
    "embeddings of one dimension": _npz("must be (points, dimensions), not empty, got (6,)", embeddings=POINTS[:, 0]),
    "no points": _npz("must be (points, dimensions), not empty, got (0, 3)", embeddings=POINTS[:0], labels=LABELS[:0]),
    "not a number": _npz("embeddings must be finite, got NaN or infinity in 1 of 6 rows", embeddings=_with(np.nan)),
    "infinity": _npz("embeddings must be finite, got NaN or infinity in 1 of 6 rows", embeddings=_with(-np.inf)),
    "too large": _npz("embeddings must be at most 1e+150 in size, so that", embeddings=POINTS.astype(float) * 1e200),
    "too few labels": _npz("must be as many as the embeddings, got 5 for 6 points", labels=LABELS[:5]),
    "labels in columns": _npz("labels in mine.npz must have one dimension", labels=LABELS.reshape(3, 2)),
    "broken labels": _npz("labels must be whole numbers or text, got 0.5", labels=LABELS + 0.5),
    "one class": _npz("labels must name at least two classes, got one", labels=LABELS * 0),
    "no genuine pair": _npz("at least one class must have two points, got 6", labels=np.arange(6)),
    "an unknown role": _npz("role must be one of query, gallery, both", role=np.array(["both"] * 5 + ["probe"])),
    "roles as numbers": _npz("role in mine.npz must be text, got int64", role=LABELS),
    "too few roles": _npz("role in mine.npz must be one for each of 6 points", role=np.array(["both"] * 5)),
    "nobody to ask": _npz("roles must leave queries and a gallery, got 0", role=np.array(["gallery"] * 6)),
    "groups of floats": _npz("group in mine.npz must be whole numbers or text, got float64", group=LABELS / 2),
    "groups in columns": _npz("group in mine.npz must be one for each of 6 points", group=LABELS.reshape(3, 2)),
    "pickled groups": _npz("group in mine.npz must be whole numbers or text", group=LABELS.astype(object)),
    "an empty table": _csv("mine.csv must hold pairs, got an empty file", ""),
    "no scores": _csv("must hold scores, got 0 pairs without any", "is_same,first,second\n"),
    "two kinds of scores": _csv("must have one column for scores", "is_same,distance,similarity\n"),
    "no truth": _csv("must say which pairs are of the same identity", "distance\n1\n"),
    "one identity": _csv("must say which pairs are of the same identity", "first,distance\nAnn,1\n"),
    "a form of its own": _csv("must be a list of pairs in a form that is known here", "a b c d e\nf g h i j\n"),
    "two columns of truth": _csv("must have one column for the truth, got two that may be it", "1 0\n0 1\n1 1\n"),
    "a header alone": _csv("must hold pairs of the same and of different identities", "is_same,distance\n"),
    "pairs of one kind": _csv("must hold pairs of the same and of different identities", SCORES + "1,0.7\n"),
    "a word for a number": _csv("line 3: distance must be a finite number, got 'far'", SCORES + "0,far\n"),
    "an infinite score": _csv("line 3: distance must be a finite number, got 'inf'", SCORES + "0,inf\n"),
    "a cell too few": _csv("line 3 must have as many cells as the first line", SCORES + "0\n"),
    "a truth of its own": _csv("line 3: is_same must be 1 or 0", SCORES + "maybe,0.7\n"),
    "a contradiction": _csv("is_same must agree with first and second", "first,second,is_same,distance\nA,B,1,1\n"),
    "another encoding": _csv("line 2 must be UTF-8 text", b"first,second,distance\nJ\xfcrgen,Ann,1\n"),
    "a picture": _csv("must be text, got an image", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"),
    "an archive as a table": _csv("must be text, got an archive", archive()),
    "an empty list": _txt("pairs.txt must hold pairs, got an empty file", ""),
    "no folds of pairs": _txt("line 1 must be the number of folds and of pairs in each", "0 1\nAnn 1 2\nAnn 1 Bob 1\n"),
    "a list of one kind": _txt("must hold pairs of the same and of different identities", "1\nAnn 1 2\n"),
    "a list that is too short": _txt("must hold as many pairs as its first line says", "9\nAnn 1 2\nAnn 1 Bob 1\n"),
    "an image that is not there": _txt("must name images that mine.npz holds", "1\nAnn 1 9\nAnn 1 Bob 1\n"),
    "a line that is no pair": _txt("line 2 must be a name and two image numbers", "1\nAnn 1\nAnn 1 Bob 1\n"),
    "an image with itself": _txt("line 2 must compare two images", "1\nAnn 1 1\nAnn 1 Bob 1\n"),
    "embeddings without names": _txt("must hold the arrays embeddings and names", LIST, names=None),
    "labels against the list": _txt("labels in mine.npz must agree", LIST, labels=np.roll(LABELS, 1)),
}
EVERY_FILE = {"argvalues": MALFORMED.values(), "ids": list(MALFORMED)}
