from __future__ import annotations

import json
import shutil
import sqlite3
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from core.runs.entry import Entry
from core.runs.index import MIGRATIONS
from core.runs.queue_places import place_of
from core.runs.states import ACTIVE
from core.runs.store import GOING, Store
from core.system import atomic_files


def run_id(number: int) -> str:
    return f"{number:032x}"


def submit(store: Store, number: int, owner: str = "") -> str:
    return store.submit({"number": number}, run_id(number), f"run {number}", owner).id


def number_in_queue(store: Store, name: str) -> int | None:
    place = place_of(store, store.row(name))
    return place.number if place else None


def walk(store: Store, number: int, *states: str) -> None:
    for state in states:
        store.set_state(run_id(number), state)


def test_equal_configurations_are_one_run(store: Store) -> None:
    with ThreadPoolExecutor(8) as pool:
        rows = list(pool.map(lambda _: Store(store.root).submit({}, run_id(7), "seven"), range(30)))
    assert {row.id for row in rows} == {run_id(7)}
    assert len(store.rows()) == len(store.queued()) == 1


def test_a_finished_run_is_returned_as_it_is(store: Store) -> None:
    submit(store, 1)
    walk(store, 1, "running", "finished")
    store.want(run_id(1), "stop")
    assert store.submit({}, run_id(1), "again").state == "finished"
    assert store.row(run_id(1)).name == "run 1"
    assert not store.to_answer()


@pytest.mark.parametrize("path", [["paused"], ["stopped"], ["running", "failed"]])
def test_a_resting_run_is_asked_for_again_by_submitting_it(store: Store, path: list[str]) -> None:
    submit(store, 1)
    walk(store, 1, *path)
    assert not store.to_answer() or path == ["paused"] or path == ["stopped"]
    submit(store, 1)
    assert [row.id for row in store.to_answer()] == [run_id(1)]


def test_a_failed_run_stays_failed_until_somebody_asks(store: Store) -> None:
    submit(store, 1)
    walk(store, 1, "running", "failed")
    assert store.to_answer() == []
    store.want(run_id(1), "pause")
    assert store.to_answer() == []
    store.want(run_id(1), "run")
    assert [row.state for row in store.to_answer()] == ["failed"]


@pytest.mark.parametrize("wrong", ["../../etc/passwd", "a" * 31, "A" * 32, "a" * 32 + "\n", ""])
def test_an_id_that_is_no_id_is_refused_everywhere(store: Store, wrong: str) -> None:
    for call in (store.folder, store.row, lambda name: store.submit({}, name, "")):
        with pytest.raises(ValueError, match="must be 32 characters"):
            call(wrong)


def test_what_is_not_there_is_named(store: Store) -> None:
    with pytest.raises(ValueError, match="the run must be in the store, got 0{31}5"):
        store.row(run_id(5))
    submit(store, 5)
    with pytest.raises(ValueError, match="wanted must be one of run, pause, stop, got 'fly'"):
        store.want(run_id(5), "fly")


def test_a_state_must_follow_the_table(store: Store) -> None:
    submit(store, 1)
    with pytest.raises(ValueError, match="finished must follow running or pausing or stopping, got queued"):
        store.set_state(run_id(1), "finished")


def test_rows_come_newest_first_and_progress_is_kept(store: Store) -> None:
    for number in (3, 1, 2):
        submit(store, number)
    walk(store, 1, "running")
    store.progress(run_id(1), epoch=2, epochs=5, step=40, seconds=1.5)
    assert [row.id for row in store.rows()] == [run_id(2), run_id(1), run_id(3)]
    row = store.row(run_id(1))
    assert (row.epoch, row.epochs, row.step, row.seconds, row.attempts) == (2, 5, 40, 1.5, 1)


def test_an_interruption_without_progress_is_counted_and_progress_forgives(store: Store) -> None:
    submit(store, 1)
    fruitless = []
    for epoch in (0, 0, 3, 3, 3):
        walk(store, 1, "running")
        store.progress(run_id(1), epoch=epoch, epochs=9, step=epoch, seconds=0.0)
        store.set_state(run_id(1), "interrupted", is_lost=True)
        fruitless.append(store.row(run_id(1)).fruitless)
        walk(store, 1, "queued")
    assert fruitless == [1, 2, 0, 1, 2]


