"""Scheduler and workers by their commands: what they say, and what an engine says that does not reach them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import psutil
import pytest

from core.engine import tls
from core.engine.certificate import self_signed
from core.engine.hosts import serve_workers
from core.engine.process import engine_problem
from core.engine.tls import security_of
from tests.engines import Lab, eventually
from tests.hosts import scheduler, workers
from tests.imports import ROOT


class Place(NamedTuple):
    """Where a scheduler stands, and its certificate."""

    certificate: Path
    address: str


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    root = tmp_path_factory.mktemp("hosts")
    standing, address = scheduler(root / "scheduler", root / "cluster.pem")
    yield Place(root / "cluster.pem", address)
    standing.end()


def test_the_certificate_is_its_owners_alone(place: Place) -> None:
    assert place.certificate.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("which", ["another", "missing", "broken", "plain", "no answer", "no address"])
def test_an_engine_that_reaches_no_scheduler_says_why(
    which: str, place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate, address = tmp_path / "cluster.pem", place.address
    said = {
        "another": "must have the certificate of this side",
        "missing": f"must name the certificate of the cluster, got no file {certificate}",
        "broken": "must be a key and its certificate as PEM",
        "plain": "a scheduler must answer at tcp://.* as it was printed",
        "no answer": "a scheduler must answer at tls://127.0.0.1:1, got .*refused",
        "no address": "METRIC_LAB_SCHEDULER must be an address such as tls://10.0.0.5:8786",
    }
    monkeypatch.setenv("METRIC_LAB_CERTIFICATE", str(certificate))
    monkeypatch.setattr(tls, "ANSWER_SECONDS", 3.0)  # a scheduler with TLS waits for this side's first word
    if which != "missing":
        certificate.write_text("nonsense" if which == "broken" else "".join(self_signed()))
    address = {"plain": address.replace("tls", "tcp"), "no answer": "tls://127.0.0.1:1", "no address": "lab"}.get(
        which, address
    )
    with pytest.raises(ValueError, match=said[which]):
        security_of(address)
    with pytest.raises(ValueError, match=said[which]):
        serve_workers(address, 1, "", print)
    if which in ("another", "no answer"):
        lab = Lab(tmp_path / "lab", "--scheduler", address)
        assert engine_problem(lab.store.root) == ""
        lab.ensure()
        eventually(lambda: engine_problem(lab.store.root), "the engine has said why it ended")
        with pytest.raises(ValueError, match=said[which]):
            raise ValueError(engine_problem(lab.store.root))


def test_a_port_that_is_taken_is_said(place: Place) -> None:
    port = place.address.rpartition(":")[2]
    command = [sys.executable, "-m", "core", "cluster", "scheduler", "--host", "127.0.0.1", "--port", port]
    environment = os.environ | {"METRIC_LAB_CERTIFICATE": str(place.certificate)}
    ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert ended.returncode == 2 and "error: the port of the scheduler must be free" in ended.stderr


def test_both_end_when_they_are_asked_to(tmp_path: Path) -> None:
    standing, address = scheduler(tmp_path / "scheduler", tmp_path / "cluster.pem")
    host = workers(tmp_path / "host", address, tmp_path / "cluster.pem")
    family = host.process.children(recursive=True)
    assert family
    for one in (host, standing):
        one.process.send_signal(signal.SIGINT)
        one.end()
    assert not [process for process in family if process.is_running() and process.status() != psutil.STATUS_ZOMBIE]
