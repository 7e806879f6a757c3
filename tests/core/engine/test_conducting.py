"""A comparison carried out from what was asked for: its phases, its record, and what stands in its way."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from filelock import FileLock

from core.comparison.asked import Asked, all_asked, ask, ask_again, take_back
from core.comparison.plan import UPDATES, Budget, Member, Plan, along
from core.comparison.record import keep, kept
from core.comparison.searches import OPTUNA
from core.encoders import Mlp
from core.engine import conducting
from core.engine.comparing import Standing, Told
from core.engine.conducting import MEMBERS, TRIALS, conduct, conducted, main
from core.experiment.experiment import Experiment
from core.experiment.schedule import Schedule
from core.experiment.splits import BySample
from core.runs.store import Store
from tests.core.optuna_stand_in import put_in

BASE = Experiment(
    split=BySample(evaluation_share=0.6), encoder=Mlp(width=16, dimension=16), schedule=Schedule(epochs=1)
)
PLAN = Plan(along(BASE, "miner", ["semi-hard", "random"]), (0, 1), Budget(UPDATES, 12))
RoundsOf = list[list[str]]
DONE = Standing(1, 0, 0, 0, 1.0)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    (tmp_path / "engine").mkdir()
    return Store(tmp_path)


@pytest.fixture
def trained(monkeypatch: pytest.MonkeyPatch) -> RoundsOf:
    """The strategies of what is trained, call by call; nothing is."""
    calls: RoundsOf = []

    def carried(
        members: Sequence[Member], store: Store, slots: int, told: Told, *, may_fail: bool = False
    ) -> dict[str, Member]:
        calls.append([member.strategy for member in members])
        by_id = {member.experiment.run_id(): member for member in members}
        for run_id, member in by_id.items():
            store.submit(member.experiment.described(), run_id, member.strategy)
        told(DONE)
        return by_id

    def tried(by_id: dict[str, Member], store: Store, key: str) -> list[float]:
        return [float(member.strategy.endswith("2")) for member in by_id.values()]

    monkeypatch.setattr(conducting, "carried_out", carried)
    monkeypatch.setattr(conducting, "tried", tried)
    return calls


def test_trials_come_first_and_the_best_of_them_are_trained(store: Store, trained: RoundsOf) -> None:
    begun: list[tuple[str, int, dict[str, Any]]] = []
    done = conducted(PLAN, store, 2, tune=2, begins=lambda phase, of, chosen: begun.append((phase, len(of), chosen)))
    assert [(phase, count) for phase, count, _ in begun] == [(TRIALS, 4), (MEMBERS, 4)]
    assert trained[0] == [f"{name}, trial {number}" for name in ("semi-hard", "random") for number in (1, 2)]
    assert begun[1][2] == done.tuned and set(done.tuned) == {"semi-hard", "random"}
    for one in done.by_id.values():
        rate = one.experiment.schedule.learning_rate
        assert rate == done.tuned[one.strategy]["schedule"]["learning_rate"] != BASE.schedule.learning_rate


@pytest.fixture
def by_rate(trained: RoundsOf, monkeypatch: pytest.MonkeyPatch) -> RoundsOf:
    """The same, where a trial reaches more the higher its learning rate is."""
    put_in(monkeypatch)

    def tried(by_id: dict[str, Member], store: Store, key: str) -> list[float]:
        return [member.experiment.schedule.learning_rate for member in by_id.values()]

    monkeypatch.setattr(conducting, "tried", tried)
    return trained


def test_a_round_of_optuna_trains_trials_of_all_strategies_at_the_same_time(store: Store, by_rate: RoundsOf) -> None:
    begun = list[int]()
    done = conducted(PLAN, store, 2, tune=5, tuner=OPTUNA, begins=lambda phase, of, chosen: begun.append(len(of)))
    each = [[f"{name}, trial {number}" for name in ("semi-hard", "random") for number in of] for of in ((4,), (5,))]
    assert [len(of) for of in by_rate] == [6, 2, 2, 4] and by_rate[1:3] == each
    assert begun == [6, 8, 10, 4], "all trials that are known by then, and then the members"
    (rate,) = {one["schedule"]["learning_rate"] for one in done.tuned.values()}
    assert rate == max(row.experiment["schedule"]["learning_rate"] for row in store.rows()) > 0.0015


def test_where_it_was_cut_it_asks_for_the_trials_that_are_there_and_goes_on(
    store: Store, by_rate: RoundsOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    comparison_id, carried, left = asked(store, tune=5, tuner=OPTUNA), conducting.carried_out, [1]

    def cut(*of: Any, **how: Any) -> Any:
        if not left:
            raise KeyboardInterrupt
        left.pop()
        return carried(*of, **how)

    with monkeypatch.context() as patch:
        patch.setattr(conducting, "carried_out", cut)
        with pytest.raises(KeyboardInterrupt):
            conduct(store.root, comparison_id, 2)
    there = {row.id for row in store.rows()}
    assert len(there) == 6 and all_asked(store.root) == [comparison_id]
    conduct(store.root, comparison_id, 2)
    done, made = {row.id for row in store.rows()}, kept(store.root, comparison_id)
    assert made is not None and not made.problem and made.trials.keys() | made.members.keys() == done
    assert there <= made.trials.keys() and len(made.trials) == 10 and len(made.members) == 4
    assert "--tune 5 --tuner optuna" in made.command
    again = conducted(PLAN, store, 2, tune=5, tuner=OPTUNA)
    assert again.by_id.keys() == made.members.keys() and {row.id for row in store.rows()} == done, "it costs nothing"


def test_without_optuna_it_says_how_it_is_installed(
    store: Store, trained: RoundsOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.handover.optional_packages.find_spec", lambda name: None)
    comparison_id = asked(store, tune=5, tuner=OPTUNA)
    conduct(store.root, comparison_id, 2)
    made = kept(store.root, comparison_id)
    assert made is not None and not trained and all_asked(store.root) == []
    assert made.problem.startswith("tuning by optuna must have optuna installed, got none.")
    assert made.problem.endswith("pip install -c constraints.txt 'optuna>=5,<6'")


def test_it_stops_early_only_where_that_is_asked_for(
    store: Store, trained: RoundsOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conducting, "halved", lambda members, *_: (members[:1], {"random": 0.25}))
    assert conducted(PLAN, store, 2).stopped == {} and len(trained[0]) == 4
    done = conducted(PLAN, store, 2, halves=True)
    assert done.stopped == {"random": 0.25} and trained[1] == ["semi-hard"]


def asked(store: Store, **how: Any) -> str:
    one = Asked.of("two miners", PLAN, owner=("v1", "Ada"), **how)
    keep(store.root, one.begun())
    ask(store.root, one)
    return one.id


def test_what_is_asked_for_is_done_and_then_no_longer_asked_for(store: Store, trained: RoundsOf) -> None:
    comparison_id = asked(store, tune=2)
    assert main(["--store", str(store.root), "--slots", "2", comparison_id]) == 0
    made = kept(store.root, comparison_id)
    assert made is not None and made.strategies == ["semi-hard", "random"] and made.seeds == [0, 1] and not made.problem
    assert len(made.trials) == 4 and set(made.tuned) == {"semi-hard", "random"} and all_asked(store.root) == []
    assert all(row.entry.owned_by == {"v1": "Ada"} for row in store.rows()) and len(store.rows()) == 8
    conduct(store.root, comparison_id, 2)
    assert len(trained) == 2, "nothing is asked for any more"


@pytest.mark.parametrize("is_done", [True, False])
def test_it_waits_for_the_process_of_an_engine_that_was_killed(
    store: Store, trained: RoundsOf, monkeypatch: pytest.MonkeyPatch, is_done: bool
) -> None:
    monkeypatch.setattr(conducting, "LOOK_SECONDS", 0.02)
    comparison_id, ended = asked(store), list[int]()
    waiting = Thread(target=lambda: ended.append(main(["--store", str(store.root), "--slots", "2", comparison_id])))
    with FileLock(store.root / "engine" / f"{comparison_id}.lock"):
        waiting.start()
        waiting.join(0.3)
        assert waiting.is_alive() and not trained and all_asked(store.root) == [comparison_id]
        if is_done:
            take_back(store.root, comparison_id)
            waiting.join(60)
    waiting.join(60)
    assert ended == [0] and len(trained) == (0 if is_done else 1) and all_asked(store.root) == []


@pytest.mark.parametrize(
    ("error", "said"), [(ValueError("a sentence."), "a sentence."), (OSError("no room"), "OSError: no room")]
)
def test_what_stands_in_its_way_is_its_problem(
    store: Store, monkeypatch: pytest.MonkeyPatch, error: Exception, said: str
) -> None:
    def fails(*of: object, **how: object) -> None:
        raise error

    monkeypatch.setattr(conducting, "carried_out", fails)
    comparison_id = asked(store)
    conduct(store.root, comparison_id, 2)
    made = kept(store.root, comparison_id)
    assert made is not None and made.problem == said and len(made.members) == 4 and all_asked(store.root) == []


def test_whoever_takes_it_back_ends_it(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    comparison_id = asked(store)

    def carried(members: object, own: object, slots: int, told: Told) -> None:
        take_back(store.root, comparison_id)
        told(DONE)
        pytest.fail("it goes on")

    monkeypatch.setattr(conducting, "carried_out", carried)
    conduct(store.root, comparison_id, 2)
    made = kept(store.root, comparison_id)
    assert made is not None and not made.problem and len(made.members) == 4


def orphaned(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on this process has another parent, as of one that was killed."""
    monkeypatch.setattr(conducting.os, "getppid", lambda: 1)


