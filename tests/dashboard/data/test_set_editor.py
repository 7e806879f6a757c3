"""What owners do to a set: each is said, can be taken back, and is nobody else's to do."""

from __future__ import annotations

import pytest

from core.admission.data_owners import Owner, add_owner, admitted_ids, entries_of
from core.runs.store import Store
from dashboard.data import set_editor
from dashboard.lookups.admitted_data import ListedSet, set_of
from tests.core.heads import brought, head, vectors
from tests.dashboard.data.panels import ADA, BEN, TEACHER, Reader, again, clicked, kept, keys, panel, words


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch, store: Store) -> Reader:
    return Reader(monkeypatch)


@pytest.fixture
def data(reader: Reader) -> str:
    return kept(vectors(), ADA)


def test_a_set_is_titled_and_that_is_taken_back(data: str) -> None:
    app = clicked(panel("train"), "data.edit")
    app.text_input(key=f"data.title.{data}").set_value("  Cats \n and dogs ").run()
    assert entries_of(data)[ADA.id].title == "Cats and dogs" and "“secret voices” is titled." in words(app)
    assert "Cats and dogs · 128 samples" in app.selectbox(key="data.chosen").options
    clicked(again(app), "data.undo.button")
    assert entries_of(data)[ADA.id].title == ""


def test_a_set_is_archived_and_listed_again(data: str) -> None:
    app = clicked(clicked(panel("train"), "data.edit"), "data.edit.archive")
    assert entries_of(data)[ADA.id].archived_at and "is archived." in words(app)
    app = clicked(clicked(again(app), "data.edit"), "data.edit.unarchive")
    assert not entries_of(data)[ADA.id].archived_at and "is back in the list." in words(app)
    clicked(app, "data.undo.button")
    assert entries_of(data)[ADA.id].archived_at


def test_a_set_is_deleted_restored_and_removed_for_good(data: str) -> None:
    app = clicked(clicked(panel("train"), "data.edit"), "data.edit.delete")
    assert entries_of(data)[ADA.id].deleted_at and "It can be restored for 7 days." in words(app)
    assert "Its files stay" not in words(app), "nothing stands on it"
    app = clicked(again(app), "data.undo.button")
    assert not entries_of(data)[ADA.id].deleted_at
    app = clicked(clicked(again(app), "data.edit"), "data.edit.delete")
    app = clicked(again(app), "data.edit.restore")
    assert not entries_of(data)[ADA.id].deleted_at
    app = clicked(clicked(again(app), "data.edit"), "data.edit.delete")
    clicked(again(app), "data.edit.remove")
    assert admitted_ids() == []


def test_what_runs_stand_on_stays_and_the_sentence_names_them(data: str, reader: Reader, store: Store) -> None:
    experiment = head(brought(vectors()))
    row = store.submit(experiment.described(), experiment.run_id(), "a *head*")
    store.join(row.id, ADA.id, ADA.name)
    for number in range(2):  # of somebody else, who has brought the same
        other = experiment.changed({"schedule": {"seed": number + 1}})
        store.join(store.submit(other.described(), other.run_id(), f"of Ben {number}").id, BEN.id, BEN.name)
    app = clicked(clicked(panel("train"), "data.edit"), "data.edit.delete")
    assert "Its files stay as long as these stand on it: “of Ben 1”, “of Ben 0”, “a *head*”." in words(app)
    app = clicked(again(app), "data.edit.remove")
    said = words(app)  # what Ada has deleted is not there for her, nor are the trainings of others on it
    assert "“secret voices” cannot be removed now. Its files stay as long as these stand on it" in said
    assert "“a *head*”, 2 other runs." in said and admitted_ids() == [data]


def test_a_set_of_several_is_deleted_for_one_of_them(data: str, reader: Reader) -> None:
    add_owner(data, Owner(BEN.id, BEN.name))
    app = clicked(clicked(panel("train"), "data.edit"), "data.edit.delete")
    assert not entries_of(data)[BEN.id].deleted_at
    app = clicked(again(app), "data.edit.remove")
    assert "Others have brought it, too, and keep it." in words(app) and admitted_ids() == [data]
    reader.become(BEN)
    assert "data.use" in keys(panel("train"))


def test_a_set_is_shared_and_shared_no_more(data: str, reader: Reader) -> None:
    app = clicked(panel("train"), "data.edit")
    app.toggle(key=f"data.share.{data}").set_value(True).run()
    assert entries_of(data)[ADA.id].shared_at and "is shown to others." in words(app)
    app = again(app)
    app.toggle(key=f"data.share.{data}").set_value(False).run()
    assert not entries_of(data)[ADA.id].shared_at
    assert "is shown to you alone. Runs that others have begun on it go on." in words(app)
    clicked(app, "data.undo.button")
    assert entries_of(data)[ADA.id].shared_at


def test_a_teacher_does_it_for_all_owners_and_takes_it_back(data: str, reader: Reader) -> None:
    add_owner(data, Owner(BEN.id, BEN.name))
    reader.become(TEACHER)
    app = clicked(clicked(panel("train"), "data.edit"), "data.edit.delete")
    assert all(one.deleted_at for one in entries_of(data).values())
    clicked(again(app), "data.undo.button")
    assert not any(one.deleted_at for one in entries_of(data).values()) and set(entries_of(data)) == {ADA.id, BEN.id}


def test_the_user_of_this_machine_shares_with_nobody_and_does_the_rest(data: str, reader: Reader) -> None:
    reader.become(None)
    app = clicked(panel("train"), "data.edit")
    assert not [one for one in app.toggle if str(one.key).startswith("data.share")]
    clicked(app, "data.edit.archive")
    assert entries_of(data)[ADA.id].archived_at


def test_nobody_else_changes_a_set_by_any_other_way(data: str, reader: Reader) -> None:
    one = set_of(data)
    assert isinstance(one, ListedSet)
    before = entries_of(data)
    reader.become(BEN)
    set_editor._delete(one)
    set_editor._archive(one, is_archived=True)
    set_editor._restore(one)
    set_editor._remove(one)
    assert entries_of(data) == before and admitted_ids() == [data]
