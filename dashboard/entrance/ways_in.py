"""Who may open the pages: the user of this machine, a class with a code, or those whom a proxy has logged in.

Said behind `--` at the end of `streamlit run dashboard/app.py`, or in the environment, which other users of the machine
cannot read as they can a command.
"""

from __future__ import annotations

import argparse
import ipaddress
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NoReturn

from core.experiment.limits import Limits

CLASS, PROXY, TEACHER = "METRIC_LAB_CLASS", "METRIC_LAB_PROXY_HEADER", "METRIC_LAB_TEACHER"
LIMIT = "METRIC_LAB_LIMIT"
FEWEST = 6  # characters of a code
HEADER = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,63}")


@dataclass(frozen=True)
class WayIn:
    """A class enters by its `code`, and whoever gives the code `teacher` is one; behind a proxy `header` says who asks,
    and `teacher` is the name that a teacher has there. Where both are empty everybody is the user of this machine. What
    all but teachers may train is limited by `limit`, as `Limits.read` has it."""

    code: str = ""
    header: str = ""
    teacher: str = ""
    limit: str = ""

    @property
    def is_open(self) -> bool:
        """Whether nobody is asked who they are."""
        return not (self.code or self.header)


def way_in(arguments: Sequence[str], environment: Mapping[str, str] = os.environ) -> WayIn:
    """What was chosen; ValueError for a choice that cannot be."""
    parser = _Parser(prog="dashboard/app.py", add_help=False, allow_abbrev=False)
    parser.add_argument("--class", dest="code", default=environment.get(CLASS, ""))
    parser.add_argument("--behind-proxy", dest="header", default=environment.get(PROXY, ""))
    parser.add_argument("--teacher", default=environment.get(TEACHER, ""))
    parser.add_argument("--limit", default=environment.get(LIMIT, ""))
    chosen = WayIn(**{name: value.strip() for name, value in vars(parser.parse_args(arguments)).items()})
    if chosen.code and chosen.header:
        raise ValueError("the way in must be a class or a proxy, got both. Leave --class or --behind-proxy out.")
    codes = {"--class": chosen.code, "--teacher": "" if chosen.header else chosen.teacher}
    for option, code in codes.items():
        if code and len(code) < FEWEST:
            raise ValueError(
                f"{option} must be a code of at least {FEWEST} characters, got {len(code)}. "
                "Take a longer one, or run `make class`, which makes one."
            )
    if chosen.code and chosen.code == chosen.teacher:
        raise ValueError("--teacher must be another code than --class, got the same. Take two codes.")
    if chosen.teacher and chosen.is_open:
        raise ValueError("--teacher must stand beside --class or --behind-proxy, got it alone. Add one of these.")
    if chosen.limit and chosen.is_open:
        raise ValueError("--limit must stand beside --class or --behind-proxy, got it alone. Add one of these.")
    Limits.read(chosen.limit)
    if chosen.header and not HEADER.fullmatch(chosen.header):
        raise ValueError(
            f"--behind-proxy must be the name of a header, such as X-Forwarded-User, got {chosen.header[:40]!r}. "
            "Take the one in which the proxy tells who asks."
        )
    return chosen


def check_address(chosen: WayIn, address: str) -> None:
    """Refuse to listen to other machines unless it is said who may enter; ValueError."""
    if chosen.is_open and not is_of_this_machine(address):
        raise ValueError(
            f"the address must be one of this machine, such as 127.0.0.1, unless it is said who may enter, got "
            f"{address or 'all addresses'}. Add `-- --class CODE` or `-- --behind-proxy HEADER`, or run `make class`."
        )


def is_of_this_machine(address: str) -> bool:
    """Whether nobody on another machine reaches a server that listens there; one that names no address listens to
    all."""
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return address == "localhost"


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise ValueError(
            f"what stands behind -- must be --class, --behind-proxy, --teacher or --limit, got: {message}. See docs."
        )
