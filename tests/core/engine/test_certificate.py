from __future__ import annotations

from datetime import UTC, datetime, timedelta

from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.x509 import load_pem_x509_certificate

from core.engine.certificate import self_signed


def test_it_holds_whatever_the_clock_is_set_to() -> None:
    _, pem = self_signed()
    certificate, now = load_pem_x509_certificate(pem.encode()), datetime.now(UTC)
    assert certificate.not_valid_before_utc < now - timedelta(days=365 * 50)
    assert certificate.not_valid_after_utc > now + timedelta(days=365 * 1000)


def test_every_start_has_another_whose_key_is_its_own() -> None:
    (key, pem), (other, _) = self_signed(), self_signed()
    public = load_pem_x509_certificate(pem.encode()).public_key()
    assert load_pem_private_key(key.encode(), None).public_key() == public
    assert load_pem_private_key(other.encode(), None).public_key() != public
