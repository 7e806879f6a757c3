"""Who opens a page, as the gate has found out: by a cookie that the server has signed, or by a proxy's header."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

import streamlit as st

from core.system.atomic_files import write_bytes
from core.system.locations import store_root
from dashboard.entrance.ways_in import WayIn

COOKIE = "metric-lab-visitor"
NAME_LENGTH = 40
KEY = "visitors.key"


@dataclass(frozen=True)
class Visitor:
    """`id` is 32 hexadecimal characters, the same as long as the browser keeps its cookie."""

    id: str
    name: str
    is_teacher: bool = False


# Of the request that is answered; a page's script asks what its socket was opened with.
asking: ContextVar[Visitor | None] = ContextVar("asking", default=None)
chosen_way = WayIn()


def use(way: WayIn) -> None:
    """What was chosen at the start, for all pages of this process."""
    global chosen_way
    chosen_way = way


def now() -> Visitor | None:
    """Who asks; None where everybody is the user of this machine.

    Raises PermissionError where nobody has been let in, which the gate leaves no way to.
    """
    if chosen_way.is_open:
        return None
    found = asking.get() or found_in(chosen_way, st.context.cookies.to_dict(), st.context.headers.to_dict())
    if found is None:
        raise PermissionError("who asks must be known here, got neither a cookie nor a header. Load the page again.")
    return found


def found_in(way: WayIn, cookies: Mapping[str, str], headers: Mapping[str, str]) -> Visitor | None:
    """Who a request says that it is from, where that is to be believed; header names in any case."""
    if way.header:
        told = {name.lower(): value for name, value in headers.items()}.get(way.header.lower(), "").strip()
        if not told:
            return None
        # A proxy's names may be long, or anything: as an id they are a digest.
        return Visitor(hashlib.sha256(told.encode()).hexdigest()[:32], cleaned(told), told == way.teacher)
    return _read(way, cookies.get(COOKIE, ""))


def entered(way: WayIn, code: str, name: str) -> Visitor | None:
    """Whoever gives one of the codes, as somebody new; None for another code."""
    is_teacher = bool(way.teacher) and hmac.compare_digest(code.encode(), way.teacher.encode())
    is_student = bool(way.code) and hmac.compare_digest(code.encode(), way.code.encode())
    if not (is_teacher or is_student):
        return None
    return Visitor(secrets.token_hex(16), cleaned(name), is_teacher)


def cleaned(name: str) -> str:
    """A name as it is shown: one line of at most NAME_LENGTH characters that can be seen."""
    return " ".join("".join(one if one.isprintable() else " " for one in name).split())[:NAME_LENGTH].rstrip()


def cookie_of(way: WayIn, visitor: Visitor) -> str:
    """The visitor, signed: whoever changes it is not let in, and with other codes everybody enters anew."""
    said = base64.urlsafe_b64encode(json.dumps(asdict(visitor)).encode()).decode()
    return f"{said}.{_signature(way, said)}"


def _read(way: WayIn, cookie: str) -> Visitor | None:
    said, _, signature = cookie.rpartition(".")
    if not said or not hmac.compare_digest(_signature(way, said).encode(), signature.encode()):
        return None
    return Visitor(**json.loads(base64.urlsafe_b64decode(said)))


def _signature(way: WayIn, said: str) -> str:
    signed = json.dumps([way.code, way.teacher, said]).encode()
    return hmac.new(_key(store_root()), signed, hashlib.sha256).hexdigest()


@cache
def _key(root: Path) -> bytes:
    """The same for all servers of one store, and after a restart."""
    path = root / KEY
    while True:
        try:
            key = path.read_bytes()
        except FileNotFoundError:
            root.mkdir(parents=True, exist_ok=True)
            beside = path.with_name(f"{KEY}.{os.getpid()}")
            write_bytes(beside, secrets.token_bytes(32))
            try:
                os.link(beside, path)  # whoever comes second takes the first one's
            except FileExistsError:
                pass
            beside.unlink()
            continue
        path.chmod(0o600)  # also where others share the store
        return key