def test_a_run_put_back_after_an_interruption_keeps_its_place(store: Store) -> None:
    submit(store, 1)
    submit(store, 2)
    walk(store, 1, "running", "interrupted", "queued")
    assert number_in_queue(store, run_id(1)) == 1
    walk(store, 1, "paused", "queued")
    assert number_in_queue(store, run_id(1)) == 2
    walk(store, 2, "running")
    assert number_in_queue(store, run_id(2)) is None


def test_a_newcomer_goes_before_the_second_run_of_another(store: Store) -> None:
    for number in range(6):
        submit(store, number, "greedy")
    for number in range(6, 9):
        submit(store, number, f"owner {number}")
    owners = [row.owner for row in store.queued()]
    assert owners[:4] == ["greedy", "owner 6", "owner 7", "owner 8"]
    walk(store, 0, "running")
    assert store.queued()[0].owner == "owner 6"


def test_what_somebody_waits_for_goes_before_trainings_in_an_order_of_its_own(store: Store) -> None:
    for number in range(3):
        submit(store, number)
    for number in range(3, 5):
        store.submit({"upload": {}}, run_id(number), f"upload {number}")
    assert [row.id for row in store.queued()] == [run_id(number) for number in (3, 4, 0, 1, 2)]
    assert [number_in_queue(store, run_id(number)) for number in range(5)] == [1, 2, 3, 1, 2]


