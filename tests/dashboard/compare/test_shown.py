"""Which strategies a comparison shows, and which of them is the baseline."""

from __future__ import annotations

from core.comparison.record import Comparison, keep
from core.runs.store import Store
from tests.dashboard.compare.test_matrix import said
from tests.dashboard.compared_strategies import compared
from tests.dashboard.pages import notes, opened
from tests.dashboard.sent import sent_to_components

PILLS, PINNED = "url.shown", "url.baseline"


def test_a_strategy_is_hidden_by_one_click_and_shown_by_another(empty_store: Store) -> None:
    comparison = compared(empty_store.root)
    app = opened("compare", comparison=comparison.id)
    assert app.pills(key=PILLS).value == ["semi-hard", "random"] and "shown" not in app.session_state["url.kept"]
    app.pills(key=PILLS).set_value(["random"]).run()
    assert not app.exception and app.session_state["url.kept"]["shown"] == "random"
    words = said(app)
    assert "Show two strategies or more" in words and "semi-hard − random" not in words
    app.pills(key=PILLS).set_value([]).run()
    assert not app.exception and "shown" not in app.session_state["url.kept"], "none means all"
    assert app.pills(key=PILLS).value == ["semi-hard", "random"] and "semi-hard − random" in said(app)


def test_the_baseline_stands_first_in_the_matrix(empty_store: Store) -> None:
    app = opened("compare", comparison=compared(empty_store.root).id, baseline="random")
    (matrix,) = (data for data in sent_to_components(app) if "MAP@R: by how much" in data.get("alt", ""))
    assert '"ticktext":["random","semi-hard"]' in matrix["figure"]
    app.selectbox(key=PINNED).set_value("").run()
    assert not app.exception and "baseline" not in app.session_state["url.kept"]


def test_what_the_address_asks_for_in_vain_is_said(empty_store: Store) -> None:
    comparison = compared(empty_store.root, seeds=1)
    app = opened("compare", comparison=comparison.id, shown="random,hardest", baseline="nobody")
    assert len(notes(app)) == 2 and app.pills(key=PILLS).value == ["semi-hard", "random"]


def test_another_comparison_begins_with_all_of_its_own(empty_store: Store) -> None:
    first = compared(empty_store.root, seeds=1)
    renamed = {run_id: [f"{name}, 2 %", seed, fold] for run_id, (name, seed, fold) in first.members.items()}
    other = Comparison(id="e" * 32, title="other", created="", members=renamed, budget=first.budget)
    keep(empty_store.root, other)
    app = opened("compare", comparison=first.id, shown="random", baseline="random")
    app.session_state["url.kept"] = app.session_state["url.kept"] | {"comparison": other.id}
    app.query_params["comparison"] = other.id
    app.run()
    assert not app.exception and not notes(app)
    assert app.pills(key=PILLS).value == ["semi-hard, 2 %", "random, 2 %"]
    app.pills(key=PILLS).set_value(["random, 2 %"]).run()
    assert app.pills(key=PILLS).value == ["random, 2 %"], "a name may hold what an address is made of"
