"""All runs of a sweep are cancelled, resumed and tried again at once, by those who may."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from core.comparison.asked import Asked, all_asked, ask
from core.comparison.plan import UPDATES, Budget, Plan, along
from core.comparison.record import keep
from core.experiment.experiment import Experiment
from core.runs.store import Store
from dashboard.entrance import visitors
from dashboard.entrance.visitors import Visitor
from dashboard.runs.run_editor import UNDO
from dashboard.runs.sweep_steering import no_longer_asked_for, steerable
from tests.dashboard.swept import swept

ADA, BEA = Visitor("0a" * 16, "Ada"), Visitor("0b" * 16, "Bea")


def page(sweep_id: str) -> None:
    from dashboard.runs import sweep_steering

    sweep_steering.show(sweep_id)


def opened(sweep_id: str) -> AppTest:
    app = AppTest.from_function(page, args=(sweep_id,), default_timeout=60).run()
    assert not app.exception, app.exception
    return app


def labels(app: AppTest) -> list[str]:
    return [button.label for button in app.button]


def states(store: Store) -> list[tuple[str, str]]:
    return [(row.state, row.wanted) for row in reversed(store.rows())]


def test_each_button_says_how_many_it_is_about(store: Store) -> None:
    sweep = swept(store, finished=1, failed=1)
    assert labels(opened(sweep.id)) == ["Cancel 2 runs", "Retry 1 run"]


def test_a_cancelled_sweep_is_resumed_with_what_had_not_begun(store: Store) -> None:
    sweep = swept(store, finished=1, running=1)
    app = opened(sweep.id)
    app.button[0].click().run()
    assert [wanted for _, wanted in states(store)] == ["run", "stop", "stop", "stop"] and not labels(app)
    for row in store.to_answer():  # the engine's part
        store.set_state(row.id, "stopping" if row.state == "running" else "stopped")
    app.run()
    assert labels(app) == ["Resume 2 runs"], "the third is still being stopped"
    app.button[0].click().run()
    assert [wanted for _, wanted in states(store)] == ["run", "stop", "run", "run"]


def test_what_has_failed_is_tried_again_alone(store: Store) -> None:
    app = opened(swept(store, finished=1, failed=2).id)
    app.button[1].click().run()
    assert [wanted for _, wanted in states(store)] == ["run"] * 4 and labels(app) == ["Cancel 1 run"]


def test_what_was_done_is_taken_back(store: Store) -> None:
    app = opened(swept(store, failed=2).id)
    app.button[0].click().run()
    undo = app.session_state[UNDO]
    assert undo.done == "2 runs of the sweep are cancelled."
    undo.take_back()
    assert [wanted for _, wanted in states(store)] == ["stop", "stop", "run", "run"]


def test_where_there_is_no_room_it_says_so(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("METRIC_LAB_RESERVE", "1000000")
    app = opened(swept(store, failed=2).id)
    app.button[1].click().run()
    assert "GB free" in app.error[0].value.replace("\\", "") and [wanted for _, wanted in states(store)][:2] == [
        "stop",
        "stop",
    ]


def test_others_may_resume_and_not_cancel(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    sweep = swept(store, failed=1, owner=(ADA.id, ADA.name))
    for visitor, counts in ((ADA, (3, 0, 1)), (BEA, (0, 0, 1)), (Visitor("t", "T", is_teacher=True), (3, 0, 1))):
        monkeypatch.setattr(visitors, "now", lambda visitor=visitor: visitor)
        monkeypatch.setattr("dashboard.entrance.rights.now", lambda visitor=visitor: visitor)
        assert tuple(map(len, steerable(sweep.id))) == counts, visitor


def test_of_several_owners_one_who_cancels_only_leaves(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    sweep = swept(store, owner=(ADA.id, ADA.name))
    store.join(f"{0xA0:032x}", BEA.id, BEA.name)
    monkeypatch.setattr(visitors, "now", lambda: ADA)
    monkeypatch.setattr("dashboard.entrance.rights.now", lambda: ADA)
    opened(sweep.id).button[0].click().run()
    assert [wanted for _, wanted in states(store)] == ["run", "stop", "stop", "stop"]
    assert list(store.row(f"{0xA0:032x}").entry.owned_by) == [BEA.id]


def test_only_who_has_asked_for_a_comparison_takes_it_back(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = Plan(along(Experiment(), "miner", ["all", "random"]), (0,), Budget(UPDATES, 9))
    asked = Asked.of("two miners", plan, halves=True, owner=(ADA.id, ADA.name))
    keep(store.root, asked.begun())
    ask(store.root, asked)
    for visitor, left in ((BEA, [asked.id]), (ADA, [])):
        monkeypatch.setattr("dashboard.entrance.rights.now", lambda visitor=visitor: visitor)
        no_longer_asked_for(asked.id)
        assert all_asked(store.root) == left