@settings(max_examples=25)
@given(
    some.lists(
        some.tuples(some.sampled_from("abcd"), some.sampled_from(["queued", "running", "finished"])), max_size=12
    )
)
def test_the_order_is_fewest_at_work_then_fewest_recent_then_oldest(
    tmp_path_factory: pytest.TempPathFactory, runs: list[tuple[str, str]]
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(atomic_files.os, "fsync", lambda handle: None)
        store = Store(tmp_path_factory.mktemp("store"))
        started = []
        for number, (owner, state) in enumerate(runs):
            submit(store, number, owner)
            if state != "queued":
                walk(store, number, *["running", "finished"][: 1 + (state == "finished")])
                started.append(owner)
        busy = Counter(owner for owner, state in runs if state in ACTIVE)
        recent = Counter(started[-20:])
        waiting = [(number, owner) for number, (owner, state) in enumerate(runs) if state == "queued"]

        def fairness(entry: tuple[int, str]) -> tuple[int, int, int]:
            number, owner = entry
            turn = sum(earlier < number for earlier, other in waiting if other == owner)
            return busy[owner] + turn, recent[owner] + turn, number

        expected = [run_id(number) for number, _ in sorted(waiting, key=fairness)]
        assert [row.id for row in store.queued()] == expected
        assert [number_in_queue(store, name) for name in expected] == list(range(1, len(expected) + 1))


def test_a_run_asked_for_by_itself_goes_before_the_members_of_a_comparison_of_the_same_owner(store: Store) -> None:
    def order() -> list[int]:
        return [int(row.id, 16) for row in store.queued()]

    for number in (1, 2, 3):
        store.submit({}, run_id(number), "member", "me", is_member=True)
    submit(store, 4, "me")
    submit(store, 5, "me")
    assert order() == [4, 5, 1, 2, 3]
    walk(store, 1, "running", "interrupted", "queued")
    walk(store, 4, "running", "interrupted", "queued")
    assert order() == [4, 5, 1, 2, 3], "what was interrupted keeps its place"
    walk(store, 1, "paused", "queued")
    walk(store, 4, "paused", "queued")
    assert order() == [5, 4, 2, 3, 1], "what was paused goes to the end of its kind"
    store.submit({}, run_id(3), "member", "me", is_member=True)
    assert order() == [5, 4, 2, 3, 1]
    submit(store, 3, "me")
    assert order() == [5, 4, 3, 2, 1], "asked for by itself as well"
    store.submit({}, run_id(5), "member", "me", is_member=True)
    assert order() == [5, 4, 3, 2, 1], "and that is not taken back"


EVENT = some.one_of(
    some.tuples(some.just("sweep"), some.sampled_from("abc"), some.integers(1, 8)),
    some.tuples(some.just("single"), some.sampled_from("abc"), some.just(1)),
    some.tuples(some.just("end"), some.integers(0, 3), some.just(1)),
)


@settings(max_examples=60)
@given(some.lists(EVENT, max_size=14))
def test_a_single_run_starts_soon_whatever_sweeps_wait(
    tmp_path_factory: pytest.TempPathFactory, events: list[tuple]
) -> None:
    """Four workers, three owners. Between the wish for a single run and its start no member of the same owner's
    comparisons starts, and of others at most the 20 starts that the order remembers, and one each."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(atomic_files.os, "fsync", lambda handle: None)
        store = Store(tmp_path_factory.mktemp("store"))
        kinds, owners, running, started, asked_at = {}, {}, [], [], {}

        def start() -> None:
            while len(running) < 4 and (queued := store.queued()):
                walk(store, int(queued[0].id, 16), "running")
                running.append(queued[0].id)
                started.append(queued[0].id)

        for what, who, count in [*events, *[("end", 0, 1)] * 60]:
            if what == "end" and running:
                walk(store, int(running.pop(who % len(running)), 16), "finished")
            for _ in range(count if what != "end" else 0):
                number = len(kinds)
                kinds[run_id(number)], owners[run_id(number)] = what, who
                asked_at[run_id(number)] = len(started)
                store.submit({}, run_id(number), what, who, is_member=what == "sweep")
            start()
        for place, name in enumerate(started):
            if kinds[name] == "single":
                between = started[asked_at[name] : place]
                own = [other for other in between if owners[other] == owners[name]]
                assert all(kinds[other] == "single" for other in own)
                assert len(between) - len(own) <= (20 + 3) * (len(own) + 1)
        shutil.rmtree(store.root)


def told(store: Store) -> list[tuple]:
    rows = [*store.rows(), *store.deleted_rows()]
    return [(row.id, row.name, row.owner, row.state, row.experiment, row.entry) for row in rows]


@pytest.mark.parametrize("damage", ["missing", "emptied", "no database", "torn"])
def test_the_index_is_made_anew_from_the_run_folders(store: Store, damage: str) -> None:
    for number in range(4):
        submit(store, number, "me")
    walk(store, 1, "running", "finished")
    walk(store, 2, "paused")
    store.describe(run_id(2), title="the second", note="margin too large")
    store.delete(run_id(3))
    before = told(store)
    index = store.root / "index.sqlite"
    if damage == "missing":
        index.unlink()
    elif damage == "emptied":
        index.write_bytes(b"")
    elif damage == "no database":
        index.write_bytes(b"not a database" * 1000)
    else:
        with index.open("r+b") as file:  # the header stays, the first pages of the tables do not
            file.seek(100)
            file.write(b"\xff" * 12000)
    assert told(store) == before
    assert told(Store(store.root)) == before
    assert store.row(run_id(2)).wanted == "pause"
    assert number_in_queue(store, run_id(0)) == 1


def test_a_folder_that_no_engine_had_is_found(store: Store) -> None:
    for number, result in ((1, True), (2, False)):
        folder = store.folder(run_id(number))
        folder.mkdir()
        (folder / "run.json").write_text(json.dumps({"experiment": {"loss": {"kind": "triplet"}}}))
        if result:
            (folder / "result.json").write_text("{}")
    (store.runs / "notes").mkdir()
    store.folder(run_id(3)).mkdir()
    (store.folder(run_id(3)) / "state.json").write_text('{"state": "running", "id": 3')
    (store.root / "index.sqlite").unlink()
    assert {row.id: row.state for row in store.rows()} == {run_id(1): "finished", run_id(2): "stopped"}
    assert store.to_answer() == []
    assert store.row(run_id(1)).experiment == {"loss": {"kind": "triplet"}}


def test_a_store_of_an_earlier_version_gets_what_readers_write(store: Store) -> None:
    index = store.root / "index.sqlite"
    index.unlink()
    store.folder(run_id(1)).mkdir()
    with closing(sqlite3.connect(index)) as connection:
        connection.executescript(MIGRATIONS[0])
        values = run_id(1), "run 1", '{"loss": {"kind": "Circle", "m": 0.25}, "dataset": {"kind": "digits"}}'
        connection.execute(
            "INSERT INTO runs (id, name, owner, experiment, submitted_at) VALUES (?, ?, '', ?, 'then')", values
        )
        connection.execute("PRAGMA user_version = 1")
        connection.commit()
    opened = Store(store.root)
    assert (opened.row(run_id(1)).title, opened.row(run_id(1)).entry) == ("run 1", Entry())
    assert opened.describe(run_id(1), title="mine").title == "mine"
    (told,) = opened.ask("SELECT settings, dataset, is_awaited, shown FROM runs")
    assert tuple(told) == ("circle 0.25 digits", "digits", 0, "mine")


def test_tags_and_a_star_stay_with_the_run_and_outlive_the_index(store: Store) -> None:
    submit(store, 1)
    store.tag(run_id(1), [" for the paper", "for the paper", "", "Ö"])
    store.star(run_id(1))
    (store.root / "index.sqlite").unlink()
    entry = store.row(run_id(1)).entry
    assert entry.tagged == ("for the paper", "Ö") and entry.starred_at
    store.star(run_id(1), is_starred=False)
    assert not store.tag(run_id(1), []).entry.tagged and not store.row(run_id(1)).entry.starred_at
    with pytest.raises(ValueError, match="the tag of a run must have at most 40 characters, got 41"):
        store.tag(run_id(1), ["x" * 41])


def test_a_run_that_has_come_to_rest_is_weighed(store: Store) -> None:
    submit(store, 1)
    folder = store.folder(run_id(1))
    (folder / "snapshots.jsonl").write_text('{"map_at_r": 0.25}\n{"map_at_r": 0.5}\n')
    (folder / "embeddings.npz").write_bytes(b"x" * 100_000)
    walk(store, 1, "running")
    assert (store.row(run_id(1)).size, store.row(run_id(1)).map_at_r) == (-1, -1)
    walk(store, 1, "finished")
    row = store.row(run_id(1))
    assert row.map_at_r == 0.5 and 100_000 <= row.size < 200_000
    assert store.weigh() == 0


def test_runs_of_earlier_versions_are_weighed_by_and_by(store: Store) -> None:
    for number in range(3):
        submit(store, number)
        walk(store, number, "running", "finished")
    store.ask("UPDATE runs SET size = -1")
    assert [store.weigh(2), store.weigh(2), store.weigh(2)] == [2, 1, 0]
    assert all(row.size > 0 for row in store.rows())


def test_runs_on_a_set_are_found(store: Store) -> None:
    store.submit({"dataset": {"kind": "brought", "data": "ab"}}, run_id(1), "on it")
    store.submit({"dataset": {"kind": "digits"}}, run_id(2), "elsewhere")
    assert [row.id for row in store.rows_on("ab")] == [run_id(1)] and store.rows_on("") == []


def test_a_title_and_a_note_stay_with_the_run(store: Store) -> None:
    submit(store, 1)
    store.describe(run_id(1), title="  my own ", note="good\nbut slow")
    walk(store, 1, "running")
    row = store.describe(run_id(1), note="good")
    assert (row.title, row.name, row.entry.note, row.state) == ("my own", "run 1", "good", "running")
    assert store.describe(run_id(1), title="").title == "run 1"
    with pytest.raises(ValueError, match="the note of a run must have at most 4,000 characters, got 4,001. Shorten"):
        store.describe(run_id(1), note="x" * 4001)
    assert store.row(run_id(1)).entry.note == "good"


def test_who_writes_a_title_and_who_archives_do_not_undo_each_other(store: Store) -> None:
    submit(store, 1)
    with ThreadPoolExecutor(2) as pool:
        for number in range(20):
            asked = [
                pool.submit(store.describe, run_id(1), title=f"title {number}"),
                pool.submit(store.archive, run_id(1), is_archived=number % 2 == 0),
            ]
            for one in asked:
                one.result()
            entry = store.row(run_id(1)).entry
            assert (entry.title, bool(entry.archived_at)) == (f"title {number}", number % 2 == 0)


def test_a_deleted_run_is_not_listed_and_comes_back(store: Store) -> None:
    for number in (1, 2):
        submit(store, number)
    walk(store, 1, "running", "finished")
    for number in (1, 2):
        store.delete(run_id(number))
    assert not store.rows()
    assert [row.id for row in store.deleted_rows()] == [run_id(2), run_id(1)]
    assert (store.row(run_id(1)).state, store.row(run_id(2)).wanted) == ("finished", "stop")
    store.restore(run_id(1))
    submit(store, 2)  # the same settings again
    assert [row.id for row in store.rows()] == [run_id(2), run_id(1)]
    assert store.row(run_id(2)).wanted == "run" and store.row(run_id(1)).state == "finished"


def test_a_run_that_is_started_again_is_no_longer_archived(store: Store) -> None:
    submit(store, 1)
    store.archive(run_id(1))
    assert [bool(row.entry.archived_at) for row in store.rows()] == [True]
    submit(store, 1)
    assert not store.row(run_id(1)).entry.archived_at


def test_what_a_full_disk_kept_from_the_folders_is_told_them_later(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = submit(store, 1)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(atomic_files.os, "replace", full)
        assert store.set_state(name, "running").state == "running"
        with pytest.raises(OSError, match="No space"):
            store.catch_up()
    told = store.folder(name) / "state.json"
    assert store.row(name).state == "running" and json.loads(told.read_text())["state"] == "queued"
    store.catch_up()
    assert json.loads(told.read_text())["state"] == "running"
    told.write_text("{")
    store.catch_up()
    assert told.read_text() == "{", "nothing is looked at twice by one engine"
    Store(store.root).catch_up()
    assert json.loads(told.read_text())["state"] == "running", "but by the next one"


def test_owners_join_leave_and_come_back_with_the_folder(store: Store) -> None:
    name = submit(store, 1)
    assert store.leave(name, "ada").wanted == "run", "who has not asked for it does not end it"
    store.join(name, "ada", "Ada")
    store.join(name, "ben", 'Ben "B"')
    row = store.join(name, "ada", "Ada again")
    assert row.entry.owned_by == {"ada": "Ada", "ben": 'Ben "B"'} and row.owner == "ada"
    store.share(name)
    store._index.path.write_bytes(b"")
    assert store.row(name).entry.owned_by == row.entry.owned_by and store.row(name).entry.shared_at
    row = store.leave(name, "ada")
    assert (row.wanted, row.owner, list(row.entry.owned_by)) == ("run", "ben", ["ben"])
    row = store.leave(name, "ben")
    assert row.wanted == "stop" and not row.entry.owned_by
    assert not store.share(name, is_shared=False).entry.shared_at


def test_what_is_finished_stays_so_when_the_last_one_leaves(store: Store) -> None:
    name = submit(store, 1)
    store.join(name, "ada", "Ada")
    walk(store, 1, "running", "finished")
    assert store.leave(name, "ada").wanted == "run"


def test_of_two_who_come_and_go_at_once_neither_ends_the_others_run(store: Store) -> None:
    name = submit(store, 1)
    store.join(name, "0", "0")

    def come_and_go(number: int) -> None:
        for _ in range(10):
            store.join(name, str(number), "x")
            store.leave(name, str(number))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(come_and_go, range(1, 5)))
    assert store.row(name).wanted == "run" and list(store.row(name).entry.owned_by) == ["0"]
    assert json.loads((store.folder(name) / "entry.json").read_text())["owners"] == '[["0","0"]]'


def test_runs_under_way_are_counted_by_owner(store: Store) -> None:
    for number in range(4):
        store.join(submit(store, number), "ada" if number else "ben", "x")
    walk(store, 1, "running", "finished")
    walk(store, 2, "running")
    assert [store.under_way_of(owner) for owner in ("ada", "ben", "eve")] == [2, 1, 0]


def test_files_go_when_a_run_was_deleted_for_long_and_rests(store: Store) -> None:
    for number in range(4):
        submit(store, number)
    walk(store, 0, "running", "finished")
    walk(store, 1, "running", "finished")
    walk(store, 2, "running")
    for number in (0, 2):
        store.delete(run_id(number))
    assert store.purge() == []
    left_over = store.runs / f"{run_id(9)}{GOING}"
    left_over.mkdir()
    assert store.purge(days=0) == [run_id(0)]
    assert sorted(folder.name for folder in store.runs.iterdir()) == [run_id(1), run_id(2), run_id(3)]
    assert [row.id for row in store.deleted_rows()] == [run_id(2)]
    walk(store, 2, "stopping", "stopped")
    shutil.rmtree(store.folder(run_id(2)))  # somebody was faster
    assert store.purge(days=0) == [run_id(2)] and len(store.rows()) == 2


def test_a_newer_index_is_refused(store: Store) -> None:
    with closing(sqlite3.connect(store.root / "index.sqlite")) as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(ValueError, match=f"must be of version {len(MIGRATIONS)} or older, got 99"):
        Store(store.root)


def test_the_state_stands_in_the_folder(store: Store) -> None:
    submit(store, 1)
    walk(store, 1, "running")
    told = json.loads((store.folder(run_id(1)) / "state.json").read_text())
    assert (told["state"], told["experiment"], told["attempts"]) == ("running", {"number": 1}, 1)
