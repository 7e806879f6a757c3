"""Runs in parts with real workers that die, fail and wait: no part that was kept is ever made again."""

from __future__ import annotations

import json
from collections.abc import Iterator

import psutil
import pytest

from tests.engines import Lab, eventually, is_gone


class PartLab(Lab):
    """Runs of tests/faults/part_jobs.py."""

    def begun(self, run_id: str) -> dict[str, int]:
        """The process that began each part last."""
        path = self.store.folder(run_id) / "begun"
        lines = path.read_text().split() if path.exists() else []
        return {part: int(process) for part, _, process in (line.partition(":") for line in lines)}

    def until_begun(self, run_id: str, *parts: str) -> None:
        def have_begun() -> bool:
            self.ensure()
            return set(parts) <= set(self.begun(run_id))

        eventually(have_begun, f"parts {parts} begin, but it is {self.store.row(run_id)}")

    def release_part(self, run_id: str, part: str) -> None:
        (self.store.folder(run_id) / f"go-{part}").touch()

    def assert_gathered(self, run_id: str, parts: int) -> None:
        """Once, from parts that were made once each; nothing but the result is left of them."""
        result = json.loads((self.store.folder(run_id) / "result.json").read_text())
        assert result == {"total": sum(number**2 for number in range(parts))}
        assert sorted(self.lines(run_id, "made")) == [str(number) for number in range(parts)]
        assert len(self.lines(run_id, "gathered")) == 1
        assert not (self.store.folder(run_id) / "parts").exists()


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PartLab]:
    options = ("--job", "tests.faults.part_jobs:total", "--warm-up", "", "--slots", "2")
    lab = PartLab(tmp_path_factory.mktemp("lab"), *options)
    lab.ensure()
    yield lab
    lab.stop()


def test_two_workers_make_the_parts_of_one_run_at_once(lab: PartLab) -> None:
    run_id = lab.submit(1, parts=6, together=2)
    row = lab.until(run_id, "finished")
    assert (row.attempts, row.epoch, row.epochs) == (1, 6, 6)
    assert len({lab.begun(run_id)[part] for part in ("0", "1")}) == 2, "each waited until the other had begun"
    lab.assert_gathered(run_id, 6)


def test_a_killed_worker_costs_the_part_it_was_making(lab: PartLab) -> None:
    run_id = lab.submit(2, parts=5, held=["2", "3"])
    lab.until_begun(run_id, "2", "3")
    psutil.Process(lab.begun(run_id)["2"]).kill()
    lab.release(run_id)
    assert lab.until(run_id, "finished").attempts == 2
    assert sorted(lab.lines(run_id, "made")[:2]) == ["0", "1"], "before the kill"
    lab.assert_gathered(run_id, 5)


def test_a_killed_engine_costs_the_parts_under_way(lab: PartLab) -> None:
    run_id = lab.submit(3, parts=4, held=["2", "3"])
    lab.until_begun(run_id, "2", "3")
    workers = lab.kill_engine()
    eventually(lambda: all(map(is_gone, workers)), "the workers of a killed engine end")
    lab.release(run_id)
    assert lab.until(run_id, "finished").attempts == 2
    lab.assert_gathered(run_id, 4)


def test_a_run_in_parts_is_paused_and_resumed(lab: PartLab) -> None:
    run_id = lab.submit(4, parts=4, held=["1", "2"])
    lab.until_begun(run_id, "1", "2")
    lab.store.want(run_id, "pause")
    assert lab.until(run_id, "paused").epoch == 1
    lab.release(run_id)
    lab.store.want(run_id, "run")
    row = lab.until(run_id, "finished")
    assert (row.attempts, row.fruitless) == (2, 0)
    lab.assert_gathered(run_id, 4)


def test_a_run_in_parts_is_stopped(lab: PartLab) -> None:
    run_id = lab.submit(5, parts=4, held=["1", "2"])
    lab.until_begun(run_id, "1", "2")
    lab.store.want(run_id, "stop")
    lab.until(run_id, "stopped")
    assert lab.lines(run_id, "made") == ["0"]
    assert "3" not in lab.begun(run_id)


def test_a_part_that_cannot_be_made_fails_the_run_with_its_sentence(lab: PartLab) -> None:
    run_id = lab.submit(6, parts=4, fault="1", held=["0"])
    row = lab.until(run_id, "failed")
    assert row.message == "margin must be above 0, got -1. Take 0.2."
    assert set(lab.begun(run_id)) == {"0", "1"}, "the part that was held has ended without being released"


def test_a_run_with_many_parts_starves_no_other(lab: PartLab) -> None:
    many = lab.submit(7, parts=6, held=[str(number) for number in range(6)])
    lab.until_begun(many, "0", "1")
    other = lab.submit(8, parts=2)
    lab.release_part(many, "0")
    lab.until(other, "finished")
    assert lab.lines(many, "made") == ["0"]
    assert lab.store.row(many).state == "running"
    lab.release(many)
    assert lab.until(many, "finished").attempts == 1
    for run_id, parts in ((many, 6), (other, 2)):
        lab.assert_gathered(run_id, parts)
