"""The goal of the Verify page: out of the address, chosen, typed or clicked, and the handle stands where it says."""

from __future__ import annotations

import pytest

from core.runs.run_folder import Run
from core.verification.goals import GOALS, Accuracy, Eer, Far, Frr, Goal, Hand
from dashboard.verify.goal_chooser import TARGETS
from tests.dashboard.verify_pages import curve_of, group, named, opened, said_by, threshold_of

pytestmark = pytest.mark.usefixtures("own_store")


@pytest.mark.parametrize(
    ("query", "goal"),
    [
        ({}, Far(0.01)),
        ({"far": "5"}, Far(0.05)),
        ({"goal": "eer"}, Eer()),
        ({"goal": "accuracy"}, Accuracy()),
        ({"goal": "hand", "threshold": "0.8125"}, Hand(0.8125)),
        ({"goal": "nonsense"}, Far(0.01)),
        ({"goal": "hand", "threshold": "nan"}, Hand(0.0)),
        ({"far": "nonsense"}, Far(0.01)),
    ],
)
def test_the_address_chooses_the_threshold(query: dict[str, str], goal: Goal, run: Run) -> None:
    assert threshold_of(opened(run, **query)) == goal.threshold(curve_of(run))


@pytest.mark.parametrize("name", [name for name, kind in GOALS.items() if kind.side is None and not kind.is_given])
def test_a_goal_without_a_limit_is_said_in_words(name: str, run: Run) -> None:
    assert "The goal is " + GOALS[name]().words.split("{")[0] in said_by(opened(run, goal=name))


def test_a_chosen_goal_moves_the_handle_and_the_address(run: Run) -> None:
    app = opened(run)
    before = threshold_of(app)
    group(app, "Goal").set_value("eer").run()
    assert not app.exception
    assert threshold_of(app) == Eer().threshold(curve_of(run)) != before
    assert app.query_params["goal"] == "eer"
    group(app, "Goal").set_value("hand").run()
    assert threshold_of(app) == Eer().threshold(curve_of(run)), "by hand starts where the handle stands"
    assert app.query_params["threshold"] == str(threshold_of(app))
    group(app, "Goal").set_value("far").run()
    assert threshold_of(app) == before
    assert "goal" not in app.query_params and "threshold" not in app.query_params


def test_a_number_that_is_typed_is_the_threshold(run: Run) -> None:
    app = opened(run, goal="hand", threshold="0.5")
    app.number_input(key="verify.typed").set_value(0.71234).run()
    assert not app.exception and threshold_of(app) == 0.71234


def test_a_round_limit_is_one_click_and_one_that_the_pairs_cannot_show_is_grey(run: Run) -> None:
    app = opened(run, far="7")
    targets = {percent: app.button(key=f"verify.target.far.{percent}") for percent in TARGETS}
    assert [target.disabled for target in targets.values()] == [False, True, True, True, True]
    assert "It takes about" in targets[0.1].help and not targets[10.0].help
    targets[10.0].click().run()
    assert not app.exception and float(named(app, "far") or 0) == 10
    assert threshold_of(app) == Far(0.1).threshold(curve_of(run))


def test_a_number_of_a_goal_is_asked_for_in_percent_where_it_is_a_share(run: Run) -> None:
    app = opened(run, goal="frr", frr="20")
    assert app.number_input(key="frr").value == 20.0 and threshold_of(app) == Frr(0.2).threshold(curve_of(run))
    app.number_input(key="frr").set_value(30.0).run()
    assert threshold_of(app) == Frr(0.3).threshold(curve_of(run))
    group(app, "Goal").set_value("eer").run()
    assert named(app, "frr") is None, "what is not drawn is not in the address"
