from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.admission.admit import NotFinite, admit, samples_of, summary_of
from core.admission.asked import NOT_FINITE, Asked
from core.admission.brought import Brought
from core.admission.data_owners import MACHINE, Owner, own_card, owners_of
from core.admission.preparation import Preparation, prepared
from core.admission.room import ALL, EACH, NoRoom, bytes_of_owner
from core.datasets.admitted import DataCard, data_root, folder_of, read_admitted
from tests.core.admission.made import people, zipped


@pytest.fixture(autouse=True)
def in_a_store(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("METRIC_LAB_STORE", str(tmp_path / "store"))


def taken_in(tmp_path: Path, path: Path | None = None, **more: Any) -> DataCard:
    scratch = tmp_path / "scratch"
    scratch.mkdir(exist_ok=True)
    files = {"files": ((path.name, str(path)),)} if path else {}
    return admit(Asked(preparation=Preparation(8, 8), **files, **more), scratch, lambda stage, share: None)


def vectors(tmp_path: Path, values: np.ndarray, labels: Any, **columns: Any) -> Path:
    np.savez(tmp_path / "a.npz", embeddings=values, labels=labels, **columns)
    return tmp_path / "a.npz"


def test_images_are_kept_with_a_card_of_what_was_found(tmp_path: Path) -> None:
    members = [*people(3, 2), ("p0/broken.png", b"\x89PNG")]
    card = taken_in(tmp_path, zipped(tmp_path / "cats.zip", members))
    samples = read_admitted(folder_of(card.id))
    assert card.id == samples.digest[:32] and card.kind == "images" and card.count == 6
    assert card.class_names == ("p0", "p1", "p2") and card.title == "cats.zip"
    assert np.array_equal(samples.values[0], prepared(members[0][1], Preparation(8, 8))[0])
    assert samples.names is not None and samples.names.tolist() == [name for name, _ in members[:6]]
    assert card.preparation == Preparation(8, 8).written(1)
    assert card.found["identities"] == 3 and card.found["unreadable"]["first"][0]["name"] == "p0/broken.png"
    assert card.origin["form"] == "images (zip)" and card.origin["bytes"] > 100
    summary = summary_of(card)
    assert list(summary)[0] == "id" and summary["found"]["samples"] == 6 and summary["folder"].endswith(card.id)


def test_the_same_data_are_the_same_set_and_another_rule_makes_another(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", people())
    first = taken_in(tmp_path, path)
    assert taken_in(tmp_path, path) == first
    scratch = tmp_path / "scratch"
    other = admit(Asked(files=((path.name, str(path)),), preparation=Preparation(9, 9)), scratch, lambda *_: None)
    assert other.id != first.id and len(list(data_root().glob("[0-9a-f]*"))) == 2


def test_a_mend_makes_a_set_of_its_own_and_the_first_stays(tmp_path: Path) -> None:
    values = np.random.default_rng(0).normal(size=(7, 4)).astype(np.float32)
    first = taken_in(tmp_path, vectors(tmp_path, values, [0, 0, 1, 1, 2, 2, 3]))
    assert {problem["name"] for problem in first.found["problems"]} == {"single", "not-unit"}
    second = taken_in(tmp_path, data=first.id, mends=("drop-single",))
    third = taken_in(tmp_path, data=second.id, mends=("scale-to-unit",))
    assert third.mends == ("drop-single", "scale-to-unit") and third.found["problems"] == []
    assert third.title == first.title and third.origin["mended"] == second.id and third.count == 6
    assert np.array_equal(read_admitted(folder_of(first.id)).values, values)
    at_once = taken_in(tmp_path, tmp_path / "a.npz", mends=("drop-single", "scale-to-unit"))
    assert at_once.id == third.id, "in one go, or one after the other"


def test_what_is_not_finite_is_refused_by_its_rows_or_left_out_by_wish(tmp_path: Path) -> None:
    values = np.random.default_rng(0).normal(size=(6, 4)).astype(np.float32)
    values[2, 1], values[4, 0] = np.nan, np.inf
    path = vectors(tmp_path, values, list("aabbcc"), camera=np.arange(6), names=np.arange(6).astype(str))
    with pytest.raises(
        NotFinite, match="embeddings must be finite, got NaN or infinity in 2 of 6 rows, first in row 2"
    ):
        taken_in(tmp_path, path)
    card = taken_in(tmp_path, path, mends=(NOT_FINITE,))
    samples = read_admitted(folder_of(card.id))
    assert np.array_equal(samples.values, values[[0, 1, 3, 5]])
    assert samples.names is not None and samples.names.tolist() == ["0", "1", "3", "5"]
    assert samples.groups is not None and [samples.group_names[group] for group in samples.groups] == list("0135")
    assert card.found["unreadable"]["count"] == 2 and card.mends == (NOT_FINITE,)


@pytest.mark.parametrize(
    "cells, times",
    [
        ([1, 2.5], [1.0, 2.5]),
        (["1", "2.5"], [1.0, 2.5]),
        (["1970-01-02", "1970-01-01T00:00:01+00:00"], [86400.0, 1.0]),
        (np.array([3, 4]), [3.0, 4.0]),
    ],
)
def test_times_are_numbers_or_dates(cells: Any, times: list[float]) -> None:
    brought = Brought("vectors", np.ones((2, 1), np.float32), {"label": ["a", "b"], "time": cells})
    samples, _ = samples_of(brought)
    assert samples.times is not None and samples.times.tolist() == times


@pytest.mark.parametrize(
    "columns, said",
    [
        ({"label": ["a"]}, "label must be one for each of 2 samples, got 1"),
        ({"label": ["a", "b"], "time": ["soon", "1"]}, "each time must be a number or a date"),
        ({"label": ["a", "b"], "time": [None, 1]}, "each time must be a number or a date"),
        ({"label": ["a", "b"], "time": [float("nan"), 1]}, "each time must be finite, got 'nan'"),
        ({"label": ["a", None]}, "each label must be a whole number, a truth or text"),
        ({"label": ["a", "b"], "group": [None, 1]}, "each group must be a whole number, a truth or text"),
    ],
)
def test_columns_that_do_not_fit_are_refused(columns: Any, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        samples_of(Brought("vectors", np.ones((2, 1), np.float32), columns))


def test_all_rows_without_numbers_leave_nothing(tmp_path: Path) -> None:
    path = vectors(tmp_path, np.full((2, 2), np.nan, np.float32), [0, 1])
    with pytest.raises(ValueError, match=" must "):
        taken_in(tmp_path, path, mends=(NOT_FINITE,))


def test_stages_come_in_their_order(tmp_path: Path) -> None:
    told: list[str] = []
    path = zipped(tmp_path / "a.zip", people())
    asked = Asked(files=((path.name, str(path)),), preparation=Preparation(8, 8), mends=("drop-single",))
    admit(asked, tmp_path, lambda stage, share: told.append(stage))
    assert list(dict.fromkeys(told)) == ["reading", "checking", "keeping"]


def test_other_roles_make_another_set_of_the_same_values_on_disk(tmp_path: Path) -> None:
    values = np.random.default_rng(0).normal(size=(8, 4)).astype(np.float32)
    path = vectors(tmp_path, values, np.arange(8) // 2, group=np.arange(8) % 2)
    first = taken_in(tmp_path, path)
    assert first.group_names == ("0", "1") and first.origin["columns"]["group"] == "group"
    other = taken_in(tmp_path, data=first.id, chosen={"session": "group", "group": "none"})
    assert other.id != first.id and other.session_names == ("0", "1") and other.group_names == ()
    assert other.origin["columns"]["session"] == "group" and "group" not in other.origin["columns"]
    files = [folder_of(one.id) / "samples.npy" for one in (first, other)]
    assert files[0].stat().st_ino == files[1].stat().st_ino
    found, before = (read_admitted(folder_of(one.id)) for one in (other, first))
    assert before.groups is not None and found.sessions is not None and found.groups is None
    np.testing.assert_array_equal(found.sessions, before.groups)
    np.testing.assert_array_equal(found.values, values)
    assert list(other.found["leaks"]) == ["by-sample", "by-identity"] and "session" in other.found["leaks"]["by-sample"]


def test_the_same_values_are_kept_once_and_are_of_all_who_brought_them(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", people())
    taken_in(tmp_path, path)
    ada = Owner("ada", "Ada", is_limited=True)
    card = taken_in(tmp_path, path, owner=ada, title="secret")
    assert card.title == "secret" and own_card(card.id, MACHINE).title == "a.zip"
    assert owners_of(card.id) == (MACHINE, "ada") and len(list(data_root().glob("[0-9a-f]*"))) == 1


def test_what_would_be_too_much_is_refused_before_it_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    values = np.random.default_rng(0).normal(size=(500, 100)).astype(np.float32)
    path, ada = vectors(tmp_path, values, np.arange(500) % 50), Owner("ada", "Ada", is_limited=True)
    monkeypatch.setenv(EACH, "0.0001")
    with pytest.raises(NoRoom, match="data of one person must take at most 0.0001 GB, got 0.00 GB that you keep"):
        taken_in(tmp_path, path, owner=ada)
    assert not list(data_root().glob("[0-9a-f]*"))
    monkeypatch.setenv(EACH, "0.00023")  # room for it, and not for it twice
    first = taken_in(tmp_path, path, owner=ada)
    assert taken_in(tmp_path, path, owner=ada).id == first.id, "what is one's own can be brought again"
    twin = taken_in(tmp_path, data=first.id, owner=ada, chosen={"group": "label"})
    assert twin.id != first.id and bytes_of_owner("ada") < 230_000, "the values are one file"
    with pytest.raises(NoRoom):
        taken_in(tmp_path, data=first.id, owner=ada, mends=("scale-to-unit",))
    monkeypatch.setenv(ALL, "0.0003")
    with pytest.raises(NoRoom, match="all brought data together must take at most 0.0003 GB"):
        taken_in(tmp_path, data=first.id, mends=("scale-to-unit",))
