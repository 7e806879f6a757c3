"""The loop against a scripted cluster: every request, every end, every death, in every order."""

from __future__ import annotations

import errno
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as some
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from core.engine import attempt, dispatcher
from core.runs.entry import Entry
from core.runs.index import Index
from core.runs.parts import clear, is_kept, keep, missing, spread
from core.runs.states import ACTIVE, FOLLOWING
from core.system import atomic_files
from tests.core.scripted import Scene


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return Scene(tmp_path)


def test_no_more_runs_start_than_there_are_slots(scene: Scene) -> None:
    ids = [scene.submit(number) for number in range(3)]
    scene.dispatcher.step()
    assert [scene.state(run_id) for run_id in ids] == ["running", "running", "queued"]
    scene.cluster.end(scene.job(ids[0]), answer="finished")
    scene.dispatcher.step()
    assert [scene.state(run_id) for run_id in ids] == ["finished", "running", "running"]


def test_an_engine_whose_workers_are_still_to_come_is_not_idle(scene: Scene) -> None:
    scene.cluster.slots = 0
    run_id = scene.submit(1)
    scene.dispatcher.step()
    assert scene.state(run_id) == "queued" and not scene.dispatcher.is_idle
    scene.cluster.slots = 1
    scene.dispatcher.step()
    scene.cluster.end(scene.job(run_id), answer="finished")
    scene.dispatcher.step()
    assert scene.dispatcher.is_idle


def test_progress_is_written_and_the_last_word_counts(scene: Scene) -> None:
    run_id = scene.submit(1)
    scene.dispatcher.step()
    scene.cluster.say(scene.job(run_id), epoch=3)
    scene.cluster.say(scene.job(run_id), epoch=4)
    scene.cluster.end(scene.job(run_id), answer="finished")
    scene.dispatcher.step()
    row = scene.store.row(run_id)
    assert (row.epoch, row.epochs, row.seconds, row.state) == (4, 10, 4.0, "finished")


@pytest.mark.parametrize("wanted, during, after", [("pause", "pausing", "paused"), ("stop", "stopping", "stopped")])
def test_a_request_reaches_the_worker_and_its_answer_the_store(
    scene: Scene, wanted: str, during: str, after: str
) -> None:
    run_id = scene.submit(1)
    scene.dispatcher.step()
    assert scene.cluster.wanted(scene.job(run_id)) == "run"
    scene.store.want(run_id, wanted)
    scene.dispatcher.step()
    assert scene.state(run_id) == during
    assert scene.cluster.wanted(scene.job(run_id)) == wanted
    scene.cluster.end(scene.job(run_id), answer=after)
    scene.dispatcher.step()
    assert scene.state(run_id) == after
    scene.store.want(run_id, "run")
    scene.dispatcher.step()
    assert scene.state(run_id) == "running"
    assert scene.cluster.wanted(scene.job(run_id)) == "run"


def test_a_run_wanted_again_while_it_is_paused_goes_on(scene: Scene) -> None:
    run_id = scene.submit(1)
    scene.dispatcher.step()
    scene.store.want(run_id, "pause")
    scene.dispatcher.step()
    scene.store.want(run_id, "run")
    scene.cluster.end(scene.job(run_id), answer="paused")
    scene.dispatcher.step()
    assert (scene.state(run_id), scene.store.row(run_id).attempts) == ("running", 2)


def test_a_waiting_run_can_be_paused_and_stopped(scene: Scene) -> None:
    run_id = scene.submit(1)
    scene.store.want(run_id, "pause")
    scene.dispatcher.step()
    assert scene.state(run_id) == "paused"
    scene.store.want(run_id, "stop")
    scene.dispatcher.step()
    assert scene.state(run_id) == "stopped"
    assert not scene.cluster.jobs


