"""Which state may follow which, and that every answer is a step that may be taken."""

from __future__ import annotations

from core.runs.states import ANSWERS, FOLLOWING, STATES, before


def test_before_is_following_read_backwards() -> None:
    for later in STATES:
        assert before(later) == tuple(state for state in STATES if later in FOLLOWING[state])
    assert before("finished") == ("running", "pausing", "stopping")


def test_every_answer_may_follow_its_state() -> None:
    assert all(answer in FOLLOWING[state] for (state, _), answer in ANSWERS.items())
