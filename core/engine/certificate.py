"""The certificate by which the engine and its workers know each other: of one start of the engine, in memory alone.

Dask's own begins to hold when it is made. A clock that is set back after that, as by a time server, would let no
worker in any more.
"""

from __future__ import annotations

from datetime import datetime

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509 import CertificateBuilder, DNSName, Name, NameAttribute, SubjectAlternativeName
from cryptography.x509 import random_serial_number as serial_number
from cryptography.x509.oid import NameOID

NAME = "metric-lab"
SINCE, UNTIL = datetime(1970, 1, 1), datetime(9999, 12, 31)  # whatever the clock is set to


def self_signed() -> tuple[str, str]:
    """A new private key and a certificate of it, both as PEM."""
    key, name = ec.generate_private_key(ec.SECP256R1()), Name([NameAttribute(NameOID.COMMON_NAME, NAME)])
    builder = CertificateBuilder(name, name, key.public_key(), serial_number(), SINCE, UNTIL)
    certificate = builder.add_extension(SubjectAlternativeName([DNSName(NAME)]), critical=False).sign(key, SHA256())
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return secret.decode(), certificate.public_bytes(Encoding.PEM).decode()