def test_a_lost_worker_costs_an_attempt_not_the_run(scene: Scene) -> None:
    run_id = scene.submit(1)
    for epoch in (0, 2, 2, 2):
        scene.dispatcher.step()
        scene.cluster.say(scene.job(run_id), epoch)
        scene.cluster.end(scene.job(run_id), is_lost=True)
    scene.dispatcher.step()
    assert scene.state(run_id) == "running"
    assert scene.store.row(run_id).message == "Interrupted at epoch 2: its worker process was ended."
    scene.cluster.end(scene.job(run_id), is_lost=True)
    scene.dispatcher.step()
    row = scene.store.row(run_id)
    assert row.state == "failed"
    assert row.message.startswith("Given up after 3 attempts that did not get past epoch 2")


def test_deaths_of_the_engine_are_not_the_run_s_fault(scene: Scene) -> None:
    run_id = scene.submit(1)
    for _ in range(4):
        scene.dispatcher.step()
        scene.restart()
    scene.dispatcher.step()
    row = scene.store.row(run_id)
    assert (row.state, row.attempts, row.fruitless) == ("running", 5, 0)
    assert row.message == "Interrupted at epoch 0: the engine was ended."
    scene.cluster.end(scene.job(run_id), is_lost=True)
    scene.dispatcher.step()
    assert scene.store.row(run_id).fruitless == 1


@pytest.mark.parametrize("moment", ["queued", "running", "pausing"])
def test_a_run_whose_folder_is_gone_fails_and_those_behind_it_go_on(scene: Scene, moment: str) -> None:
    scene.cluster.slots = 1
    first, second = scene.submit(1), scene.submit(2)
    if moment != "queued":
        scene.dispatcher.step()
    if moment == "pausing":
        scene.store.want(first, "pause")
    shutil.rmtree(scene.store.folder(first))
    scene.dispatcher.step()
    if moment == "queued":
        assert scene.store.row(first).message == dispatcher.FOLDER_GONE
    else:
        scene.cluster.end(scene.job(first), error=FileNotFoundError("wanted"))
        scene.dispatcher.step()
    assert (scene.state(first), scene.state(second)) == ("failed", "running")
    scene.store.want(first, "run")
    scene.cluster.end(scene.job(second), answer="finished")
    scene.dispatcher.step()
    assert scene.state(first) == "running", "its settings are in the index"


def test_a_job_that_cannot_be_done_fails_with_its_sentence(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    told = []
    for number, error in enumerate((ValueError("margin must be above 0."), KeyError("weights"))):
        run_id = scene.submit(number)
        scene.dispatcher.step()
        scene.cluster.end(scene.job(run_id), error=error)
        scene.dispatcher.step()
        told.append((scene.state(run_id), scene.store.row(run_id).message))
    assert told == [("failed", "margin must be above 0."), ("failed", "KeyError: 'weights'")]
    assert caplog.text.count("failed at epoch 0") == 2


def test_too_much_memory_is_said_so(scene: Scene) -> None:
    run_id = scene.submit(1)
    scene.dispatcher.step()
    scene.cluster.end(scene.job(run_id), is_lost=True, is_out_of_memory=True)
    scene.dispatcher.step()
    assert scene.state(run_id) == "failed"
    assert "more memory than one worker may have" in scene.store.row(run_id).message


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (OSError(errno.ENOSPC, "No space left on device", "/store/runs/a/.result.json.part"), dispatcher.DISK_FULL),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), dispatcher.DISK_FULL),
        (MemoryError("Unable to allocate 3.5 GiB for an array"), dispatcher.OUT_OF_MEMORY),
        (RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory"), dispatcher.OUT_OF_MEMORY),
        (RuntimeError("CUDA out of memory. Tried to allocate 2.00 GiB"), dispatcher.OUT_OF_MEMORY),
        (OSError(errno.ENOMEM, "Cannot allocate memory"), dispatcher.OUT_OF_MEMORY),
        (RuntimeError("a tensor of two shapes"), "RuntimeError: a tensor of two shapes"),
        (OSError(errno.EIO, "Input/output error"), "OSError: [Errno 5] Input/output error"),
    ],
)
def test_what_the_machine_lacks_is_said_with_the_way_out(scene: Scene, error: Exception, told: str) -> None:
    run_id = scene.submit(1)
    scene.dispatcher.step()
    scene.cluster.end(scene.job(run_id), error=error)
    scene.dispatcher.step()
    assert (scene.state(run_id), scene.store.row(run_id).message) == ("failed", told)


