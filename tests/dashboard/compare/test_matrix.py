"""The comparison that the address names, above the maps of its runs."""

from __future__ import annotations

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from core.comparison.asked import Asked, ask
from core.comparison.differences import OTHER
from core.comparison.differences import Comparison as Pair
from core.comparison.plan import UPDATES, Budget, Plan, along
from core.comparison.reached import NUMBERS
from core.comparison.record import Comparison, keep, rewrite
from core.evidence.seeded_differences import BETTER, WORSE, SeededDifference
from core.runs.store import Store
from dashboard.compare import matrix
from dashboard.lookups import kept_comparisons
from tests.dashboard.compared_strategies import BASE, compared
from tests.dashboard.made_runs import made_run
from tests.dashboard.pages import opened


def said(app: AppTest) -> str:
    return "\n".join(one.value for one in (*app.markdown, *app.caption)).replace("\\", "")


def test_every_difference_is_said_and_its_runs_are_on_the_maps(empty_store: Store) -> None:
    comparison = compared(empty_store.root)
    app = opened("compare", comparison=comparison.id)
    words = said(app)
    assert "**two miners**" in words and "2 strategies, from 2 seeds, 30 updates each." in words
    assert "semi-hard − random: " in words and "not distinguishable" in words
    assert "**No two strategies can be told apart** by MAP@R." in words and "all 1 together 95 %" in words
    first = [comparison.runs_of(name)[0] for name in comparison.strategies]
    assert app.session_state["url.kept"]["runs"] == ",".join(first)
    app.button(key="compare.matrix.close").click().run()
    assert not app.exception and "two miners" not in said(app) and "comparison" not in app.query_params


@pytest.mark.parametrize("key", NUMBERS)
def test_any_number_can_be_compared(key: str, empty_store: Store) -> None:
    comparison = compared(empty_store.root)
    app = opened("compare", comparison=comparison.id, number=key)
    assert f"by {NUMBERS[key].title}." in said(app) or " has more than " in said(app) or " is better " in said(app)


def test_until_there_is_something_to_compare_it_says_how_far_it_is(
    empty_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_comparisons, "_have_measured", lambda name, missing: None)
    monkeypatch.setattr(matrix, "keep_engine", lambda: None)
    comparison = compared(empty_store.root, trained=1, is_measured=False)
    words = said(opened("compare", comparison=comparison.id))
    assert "1 of 4 are trained." in words and "The differences appear once every strategy is trained" in words


def test_from_one_seed_no_verdict_is_said(empty_store: Store) -> None:
    words = said(opened("compare", comparison=compared(empty_store.root, seeds=1).id))
    assert "from one seed nobody knows what another would give" in words and "told apart" not in words


@pytest.mark.parametrize(("value", "more"), [(6.0, "a"), (-6.0, "b")])
def test_of_what_only_describes_it_says_who_has_more(value: float, more: str) -> None:
    clear = SeededDifference(value, value - 0.1, value + 0.1, 0.95, 3, 0)
    (line,) = matrix._in_words([Pair("a", "b", clear, OTHER)], "effective_rank")
    assert line == f"**{more}** has more than **{'b' if more == 'a' else 'a'}**, by 6.000."


@pytest.mark.parametrize(("key", "verdict", "better"), [("eer", BETTER, "a"), ("map_at_r", WORSE, "b")])
def test_who_is_better_is_named_first(key: str, verdict: str, better: str) -> None:
    clear = SeededDifference(-0.05, -0.06, -0.04, 0.95, 3, 40)
    (line,) = matrix._in_words([Pair("a", "b", clear, verdict)], key)
    assert line.startswith(f"**{better}** is better than")


def test_a_comparison_that_is_not_there_is_said_to_be_none(empty_store: Store) -> None:
    app = opened("compare", comparison="0" * 32)
    assert "The address asks for the comparison" in said(app) and "of which there are no runs here" in said(app)


def asked(store: Store) -> Comparison:
    """One that is tuned first, of which nothing is begun."""
    plan = Plan(along(BASE, "miner", ["semi-hard", "random"]), (0,), Budget(UPDATES, 30))
    one = Asked.of("two miners", plan, tune=2)
    keep(store.root, one.begun())
    ask(store.root, one)
    return one.begun()


def test_while_strategies_are_tuned_it_says_how_many_trials_are_trained(
    empty_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(matrix, "keep_engine", lambda: None)
    begun = asked(empty_store)
    assert "**two miners**" in said(opened("compare", comparison=begun.id)), "nothing is there yet"
    run = made_run(empty_store.root, replace(BASE, schedule=replace(BASE.schedule, seed=5)))
    trials = {run.folder.name: ["semi-hard, trial 1", 0, 0], "0" * 32: ["semi-hard, trial 2", 0, 0]}
    rewrite(empty_store.root, replace(begun, trials=trials))
    assert "Tuning each strategy first: 1 of 2 trials are trained." in said(opened("compare", comparison=begun.id))


def test_what_stood_in_its_way_and_what_was_stopped_early_is_said(empty_store: Store) -> None:
    made = compared(empty_store.root)
    rewrite(empty_store.root, replace(made, stopped={"batch-hard": 0.25}, problem="no *room*."))
    app = opened("compare", comparison=made.id)
    assert "**batch-hard** was stopped after 25% of its updates" in said(app)
    assert "could not be carried out: no *room*." in app.error[0].value.replace("\\", "")


def test_a_strategy_that_was_stopped_early_is_not_counted(empty_store: Store) -> None:
    made = compared(empty_store.root, trained=2, is_measured=False)
    later = replace(made, stopped={"random": 0.25})
    assert (kept_comparisons.standing(later).count, kept_comparisons.standing(made).count) == (2, 4)


@pytest.mark.parametrize(
    ("identities", "words"),
    [
        ((10, 10), "that holds over seeds and held-out identities; all"),
        ((0, 0), "over seeds alone, because nothing is known of this number identity by identity; all"),
        ((10, 0), "held-out identities, but for a and c: these hold over seeds alone"),
    ],
)
def test_over_what_intervals_hold_is_said_of_each_pair(identities: tuple[int, int], words: str) -> None:
    pairs = [
        Pair("a", other, SeededDifference(0.1, 0.0, 0.2, 0.95, 3, count), BETTER)
        for other, count in zip("bc", identities, strict=True)
    ]
    assert words in matrix._meaning(pairs, 3)
