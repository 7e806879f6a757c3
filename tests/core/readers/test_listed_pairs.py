"""Listed pairs compared by embeddings: against a loop over their lines, and every way in which a list can be wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.distances import DISTANCES, EUCLIDEAN
from core.readers.listed_pairs import read_couples, read_listed
from core.readers.pair_list import Corrections
from core.statistics.distance_blocks import distance_matrix
from core.statistics.roc import auc
from tests.core.readers.loading import load_pairs

PEOPLE = ["Ann", "Bob_Lee_2", "J._Kim"]
NAMES = [f"{person}_{number:04d}" for number in range(1, 5) for person in PEOPLE]
LABELS = np.arange(12) % 3


def points() -> np.ndarray:
    """(12, 5) whole and half numbers, so that some distances tie."""
    return np.random.default_rng(0).integers(-2, 3, size=(12, 5)).astype(np.float32) / 2


def archive(folder: Path, **changed: Any) -> Path:
    arrays = {"embeddings": points(), "labels": LABELS, "names": np.array(NAMES)} | changed
    path = folder / "faces.npz"
    np.savez(path, **{name: array for name, array in arrays.items() if array is not None})
    return path


def written(folder: Path, content: str) -> Path:
    path = folder / "pairs.txt"
    path.write_bytes(content.encode())
    return path


def lines_of(separator: str, folds: int, count: int) -> list[str]:
    """In each fold `count` pairs of one person, then as many of two."""
    generator, lines = np.random.default_rng(1), []
    for _ in range(folds):
        for _ in range(count):
            one, other = generator.choice(4, 2, replace=False) + 1
            lines.append(separator.join([PEOPLE[generator.integers(3)], str(one), str(other)]))
        for _ in range(count):
            (first, second), (one, other) = generator.choice(3, 2, replace=False), generator.integers(1, 5, 2)
            lines.append(separator.join([PEOPLE[first], str(one), PEOPLE[second], str(other)]))
    return lines


@pytest.mark.parametrize("separator", ["\t", " ", "   "])
@pytest.mark.parametrize("start, folds, count", [("3\t10", 3, 10), ("30", 1, 30), ("\ufeff60", 1, 30), ("3 20", 3, 10)])
@pytest.mark.parametrize("end", ["\n", "\r\n\r\n"])
def test_a_file_holds_what_a_loop_finds_in_it(
    tmp_path: Path, separator: str, start: str, folds: int, count: int, end: str
) -> None:
    lines = lines_of(separator, folds, count)
    pairs = load_pairs(written(tmp_path, end.join([start, *lines])), archive(tmp_path))
    matrix = distance_matrix(points().astype(np.float64))
    distances, is_same, people = [], [], []
    for line in lines:
        cells = line.split()
        first, one, second, other = cells if len(cells) == 4 else (cells[0], cells[1], cells[0], cells[2])
        rows = NAMES.index(f"{first}_{int(one):04d}"), NAMES.index(f"{second}_{int(other):04d}")
        distances.append(matrix[rows])
        is_same.append(len(cells) == 3)
        people.append((first, second))
        assert EUCLIDEAN.between(points()[[rows[0]]], points()[[rows[1]]])[0, 0] == pytest.approx(matrix[rows])
    assert len(set(distances)) < len(distances) and sum(is_same) == 30
    assert pairs.distances.tolist() == distances and pairs.distances.dtype == np.float64
    assert pairs.is_same.tolist() == is_same and not pairs.is_similarity
    assert pairs.identities == tuple(PEOPLE) and pairs.first is not None and pairs.second is not None
    assert [(PEOPLE[a], PEOPLE[b]) for a, b in zip(pairs.first, pairs.second, strict=True)] == people
    assert pairs.fold is not None and pairs.fold.tolist() == [fold for fold in range(folds) for _ in range(2 * count)]
    assert 0 < auc(pairs) < 1


def test_names_with_spaces_stand_between_tabs(tmp_path: Path) -> None:
    names = np.array([name.replace("Bob_Lee_2", "Bob Lee") for name in NAMES])
    pairs = load_pairs(written(tmp_path, "1\nBob Lee\t1\t2\nBob Lee\t1\tAnn\t2\n"), archive(tmp_path, names=names))
    assert pairs.identities == ("Ann", "Bob Lee")


GOOD = "1\nAnn 1 2\nAnn 1 J._Kim 1\n"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "^pairs.txt must hold pairs, got an empty file. Write"),
        ("1\n", "^pairs.txt must hold one truth for two rows of faces.npz, got 1 for 12 rows"),
        ("1\nAnn 1\nAnn 1 J._Kim 1\n", "line 2 must be a name and two image numbers, .*, got 'Ann 1'"),
        (
            "1\nAnn 1 2\nAnn 1 Eve 1\n",
            "line 3 must name images that faces.npz holds, got 'Eve_0001' beside .* 'Ann_0001'",
        ),
        ("1\nAnn 1 5\nAnn 1 J._Kim 1\n", "line 2 must name images that faces.npz holds, got 'Ann_0005'"),
        ("Ann_0001 Eve_0001 0\nAnn_0001 Ann_0002 1\n", "line 1 must name images .*, got 'Eve_0001' .*truth last"),
        ("Ann_0001 Ann_0002 0\nAnn_0001 Ann_0003 1\n", "labels in faces.npz must agree .*, got one label for Ann_0001"),
        ("1 0 1\n", "must have one column for the truth, got two that may be it, 1 and 2 and 3|must be a list"),
    ],
)
def test_what_is_wrong_in_the_file_is_said_in_one_sentence(tmp_path: Path, content: str, message: str) -> None:
    with pytest.raises(ValueError, match=message) as raised:
        load_pairs(written(tmp_path, content), archive(tmp_path))
    said = str(raised.value)
    assert "pairs.txt" in said and " must " in said and ", got " in said and said.endswith(".") and "\n" not in said


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"names": None}, "must hold the arrays embeddings and names, got embeddings, labels"),
        ({"names": np.array([*NAMES[:11], "face.jpg"])}, "must end in an underscore .*, got 'face.jpg' in row 11"),
        ({"names": np.array([*NAMES[:11], "a/Ann_1.png"])}, "must differ, got Ann_0001 in rows 0 and 11"),
        (
            {"labels": np.arange(12) // 6},
            "labels in faces.npz must agree with pairs.txt, got one label for Ann_0001 and J",
        ),
        (
            {"labels": np.arange(12) // 2},
            "labels in faces.npz must agree .*, got two labels for Ann_0001 and Ann_0002 in",
        ),
        (
            {"embeddings": points().astype(np.float64) * 1e200},
            "distances in faces.npz must be finite, got infinity .*e.200",
        ),
    ],
)
def test_what_is_wrong_in_the_archive_is_said_in_one_sentence(
    tmp_path: Path, changed: dict[str, Any], message: str
) -> None:
    load_pairs(written(tmp_path, GOOD), archive(tmp_path))
    with pytest.raises(ValueError, match=message) as raised:
        load_pairs(written(tmp_path, GOOD), archive(tmp_path, **changed))
    said = str(raised.value)
    assert "faces.npz" in said and " must " in said and ", got " in said and said.endswith(".") and "\n" not in said


def test_what_is_no_archive_is_refused(tmp_path: Path) -> None:
    archive(tmp_path)
    with pytest.raises(ValueError, match="pairs.txt must be a whole .npz archive"):
        load_pairs(written(tmp_path, GOOD), tmp_path / "pairs.txt")


def test_every_pair_has_the_line_it_stands_in(tmp_path: Path) -> None:
    pairs = load_pairs(written(tmp_path, "1\n\nAnn 1 2\nAnn 1 J._Kim 1\n"), archive(tmp_path))
    assert pairs.lines is not None and pairs.lines.tolist() == [3, 4]


SIDES = (
    ["Ann_0001", "Ann_0002", "Bob_Lee_2_0001", "Ann_0001"],
    ["Ann_0002", "J._Kim_0001", "Bob_Lee_2_0003", "J._Kim_0002"],
)
TRUE = [True, False, True, False]


def in_form(form: str) -> str:
    """Four pairs as a list of that form has them."""
    rows = list(zip(*SIDES, TRUE, strict=True))
    return {
        "truth last": "".join(f"lfw/{first}.jpg lfw/{second}.jpg {same:d}\n" for first, second, same in rows),
        "VoxCeleb": "".join(f"{same:d} {first}.wav {second}.wav\n" for first, second, same in rows),
        "Kaldi": "".join(f"{first} {second} {'target' if same else 'nontarget'}\n" for first, second, same in rows),
        "names": "file1,file2,issame\n" + "".join(f"{first},{second},{same}\n" for first, second, same in rows),
        "truth before": "label;img_1;img_2;note\n" + "".join(f"{same};{one};{two};x\n" for one, two, same in rows),
        "no truth": "".join(f"{first}\t{second}\n" for first, second, _ in rows),
        "Kaggle": "name,imagenum1,imagenum2,\nAnn,1,2,\nAnn,2,J._Kim,1\nBob_Lee_2,1,3,\nAnn,1,J._Kim,2\n",
        "no first line": "Ann\t1\t2\nAnn\t2\tJ._Kim\t1\nBob_Lee_2\t1\t3\nAnn\t1\tJ._Kim\t2\n",
    }[form]


FORMS = ["truth last", "VoxCeleb", "Kaldi", "names", "truth before", "no truth", "Kaggle", "no first line"]


@pytest.mark.parametrize("with_labels", [True, False])
@pytest.mark.parametrize("form", FORMS)
def test_lists_are_read_in_the_forms_people_have(tmp_path: Path, form: str, with_labels: bool) -> None:
    path = archive(tmp_path, labels=LABELS if with_labels else None)
    if form == "no truth" and not with_labels:
        with pytest.raises(
            ValueError, match="pairs.txt must say which pairs are of the same identity where faces.npz has"
        ):
            read_listed(written(tmp_path, in_form(form)), path)
        return
    pairs, understanding = read_listed(written(tmp_path, in_form(form)), path)
    matrix = distance_matrix(points().astype(np.float64))
    assert pairs.distances.tolist() == [matrix[NAMES.index(a), NAMES.index(b)] for a, b in zip(*SIDES, strict=True)]
    assert pairs.is_same.tolist() == TRUE and pairs.fold is None
    assert pairs.identities is not None and len(pairs.identities) == 3, "of labels or of names"
    assert (understanding.same, understanding.different) == (2, 2)


@pytest.mark.parametrize("kind", DISTANCES)
def test_a_list_is_compared_by_any_distance(tmp_path: Path, kind: str) -> None:
    distance = DISTANCES[kind]()
    pairs, understanding = read_listed(written(tmp_path, in_form("Kaldi")), archive(tmp_path), distance=distance)
    prepared = distance.prepared(points())
    matrix = distance_matrix(prepared, distance)
    expected = [matrix[NAMES.index(a), NAMES.index(b)] for a, b in zip(*SIDES, strict=True)]
    assert pairs.distances.tolist() == expected and len(set(expected)) > 1
    words = {"dot-product": "minus the dot product", "angle": "the angle"}.get(kind, f"the {distance.title} distance")
    assert f"compared by {words};" in f"{understanding.in_words()};"
    assert not pairs.is_similarity


def couples(folder: Path, **changed: Any) -> Path:
    """20 pairs of rows, two of the same and two of different identities in turn."""
    embeddings = np.random.default_rng(0).normal(size=(40, 3))
    arrays = {"embeddings": embeddings, "issame": np.tile([True, True, False, False], 5)} | changed
    np.savez(folder / "couples.npz", **arrays)
    return folder / "couples.npz"


@pytest.mark.parametrize("kind", ["bool", "int64", "float32", "words", "a list"])
def test_rows_may_be_pairs_with_a_value_each(tmp_path: Path, kind: str) -> None:
    is_same = np.tile([True, True, False, False], 5)
    values = np.where(is_same, "True", "False") if kind in ("words", "a list") else is_same.astype(kind)
    path = couples(tmp_path, issame=values)
    if kind == "a list":
        np.savez(path, embeddings=np.load(path)["embeddings"])
        pairs, understanding = read_listed(written(tmp_path, "\n".join(values)), path)
    else:
        pairs, understanding = read_couples(path)
    rows = np.load(path)["embeddings"].reshape(20, 2, 3)
    expected = [float(np.sqrt(((first - second) ** 2).sum())) for first, second in rows]
    np.testing.assert_allclose(pairs.distances, expected, rtol=1e-14)
    assert pairs.is_same.tolist() == is_same.tolist()
    assert pairs.fold is not None and pairs.fold.tolist() == np.repeat(range(5), 4).tolist()
    assert "5 folds by the order of the lines" in understanding.in_words()
    assert "rows 2 i and 2 i + 1 of the embeddings are pair i" in understanding.in_words()


def test_labels_beside_issame_name_the_identities(tmp_path: Path) -> None:
    labels = np.repeat(np.arange(20), 2)
    labels[1::2][~np.tile([True, True, False, False], 5)] += 30
    pairs = read_couples(couples(tmp_path, labels=labels)).pairs
    assert pairs.identities is not None and len(pairs.identities) == 30
    with pytest.raises(ValueError, match="labels in couples.npz must agree with couples.npz, got one label for row 4"):
        read_couples(couples(tmp_path, labels=np.repeat(np.arange(20), 2)))


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        (
            {"issame": np.ones(19, bool)},
            r"issame in couples.npz must be one value for two rows .* got \(19,\) for 40 rows",
        ),
        ({"issame": np.ones(20, complex)}, "issame in couples.npz must be true or false, got complex128"),
        ({"issame": np.full(20, 0.5)}, "couples.npz, line 0: issame must be 1 or 0, .* got '0.5'"),
        ({"issame": np.ones(20, bool)}, "couples.npz must hold pairs of the same and of different identities, got 20"),
        ({"embeddings": np.full((40, 2), np.inf)}, "embeddings must be finite, got infinity in 40 of 40 rows"),
        (
            {"embeddings": np.full((40, 2), np.nan)},
            "couples.npz, line 0 must have a score, got none, as in 20 of 20 pairs",
        ),
    ],
)
def test_couples_that_are_wrong_are_told(tmp_path: Path, changed: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        read_couples(couples(tmp_path, **changed))


def test_samples_without_an_embedding_fail(tmp_path: Path) -> None:
    embeddings = points()
    embeddings[NAMES.index("J._Kim_0001")] = np.nan
    path, listed = (
        archive(tmp_path, embeddings=embeddings),
        written(tmp_path, in_form("Kaldi") + "Ann_0003 Eve_1 nontarget"),
    )
    with pytest.raises(ValueError, match="pairs.txt, line 5 must name images that faces.npz holds, got 'Eve_1'"):
        read_listed(listed, path)
    refused = read_listed(listed, path, Corrections(failures="refused")).pairs
    assert np.isinf(refused.distances).tolist() == [False, True, False, False, True]
    left_out = read_listed(listed, path, Corrections(failures="left-out")).pairs
    assert left_out.distances.tolist() == refused.compared.distances.tolist() and left_out.failures == (2, "left-out")
    with pytest.raises(ValueError, match="pairs.txt, line 2 must have a score, got none, as in 1 of 4 pairs"):
        read_listed(written(tmp_path, in_form("Kaldi")), path)
