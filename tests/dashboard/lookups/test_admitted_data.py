from __future__ import annotations

import base64
import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.admission.data_owners import MACHINE, Owner, add_owner, change
from core.datasets.admitted import DataCard, write_admitted
from core.datasets.brought import Brought
from core.datasets.digits import Digits
from core.datasets.images import Images
from core.datasets.samples import Samples
from core.datasets.vectors import Vectors
from core.experiment.splits import ByIdentity
from dashboard.entrance import visitors
from dashboard.entrance.visitors import Visitor
from dashboard.entrance.ways_in import WayIn
from dashboard.lookups import datasets
from dashboard.lookups.admitted_data import (
    EXAMPLES,
    Group,
    absence_of,
    card_of,
    check,
    examples,
    is_hidden,
    listed,
    title_of,
)

SPLIT = ByIdentity().described()


@pytest.fixture(autouse=True)
def in_a_store(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("METRIC_LAB_STORE", str(tmp_path))
    examples.clear()


def kept(samples: Samples, kind: str) -> str:
    card = DataCard(
        id=samples.digest[:32],
        kind="vectors" if isinstance(samples, Vectors) else "images",
        title=kind,
        created="2026-11-30T00:00:00+00:00",
        count=samples.count,
        class_names=samples.class_names,
    )
    return write_admitted(samples, card).name


def images(classes: int, each: int) -> Images:
    pixels = np.arange(classes * each, dtype=np.uint8)[:, None, None] + np.zeros((1, 4, 4), np.uint8)
    return Images(pixels, np.arange(classes).repeat(each), tuple(map(str, range(classes))))


@pytest.mark.parametrize(
    "classes, each, shown",
    [
        (20, 2, [2 * number for number in range(EXAMPLES)]),
        (3, 2, [0, 2, 4, 1, 3, 5]),
        (1, 1, [0]),
    ],
)
def test_examples_are_one_of_each_identity_and_then_others(classes: int, each: int, shown: list[int]) -> None:
    url = examples(kept(images(classes, each), "images"))
    strip = np.asarray(Image.open(io.BytesIO(base64.b64decode(url.partition(",")[2]))).convert("L"))
    assert strip.shape == (4, 4 * len(shown)) and strip[0, ::4].tolist() == shown


def test_vectors_have_no_pictures() -> None:
    assert examples(kept(Vectors(np.eye(3, dtype=np.float32), np.arange(3), ("a", "b", "c")), "vectors")) == ""


@pytest.fixture
def become(monkeypatch: pytest.MonkeyPatch) -> Callable[[Visitor | None], None]:
    """From then on it is this one who asks."""

    def do(who: Visitor | None) -> None:
        monkeypatch.setattr(visitors, "chosen_way", WayIn(code="sunday") if who else WayIn())
        monkeypatch.setattr(visitors, "found_in", lambda *_: who)

    return do


ADA, BEN, CID = Visitor("ada", "Ada"), Visitor("ben", "Ben"), Visitor("cid", "Cid")
TEACHER = Visitor("li", "Ms Li", is_teacher=True)


def test_sets_are_seen_by_those_who_brought_them_and_by_a_teacher(become: Callable[[Visitor | None], None]) -> None:
    name = kept(images(2, 2), "images")
    add_owner(name, Owner("ada", "Ada"))
    for who, is_seen in ((None, True), (ADA, True), (BEN, False), (TEACHER, True)):
        become(who)
        assert (card_of(name) is not None) == is_seen and len(listed()) == is_seen
    assert card_of("0" * 32) is None and card_of("../..") is None


def test_a_set_stands_in_the_group_of_what_its_owner_made_of_it(become: Callable[[Visitor | None], None]) -> None:
    name = kept(images(2, 2), "images")
    for owner in (ADA, BEN):
        add_owner(name, Owner(owner.id, owner.name))
    change(name, ["ada"], title="Mine", archived_at="2026-01-01")
    change(name, ["ben"], shared_at="2026-01-01")
    expected = {
        ADA: (Group.ARCHIVED, "Mine", ()),
        BEN: (Group.OWN, "images", ()),
        CID: (Group.SHARED, "images", ("Ben",)),
        TEACHER: (Group.OWN, "Mine", ("Ada", "Ben")),
        None: (Group.OWN, "Mine", ("Ada", "Ben")),
    }
    for who, (group, title, by) in expected.items():
        become(who)
        (one,) = listed()
        assert (one.group, one.card.title, one.by) == (group, title, by), who
        assert one.may_change is (who is not CID)
    change(name, ["ben"], deleted_at="2026-01-01")
    become(BEN)
    assert [one.group for one in listed()] == [Group.DELETED]
    become(CID)
    assert listed() == []
    become(TEACHER)
    assert [one.group for one in listed()] == [Group.ARCHIVED], "as whoever still has it"


def test_a_set_of_the_command_line_is_the_machines_until_it_is_shared(
    become: Callable[[Visitor | None], None],
) -> None:
    name = kept(images(2, 2), "images")
    become(None)
    assert [(one.group, one.by) for one in listed()] == [(Group.OWN, ())]
    become(TEACHER)
    assert [(one.group, one.by) for one in listed()] == [(Group.OWN, ("this server",))]
    change(name, [MACHINE], shared_at="2026-01-01")
    become(ADA)
    assert [(one.group, one.by) for one in listed()] == [(Group.SHARED, ("this server",))]


def test_what_is_not_there_has_neither_title_nor_strip(become: Callable[[Visitor | None], None]) -> None:
    name = kept(images(10, 2), "secret")
    add_owner(name, Owner("ada", "Ada"))
    dataset = Brought(name)
    become(ADA)
    assert title_of(dataset) == "secret" and absence_of(dataset) == "" and not is_hidden(dataset.described())
    assert datasets.example_strip(dataset.described()) and datasets.class_counts(dataset.described(), SPLIT)
    become(BEN)
    assert title_of(dataset) == "brought" and is_hidden(dataset.described())
    unknown = Brought("0" * 32)
    assert absence_of(dataset).replace(name, "") == absence_of(unknown).replace(unknown.data, "")
    assert datasets.example_strip(dataset.described()) == "" and datasets.vectors_in_words(dataset.described()) == ""
    assert datasets.class_counts(dataset.described(), SPLIT) == []
    assert datasets.lacks(dataset.described(), "split", {"kind": "by-group"}) == ""
    with pytest.raises(ValueError, match="must have been admitted here, got none"):
        check(dataset)
    check(Digits())
    assert title_of(Digits()) == "digits" and not is_hidden(Digits().described())


def test_a_shared_set_bears_the_title_of_who_shares_it(become: Callable[[Visitor | None], None]) -> None:
    name = kept(images(2, 2), "images")
    add_owner(name, Owner("ada", "Ada"))
    change(name, ["ada"], title="Cats", shared_at="2026-01-01")
    become(BEN)
    assert title_of(Brought(name)) == "Cats" and absence_of(Brought(name)) == ""
