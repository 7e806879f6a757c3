"""`make class`: serve the pages to a room. Makes the codes, prints them with the address and its QR code, starts."""

from __future__ import annotations

import argparse
import os
import secrets
import socket
import sys
from pathlib import Path

import segno

from core.experiment.limits import Limits
from dashboard.entrance.ways_in import CLASS, LIMIT, TEACHER
from dashboard.wording import say

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none of which is taken for another when it is read from a wall
LENGTH = 8
APP = Path(__file__).parents[1] / "app.py"


def code() -> str:
    """One that nobody guesses: of some 10^12."""
    return "".join(secrets.choice(LETTERS) for _ in range(LENGTH))


def own_address() -> str:
    """By which other machines of the network reach this one, as far as it knows; its name where it has none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # nothing is sent: it only chooses the way out
            return str(probe.getsockname()[0])
        except OSError:
            return socket.gethostname()


def invitation(url: str, of_class: str, of_teacher: str) -> str:
    """What the terminal shows, for a teacher to put on the wall."""
    drawn = [["██" if dark else "  " for dark in row] for row in segno.make(url, error="m", micro=False).matrix]
    # Black on a white ground, whatever the colours of the terminal are.
    lines = [f"\x1b[30;107m    {''.join(row)}    \x1b[0m" for row in drawn]
    rim = f"\x1b[107m{' ' * (len(drawn) * 2 + 8)}\x1b[0m"
    picture = "\n".join([rim, rim, *lines, rim, rim])
    return f"{picture}\n\n{say('entrance.invitation', url=url, of_class=of_class, of_teacher=of_teacher)}"


def main() -> None:
    """Print the invitation and become the server."""
    parser = argparse.ArgumentParser(prog="dashboard.entrance.open_class")
    parser.add_argument("--port", default="8501")
    parser.add_argument("--address", default="0.0.0.0")
    parser.add_argument("--limit", default=os.environ.get(LIMIT, ""))
    asked = parser.parse_args()
    try:
        Limits.read(asked.limit)
    except ValueError as problem:
        raise SystemExit(f"Metric Lab: {problem}") from None
    codes = {name: os.environ.get(name) or code() for name in (CLASS, TEACHER)}
    host = own_address() if asked.address == "0.0.0.0" else asked.address
    print(invitation(f"http://{host}:{asked.port}", *codes.values()), flush=True)
    options = ["--server.port", asked.port, "--server.address", asked.address]
    command = [sys.executable, "-m", "streamlit", "run", str(APP), *options]
    os.execve(sys.executable, command, os.environ | codes | {LIMIT: asked.limit})


if __name__ == "__main__":
    main()
