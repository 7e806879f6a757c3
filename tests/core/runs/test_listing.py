"""Which lines the list of runs has, in which order."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import pytest

from core.comparison.record import Comparison, keep
from core.runs.listing import (
    SORTS,
    Asked,
    Line,
    Sight,
    count,
    data_ids,
    datasets,
    lines,
    owners,
    runs_asked_for,
    runs_at_all,
    summaries_seen,
    tags,
)
from core.runs.store import Store
from core.runs.sweeps import take_up


def run_id(number: int) -> str:
    return f"{number:032x}"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Eight runs, 3 to 6 in a sweep; what they took is in an order of its own."""
    made = Store(tmp_path)
    for number in range(1, 9):
        dataset = {"kind": ("digits", "faces")[number % 2]} if number < 8 else {"kind": "brought", "data": "ab"}
        made.submit({"dataset": dataset, "loss": {"margin": number}}, run_id(number), f"Run {9 - number}")
    members = {run_id(number): ["x", number, 0] for number in range(3, 7)}
    created = made.row(run_id(6)).submitted_at[:19] + "+00:00"
    keep(made.root, Comparison(id=run_id(99), title="A sweep", created=created, members=members, budget={"updates": 1}))
    made.ask("UPDATE runs SET seconds = number % 3, size = 1000 - number, map_at_r = (number * 7 % 10) / 10.0")
    return made


def numbers(store: Store, **asked: object) -> list[int]:
    """The lines, the sweep as 99."""
    return [int(line.id, 16) for line in lines(store, Asked(**asked))]


def test_a_sweep_is_one_line(store: Store) -> None:
    found = list(lines(store, Asked()))
    assert Line(run_id(99), is_sweep=True) in found and sum(line.is_sweep for line in found) == 1
    assert sorted(numbers(store)) == [1, 2, 7, 8, 99] and count(store, Asked()) == 5
    assert numbers(store, is_grouped=False) == [8, 7, 6, 5, 4, 3, 2, 1]


def test_lines_are_sorted_as_asked_for(store: Store) -> None:
    rows = {row.id: row for row in store.rows()}
    own = {number: [rows[run_id(number)]] for number in (1, 2, 7, 8)} | {99: [rows[run_id(n)] for n in range(3, 7)]}
    keys = {
        "longest": lambda of: sum(row.seconds for row in of),
        "best": lambda of: max(row.map_at_r for row in of),
        "largest": lambda of: sum(row.size for row in of),
    }
    for sort, key in keys.items():
        found = [key(own[number]) for number in numbers(store, sort=sort)]
        assert len(found) == 5 and found == sorted(found, reverse=True), sort
    assert numbers(store, sort="name") == [99, 8, 7, 2, 1]
    assert numbers(store, sort="newest")[-2:] == [2, 1] and set(SORTS) == {*keys, "name", "newest"}


def test_a_sweep_is_there_where_one_of_its_runs_is_asked_for(store: Store) -> None:
    store.set_state(run_id(4), "running")
    assert numbers(store, states=("running",)) == [99]
    assert runs_asked_for(store, Asked(states=("running",)), run_id(99)) == {run_id(4)}
    assert runs_asked_for(store, Asked(words="a sweep"), run_id(99)) == {run_id(number) for number in range(3, 7)}
    assert set(numbers(store, dataset="faces")) == {1, 7, 99} and numbers(store, dataset="ab") == [8]


def test_words_stand_in_titles_notes_tags_states_settings_and_in_the_title_of_the_sweep(store: Store) -> None:
    store.describe(run_id(1), title="Über Wölfe", note="Too SLOW")
    store.tag(run_id(2), ["Thesis"])
    for words in ("über", "ÜBER wölfe", "slow", "Run 8 über"):
        assert numbers(store, words=words) == [1], words
    assert numbers(store, words="thesis") == [2] and numbers(store, words="a SWEEP") == [99]
    assert numbers(store, words="run 3") == [99] and numbers(store, words="nowhere") == []
    assert numbers(store, words="%") == [] == numbers(store, words="'")


def test_stars_tags_and_owners(store: Store) -> None:
    store.star(run_id(5))
    store.tag(run_id(1), ["b", "Ä", "a"])
    store.tag(run_id(7), ["a"])
    store.join(run_id(2), "0a", "Ada")
    assert numbers(store, is_starred=True) == [99] and numbers(store, is_starred=True, is_grouped=False) == [5]
    assert sorted(numbers(store, tag="a")) == [1, 7] and tags(store) == ["a", "b", "Ä"]
    assert numbers(store, owner="0a") == [2] and numbers(store, owner="0") == [] and owners(store) == {"0a": "Ada"}
    assert datasets(store) == ["ab", "digits", "faces"]


def test_what_is_put_away_stands_there_alone(store: Store) -> None:
    store.archive(run_id(1))
    for number in (2, 8, 3):
        store.delete(run_id(number))
    assert set(numbers(store)) == {7, 99} and numbers(store, shelf="archived") == [1]
    assert numbers(store, shelf="deleted", is_grouped=False) in ([3, 8, 2], [3, 2, 8], [8, 3, 2])
    assert set(numbers(store, shelf="deleted")) == {2, 8, 99}


