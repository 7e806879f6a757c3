"""The handle and the goal agree, whoever moved last, and messages that come late change nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest
import streamlit as st

from core.verification.goals import Eer, Far, Hand
from dashboard.verify import threshold_handle as handle


class Address(dict[str, str]):
    """What Streamlit's parameters of the address can do."""

    def from_dict(self, values: Mapping[str, str]) -> None:
        self.clear()
        self.update(values)


@pytest.fixture(autouse=True)
def session(monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """A session and an address of this test's own."""
    state: dict[str, object] = {}
    monkeypatch.setattr(st, "session_state", state)
    monkeypatch.setattr(st, "query_params", Address())
    return state


@pytest.fixture
def release(session: dict[str, object]) -> Callable[[str, float], None]:
    """What the browser reports when the reader lets go of the handle of a name."""

    def report(name: str, threshold: float) -> None:
        session[handle.FIGURE] = {"handles": {name: threshold}}
        handle.adopt_release("run", 20)

    return report


def address() -> dict[str, str]:
    return dict(st.query_params)


def test_at_first_the_goal_is_that_of_the_address() -> None:
    assert (handle.kept_goal(), handle.kept_threshold()) == ("far", 0.0)


@pytest.mark.parametrize(("goal", "threshold", "kept"), [("hand", "0.5", ("hand", 0.5)), ("x", "nan", ("far", 0.0))])
def test_an_address_chooses_what_it_can(goal: str, threshold: str, kept: tuple[str, float]) -> None:
    st.query_params.update(goal=goal, threshold=threshold)
    assert (handle.kept_goal(), handle.kept_threshold()) == kept


def test_letting_go_of_the_handle_makes_the_goal_by_hand(release: Callable[[str, float], None]) -> None:
    handle.kept_goal()
    key, name = handle.chooser_key(), handle.handle_name("run", 20)
    release(name, 0.75)
    assert (handle.kept_goal(), handle.kept_threshold()) == ("hand", 0.75)
    assert handle.chooser_key() != key and handle.handle_name("run", 20) == name


def test_a_threshold_of_other_data_goes_with_them(release: Callable[[str, float], None]) -> None:
    handle.begin_run("run")
    handle.kept_goal()
    release(handle.handle_name("run", 20), 0.75)
    handle.show_in_address(Hand(0.75), 0.75)
    handle.begin_run("other")
    assert handle.kept_goal() == "hand" and address() == {"goal": "hand", "threshold": "0.75"}, "it is in the address"
    key = handle.chooser_key()
    del st.query_params["threshold"]  # as new files take it out
    st.session_state["url.kept"] = dict(st.query_params)
    handle.begin_run("third")
    assert handle.kept_goal() == "far" and address() == {} and handle.chooser_key() != key


def test_an_older_release_is_nothing_new(release: Callable[[str, float], None], session: dict[str, object]) -> None:
    handle.kept_goal()
    name = handle.handle_name("run", 20)
    session[handle.chooser_key()] = "eer"
    handle.choose_goal(handle.chooser_key())
    release(name, 0.75)
    assert handle.kept_goal() == "eer"


def test_an_older_chooser_is_not_heard(release: Callable[[str, float], None], session: dict[str, object]) -> None:
    handle.kept_goal()
    older = handle.chooser_key()
    release(handle.handle_name("run", 20), 0.75)
    session[older] = "eer"
    handle.choose_goal(older)
    assert handle.kept_goal() == "hand"


def test_a_release_empties_what_was_typed_unless_it_is_the_same(
    release: Callable[[str, float], None], session: dict[str, object]
) -> None:
    handle.place(0.75)
    session[handle.TYPED] = 0.75
    release(handle.handle_name("run", 20), 0.75)
    assert session[handle.TYPED] == 0.75
    release(handle.handle_name("run", 20), 0.5)
    assert session[handle.TYPED] is None


def test_a_handle_that_is_placed_has_a_new_name() -> None:
    name = handle.handle_name("run", 20)
    handle.place(0.25)
    assert handle.kept_threshold() == 0.25 and handle.handle_name("run", 20) != name


def test_the_address_names_the_goal_unless_it_is_the_first_and_the_threshold_where_it_is_given() -> None:
    handle.show_in_address(Hand(0.5), 0.5)
    assert address() == {"goal": "hand", "threshold": "0.5"}
    handle.show_in_address(Eer(), 0.625)
    assert address() == {"goal": "eer"} and handle.kept_threshold() == 0.625
    handle.show_in_address(Far(0.01), 0.7)
    assert address() == {}
