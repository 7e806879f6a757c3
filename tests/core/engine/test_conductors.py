"""The engine starts a process for what is asked for, again where it ends too early, and gives up after a few times."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
from filelock import FileLock, Timeout

from core.comparison.asked import Asked, all_asked, ask, take_back
from core.comparison.plan import UPDATES, Budget, Plan, along
from core.comparison.record import keep, kept
from core.engine import conductors
from core.engine.conductors import MOST_STARTS, Conductors
from core.experiment.experiment import Experiment
from core.runs.store import Store
from tests.engines import eventually, is_gone, without_engine
from tests.imports import ROOT

ASKED = Asked.of("two", Plan(along(Experiment(), "miner", ["all", "random"]), (0,), Budget(UPDATES, 9)))
Started = list[subprocess.Popen[bytes]]


@pytest.fixture
def started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Started:
    """What was started, each of which waits to be ended."""
    made: Started = []
    real = subprocess.Popen

    def start(words: list[str], **how: object) -> subprocess.Popen[bytes]:
        assert words[1:3] == ["-m", "core.engine.conducting"] and words[-5:-2] == [ASKED.id, "--slots", "2"]
        assert words[-2:] == ["--engine", str(os.getpid())]
        made.append(real([sys.executable, "-c", "input()"], stdin=subprocess.PIPE))
        return made[-1]

    monkeypatch.setattr(conductors.subprocess, "Popen", start)
    monkeypatch.setattr(conductors, "LOOK_SECONDS", 0.0)
    keep(tmp_path, ASKED.begun())
    ask(tmp_path, ASKED)
    return made


def end(process: subprocess.Popen[bytes]) -> None:
    process.communicate(b"\n")


def test_one_process_for_each_until_it_is_done(tmp_path: Path, started: Started) -> None:
    own = Conductors(tmp_path, 2)
    assert own.step() and own.step() and len(started) == 1
    take_back(tmp_path, ASKED.id)
    assert own.step(), "it is still at work"
    end(started[0])
    assert not own.step() and len(started) == 1


def test_one_that_ends_too_early_is_started_again_and_given_up_in_the_end(tmp_path: Path, started: Started) -> None:
    own = Conductors(tmp_path, 2)
    for _ in range(MOST_STARTS):
        assert own.step()
        end(started[-1])
    own.step()
    assert not own.step() and len(started) == MOST_STARTS and all_asked(tmp_path) == []
    made = kept(tmp_path, ASKED.id)
    assert made is not None and made.problem.startswith("Given up after its process was ended 3 times")


def test_what_is_asked_for_again_may_be_started_as_often_again(tmp_path: Path, started: Started) -> None:
    own = Conductors(tmp_path, 2)
    for _ in range(MOST_STARTS + 1):
        assert own.step()
        take_back(tmp_path, ASKED.id)
        end(started[-1])
        assert not own.step()
        ask(tmp_path, ASKED)
    made = kept(tmp_path, ASKED.id)
    assert made is not None and not made.problem and all_asked(tmp_path) == [ASKED.id]


def test_what_there_is_no_room_for_is_tried_again_and_counts_for_nothing(
    tmp_path: Path, started: Started, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*what: object, **how: object) -> None:
        raise OSError(errno.ENOMEM, "Cannot allocate memory")

    monkeypatch.setattr(conductors, "LOOK_SECONDS", 60.0)
    own = Conductors(tmp_path, 2)
    with monkeypatch.context() as full:
        full.setattr(conductors.subprocess, "Popen", refuse)
        for _ in range(MOST_STARTS + 1):
            with pytest.raises(OSError, match="Cannot allocate"):
                own.step()
    assert own.step() and own.are_busy and len(started) == 1
    end(started[0])


def test_what_is_at_work_ends_with_the_engine_and_stays_asked_for(tmp_path: Path, started: Started) -> None:
    own = Conductors(tmp_path, 2)
    own.step()
    own.close()
    assert started[0].poll() is not None and all_asked(tmp_path) == [ASKED.id]
    started[0].stdin.close()


ENGINE = """import sys, time
from pathlib import Path
from core.engine import conductors
own = conductors.Conductors(Path(sys.argv[1]), 1)
own.step()
print(*[process.pid for process in own._at_work.values()], flush=True)
time.sleep(600)
"""


def test_what_a_killed_engine_has_started_ends_and_the_next_goes_on_with_it(tmp_path: Path) -> None:
    """Two engines, neither of which trains; the first is killed once the trainings of its comparison wait."""
    store = Store(tmp_path)
    keep(tmp_path, ASKED.begun())
    ask(tmp_path, ASKED)
    engines, orphans = [], []
    with without_engine(tmp_path):
        try:
            for _ in range(2):
                words = [sys.executable, "-c", ENGINE, str(tmp_path)]
                engines.append(subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True))
                orphans.append(psutil.Process(int(engines[-1].stdout.readline())))
                eventually(lambda: len(store.rows()) == 2, "both trainings wait in the queue")
                engines[0].kill()
                eventually(lambda: is_gone(orphans[0]), "the process of the killed engine ends")
                assert all_asked(tmp_path) == [ASKED.id]
            eventually(lambda: is_at_work(tmp_path), "the second one's goes on")
            assert not is_gone(orphans[1]) and len(store.rows()) == 2
            take_back(tmp_path, ASKED.id)
            eventually(lambda: is_gone(orphans[1]), "the second one's ends too")
        finally:
            for one in engines:
                one.kill()
                one.communicate()
    made = kept(tmp_path, ASKED.id)
    assert made is not None and not made.problem and len(made.members) == 2


def is_at_work(root: Path) -> bool:
    """Whether any process carries out the comparison."""
    try:
        with FileLock(root / "engine" / f"{ASKED.id}.lock", timeout=0):
            return False
    except Timeout:
        return True
