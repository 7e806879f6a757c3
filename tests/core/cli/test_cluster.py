"""`python -m core cluster`: what it asks for, and what it says; tests/core/engine/test_hosts.py lets both serve."""

from __future__ import annotations

import pytest

from core.__main__ import main
from core.engine import hosts
from tests.core.commands import refused


def test_workers_need_an_address_and_a_number(capsys: pytest.CaptureFixture[str]) -> None:
    assert "must be given the address of a scheduler" in refused(capsys, "cluster", "workers")
    assert "--count must be at least 1, got 0" in refused(capsys, "cluster", "workers", "tls://here", "--count", "0")
    assert "METRIC_LAB_SCHEDULER must be an address" in refused(capsys, "cluster", "workers", "here")


def test_a_scheduler_says_how_workers_and_the_dashboard_find_it(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    served = []

    def serve(host: str, port: int, told: object) -> None:
        served.append((host, port))
        told("tls://10.0.0.5:9000")  # type: ignore[operator]

    monkeypatch.setattr(hosts, "serve_scheduler", serve)
    monkeypatch.setenv("METRIC_LAB_CERTIFICATE", "/safe/cluster.pem")
    assert main(["cluster", "scheduler", "--port", "9000"]) == 0 and served == [("", 9000)]
    said = capsys.readouterr().err
    assert "listens at tls://10.0.0.5:9000." in said and "/safe/cluster.pem; copy it to every host" in said
    assert "python -m core cluster workers tls://10.0.0.5:9000" in said
    assert "METRIC_LAB_SCHEDULER=tls://10.0.0.5:9000 make run" in said


def test_workers_are_as_many_as_asked_for(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    served = []
    monkeypatch.setattr(hosts, "serve_workers", lambda *what: served.append(what[:3]) or what[3](what[0]))
    assert main(["cluster", "workers", "tls://10.0.0.5:8786", "--count", "3", "--memory", "4GB"]) == 0
    assert served == [("tls://10.0.0.5:8786", 3, "4GB")]
    assert "3 of them serve tls://10.0.0.5:8786." in capsys.readouterr().err
