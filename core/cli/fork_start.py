"""The option `--from`: a checkpoint of a run that what is trained goes on from."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path

from core.experiment.options import Parser
from core.runs.fork import Start, start_from
from core.runs.run_folder import Run
from core.system.locations import store_root


def add_fork_start(parser: ArgumentParser) -> None:
    """Declare it."""
    parser.add_argument(
        "--from",
        dest="start",
        metavar="RUN[@EPOCH]",
        help="fork this run, a folder or an id of the store: its settings where nothing else is said, its weights as "
        "the last checkpoint has them or that of an epoch; optimiser and batches begin anew",
    )


def fork_start(words: list[str]) -> tuple[Run, Start] | None:
    """The run that the words name and its checkpoint; None where they name none. Raises ValueError where there is no
    such run, or no such checkpoint."""
    chooser = Parser(prog="--from", add_help=False, allow_abbrev=False)
    add_fork_start(chooser)
    text = chooser.parse_known_args(words)[0].start
    if text is None:
        return None
    name, epoch = _parted(text)
    found = [folder for folder in (Path(name), store_root() / "runs" / name) if (folder / "run.json").is_file()]
    if not name or not found:
        raise ValueError(
            f"--from must be the folder of a run, or the id of one in {store_root()}, got {name or 'nothing'}, where "
            "there is none. Choose a run that is there."
        )
    run = Run(found[0])
    if not run.record().kind.is_trained:
        raise ValueError(f"--from must be a run that was trained, got {name}, which was brought. Choose another.")
    return run, start_from(run, epoch)


def _parted(text: str) -> tuple[str, float | None]:
    """The run, and the epoch where one is named."""
    name, at, epoch = text.rpartition("@")
    if not at or Path(text).is_dir():
        return text, None
    try:
        return name, float(epoch)
    except ValueError:
        raise ValueError(f"--from must end with a number of epochs behind @, got {epoch!r}. Give @3 say.") from None
