"""Whom the server knows is let in; everybody else is asked, and told what is wrong."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlencode

import pytest

from dashboard.entrance import visitors
from dashboard.entrance.gate import ENTER, FREE_TRIES, MOST_SECONDS, OPEN_TO_ALL, Gate, Tries
from dashboard.entrance.visitors import COOKIE
from dashboard.entrance.ways_in import WayIn
from tests.dashboard.entrance.asked import REACHED, Answer, app, asked

CLASS = WayIn(code="sunday", teacher="monday")
HTML = {"accept": "text/html,*/*"}
PATHS = ("/", "/verify", "/runs/x/probe.png", "/vendor/frames/00", "/_stcore/upload_file/a/b", "/media/x.png", ENTER)


@pytest.fixture(autouse=True)
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("METRIC_LAB_STORE", str(tmp_path / "store"))


def enter(gate: Gate, client: str = "192.0.2.7", **given: str) -> Answer:
    form = {"name": "Ada", "code": "sunday", "to": "/"} | given
    return asked(gate, f"{gate.base}{ENTER}", method="POST", body=urlencode(form).encode(), client=client)


def test_nobody_is_asked_on_this_machine_alone() -> None:
    assert asked(Gate(app, WayIn())).status == REACHED


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("kind", ["http", "websocket"])
@pytest.mark.parametrize("way", [CLASS, WayIn(header="X-User")])
def test_without_being_known_nothing_is_reached(path: str, kind: str, way: WayIn) -> None:
    assert asked(Gate(app, way), path, kind=kind).status in (401, 403)
    assert asked(Gate(app, way), path, kind=kind, headers={"cookie": f"{COOKIE}=x.y"}).status in (401, 403)


@pytest.mark.parametrize("path", OPEN_TO_ALL)
def test_whether_the_server_lives_is_told_to_all(path: str) -> None:
    assert asked(Gate(app, CLASS), path).status == REACHED


def test_a_code_is_asked_for_once() -> None:
    gate = Gate(app, CLASS)
    first = asked(gate, "/verify?run=x", headers=HTML)
    assert first.status == 200 and 'action="/enter"' in first.body and 'value="/verify?run=x"' in first.body
    assert "frame-ancestors 'none'" in first.headers["content-security-policy"]
    answer = enter(gate, to="/verify?run=x")
    assert answer.status == 303 and answer.headers["location"] == "/verify?run=x"
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=lax" in cookie and "Secure" not in cookie
    known = {"cookie": cookie.split(";")[0]}
    assert {asked(gate, path, headers=known).status for path in PATHS} == {REACHED}
    assert asked(gate, "/_stcore/stream", kind="websocket", headers=known).status == REACHED


def test_who_asks_is_known_while_the_app_answers() -> None:
    seen = []

    async def noting(scope: object, receive: object, send: object) -> None:
        seen.append(visitors.asking.get())

    cookie = enter(Gate(noting, CLASS)).headers["set-cookie"].split(";")[0]
    asked(Gate(noting, CLASS), headers={"cookie": cookie})
    assert [one.name for one in seen if one] == ["Ada"] and visitors.asking.get() is None


def test_behind_a_proxy_its_header_lets_in() -> None:
    gate = Gate(app, WayIn(header="X-User"))
    assert asked(gate, headers={"x-user": "ada"}).status == REACHED
    refused = asked(gate, headers=HTML)
    assert refused.status == 403 and "without X-User" in refused.body


def test_a_wrong_code_is_told_and_keeps_the_name() -> None:
    answer = enter(Gate(app, CLASS), code="Sunday", name='"><b>Ada')
    assert answer.status == 200 and 'role="alert"' in answer.body and "set-cookie" not in answer.headers
    assert "&quot;&gt;&lt;b&gt;Ada" in answer.body and "<b>" not in answer.body
    assert "at least one letter" in enter(Gate(app, CLASS), name=" ​ ").body
    assert enter(Gate(app, CLASS), name="A" * 5000).status == 413


@pytest.mark.parametrize("to", ["//elsewhere.example.com", "https://elsewhere.example.com/", "/\\elsewhere", "x", ""])
def test_nobody_is_sent_elsewhere(to: str) -> None:
    assert enter(Gate(app, CLASS), to=to).headers["location"] == "/"
    assert enter(Gate(app, CLASS, "/lab"), to=to).headers["location"] == "/lab/"


def test_below_a_base_path() -> None:
    gate = Gate(app, CLASS, "/lab")
    assert 'action="/lab/enter"' in asked(gate, "/lab/verify", headers=HTML).body
    answer = enter(gate, to="/lab/verify")
    assert answer.headers["location"] == "/lab/verify" and "Path=/lab" in answer.headers["set-cookie"]


def test_over_tls_the_cookie_stays_there() -> None:
    form = urlencode({"name": "Ada", "code": "sunday", "to": "/"}).encode()
    answer = asked(Gate(app, CLASS), ENTER, method="POST", body=form, headers={"x-forwarded-proto": "https"})
    assert "Secure" in answer.headers["set-cookie"]


def test_who_guesses_waits() -> None:
    now = [0.0]
    gate = Gate(app, CLASS, clock=lambda: now[0])
    for _ in range(FREE_TRIES + 1):
        assert "must be the one of this class" in enter(gate, code="wrong!").body
    late = enter(gate)
    assert "set-cookie" not in late.headers and "Wait 2 seconds" in late.body, (
        "also with the right one, which else would be told"
    )
    assert enter(gate, client="192.0.2.8").status == 303, "others do not"
    now[0] += 2.1
    assert enter(gate).status == 303


def test_waiting_doubles_up_to_a_minute_and_is_forgotten() -> None:
    now = [0.0]
    tries, waits = Tries(lambda: now[0]), []
    for _ in range(FREE_TRIES + 10):
        tries.failed("x")
        waits.append(tries.wait("x"))
        now[0] += waits[-1]
    assert waits[FREE_TRIES - 1 : FREE_TRIES + 3] == [0, 2, 4, 8] and waits[-1] == MOST_SECONDS
    now[0] += 11 * MOST_SECONDS
    tries.failed("x")
    assert tries.wait("x") == 0