def test_what_nobody_has_begun_with_is_left_out(store: Store) -> None:
    assert numbers(store, has_begun=True) == []
    store.set_state(run_id(1), "running")
    store.set_state(run_id(1), "interrupted")
    store.set_state(run_id(1), "queued")
    assert numbers(store, has_begun=True) == [1] == [int(one, 16) for one in runs_at_all(store, Asked(has_begun=True))]


def test_many_lines_are_read_by_and_by(tmp_path: Path) -> None:
    store = Store(tmp_path)
    for number in range(150):
        store.submit({}, run_id(number), "run")
    statements = counted(store)
    assert len(list(islice(lines(store, Asked()), 15))) == 15 and len(statements) == 1
    assert [int(line.id, 16) for line in lines(store, Asked())] == list(range(149, -1, -1))
    assert len(list(runs_at_all(store, Asked()))) == 150


def counted(store: Store) -> list[str]:
    """The statements that the store is asked from now on."""
    asked: list[str] = []
    ask = store.ask
    store.ask = lambda statement, values=None: asked.append(statement) or ask(statement, values)  # type: ignore
    return asked


def test_all_lines_are_read_in_few_statements(tmp_path: Path) -> None:
    """Each of them sorts all runs of the store."""
    store = Store(tmp_path)
    submit_many(store, 2000, {"kind": "scores"})
    for read in (lines, runs_at_all):
        statements = counted(store)
        assert len(list(read(store, Asked()))) == 2000 and len(statements) <= 7


def submit_many(store: Store, runs: int, experiment: dict[str, object]) -> None:
    """So many alike, in one statement."""
    store.submit(experiment, run_id(0), "run")
    (first,) = store.ask("SELECT * FROM runs")
    names = [name for name in first.keys() if name not in ("id", "number", "shown")]
    store.ask(
        f"""WITH RECURSIVE others(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM others WHERE i < {runs - 1})
        INSERT INTO runs (id, {", ".join(names)}) SELECT printf('%032x', i), {", ".join(names)} FROM runs, others"""
    )


def test_what_is_not_there_for_who_looks_is_not_read(store: Store) -> None:
    store.submit({"kind": "scores"}, run_id(9), "mine")
    store.submit({"kind": "scores"}, run_id(10), "theirs")
    store.join(run_id(9), "0a", "Ada")
    store.join(run_id(10), "0b", "0a")  # who calls themselves by the id of another
    store.join(run_id(3), "0a", "Ada")
    sight = Sight("0a")
    assert set(numbers(store, sight=sight)) == {1, 2, 7, 9, 99}, "8 is trained on a set of others"
    assert 8 in numbers(store, sight=Sight("0a", ("ab",))) and data_ids(store) == ["ab"]
    store.share(run_id(10))
    assert numbers(store, sight=sight, is_trained=False) == [10, 9]
    for number in (1, 3, 9):
        store.delete(run_id(number))
    assert set(numbers(store, sight=sight, shelf="deleted")) == {9, 99}, "what they asked for, and nothing else"
    assert runs_asked_for(store, Asked(shelf="deleted", sight=sight), run_id(99)) == {run_id(3)}
    store.ask("UPDATE runs SET owners = '0a no list' WHERE id = :id", {"id": run_id(9)})
    assert numbers(store, sight=sight, shelf="deleted") == [99]


def test_a_sweep_is_summed_over_the_runs_that_are_there_for_who_looks(store: Store) -> None:
    store.ask("UPDATE runs SET data = 'ab' WHERE id IN (:one, :other)", {"one": run_id(3), "other": run_id(4)})
    store.join(run_id(4), "0a", "Ada")
    take_up(store)
    counts = {
        sight: summaries_seen(store, [run_id(99)], "listed", sight)[run_id(99)].count
        for sight in (None, Sight("0a"), Sight("0b"), Sight("0b", ("ab",)))
    }
    assert list(counts.values()) == [4, 3, 2, 4]
    store.delete(run_id(3))
    store.delete(run_id(4))
    assert summaries_seen(store, [run_id(99)], "deleted", Sight("0a"))[run_id(99)].count == 1
    assert summaries_seen(store, [run_id(99)], "deleted", Sight("0b")) == {}


def test_tags_owners_and_datasets_are_those_of_runs_that_are_there_for_who_looks(store: Store) -> None:
    store.submit({"kind": "scores"}, run_id(9), "theirs")
    store.join(run_id(9), "0b", "Ben")
    store.tag(run_id(9), ["Ben's own"])
    store.tag(run_id(8), ["of a set"])
    store.tag(run_id(1), ["for all"])
    store.join(run_id(1), "0c", "Cid")
    assert (tags(store, Sight("0a")), owners(store, Sight("0a"))) == (["for all"], {"0c": "Cid"})
    assert tags(store, Sight("0a", ("ab",))) == ["for all", "of a set"]
    assert (len(tags(store)), owners(store, Sight("0b"))) == (3, {"0b": "Ben", "0c": "Cid"})
    assert datasets(store, Sight("0a")) == ["digits", "faces"]
