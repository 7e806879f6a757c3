"""python -m core import | train | compare | statistics | verify | export | embed | handins | record | cluster"""

from __future__ import annotations

import os
import sys

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # spinning threads of two trainings stop each other
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # statistics have threads of their own

USAGE = (
    "python -m core import | train | compare | statistics | verify | export | embed | handins | record | cluster; "
    "each has --help"
)


def main(words: list[str]) -> int:
    """The exit status of the command that these words call."""
    commands = {
        "import": _import,
        "train": _train,
        "compare": _compare,
        "statistics": _statistics,
        "verify": _verify,
        "export": _export,
        "embed": _embed,
        "handins": _handins,
        "record": _record,
        "cluster": _cluster,
    }
    if not words or words[0] in {"-h", "--help"}:
        print(USAGE)
        return 0
    try:
        if words[0] not in commands:
            raise ValueError(f"the command must be one of {', '.join(commands)}, got {words[0]!r}. Use {USAGE}.")
        return commands[words[0]](words[1:])
    except ValueError as problem:
        print(f"error: {problem}", file=sys.stderr)
    except OSError as problem:
        print(f"error: files must be readable and writable, got {problem}. Check the path.", file=sys.stderr)
    return 2


# Each loads what it needs alone: torch for a training, numba for statistics.
def _import(words: list[str]) -> int:
    from core.cli.admit import import_command

    return import_command(words)


def _train(words: list[str]) -> int:
    from core.cli.train import train_command

    return train_command(words)


def _compare(words: list[str]) -> int:
    from core.cli.compare import compare_command

    return compare_command(words)


def _statistics(words: list[str]) -> int:
    from core.cli.statistics import statistics_command

    return statistics_command(words)


def _verify(words: list[str]) -> int:
    from core.cli.verify import verify_command

    return verify_command(words)


def _export(words: list[str]) -> int:
    from core.cli.export import export_command

    return export_command(words)


def _embed(words: list[str]) -> int:
    from core.cli.embed import embed_command

    return embed_command(words)


def _handins(words: list[str]) -> int:
    from core.cli.handins import handins_command

    return handins_command(words)


def _record(words: list[str]) -> int:
    from core.cli.record import record_command

    return record_command(words)


def _cluster(words: list[str]) -> int:
    from core.cli.cluster import cluster_command

    return cluster_command(words)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
