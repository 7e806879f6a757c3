from __future__ import annotations

from pathlib import Path

import pytest

from core.admission.data_owners import Owner, add_owner, admitted_ids, change, moment
from core.admission.data_removal import GOING, purge_data, remove_now, runs_on
from core.datasets.admitted import data_root, folder_of
from core.runs.store import Store
from tests.core.heads import brought, head, vectors

LONG_AGO = "2020-01-01T00:00:00.000+00:00"


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Store:
    monkeypatch.setenv("METRIC_LAB_STORE", str(tmp_path))
    return Store(tmp_path)


def kept(*owners: str, seed: int = 0) -> str:
    name = brought(vectors(seed)).data
    for owner in owners:
        add_owner(name, Owner(owner))
    return name


def test_a_deleted_set_stays_for_a_week_and_then_goes(store: Store) -> None:
    deleted, fresh, nobodys = kept("ada"), kept("ada", seed=1), kept(seed=2)
    change(deleted, ["ada"], deleted_at=LONG_AGO)
    change(fresh, ["ada"], deleted_at=moment())
    assert purge_data(store) == [deleted]
    assert set(admitted_ids()) == {fresh, nobodys} and not folder_of(deleted).exists()
    assert not list(data_root().glob(f"{GOING}*"))
    assert purge_data(store, days=0) == [fresh] and admitted_ids() == [nobodys]


def test_it_stays_as_long_as_another_owner_has_it(store: Store) -> None:
    name = kept("ada", "ben")
    change(name, ["ada"], deleted_at=LONG_AGO)
    assert purge_data(store) == [] and not remove_now(store, name)
    change(name, ["ben"], deleted_at=LONG_AGO)
    assert purge_data(store) == [name]


def test_nothing_goes_that_a_run_stands_on_be_it_deleted_itself(store: Store) -> None:
    name = kept("ada")
    experiment = head(brought(vectors()))
    row = store.submit(experiment.described(), experiment.run_id(), "a head")
    store.submit(head(brought(vectors(1))).described(), "1" * 32, "another")
    change(name, ["ada"], deleted_at=LONG_AGO)
    assert [one.id for one in runs_on(store, name)] == [row.id]
    assert purge_data(store) == [] and not remove_now(store, name)
    store.delete(row.id)
    assert [one.id for one in runs_on(store, name)] == [row.id], "it can be restored"
    assert purge_data(store) == []
    store.set_state(row.id, "stopped")
    assert store.purge(days=0) == [row.id]
    assert purge_data(store) == [name]


def test_a_deleted_set_can_go_at_once(store: Store) -> None:
    name = kept("ada")
    assert not remove_now(store, name), "it is not deleted"
    change(name, ["ada"], deleted_at=moment())
    assert remove_now(store, name) and admitted_ids() == [] and not list(data_root().glob(f"{GOING}*"))


def test_what_was_left_half_removed_goes_too(store: Store) -> None:
    (data_root() / f"{GOING}{'a' * 32}").mkdir(parents=True)
    assert purge_data(store) == [] and not list(data_root().glob(f"{GOING}*"))


def test_another_store_is_not_touched(store: Store, tmp_path: Path) -> None:
    name = kept("ada")
    change(name, ["ada"], deleted_at=LONG_AGO)
    assert purge_data(Store(tmp_path / "other")) == [] and admitted_ids() == [name]
