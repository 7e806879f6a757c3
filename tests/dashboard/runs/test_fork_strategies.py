"""A run that rests is forked into strategies with one click behind a menu, and Compare has them."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from core.comparison.record import all_kept
from core.runs.fork import START
from core.runs.run_folder import Run
from core.runs.store import Store
from dashboard.runs import fork_strategies, submit
from tests.dashboard.changed_samples import forkable
from tests.dashboard.made_runs import made_run
from tests.dashboard.pages import opened

BUTTON = "Fork into strategies"


@pytest.fixture(autouse=True)
def no_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(submit, "ensure_engine", lambda root: None)


def is_offered(app: AppTest) -> bool:
    return BUTTON in [one.proto.popover.label for one in app.get("popover")]


def menu(page: str, run: Run) -> AppTest:
    """The page with the menu open."""
    app = opened(page, run=run.folder.name)
    assert is_offered(app)
    app.session_state[fork_strategies.MENU] = True
    app.run()
    assert not app.exception, app.exception
    return app


@pytest.mark.parametrize(("page", "state"), [("train", "finished"), ("train", "paused"), ("mine", "finished")])
def test_one_click_starts_the_forks_and_leads_to_compare(page: str, state: str, empty_store: Store) -> None:
    run = forkable(empty_store, state)
    app = menu(page, run)
    app.number_input(key="fork.updates").set_value(7).run()
    button = app.button(key="fork.start")
    assert button.label == "Fork into 9 runs"
    button.click().run()
    assert not app.exception, app.exception
    (made,) = all_kept(empty_store.root)
    assert (made.strategies, made.seeds, made.budget) == (
        ["semi-hard", "batch-hard", "random"],
        [0, 1, 2],
        {"updates": 7},
    )
    assert made.start["run"] == run.record().id and made.start["epoch"] == 1.0
    origin = run.record().id
    assert made.command.startswith(f"python -m core compare --from {origin}@1 --miners semi-hard,batch-hard,random ")
    kept = app.session_state["url.kept"]
    assert kept["comparison"] == made.id
    assert kept["runs"].split(",") == [made.runs_of(name)[0] for name in made.strategies]
    assert [one.value for one in app.subheader] == ["Compare"]
    for run_id in made.members:
        child = Run(empty_store.folder(run_id))
        assert child.record().fork.sha256 == made.start["sha256"] and (child.folder / START).exists()
        assert child.experiment().schedule.updates == 7 and empty_store.row(run_id).state == "queued"
    assert empty_store.row(made.runs_of("random")[2]).title == "random · seed 2 · fork"
    shown = "\n".join(one.value for one in app.caption).replace("\\", "")
    assert f"All go on from the weights of **{run.record().title}** after epoch 1" in shown


def test_samplers_and_losses_are_offered_too(empty_store: Store) -> None:
    app = menu("train", forkable(empty_store))
    app.segmented_control(key="fork.axis").set_value("sampler").run()
    assert app.multiselect(key="fork.strategies.sampler").value == ["p-by-k", "shuffled", "hard-classes"]
    app.multiselect(key="fork.strategies.sampler").set_value(["p-by-k"]).run()
    assert app.button(key="fork.start").disabled


def test_what_does_not_fit_begins_nothing_and_is_said(empty_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(store: Store, new: int = 1) -> None:
        raise ValueError(f"at most 12 runs may wait, got {new}.")

    monkeypatch.setattr(fork_strategies.limits, "check", refuse)
    app = menu("train", forkable(empty_store))
    app.button(key="fork.start").click().run()
    assert not app.exception and "at most 12 runs may wait, got 9" in app.error[0].value.replace("\\", "")
    assert len(empty_store.rows()) == 1 and not all_kept(empty_store.root)


def test_a_checkpoint_that_is_damaged_is_said(empty_store: Store) -> None:
    run = forkable(empty_store)
    for file in (run.folder / "checkpoints").glob("*.pt"):
        file.write_bytes(b"damaged")
    app = menu("train", run)
    app.button(key="fork.start").click().run()
    assert not app.exception and "must be as it was written" in app.error[0].value.replace("\\", "")
    assert len(empty_store.rows()) == 1


@pytest.mark.parametrize("state", ["running", "finished"])
def test_a_run_that_keeps_no_weights_or_is_at_work_offers_nothing(state: str, empty_store: Store) -> None:
    run = made_run(empty_store.root, state=state)
    app = opened("train", run=run.folder.name)
    assert not is_offered(app)


def test_a_lesson_offers_nothing(empty_store: Store) -> None:
    app = opened("train", run="digits-semi-hard")
    assert not is_offered(app)


def test_the_page_of_a_fork_says_what_it_goes_on_from(empty_store: Store) -> None:
    app = menu("train", forkable(empty_store))
    app.button(key="fork.start").click().run()
    (made,) = all_kept(empty_store.root)
    fork = opened("train", run=made.runs_of("random")[0])
    assert any("Goes on from the weights of" in one.value for one in fork.caption)
