"""How an engine, a scheduler and workers of different hosts know each other: by one file, or as Dask is configured.

The file holds a private key and its certificate, which is its own authority: whoever has the file belongs to the
cluster, and nobody else does. It is copied to every host. Why one: an authority of one's own takes three files for each
role, and Dask's own settings serve those who have one.
"""

from __future__ import annotations

import os
import socket
import ssl
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import dask
from distributed import Security

from core.engine.certificate import self_signed
from core.system.atomic_files import write_bytes
from core.system.locations import store_root

ROLES = ("client", "scheduler", "worker")
PORT = 8786
ANSWER_SECONDS = 10.0


def certificate_path() -> Path:
    """METRIC_LAB_CERTIFICATE, or `cluster.pem` in the store."""
    return Path(os.environ.get("METRIC_LAB_CERTIFICATE") or store_root() / "cluster.pem")


def made_certificate() -> Path:
    """The file of a cluster, made for its owner alone where there is none."""
    path = certificate_path()
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        before = os.umask(0o077)
        try:
            write_bytes(path, "".join(self_signed()).encode())
        finally:
            os.umask(before)
    return path


def one_for_all(key: str, certificate: str) -> Security:
    """A key and its certificate, as PEM or as the paths of files, for all who work here, and for whoever asks them."""
    by_role = {f"tls_{role}_{what}": pem for role in ROLES for what, pem in (("key", key), ("cert", certificate))}
    return Security(require_encryption=True, tls_ca_file=certificate, **by_role)


def security_of(scheduler: str) -> Security | None:
    """What an address asks for; None without TLS. Raises ValueError where certificates are missing or wrong, and where
    no scheduler answers that takes them."""
    host, port, is_encrypted = _parts(scheduler)
    security = security_here() if is_encrypted else None
    _reach(scheduler, host, port, _context(security) if security else None)
    return security


def security_here() -> Security:
    """Of METRIC_LAB_CERTIFICATE, of Dask's own configuration, or of the file in the store, the first that there is."""
    if not os.environ.get("METRIC_LAB_CERTIFICATE") and dask.config.get("distributed.comm.tls.ca-file", None):
        return Security(require_encryption=True)
    path = certificate_path()
    if not path.is_file():
        raise ValueError(
            f"METRIC_LAB_CERTIFICATE must name the certificate of the cluster, got no file {path}. Copy it from the "
            "host of the scheduler, where `make scheduler` has made it, or set Dask's own."
        )
    return one_for_all(str(path), str(path))


def _parts(scheduler: str) -> tuple[str, int, bool]:
    """Host, port and whether it is encrypted."""
    scheme, host, port = "", "", PORT
    with suppress(ValueError):  # of a port that is no number
        parts = urlsplit(scheduler)
        scheme, host, port = parts.scheme, parts.hostname or "", parts.port or PORT
    if not host or scheme not in ("tls", "tcp"):
        raise ValueError(
            f"METRIC_LAB_SCHEDULER must be an address such as tls://10.0.0.5:{PORT}, or tcp:// in a network that "
            f"nobody else is in, got {scheduler!r}. Copy what the scheduler has printed."
        )
    return host, port, scheme == "tls"


def _context(security: Security) -> ssl.SSLContext:
    try:
        context = security.get_connection_args("client")["ssl_context"]
        assert context, "encryption is required"
        return context
    except (OSError, TypeError, KeyError) as problem:  # an SSLError is an OSError
        raise ValueError(
            f"the certificate of the cluster must be a key and its certificate as PEM, got {problem}. Look at "
            "METRIC_LAB_CERTIFICATE, or at Dask's settings distributed.comm.tls."
        ) from None


def _reach(scheduler: str, host: str, port: int, context: ssl.SSLContext | None) -> None:
    """Shake hands with a scheduler and hear its first word: only then has it taken this side's certificate, too. Dask
    would try for long, and would say the same whatever the reason is."""
    try:
        with socket.create_connection((host, port), ANSWER_SECONDS) as plain:
            with context.wrap_socket(plain, server_hostname=host) if context else plain as asked:
                heard = asked.recv(1)
    except ssl.SSLError as problem:
        raise ValueError(
            f"{scheduler} must have the certificate of this side, got {problem.reason or problem}. Copy the file "
            "METRIC_LAB_CERTIFICATE from the host of the scheduler, and let both sides use tls://."
        ) from None
    except OSError as problem:
        raise ValueError(
            f"a scheduler must answer at {scheduler}, got {problem}. Start it by `make scheduler`, and name "
            "its address in METRIC_LAB_SCHEDULER as it was printed."
        ) from None
    if not heard:
        raise ValueError(
            f"{scheduler} must be a scheduler that takes what is said, got a connection that was closed at once. "
            "Let both sides use tls:// and the same certificate."
        )