@pytest.mark.parametrize("is_looking", [True, False])
def test_once_its_engine_is_gone_it_does_nothing_more_and_stays_asked_for(
    store: Store, monkeypatch: pytest.MonkeyPatch, is_looking: bool
) -> None:
    comparison_id = asked(store)

    def carried(members: Sequence[Member], own: Store, slots: int, told: Told) -> None:
        orphaned(monkeypatch)
        if is_looking:
            told(DONE)
        else:
            own.submit(members[0].experiment.described(), members[0].run_id, "first")
        pytest.fail("it goes on")

    monkeypatch.setattr(conducting, "carried_out", carried)
    assert main(["--store", str(store.root), "--engine", str(os.getppid()), comparison_id]) == 0
    made = kept(store.root, comparison_id)
    assert made is not None and not made.problem and made.asked
    assert all_asked(store.root) == [comparison_id] and store.rows() == []


def test_neither_does_one_wait_for_another_once_its_engine_is_gone(
    store: Store, trained: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conducting, "LOOK_SECONDS", 0.02)
    comparison_id, engine = asked(store), os.getppid()
    orphaned(monkeypatch)
    with FileLock(store.root / "engine" / f"{comparison_id}.lock"):
        assert main(["--store", str(store.root), "--engine", str(engine), comparison_id]) == 0
    assert not trained and all_asked(store.root) == [comparison_id]


