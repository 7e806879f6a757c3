"""`python -m core cluster scheduler | workers`: a scheduler and workers that serve engines on other hosts, over TLS."""

from __future__ import annotations

import sys
from argparse import Namespace

from core.experiment.options import Parser

PORT = 8786


def cluster_command(words: list[str]) -> int:
    """Serve until ended; the exit status."""
    options = _parser().parse_args(words)
    if options.count < 1:
        raise ValueError(f"--count must be at least 1, got {options.count}. Give one for each core that may train.")
    from core.engine import hosts  # loads Dask

    if options.what == "scheduler":
        hosts.serve_scheduler(options.host, options.port, lambda address: _say(_of_scheduler(address)))
    elif options.scheduler:
        hosts.serve_workers(
            options.scheduler, options.count, options.memory, lambda address: _say(_of_workers(options, address))
        )
    else:
        raise ValueError(
            "workers must be given the address of a scheduler, got none. Copy what the scheduler has printed."
        )
    return 0


def _of_scheduler(address: str) -> str:
    from core.engine.tls import certificate_path

    return (
        f"The scheduler listens at {address}.\n"
        f"Its certificate is {certificate_path().absolute()}; copy it to every host, where METRIC_LAB_CERTIFICATE "
        "names it, unless Dask's own are set.\n"
        f"Workers:    python -m core cluster workers {address}\n"
        f"Dashboard:  METRIC_LAB_SCHEDULER={address} make run"
    )


def _of_workers(options: Namespace, address: str) -> str:
    return f"{options.count} of them serve {address}."


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _parser() -> Parser:
    parser = Parser(
        prog="python -m core cluster", description="Serve the engines of other hosts, over TLS.", allow_abbrev=False
    )
    parser.add_argument("what", choices=("scheduler", "workers"), help="one scheduler, then workers on any host")
    parser.add_argument("scheduler", nargs="?", default="", metavar="ADDRESS", help="of the scheduler, for workers")
    parser.add_argument("--host", default="", help="the address that the scheduler listens at (default all)")
    parser.add_argument("--port", type=int, default=PORT, help=f"of the scheduler (default {PORT})")
    parser.add_argument("--count", type=int, default=1, help="workers of one thread each (default 1)")
    parser.add_argument("--memory", default="", help="the most that one worker may have, as 4GB (default its share)")
    return parser
