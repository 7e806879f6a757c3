"""The loop with runs that somebody waits for: they go before trainings, and one worker is kept free for them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from core.runs.parts import keep, spread
from tests.core.scripted import Scene

NAMES = ["a", "b", "c", "d"]


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    """Two slots and a worker beside them."""
    scene = Scene(tmp_path)
    scene.cluster.spare = 1
    return scene


def finish(scene: Scene, run_id: str, answer: str = "finished") -> None:
    scene.cluster.end(scene.job(run_id), answer=answer)
    scene.dispatcher.step()


def ask_for_parts(scene: Scene, run_id: str) -> None:
    spread(scene.store.folder(run_id), NAMES)
    finish(scene, run_id, "parts")


def make(scene: Scene, run_id: str, part: str) -> None:
    keep(scene.store.folder(run_id), part, {"value": np.ones(1)})
    key = next(key for key in scene.cluster.jobs if key.startswith(run_id) and scene.cluster.parts[key] == part)
    scene.cluster.end(key, answer="finished")
    scene.dispatcher.step()


def states(scene: Scene, *run_ids: str) -> list[str]:
    return [scene.state(run_id) for run_id in run_ids]


def test_trainings_leave_a_worker_for_what_somebody_waits_for(scene: Scene) -> None:
    trainings = [scene.submit(number) for number in range(3)]
    scene.dispatcher.step()
    assert states(scene, *trainings) == ["running", "running", "queued"]
    upload = scene.bring(3)
    scene.dispatcher.step()
    assert states(scene, upload, trainings[2]) == ["running", "queued"]
    finish(scene, upload)
    assert states(scene, upload, trainings[2]) == ["finished", "queued"], "its worker stays free"


def test_uploads_take_every_free_worker_and_go_before_trainings_that_wait(scene: Scene) -> None:
    trainings, uploads = [scene.submit(number) for number in range(2)], [scene.bring(number) for number in range(2, 6)]
    scene.dispatcher.step()
    assert states(scene, *uploads) == ["running", "running", "running", "queued"]
    assert states(scene, *trainings) == ["queued", "queued"]
    finish(scene, uploads[0])
    assert states(scene, uploads[3], *trainings) == ["running", "queued", "queued"]
    for upload in uploads[1:3]:
        finish(scene, upload)
    assert states(scene, *trainings) == ["running", "running"], "no slot stands empty beside an upload"


def test_uploads_go_first_where_no_worker_can_be_spared(scene: Scene) -> None:
    scene.cluster.slots, scene.cluster.spare = 1, 0
    first, second, upload = scene.submit(1), scene.submit(2), scene.bring(3)
    scene.dispatcher.step()
    assert states(scene, first, second, upload) == ["queued", "queued", "running"]
    finish(scene, upload)
    assert states(scene, first, second) == ["running", "queued"]


def test_parts_leave_a_worker_for_others_who_wait(scene: Scene) -> None:
    large = scene.bring(1)
    scene.dispatcher.step()
    ask_for_parts(scene, large)
    assert scene.begun(large) == ["a", "b"], "of three workers"
    small = scene.bring(2)
    scene.dispatcher.step()
    assert scene.state(small) == "running"


def test_parts_take_the_worker_that_trainings_leave_and_a_small_upload_comes_next(scene: Scene) -> None:
    for number in range(2):
        scene.submit(number)
    large = scene.bring(2)
    scene.dispatcher.step()
    ask_for_parts(scene, large)
    assert scene.begun(large) == ["a"]
    small = scene.bring(3)
    scene.dispatcher.step()
    assert scene.state(small) == "queued", "a part under way is not cut short"
    make(scene, large, "a")
    assert (scene.state(small), scene.begun(large)) == ("running", [])
    finish(scene, small)
    assert scene.begun(large) == ["b"]
    for part in NAMES[1:]:
        make(scene, large, part)
    assert scene.begun(large) == [""]
    finish(scene, large)
    assert scene.state(large) == "finished"


def test_two_large_uploads_take_turns(scene: Scene) -> None:
    for number in range(2):
        scene.submit(number)
    first = scene.bring(2)
    scene.dispatcher.step()
    ask_for_parts(scene, first)
    second = scene.bring(3)
    make(scene, first, "a")
    ask_for_parts(scene, second)
    assert (scene.begun(first), scene.begun(second)) == (["b"], [])
    make(scene, first, "b")
    assert (scene.begun(first), scene.begun(second)) == ([], ["a"])
    make(scene, second, "a")
    assert (scene.begun(first), scene.begun(second)) == (["c"], [])


def test_trainings_find_a_slot_beside_the_parts_of_an_upload(scene: Scene) -> None:
    large = scene.bring(1)
    scene.dispatcher.step()
    ask_for_parts(scene, large)
    trainings = [scene.submit(number) for number in (2, 3)]
    scene.dispatcher.step()
    assert (states(scene, *trainings), scene.begun(large)) == (["running", "queued"], ["a", "b"])
    make(scene, large, "a")
    assert (states(scene, *trainings), scene.begun(large)) == (["running", "running"], ["b"])


def test_workers_without_a_job_load_nothing_while_somebody_waits(scene: Scene) -> None:
    scene.submit(0)
    scene.dispatcher.step()
    assert not scene.cluster.is_held, "for a training they get ready"
    large = scene.bring(1)
    scene.dispatcher.step()
    assert scene.cluster.is_held
    ask_for_parts(scene, large)
    for part in NAMES:
        make(scene, large, part)
        assert scene.cluster.is_held, "also between two parts"
    finish(scene, large)
    assert not scene.cluster.is_held


def test_a_request_that_is_taken_back_is_not_measured(scene: Scene) -> None:
    for number in range(3):
        scene.bring(number)
    last = scene.bring(3)
    scene.dispatcher.step()
    scene.store.want(last, "stop")
    scene.dispatcher.step()
    assert scene.state(last) == "stopped" and len(scene.cluster.jobs) == 3
    assert scene.bring(3) == last
    scene.dispatcher.step()
    assert scene.state(last) == "queued", "it can be asked for again"