def test_how_long_a_run_took_is_counted_by_a_clock_that_nobody_sets(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1000.0
    monkeypatch.setattr(attempt.time, "monotonic", lambda: now)
    run_id = scene.submit(1)
    scene.dispatcher.step()
    now = 1003.0
    scene.cluster.say(scene.job(run_id), epoch=3)
    scene.dispatcher.step()
    assert scene.store.row(run_id).took == 3.0
    now = 1005.0
    scene.cluster.end(scene.job(run_id), answer="finished")
    scene.dispatcher.step()
    assert scene.store.row(run_id).took == 5.0
    scene.restart()
    assert scene.store.row(run_id).took == 5.0


def test_a_job_that_does_not_stop_is_killed_after_its_grace(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dispatcher, "GRACE_SECONDS", -1.0)
    run_id = scene.submit(1)
    scene.dispatcher.step()
    key = scene.job(run_id)
    scene.store.want(run_id, "stop")
    scene.dispatcher.step()
    scene.dispatcher.step()
    assert scene.cluster.killed == [key]
    assert scene.state(run_id) == "stopped"


def test_a_new_engine_takes_up_what_the_old_one_left(scene: Scene) -> None:
    going, pausing, stopping, waiting = (scene.submit(number) for number in range(4))
    scene.dispatcher.step()
    scene.cluster.end(scene.job(going), answer="paused")
    scene.dispatcher.step()
    scene.store.want(pausing, "pause")
    scene.dispatcher.step()
    scene.restart()
    scene.store.want(stopping, "stop")
    scene.dispatcher.step()
    assert scene.state(pausing) == "paused"
    assert scene.state(stopping) == "stopped"
    assert {scene.state(going), scene.state(waiting)} == {"running"}


def test_an_engine_that_leaves_puts_its_runs_back(scene: Scene) -> None:
    run_id = scene.submit(1)
    scene.dispatcher.step()
    scene.dispatcher.ask_all_to_pause()
    assert scene.cluster.wanted(scene.job(run_id)) == "pause"
    scene.cluster.end(scene.job(run_id), answer="paused")
    scene.dispatcher.step()
    assert (scene.state(run_id), scene.store.row(run_id).fruitless) == ("queued", 0)
    assert not scene.cluster.jobs


numbers = some.integers(0, 4)


class RunLives(RuleBasedStateMachine):
    """Whatever users, workers and kills do, each run moves along the table and at most one worker has it or a part."""

    @initialize()
    def begin(self) -> None:
        self.root = Path(tempfile.mkdtemp())
        self.patch = pytest.MonkeyPatch()
        self.patch.setattr(atomic_files.os, "fsync", lambda handle: None)
        self.patch.setattr(dispatcher, "GRACE_SECONDS", -1.0)
        self.scene = Scene(self.root)
        self.seen: dict[str, str] = {}
        self.entries: dict[str, Entry] = {}
        self.is_behind = False

    @rule(number=numbers, owner=some.sampled_from(["", "a", "b"]))
    def submit(self, number: int, owner: str) -> None:
        self.scene.submit(number, owner)

    @rule(number=numbers, wanted=some.sampled_from(["run", "pause", "stop"]))
    def want(self, number: int, wanted: str) -> None:
        if f"{number:032x}" in self.seen:
            self.scene.store.want(f"{number:032x}", wanted)

    @rule(times=some.integers(1, 3))
    def look_around(self, times: int) -> None:
        for _ in range(times):
            self.scene.dispatcher.step()
        self.is_behind = False

    @rule(data=some.data(), end=some.sampled_from(["done", "error", "lost", "hungry", "epoch"]))
    def work(self, data: some.DataObject, end: str) -> None:
        if not self.scene.cluster.jobs:
            return
        key = data.draw(some.sampled_from(sorted(self.scene.cluster.jobs)))
        if end == "done":
            self.finish(key)
        elif end == "error":
            self.scene.cluster.end(key, error=ValueError("no"))
        elif end == "epoch":
            self.scene.cluster.say(key, data.draw(some.integers(0, 10)))
        else:
            self.scene.cluster.end(key, is_lost=True, is_out_of_memory=end == "hungry")

    def finish(self, key: str) -> None:
        """As a worker would, with the runs of even number in three parts; none is made twice, nor gathered early."""
        folder, part = self.scene.cluster.jobs[key], self.scene.cluster.parts[key]
        answer = {"run": "finished", "pause": "paused", "stop": "stopped"}[self.scene.cluster.wanted(key)]
        if answer == "finished" and part:
            assert not is_kept(folder, part)
            keep(folder, part, {})
        elif answer == "finished" and int(folder.name, 16) % 2 == 0:
            spread(folder, ["a", "b", "c"])
            answer = "parts" if missing(folder) else "finished"
        self.scene.cluster.end(key, answer=answer)
        if answer == "finished" and not part:
            clear(folder)

    @rule()
    def kill_engine(self) -> None:
        self.scene.restart()

    @rule(damage=some.sampled_from(["gone", "emptied", "overwritten"]))
    def lose_index(self, damage: str) -> None:
        if self.is_behind:  # two faults at once may cost what the first has kept from the folders
            return
        index = self.root / "index.sqlite"
        if damage == "gone":
            index.unlink()
        else:
            index.write_bytes(b"" if damage == "emptied" else b"no database" * 100)

    @rule(number=numbers, what=some.sampled_from(["delete", "restore", "archive", "title", "share"]))
    def list_otherwise(self, number: int, what: str) -> None:
        name, store = f"{number:032x}", self.scene.store
        if name not in self.seen:
            return
        if what == "title":
            store.describe(name, title=f"title {number}")
        else:
            do = {"delete": store.delete, "restore": store.restore, "archive": store.archive, "share": store.share}
            do[what](name)
        self.entries[name] = store.row(name).entry

    @rule(number=numbers, owner=some.sampled_from(["a", "b"]), comes=some.booleans())
    def come_or_leave(self, number: int, owner: str, comes: bool) -> None:
        name, store = f"{number:032x}", self.scene.store
        if name not in self.seen:
            return
        before = store.row(name).entry.owned_by
        row = store.join(name, owner, owner.upper()) if comes else store.leave(name, owner)
        assert set(row.entry.owned_by) == ({*before, owner} if comes else set(before) - {owner})
        if not comes and set(before) == {owner} and row.state not in ("finished", "failed", "stopped"):
            assert row.wanted == "stop"
        self.entries[name] = row.entry

    @rule(after=some.integers(0, 4))
    def look_around_on_a_full_disk(self, after: int) -> None:
        """So much can still be written, of files and the index; what the loop could not do it does when there is room
        again."""
        left, write = iter(range(after)), atomic_files.os.replace

        def full(*paths: Any) -> None:
            if next(left, None) is None:
                raise OSError(errno.ENOSPC, "No space left on device")
            write(*paths)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(atomic_files.os, "replace", full)
            fill_index(patch, left)
            with suppress(OSError, ValueError, sqlite3.OperationalError):
                self.scene.dispatcher.step()
        self.is_behind = True
        assert not [path for path in self.root.rglob("*.part")]

    @invariant()
    def every_run_moves_along_the_table(self) -> None:
        if not hasattr(self, "scene"):
            return
        rows = [*self.scene.store.rows(), *self.scene.store.deleted_rows()]
        for row in rows:
            before = self.seen.get(row.id, "queued")
            assert row.state in reachable(before), f"{before} became {row.state}"
            self.seen[row.id] = row.state
            if row.id in self.entries:
                assert (row.entry.title, row.entry.owners) == (
                    self.entries[row.id].title,
                    self.entries[row.id].owners,
                )
        assert set(self.seen) == {row.id for row in rows}
        folders = set(self.scene.cluster.jobs.values())
        for folder in folders:
            parts = self.scene.cluster.at_work(folder)
            assert len(parts) == len(set(parts)) and ("" not in parts or len(parts) == 1), parts
        at_work = {folder.name for folder in folders}
        assert at_work <= {row.id for row in self.scene.store.in_states(*ACTIVE)}

    def teardown(self) -> None:
        """Left alone, every run that is wanted comes to its end and every other one rests."""
        if hasattr(self, "scene"):
            for _ in range(60):
                self.scene.dispatcher.step()
                for key in list(self.scene.cluster.jobs):
                    self.finish(key)
            states = {row.state for row in [*self.scene.store.rows(), *self.scene.store.deleted_rows()]}
            assert states <= {"finished", "paused", "stopped", "failed"}, states
            self.patch.undo()
            shutil.rmtree(self.root)


def fill_index(patch: pytest.MonkeyPatch, room: Iterator[int]) -> None:
    """Let the index be changed as often as there is room."""
    ask = Index.ask

    def asked(self: Index, statement: str, values: Mapping[str, Any]) -> list[sqlite3.Row]:
        if not statement.lstrip().startswith("SELECT") and next(room, None) is None:
            raise sqlite3.OperationalError("database or disk is full")
        return ask(self, statement, values)

    patch.setattr(Index, "ask", asked)


@pytest.mark.parametrize("end", ["finished", "paused", "error", "lost", "lost for the third time"])
@pytest.mark.parametrize("room", [0, 1])
def test_an_end_that_the_index_has_no_room_for_is_written_when_it_has(scene: Scene, end: str, room: int) -> None:
    expected = {"finished": "finished", "paused": "running", "error": "failed", "lost": "running"}.get(end, "failed")
    run_id = scene.submit(1)
    for _ in range(2 if "third" in end else 0):
        scene.dispatcher.step()
        scene.cluster.end(scene.job(run_id), is_lost=True)
    scene.dispatcher.step()
    if end == "error":
        scene.cluster.end(scene.job(run_id), error=OSError(errno.ENOSPC, "No space left on device"))
    elif "lost" in end:
        scene.cluster.end(scene.job(run_id), is_lost=True)
    else:
        scene.cluster.end(scene.job(run_id), answer=end)
    with pytest.MonkeyPatch.context() as patch:
        fill_index(patch, iter(range(room)))
        for _ in range(3):
            with suppress(sqlite3.OperationalError):
                scene.dispatcher.step()
    scene.dispatcher.step()
    assert scene.state(run_id) == expected
    assert "the engine was ended" not in scene.store.row(run_id).message
    if end == "error":
        assert scene.store.row(run_id).message == dispatcher.DISK_FULL


def reachable(state: str) -> set[str]:
    """The state itself and all that may follow it, in any number of moves."""
    found, new = {state}, {state}
    while new:
        new = {later for earlier in new for later in FOLLOWING[earlier]} - found
        found |= new
    return found


def test_every_state_but_the_finished_one_can_still_finish() -> None:
    assert {state for state in FOLLOWING if "finished" in reachable(state)} == set(FOLLOWING)
    assert reachable("finished") == {"finished"}


RunLives.TestCase.settings = settings(max_examples=15, stateful_step_count=25, deadline=None)
TestRunLives = RunLives.TestCase


@pytest.mark.soak
def test_lives_of_runs_for_long() -> None:
    run_state_machine_as_test(RunLives, settings=settings(max_examples=400, stateful_step_count=60, deadline=None))