def test_nothing_more_is_asked_for_once_it_is_taken_back(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    comparison_id = asked(store)

    def carried(members: Sequence[Member], own: Store, slots: int, told: Told) -> None:
        for number, member in enumerate(members):
            if number == 1:
                take_back(store.root, comparison_id)
            own.submit(member.experiment.described(), member.run_id, member.strategy)

    monkeypatch.setattr(conducting, "carried_out", carried)
    conduct(store.root, comparison_id, 2)
    assert len(store.rows()) == 1


def test_it_is_remembered_what_was_asked_for_until_all_is_done(
    store: Store, trained: RoundsOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    comparison_id = asked(store)
    with monkeypatch.context() as patch:
        patch.setattr(conducting, "carried_out", lambda *_, **__: {}["missing"])
        conduct(store.root, comparison_id, 2)
    stuck = kept(store.root, comparison_id)
    assert stuck is not None and stuck.problem.startswith("KeyError") and stuck.asked
    assert ask_again(store.root, stuck)
    conduct(store.root, comparison_id, 2)
    done = kept(store.root, comparison_id)
    assert done is not None and not done.problem and not done.asked


def test_early_stops_are_kept_as_they_come(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    comparison_id, seen = asked(store, halves=True), list[Any]()

    def halved(members: list[Member], own: Store, slots: int, told: Told, stops: Any) -> None:
        stops({"random": 0.25})
        seen.append(kept(store.root, comparison_id))
        raise ValueError("a training has failed.")

    monkeypatch.setattr(conducting, "halved", halved)
    conduct(store.root, comparison_id, 2)
    made = kept(store.root, comparison_id)
    assert made is not None and made.stopped == seen[0].stopped == {"random": 0.25} and made.problem
