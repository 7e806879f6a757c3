"""Who may enter is chosen in words that fit each other, and nobody from elsewhere enters unasked."""

from __future__ import annotations

import pytest

from dashboard.entrance.ways_in import WayIn, check_address, way_in


@pytest.mark.parametrize(
    ("arguments", "environment", "expected"),
    [
        ([], {}, WayIn()),
        (["--class", "sunday"], {}, WayIn(code="sunday")),
        (["--class", "sunday", "--teacher", "monday"], {}, WayIn(code="sunday", teacher="monday")),
        (["--behind-proxy", "X-User", "--teacher", "ada"], {}, WayIn(header="X-User", teacher="ada")),
        ([], {"METRIC_LAB_CLASS": " sunday ", "METRIC_LAB_TEACHER": "monday"}, WayIn("sunday", "", "monday")),
        (["--class", "sunday", "--limit", "epochs=3"], {}, WayIn(code="sunday", limit="epochs=3")),
        (["--class", "sunday"], {"METRIC_LAB_LIMIT": "data=digits"}, WayIn(code="sunday", limit="data=digits")),
        (["--class", "sunday"], {"METRIC_LAB_CLASS": "monday"}, WayIn(code="sunday")),
        ([], {"METRIC_LAB_PROXY_HEADER": "X-User"}, WayIn(header="X-User")),
    ],
)
def test_what_is_chosen(arguments: list[str], environment: dict[str, str], expected: WayIn) -> None:
    assert way_in(arguments, environment) == expected


@pytest.mark.parametrize(
    ("arguments", "rule"),
    [
        (["--class", "short"], "at least 6"),
        (["--class", "sunday", "--teacher", "short"], "at least 6"),
        (["--class", "sunday", "--teacher", "sunday"], "another code"),
        (["--class", "sunday", "--behind-proxy", "X-User"], "got both"),
        (["--teacher", "monday"], "got it alone"),
        (["--behind-proxy", "X User"], "name of a header"),
        (["--behind-proxy", "X-User:"], "name of a header"),
        (["--clas", "sunday"], "must be --class"),
        (["--class"], "must be --class"),
        (["--limit", "epochs=3"], "--limit must stand beside --class or --behind-proxy, got it alone"),
        (["--class", "sunday", "--limit", "epochs=none"], "the limit of epochs must be a whole number"),
    ],
)
def test_what_cannot_be(arguments: list[str], rule: str) -> None:
    with pytest.raises(ValueError, match=rule):
        way_in(arguments, {})


@pytest.mark.parametrize("address", ["127.0.0.1", "127.0.0.9", "::1", "localhost"])
def test_on_this_machine_nobody_is_asked(address: str) -> None:
    check_address(WayIn(), address)


@pytest.mark.parametrize("address", ["0.0.0.0", "::", "192.168.0.10", "", "lab.example.org"])
def test_elsewhere_it_has_to_be_said_who_may_enter(address: str) -> None:
    with pytest.raises(ValueError, match="--class CODE"):
        check_address(WayIn(), address)
    check_address(WayIn(code="sunday"), address)
    check_address(WayIn(header="X-User"), address)
