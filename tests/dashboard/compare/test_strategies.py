"""Several mining strategies at once: the same experiment with each, started by one click and compared."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from core.comparison.record import all_kept
from core.experiment.experiment import Experiment, differences
from core.experiment.presets import PRESETS
from core.miners import MINERS
from core.runs.store import Store
from dashboard.compare.strategies import BASES, USUAL, experiments
from tests.dashboard.compared_strategies import compared
from tests.dashboard.made_runs import made_run


def page() -> None:
    from dashboard.compare import strategies

    strategies.offer(4)


def opened() -> AppTest:
    """With its menu open."""
    app = AppTest.from_function(page, default_timeout=60)
    app.session_state["strategies.menu"] = True
    app.run()
    assert not app.exception, app.exception
    return app


def named(app: AppTest) -> list[str]:
    """The runs in the address."""
    found = app.query_params["runs"]
    return (found[0] if isinstance(found, list) else found).split(",")


def test_only_the_miner_differs() -> None:
    planned = experiments("digits", list(USUAL))
    assert [one.miner.name for one in planned] == list(USUAL) and set(USUAL) <= set(MINERS)
    assert {setting.split()[0] for setting in differences(planned)} == {"miner"}
    assert len({one.run_id() for one in planned}) == 4


def test_what_is_offered_mines_by_itself_as_the_strategies_do() -> None:
    assert "digits" in BASES and "hardest" not in BASES
    assert {PRESETS[name].experiment.miner for name in BASES} == {Experiment().miner}
    assert "softmax" not in BASES, "nothing is mined for it: all strategies would be one training"


def test_one_click_starts_four_runs_and_the_address_names_them(empty_store: Store) -> None:
    app = opened()
    assert app.button[0].label == "Train 4 runs"
    app.button[0].click().run()
    assert not app.exception
    rows = empty_store.rows()
    assert {row.state for row in rows} == {"queued"}
    planned = [one.run_id() for one in experiments("digits", list(USUAL))]
    assert named(app) == [row.id for row in reversed(rows)] == planned
    assert app.session_state["strategies.menu"] is False


def test_what_was_trained_before_is_said_and_is_not_trained_again(empty_store: Store) -> None:
    there = made_run(empty_store.root, experiments("digits", ["semi-hard"])[0]).folder.name
    app = opened()
    assert any("1 of them is here already" in caption.value for caption in app.caption)
    assert app.button[0].label == "Train 3 runs"
    app.button[0].click().run()
    assert there in named(app) and len(empty_store.rows()) == 4
    assert empty_store.row(there).state == "finished"


def test_one_strategy_alone_is_nothing_to_compare(empty_store: Store) -> None:
    app = opened()
    app.multiselect[0].set_value(["random"]).run()
    assert app.button[0].disabled and app.button[0].label == "Train 1 run"


def test_what_does_not_fit_is_said_in_words(empty_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    from dashboard.runs import submit

    def refuse(experiment: Experiment) -> None:
        raise ValueError("the images must be here, got none.")

    monkeypatch.setattr(submit, "ask_for", refuse)
    app = opened()
    app.button[0].click().run()
    assert not app.exception and "the images must be here" in app.error[0].value.replace("\\", "")
    assert "runs" not in app.query_params and not empty_store.rows()


def test_from_several_seeds_it_is_a_comparison(empty_store: Store) -> None:
    app = opened()
    app.segmented_control(key="strategies.seeds").set_value(3).run()
    assert app.button[0].label == "Train 12 runs"
    app.button[0].click().run()
    assert not app.exception, app.exception
    (made,) = all_kept(empty_store.root)
    assert (made.strategies, made.seeds, made.budget) == (list(USUAL), [0, 1, 2], {"updates": 280})
    assert set(made.members) == {row.id for row in empty_store.rows()} and "random, semi-hard" in made.title
    assert named(app) == [made.runs_of(name)[0] for name in USUAL]
    assert app.query_params["comparison"] in (made.id, [made.id])


def test_an_earlier_comparison_is_opened_again(empty_store: Store) -> None:
    made = compared(empty_store.root, seeds=1, is_measured=False)
    app = opened()
    app.button(key=f"strategies.open.{made.id}").click().run()
    assert not app.exception and app.query_params["comparison"] in (made.id, [made.id])
    assert "runs" not in app.query_params and app.session_state["strategies.menu"] is False


def test_where_there_is_no_room_for_all_none_is_begun(empty_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def refuse(store: Store, new: int = 1) -> None:
        asked.append(new)
        raise ValueError("at most 12 runs may wait, got others.")

    monkeypatch.setattr("dashboard.compare.strategies.limits.check", refuse)
    app = opened()
    app.segmented_control(key="strategies.seeds").set_value(3).run()
    app.button[0].click().run()
    assert asked == [12] and "at most 12 runs" in app.error[0].value.replace("\\", "")
    assert not empty_store.rows() and not all_kept(empty_store.root)
