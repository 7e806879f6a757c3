"""The engine's side of the exchange, without Dask: in which order, when a job has ended, and what gives up."""

from __future__ import annotations

import errno
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.engine import transfers as module
from core.engine.cluster import Ended
from core.engine.transfers import Transfers
from core.jobs.worker import request
from core.runs.deliveries import Outbox, take_up
from core.runs.exchange import Exchange
from tests.engines import eventually

RUN = "c" * 32
KEY = f"{RUN}-1-0"
FOLDER = f"runs/{RUN}"


class Scene:
    """The engine's store and exchange, and a worker's."""

    def __init__(self, root: Path) -> None:
        self.exchange = Exchange((root / "exchange").as_uri())
        self.transfers = Transfers(self.exchange)
        self.folder, self.there = root / "here" / FOLDER, root / "there"
        self.folder.mkdir(parents=True)
        request(self.folder, "run")

    def begin(self) -> Outbox:
        self.transfers.begin(KEY, self.folder, {})
        self.until(lambda: (Path(self.exchange.address.removeprefix("file://")) / f"jobs/{KEY}/offer.json").exists())
        take_up(self.exchange, KEY, self.there, [FOLDER])
        return Outbox(self.exchange, KEY, self.there / FOLDER)

    def write(self, outbox: Outbox, number: int) -> None:
        (self.there / FOLDER / "reached").write_text(str(number))
        outbox.deliver()

    def reached(self) -> str:
        path = self.folder / "reached"
        return path.read_text() if path.exists() else ""

    def until(self, condition: object) -> None:
        def holds() -> object:
            self.transfers.look()
            return condition()  # type: ignore[operator]

        eventually(holds, "the transfers come to it", 60)

    def settled(self, end: Ended) -> Ended:
        found: list[Ended] = []

        def is_settled() -> bool:
            found.extend([one] if (one := self.transfers.settled(end)) else [])
            return bool(found)

        self.until(is_settled)
        return found[0]


@pytest.fixture
def scene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    monkeypatch.setattr(module, "RETRY_SECONDS", 0.01)
    scene = Scene(tmp_path)
    yield scene
    scene.transfers.close()


def test_deliveries_are_taken_in_in_their_order_however_they_were_heard_of(scene: Scene) -> None:
    outbox = scene.begin()
    for number in range(1, 4):
        scene.write(outbox, number)
    scene.transfers.hear(KEY, 2)
    scene.until(lambda: scene.reached() == "2")
    scene.transfers.hear(KEY, 1)
    scene.transfers.hear("another-1-0", 9)
    scene.transfers.hear(KEY, 3)
    scene.until(lambda: scene.reached() == "3")


def test_a_job_has_ended_once_all_that_it_counts_is_in_the_store(scene: Scene) -> None:
    outbox = scene.begin()
    scene.write(outbox, 1)
    scene.write(outbox, 2)
    scene.transfers.hear(KEY, 1)
    end = Ended(KEY, answer="finished 2")
    assert scene.transfers.settled(end) is None
    assert scene.settled(end) == Ended(KEY, answer="finished")
    assert scene.reached() == "2"
    home = Path(scene.exchange.address.removeprefix("file://")) / "jobs" / KEY
    scene.until(lambda: not home.exists())


def test_a_lost_job_has_ended_once_what_was_heard_of_it_is_in_the_store(scene: Scene) -> None:
    outbox = scene.begin()
    scene.write(outbox, 1)
    scene.transfers.hear(KEY, 1)
    end = Ended(KEY, is_lost=True)
    assert scene.settled(end) == end and scene.reached() == "1"


def test_an_end_that_nothing_was_exchanged_for_is_one(scene: Scene) -> None:
    assert scene.transfers.settled(Ended("another-1-0", answer="paused")) == Ended("another-1-0", answer="paused")


def test_what_is_wanted_is_passed_on(scene: Scene) -> None:
    scene.begin()
    for wanted in ("pause", "stop"):
        request(scene.folder, wanted)
        scene.until(lambda wanted=wanted: _wanted(scene) == wanted)


def _wanted(scene: Scene) -> str:
    try:
        return scene.exchange.get(f"jobs/{KEY}/wanted").decode()
    except FileNotFoundError:
        return ""


def test_an_exchange_that_is_away_for_a_while_costs_nothing(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    outbox, refused, take_in = scene.begin(), [], module.take_in

    def refuse_at_first(*what: object) -> None:
        if len(refused) < 3:
            refused.append(what)
            raise ConnectionResetError("gone for a while")
        take_in(*what)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "take_in", refuse_at_first)
    scene.write(outbox, 1)
    assert scene.settled(Ended(KEY, answer="finished 1")).answer == "finished"
    assert len(refused) == 3 and scene.reached() == "1" and scene.transfers.given_up() == []


@pytest.mark.parametrize(
    "problem, said",
    [
        (ConnectionResetError("gone"), "the exchange must answer the engine .* what has arrived is whole"),
        (OSError(errno.ENOSPC, "No space left on device"), "No space left"),
        (ValueError("a worker must leave state.json to the engine"), "must leave state.json"),
    ],
)
def test_what_comes_to_nothing_for_long_is_given_up_once_and_said(
    scene: Scene, problem: Exception, said: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*what: object) -> None:
        raise problem

    outbox = scene.begin()
    monkeypatch.setattr(module, "take_in", refuse)
    scene.write(outbox, 1)
    scene.transfers.hear(KEY, 1)
    time.sleep(0.05)
    scene.until(lambda: "does not succeed" in caplog.text)
    assert scene.transfers.given_up() == [] and scene.transfers.settled(Ended(KEY, is_lost=True)) is None
    monkeypatch.setattr(module, "GIVE_UP_SECONDS", 0.0)
    assert scene.transfers.given_up() == [KEY] and scene.transfers.given_up() == []
    end = scene.settled(Ended(KEY, is_lost=True))
    assert end.error and not end.is_lost and caplog.text.count("does not succeed") == 1
    with pytest.raises(type(end.error), match=said):
        raise end.error


def test_an_error_that_is_none_of_the_exchange_is_not_hidden(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    outbox = scene.begin()
    monkeypatch.setattr(module, "take_in", lambda *what: 1 / 0)
    scene.write(outbox, 1)
    scene.transfers.hear(KEY, 1)
    with pytest.raises(ZeroDivisionError):
        scene.until(lambda: False)
