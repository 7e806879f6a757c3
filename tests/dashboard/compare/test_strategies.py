"""Several mining strategies at once: the same experiment with each, started by one click and compared."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from core.comparison.asked import all_asked, asked_for
from core.comparison.axes import MARGIN
from core.comparison.axes import USUAL as MEMBERS
from core.comparison.plan import along
from core.comparison.record import all_kept
from core.experiment.experiment import Experiment, differences
from core.experiment.presets import PRESETS
from core.miners import MINERS
from core.runs.store import Store
from dashboard.compare.sweep import OTHER, TRIALS, bases_of
from dashboard.lookups import kept_comparisons
from tests.dashboard.compared_strategies import compared
from tests.dashboard.made_runs import made_run

USUAL = MEMBERS["miner"]


def experiments(base: str, miners: list[str]) -> list[Experiment]:
    """Each miner once, as the preset is."""
    return [one.experiment for one in along(PRESETS[base].experiment, "miner", miners)]


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


def test_what_is_offered_mines_by_itself_as_the_strategies_do(empty_store: Store) -> None:
    bases = bases_of("miner")
    assert "digits" in bases and "hardest" not in bases
    assert {PRESETS[name].experiment.miner for name in bases} == {Experiment().miner}
    assert "softmax" not in bases, "nothing is mined for it: all strategies would be one training"
    assert "softmax" not in bases_of(MARGIN) and "softmax" in bases_of("sampler")


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
    assert not app.exception and not app.button and "two strategies or more" in app.caption[0].value


def test_what_does_not_fit_is_said_in_words(empty_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    from dashboard.runs import submit

    def refuse(experiment: Experiment, **how: object) -> None:
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


def choose(app: AppTest, axis: str) -> AppTest:
    app.selectbox(key="strategies.axis").set_value(axis).run()
    assert not app.exception, app.exception
    return app


@pytest.mark.parametrize("family", [name for name in MEMBERS if name != "miner"])
def test_every_family_can_be_compared(empty_store: Store, family: str) -> None:
    app = choose(opened(), family)
    assert app.multiselect[0].value == list(MEMBERS[family])
    app.button[0].click().run()
    assert not app.exception and not app.error, app.error
    found = [row.experiment[family]["kind"] for row in reversed(empty_store.rows())]
    assert found == list(MEMBERS[family])


def test_margins_are_compared_around_the_own_one_and_others_may_be_typed(empty_store: Store) -> None:
    app = choose(opened(), MARGIN)
    assert app.multiselect[0].value == ["0.1", "0.2", "0.4"]
    app.multiselect[0].set_value(["0.1", "0.2", "0.35"]).run()
    app.segmented_control(key="strategies.seeds").set_value(3).run()
    app.button[0].click().run()
    assert not app.exception and not app.error, app.error
    (made,) = all_kept(empty_store.root)
    assert made.strategies == ["margin 0.1", "margin 0.2", "margin 0.35"]
    assert made.title == "loss margin: 0.1, 0.2, 0.35 on Digits"


def test_any_parameter_and_what_it_may_not_be(empty_store: Store) -> None:
    app = choose(opened(), OTHER)
    app.selectbox(key="strategies.parameter").set_value("schedule.learning_rate").run()
    assert app.multiselect[0].value == ["0.0005", "0.001", "0.002"]
    app.multiselect[0].set_value(["0.001", "fast"]).run()
    assert not app.exception and "learning_rate must be a number" in app.error[0].value.replace("\\", "")
    assert not any(button.label.startswith("Train") for button in app.button)


def test_as_many_updates_as_are_wished(empty_store: Store) -> None:
    app = opened()
    app.number_input(key="strategies.budget").set_value(40).run()
    app.button[0].click().run()
    assert not app.exception
    (made,) = all_kept(empty_store.root)
    assert made.budget == {"updates": 40} and made.seeds == [0]


def test_what_it_costs_is_said_before(empty_store: Store) -> None:
    app = opened()
    said = app.caption[0].value
    assert "4 trainings of 280 updates · about " in said and "MB of disk" in said
    app.segmented_control(key="strategies.seeds").set_value(3).run()
    assert "12 trainings of 280 updates" in app.caption[0].value
    app.checkbox(key="strategies.tunes").check().run()
    assert f"{12 + 4 * TRIALS} trainings of 280 updates" in app.caption[0].value


def test_what_is_tuned_or_stopped_early_is_carried_out_by_the_engine(empty_store: Store) -> None:
    app = opened()
    app.segmented_control(key="strategies.seeds").set_value(3).run()
    app.checkbox(key="strategies.tunes").check().run()
    app.checkbox(key="strategies.halves").check().run()
    app.button[0].click().run()
    assert not app.exception and not app.error, app.error
    (asked,) = all_asked(empty_store.root)
    made = asked_for(empty_store.root, asked)
    assert made is not None and (made.tune, made.halves, list(made.seeds)) == (TRIALS, True, [0, 1, 2])
    assert app.query_params["comparison"] in (asked, [asked]) and not empty_store.rows(), "the engine asks for the runs"
    found = kept_comparisons.find(asked)
    assert found is not None and found.members == {} and kept_comparisons.is_asked_for(found)


def test_settings_of_a_run_that_is_looked_at_come_first(empty_store: Store) -> None:
    run = made_run(empty_store.root, experiments("digits", ["semi-hard"])[0])
    app = AppTest.from_function(page, default_timeout=60)
    app.session_state["strategies.menu"] = True
    app.query_params["run"] = run.folder.name
    app.run()
    assert not app.exception and app.selectbox(key="strategies.base").value == run.folder.name
