"""The loop with runs that ask for parts: who gets a slot, and how one run with many jobs comes to one end."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.engine import dispatcher
from core.runs.parts import keep, missing, spread
from tests.core.scripted import Scene

NAMES = ["a", "b", "c", "d"]


class Spread(Scene):
    """Runs whose whole job asks for the parts of NAMES."""

    def begin(self, number: int) -> str:
        """A run whose parts are known; those that have a slot are under way."""
        run_id = self.submit(number)
        self.dispatcher.step()
        self.ask_for_parts(run_id)
        return run_id

    def ask_for_parts(self, run_id: str) -> None:
        spread(self.store.folder(run_id), NAMES)
        self.finish(run_id, "", answer="parts")

    def key(self, run_id: str, part: str) -> str:
        return next(key for key in self.cluster.jobs if key.startswith(run_id) and self.cluster.parts[key] == part)

    def make(self, run_id: str, part: str) -> None:
        keep(self.store.folder(run_id), part, {"value": np.ones(1)})
        self.finish(run_id, part, answer="finished")

    def finish(self, run_id: str, part: str, **how: object) -> None:
        self.cluster.end(self.key(run_id, part), **how)
        self.dispatcher.step()


@pytest.fixture
def scene(tmp_path: Path) -> Spread:
    return Spread(tmp_path)


def test_the_parts_take_all_slots_and_then_the_whole_gathers(scene: Spread) -> None:
    run_id = scene.begin(1)
    seen = [scene.begun(run_id)]
    for part in ("b", "a", "d", "c"):
        scene.make(run_id, part)
        assert scene.state(run_id) == "running"
        seen.append(scene.begun(run_id))
    assert seen == [["a", "b"], ["a", "c"], ["c", "d"], ["c"], [""]]
    scene.finish(run_id, "", answer="finished")
    row = scene.store.row(run_id)
    assert (row.state, row.attempts, scene.dispatcher.has_jobs()) == ("finished", 1, False)


def test_a_gathering_job_may_ask_for_other_parts(scene: Spread) -> None:
    run_id = scene.begin(1)
    for part in NAMES:
        scene.make(run_id, part)
    spread(scene.store.folder(run_id), [*NAMES, "e"])
    scene.finish(run_id, "", answer="parts")
    assert scene.begun(run_id) == ["e"]


def test_an_answer_that_lacks_nothing_is_gathered_at_once(scene: Spread) -> None:
    run_id = scene.submit(1)
    scene.dispatcher.step()
    spread(scene.store.folder(run_id), ["a"])
    keep(scene.store.folder(run_id), "a", {})
    scene.finish(run_id, "", answer="parts")
    assert scene.begun(run_id) == [""]


def test_the_queue_goes_before_further_parts_but_not_before_the_last_job_of_a_run(scene: Spread) -> None:
    many = scene.begin(1)
    others = [scene.submit(number) for number in (2, 3)]
    scene.dispatcher.step()
    assert scene.begun(many) == ["a", "b"]
    scene.make(many, "a")
    assert (scene.begun(many), scene.begun(others[0])) == (["b"], [""])
    scene.make(many, "b")
    assert scene.begun(many) == ["c"], "the run without a job goes before the queue"
    assert scene.state(others[1]) == "queued"
    scene.finish(others[0], "", answer="finished")
    assert (scene.begun(many), scene.begun(others[1])) == (["c"], [""])
    scene.finish(others[1], "", answer="finished")
    assert scene.begun(many) == ["c", "d"]


def test_runs_share_the_slots_in_turn(scene: Spread) -> None:
    scene.cluster.slots = 3
    runs = [scene.submit(number) for number in range(3)]
    scene.dispatcher.step()
    for run_id in runs:
        scene.ask_for_parts(run_id)
    shares = []
    for slots in (3, 5, 7):
        scene.cluster.slots = slots
        scene.dispatcher.step()
        shares.append(sorted(len(scene.begun(run_id)) for run_id in runs))
    assert shares == [[1, 1, 1], [1, 2, 2], [2, 2, 3]]


def test_a_free_slot_goes_to_who_was_served_longest_ago(scene: Spread) -> None:
    first, second = scene.submit(1), scene.submit(2)
    scene.dispatcher.step()
    scene.ask_for_parts(first)
    scene.ask_for_parts(second)
    scene.cluster.slots = 3
    scene.dispatcher.step()
    assert (scene.begun(first), scene.begun(second)) == (["a", "b"], ["a"])
    scene.make(first, "a")
    assert (scene.begun(first), scene.begun(second)) == (["b"], ["a", "b"])


def test_a_run_between_two_jobs_is_not_interrupted_where_no_slot_is_left(scene: Spread) -> None:
    run_id = scene.begin(1)
    scene.cluster.slots = 0
    for part in ("a", "b"):
        scene.make(run_id, part)
    for _ in range(3):
        scene.dispatcher.step()
    assert (scene.state(run_id), scene.begun(run_id)) == ("running", [])
    assert scene.dispatcher.has_jobs() and not scene.dispatcher.is_idle
    scene.cluster.slots = 2
    scene.dispatcher.step()
    assert (scene.begun(run_id), scene.store.row(run_id).attempts) == (["c", "d"], 1)


@pytest.mark.parametrize("wanted, during, after", [("pause", "pausing", "paused"), ("stop", "stopping", "stopped")])
def test_a_request_is_for_all_parts_and_answered_once_all_have_ended(
    scene: Spread, wanted: str, during: str, after: str
) -> None:
    run_id = scene.begin(1)
    scene.store.want(run_id, wanted)
    scene.dispatcher.step()
    assert {scene.cluster.wanted(scene.key(run_id, part)) for part in ("a", "b")} == {wanted}
    scene.make(run_id, "b")
    assert (scene.state(run_id), scene.begun(run_id)) == (during, ["a"])
    scene.finish(run_id, "a", answer=after)
    assert (scene.state(run_id), scene.begun(run_id)) == (after, [])
    scene.store.want(run_id, "run")
    scene.dispatcher.step()
    assert (scene.begun(run_id), scene.store.row(run_id).attempts) == ([""], 2)
    scene.ask_for_parts(run_id)
    assert scene.begun(run_id) == ["a", "c"]


@pytest.mark.parametrize("wanted, after", [("pause", "paused"), ("stop", "stopped")])
def test_parts_that_all_finish_after_a_request_end_the_run_as_it_was_asked(
    scene: Spread, wanted: str, after: str
) -> None:
    run_id = scene.begin(1)
    scene.store.want(run_id, wanted)
    scene.dispatcher.step()
    for part in ("a", "b"):
        scene.make(run_id, part)
    assert scene.state(run_id) == after


def test_a_request_that_comes_before_the_parts_are_known_is_answered(scene: Spread) -> None:
    run_id = scene.submit(1)
    scene.dispatcher.step()
    scene.store.want(run_id, "pause")
    scene.dispatcher.step()
    scene.ask_for_parts(run_id)
    assert (scene.state(run_id), scene.begun(run_id)) == ("paused", [])


def test_a_lost_part_ends_the_attempt_once_the_others_have_ended(scene: Spread) -> None:
    run_id = scene.begin(1)
    scene.cluster.say(scene.key(run_id, "a"), 0)
    scene.finish(run_id, "a", is_lost=True)
    assert (scene.state(run_id), scene.begun(run_id)) == ("running", ["b"])
    assert scene.cluster.wanted(scene.key(run_id, "b")) == "pause"
    scene.make(run_id, "b")
    row = scene.store.row(run_id)
    assert (row.state, row.attempts, scene.begun(run_id)) == ("running", 2, [""])
    assert row.message == "Interrupted at epoch 0: its worker process was ended."
    assert missing(scene.store.folder(run_id)) == ["a", "c", "d"]


def test_a_stop_that_follows_a_loss_holds(scene: Spread) -> None:
    run_id = scene.begin(1)
    scene.finish(run_id, "a", is_lost=True)
    scene.store.want(run_id, "stop")
    scene.dispatcher.step()
    assert scene.cluster.wanted(scene.key(run_id, "b")) == "stop"
    scene.finish(run_id, "b", answer="stopped")
    assert scene.state(run_id) == "stopped"


@pytest.mark.parametrize(
    "how, message",
    [
        ({"error": ValueError("margin must be above 0.")}, "margin must be above 0."),
        ({"is_lost": True, "is_out_of_memory": True}, "The run needed more memory than one worker may have."),
    ],
)
def test_the_worst_end_of_a_part_is_the_end_of_the_run(scene: Spread, how: dict[str, Any], message: str) -> None:
    run_id = scene.begin(1)
    scene.finish(run_id, "b", **how)
    scene.finish(run_id, "a", is_lost=True)
    row = scene.store.row(run_id)
    assert row.state == "failed" and row.message.startswith(message)
    assert not scene.dispatcher.has_jobs()


def test_every_error_of_a_part_is_logged(scene: Spread, caplog: pytest.LogCaptureFixture) -> None:
    run_id = scene.begin(1)
    scene.finish(run_id, "b", error=ValueError("margin must be above 0."))
    scene.finish(run_id, "a", error=KeyError("weights"))
    assert scene.store.row(run_id).message == "margin must be above 0."
    assert "margin must be above 0." in caplog.text and "KeyError: 'weights'" in caplog.text


def test_an_attempt_that_kept_a_part_is_not_fruitless(scene: Spread) -> None:
    run_id = scene.begin(1)
    for count, part in enumerate(NAMES, start=1):
        scene.cluster.say(scene.key(run_id, part), count)
        keep(scene.store.folder(run_id), part, {})
        for name in scene.begun(run_id):
            scene.finish(run_id, name, is_lost=True)
        assert (scene.store.row(run_id).fruitless, scene.store.row(run_id).epoch) == (0, count)
        scene.finish(run_id, "", answer="parts")
    assert (scene.begun(run_id), scene.store.row(run_id).attempts) == ([""], 5)


def test_a_run_that_never_keeps_a_part_is_given_up(scene: Spread) -> None:
    run_id = scene.begin(1)
    for _ in range(3):
        assert scene.begun(run_id) == ["a", "b"]
        for name in ("a", "b"):
            scene.finish(run_id, name, is_lost=True)
        if scene.begun(run_id):
            scene.finish(run_id, "", answer="parts")
    assert scene.store.row(run_id).message.startswith("Given up after 3 attempts that did not get past epoch 0")


def test_the_count_of_kept_parts_never_falls(scene: Spread) -> None:
    run_id = scene.begin(1)
    for part, count in (("a", 1), ("b", 3), ("a", 2)):
        scene.cluster.say(scene.key(run_id, part), count)
        scene.dispatcher.step()
    assert scene.store.row(run_id).epoch == 3


def test_all_parts_of_a_run_that_does_not_stop_are_killed(scene: Spread, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dispatcher, "GRACE_SECONDS", -1.0)
    run_id = scene.begin(1)
    keys = [scene.key(run_id, part) for part in ("a", "b")]
    scene.store.want(run_id, "stop")
    scene.dispatcher.step()
    scene.dispatcher.step()
    assert scene.cluster.killed == keys
    assert scene.state(run_id) == "stopped"


def test_an_engine_that_leaves_puts_a_run_in_parts_back(scene: Spread) -> None:
    run_id = scene.begin(1)
    scene.dispatcher.ask_all_to_pause()
    scene.make(run_id, "a")
    assert scene.dispatcher.has_jobs() and scene.begun(run_id) == ["b"]
    scene.finish(run_id, "b", answer="paused")
    assert (scene.state(run_id), scene.store.row(run_id).fruitless) == ("queued", 0)
    assert not scene.dispatcher.has_jobs()


def test_a_new_engine_goes_on_with_the_parts_that_are_missing(scene: Spread) -> None:
    run_id = scene.begin(1)
    scene.make(run_id, "a")
    scene.restart()
    scene.dispatcher.step()
    assert (scene.begun(run_id), scene.store.row(run_id).attempts) == ([""], 2)
    scene.finish(run_id, "", answer="parts")
    assert scene.begun(run_id) == ["b", "c"]


def test_a_step_that_is_cut_short_forgets_no_end(scene: Spread, monkeypatch: pytest.MonkeyPatch) -> None:
    run_id = scene.begin(1)
    with monkeypatch.context() as patch:
        patch.setattr(scene.cluster, "heard", lambda: 1 / 0)
        for part in ("a", "b"):
            with pytest.raises(ZeroDivisionError):
                scene.make(run_id, part)
    scene.dispatcher.step()
    assert scene.begun(run_id) == ["c", "d"]


def test_a_plan_that_is_damaged_between_two_jobs_fails_its_run_alone(scene: Spread) -> None:
    broken, other = scene.begin(1), scene.submit(2)
    (scene.store.folder(broken) / "parts" / "plan.json").write_text("{")
    for part in NAMES:
        scene.finish(broken, part, answer="finished")
    scene.finish(other, "", answer="finished")
    assert (scene.state(broken), scene.state(other)) == ("failed", "finished")
    assert "must list the parts of the run" in scene.store.row(broken).message
