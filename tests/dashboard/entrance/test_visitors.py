"""A visitor is who the server has signed, as long as the codes are the same."""

from __future__ import annotations

import base64
import json
import stat
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from dashboard.entrance import visitors
from dashboard.entrance.visitors import COOKIE, KEY, Visitor, cleaned, cookie_of, entered, found_in
from dashboard.entrance.ways_in import WayIn

CLASS = WayIn(code="sunday", teacher="monday")


@pytest.fixture(autouse=True)
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("METRIC_LAB_STORE", str(tmp_path / "store"))
    return tmp_path / "store"


def let_in(code: str = "sunday", name: str = "Ada") -> Visitor:
    found = entered(CLASS, code, name)
    assert found is not None
    return found


def test_the_code_of_the_class_lets_in_and_that_of_the_teacher_makes_one() -> None:
    ada, again, teacher = let_in(), let_in(), let_in("monday")
    assert not ada.is_teacher and teacher.is_teacher
    assert len({ada.id, again.id, teacher.id}) == 3 and len(ada.id) == 32
    for code in ("", "Sunday", "sunday ", "tuesday", "sünday"):
        assert entered(CLASS, code, "Ada") is None
    assert entered(WayIn(code="sunday"), "", "Ada") is None, "an absent code of a teacher is not the empty one"


def test_a_cookie_comes_back_as_whom_it_names() -> None:
    ada = let_in(name="Ada  \n Łovelace\t")
    assert found_in(CLASS, {COOKIE: cookie_of(CLASS, ada)}, {}) == ada and ada.name == "Ada Łovelace"


@pytest.mark.parametrize("way", [WayIn("monday", "", "sunday"), WayIn("sunday"), WayIn("tuesday", "", "monday")])
def test_with_other_codes_everybody_enters_anew(way: WayIn) -> None:
    assert found_in(way, {COOKIE: cookie_of(CLASS, let_in())}, {}) is None


def test_nobody_makes_a_teacher_of_themselves() -> None:
    said, _, signature = cookie_of(CLASS, let_in()).rpartition(".")
    claims = json.loads(base64.urlsafe_b64decode(said)) | {"is_teacher": True}
    forged = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode()
    assert found_in(CLASS, {COOKIE: f"{forged}.{signature}"}, {}) is None


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(st.text(), st.binary().map(lambda content: base64.urlsafe_b64encode(content).decode() + ".00")))
def test_anything_else_is_nobody(cookie: str) -> None:
    assert found_in(CLASS, {COOKIE: cookie}, {}) is None


def test_the_key_is_one_for_all_servers_of_a_store_and_its_owners_alone(root: Path) -> None:
    cookie = cookie_of(CLASS, let_in())
    visitors._key.cache_clear()
    assert found_in(CLASS, {COOKIE: cookie}, {}) is not None
    assert stat.S_IMODE((root / KEY).stat().st_mode) == 0o600 and len((root / KEY).read_bytes()) == 32
    assert [path.name for path in root.iterdir() if path.name.startswith(KEY)] == [KEY]


def test_a_proxy_says_who_asks() -> None:
    way = WayIn(header="X-Forwarded-User", teacher="ada@example.org")
    ada = found_in(way, {}, {"x-forwarded-user": " ada@example.org "})
    ben = found_in(way, {}, {"X-Forwarded-User": "ben@example.org"})
    assert ada is not None and ben is not None
    assert ada.is_teacher and not ben.is_teacher and ada.id != ben.id and ada.name == "ada@example.org"
    assert found_in(way, {COOKIE: cookie_of(CLASS, let_in())}, {}) is None, "a cookie of a class says nothing here"
    assert found_in(way, {}, {"x-forwarded-user": " "}) is None


@example("a" * 39 + " b")
@given(st.text())
def test_a_name_is_one_short_line(name: str) -> None:
    shown = cleaned(name)
    assert len(shown) <= visitors.NAME_LENGTH and shown.isprintable() and shown == shown.strip()
