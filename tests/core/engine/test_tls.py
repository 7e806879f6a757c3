"""Which certificate counts, and that it is made for its owner alone; tests/core/engine/test_hosts.py shakes hands."""

from __future__ import annotations

from pathlib import Path

import dask
import pytest

from core.engine.certificate import self_signed
from core.engine.tls import certificate_path, made_certificate, one_for_all, security_here
from core.system.locations import store_root


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("METRIC_LAB_STORE", str(tmp_path / "store"))
    monkeypatch.delenv("METRIC_LAB_CERTIFICATE", raising=False)
    return tmp_path


def test_it_lies_in_the_store_unless_it_is_named(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert certificate_path() == store_root() / "cluster.pem"
    monkeypatch.setenv("METRIC_LAB_CERTIFICATE", str(path / "own.pem"))
    assert certificate_path() == path / "own.pem"


def test_it_is_made_once_and_for_its_owner_alone(path: Path) -> None:
    made = made_certificate()
    content = made.read_text()
    assert made.stat().st_mode & 0o777 == 0o600 and "PRIVATE KEY" in content and "BEGIN CERTIFICATE" in content
    assert made_certificate() == made and made.read_text() == content


def test_a_named_file_goes_before_dasks_settings_and_these_before_the_file_in_the_store(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = made_certificate()
    assert security_here().tls_ca_file == str(made)
    names = {"ca-file": "/ca.pem", "client.cert": "/cert.pem", "client.key": "/key.pem"}
    with dask.config.set({f"distributed.comm.tls.{name}": value for name, value in names.items()}):
        own = security_here()
        assert (own.tls_ca_file, own.tls_client_cert, own.tls_client_key) == ("/ca.pem", "/cert.pem", "/key.pem")
        monkeypatch.setenv("METRIC_LAB_CERTIFICATE", str(made))
        assert security_here().tls_ca_file == str(made)
    assert security_here().require_encryption


def test_one_key_serves_every_role() -> None:
    key, certificate = self_signed()
    security = one_for_all(key, certificate)
    for role in ("client", "scheduler", "worker"):
        told = security.get_tls_config_for_role(role)
        assert told == {"ca_file": certificate, "cert": certificate, "key": key, "ciphers": None}
        context = security.get_connection_args(role)["ssl_context"]
        assert context is not None and context.verify_mode.name == "CERT_REQUIRED"
