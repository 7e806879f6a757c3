"""What a student hands in: written, read, checked, and graded again."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from core.lessons.handin import MOST_BYTES, HandIn, read, regraded
from core.lessons.hardness import EARLY
from core.lessons.tasks import Verdict
from tests.core.lessons.handed import ADAS, handed_in
from tests.core.lessons.test_hardness import evidence


def changed(**changes: Any) -> bytes:
    """Of a good file, with these fields changed."""
    return json.dumps(json.loads(ADAS.written()) | changes).encode()


@pytest.mark.parametrize(
    "handed",
    [
        ADAS,
        handed_in(lesson="", step="", page="verify", verdict=None, guesses={}, threshold=0.8, answer=0.8),
        handed_in(answer="digits-softmax", reason="因为 <b>它</b>\n=1+1", name="李 雷", verdict=None),
    ],
)
def test_what_is_written_is_read_again(handed: HandIn) -> None:
    assert read(handed.written().encode()) == handed
    assert read(b"\xef\xbb\xbf" + handed.written().encode()) == handed, "as some editors save it"


def test_numbers_of_a_verdict_are_plain_ones_and_those_that_json_has_not_are_left_out() -> None:
    values = {"a": np.int64(3), "b": np.float32(0.5), "c": True, "d": float("nan"), "e": None, "f": "digits"}
    handed = read(handed_in(verdict=Verdict(True, "right", values)).written().encode())
    assert handed.verdict and handed.verdict.values == {"a": 3.0, "b": 0.5, "c": 1.0, "f": "digits"}


def test_a_file_holds_what_was_asked_and_nothing_else_of_anybody() -> None:
    assert set(json.loads(ADAS.written())) == {
        *("format", "version", "lesson", "step", "page", "address", "answer", "verdict", "guesses"),
        *("run", "configuration", "threshold", "reason", "name", "date"),
    }


def deep(depth: int) -> bytes:
    return b'{"format": "metric-lab-hand-in", "version": 1, "answer": ' + b"[" * depth + b"]" * depth + b"}"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "must be JSON, got a fault in line 1"),
        (b"\xff\xfe\x00", "must be JSON, got no UTF-8 text"),
        (b"[1, 2]", "must be a hand-in of Metric Lab, got another one"),
        (b'"metric-lab-hand-in"', "must be a hand-in of Metric Lab"),
        (b'{"format": "threshold card"}', "must be a hand-in of Metric Lab"),
        (b" " * (MOST_BYTES + 1), f"must have at most {MOST_BYTES} bytes, got {MOST_BYTES + 1}"),
        (changed(version=2), "must have the version 1, got '2'"),
        (changed(version=True), "must have the version 1, got 'True'"),
        (changed(ip="192.0.2.1"), "must have only its own fields, got 'ip'"),
        (changed(answer=None), "the answer of a hand-in must be a number or a text"),
        (changed(answer=True), "the answer of a hand-in must be a number"),
        (changed(answer=10**400), "the answer of a hand-in must be a number|numbers or depths that JSON has not"),
        (changed().replace(b"0.35", b"NaN"), "must be JSON, got numbers or depths that JSON has not"),
        (changed().replace(b'"answer": 0.35', b'"answer": 1e999'), "the answer of a hand-in must be a number"),
        (changed().replace(b'"answer": 0.35', b'"answer": ' + b"9" * 5000), "hand-in must be"),
        (changed(page="../../etc"), "the page of a hand-in must be the name of a page"),
        (changed(run="../runs"), "the run of a hand-in must be the name of a run"),
        (changed(configuration="0" * 31), "must be 32 hexadecimal characters"),
        (changed(reason="x" * 1001), "the reason of a hand-in must be a text of at most 1000 characters"),
        (changed(name=["Ada"]), "the name of a hand-in must be a text"),
        (changed(address={"run": 3}), "the address of a hand-in must be a text of at most 2000"),
        (changed(address={"a b": "3"}), "the address of a hand-in must be of short names"),
        (changed(address={f"a{n}": "" for n in range(41)}), "at most 40 texts"),
        (changed(guesses={"late": {"fewer": "x"}}), "the guesses of a hand-in must be a text"),
        (changed(verdict="right"), "the verdict of a hand-in must be an object"),
        (changed(verdict={"right": 1, "why": "right", "values": {}}), "the verdict of a hand-in must be an object"),
        (changed(verdict={"right": True, "why": "right", "values": {"a": {"b": {}}}}), "at most 3 objects deep"),
        (changed(date="yesterday"), "the date of a hand-in must be a date"),
        (changed(date="2026-09-01T10:00:00"), "with its time zone"),
        (deep(5), "at most 3 objects deep"),
        (deep(30_000), "at most 3 objects deep|numbers or depths"),
    ],
)
def test_any_other_file_is_refused_with_a_reason(content: bytes, why: str) -> None:
    with pytest.raises(ValueError, match=why) as problem:
        read(content)
    assert len(str(problem.value)) < 200 and "\n" not in str(problem.value)


@pytest.mark.parametrize("name", ["lesson", "page", "address", "answer", "guesses", "run", "reason", "name", "date"])
def test_nothing_may_be_missing(name: str) -> None:
    plain = json.loads(ADAS.written())
    del plain[name]
    with pytest.raises(ValueError, match=f"the {name} of a hand-in must be"):
        read(json.dumps(plain).encode())


def test_what_cannot_be_seen_becomes_a_blank() -> None:
    assert read(changed(name="A\u202eda\x00")).name == "A da"


def test_an_answer_is_graded_again_whatever_the_file_says_of_it() -> None:
    found = evidence(EARLY)
    first = float(found.margins[int((found.semi_hard / found.total >= 0.1).argmax())])
    claimed = handed_in(answer=first, verdict=Verdict(False, "too_small", {}))
    assert regraded(claimed, found).is_right
    boasted = handed_in(answer=0.0, verdict=Verdict(True, "right", {}))
    assert regraded(boasted, found).why == "too_small"


@pytest.mark.parametrize("changes", [{"lesson": "", "step": ""}, {"lesson": "unknown"}, {"step": "margin"}])
def test_what_was_no_task_is_not_graded(changes: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="a hand-in must be of a task to be graded"):
        regraded(handed_in(**changes), None)
