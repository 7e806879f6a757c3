"""Make a store with the code of another commit: `python tests/stores/make.py CHECKOUT ARCHIVE`.

CHECKOUT is that commit, checked out beside (`git worktree add ../first 39b5515`), ARCHIVE the .tar.xz to write. That
commit's engine trains one run and measures uploads, as a page asks for them; all that they write is kept as it is.
What belongs to the machine alone is left out: the engine's log and process, locks, and SQLite's write-ahead log, once
it is empty. An archive, since arrays that take six megabytes shrink to a thirtieth.
"""

from __future__ import annotations

import os
import sqlite3
import sys
import tarfile
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from importlib import import_module
from pathlib import Path
from typing import Any

INPUTS = Path(__file__).parent / "inputs"
TRAINED = (
    "--split-evaluation-share 0.95 --encoder mlp --encoder-dimension 2 --encoder-width 16 --miner batch-hard "
    "--sampler-classes-per-batch 5 --sampler-samples-per-class 4 --epochs 3 --probe-points 40 --seed 7"
)


# Where the modules of cf6e98e lie, by their places in the earlier commits.
SINCE = {
    "arguments": "experiment.options",
    "engine": "engine.process",
    "store": "runs.store",
    "brought.uploads": "jobs.measure_embeddings",
    "brought.scored_uploads": "jobs.measure_scores",
    "brought.role_uploads": "jobs.measure_roles",
    "brought.pair_list": "readers.pair_list",
    "brought.pair_files": "readers.pair_files",
    "brought.listed_pairs": "readers.listed_pairs",
}


def core(name: str) -> Any:
    """What "module:name" is in the core of the checkout, whose modules may lie elsewhere here."""
    module, _, inside = name.partition(":")
    is_earlier = Path("core/brought").exists()
    return getattr(import_module(f"core.{module if is_earlier else SINCE.get(module, module)}"), inside)


def trained(store: Any) -> Iterator[str]:
    experiment, _ = core("arguments:read_experiment")(TRAINED.split(), core("arguments:Parser")(prog="make"))
    yield store.submit(experiment.described(), experiment.run_id(), experiment.title(), "somebody").id


def brought_to_the_first(store: Any) -> Iterator[str]:
    """As the pages of 39b5515 took files."""
    keep, scored = core("brought.uploads:keep"), core("brought.scored_uploads:ScoredUpload")
    faces = core("brought.embeddings_file:load_embeddings")(INPUTS / "faces.npz")
    yield keep(store, core("brought.uploads:Upload")("faces.npz", *faces, core("distances:EUCLIDEAN"))).id
    yield keep(store, scored("scores.csv", core("brought.scores_file:load_scores")(INPUTS / "scores.csv"))).id
    listed = core("brought.pairs_file:load_pairs")(INPUTS / "pairs.txt", INPUTS / "faces.npz")
    yield keep(store, scored("pairs.txt", listed)).id


def brought(store: Any) -> Iterator[str]:
    """As the pages of ff1c64a and cf6e98e take files."""
    keep, scored = core("brought.uploads:keep"), core("brought.scored_uploads:ScoredUpload")
    upload_of, cosine = core("brought.role_uploads:upload_of"), core("distances:DISTANCES")["cosine"]()
    yield keep(store, upload_of("faces.npz", INPUTS / "faces.npz", cosine)).id
    yield keep(store, upload_of("roles.npz", INPUTS / "roles.npz", cosine)).id
    said = core("brought.pair_list:Corrections")()
    pairs, understood = core("brought.pair_files:read_scores")(INPUTS / "scores.csv", said)
    yield keep(store, scored("scores.csv", pairs, understood.in_words())).id
    read_listed = core("brought.listed_pairs:read_listed")
    pairs, understood = read_listed(INPUTS / "pairs.txt", INPUTS / "faces.npz", said, distance=cosine)
    yield keep(store, scored("pairs.txt", pairs, understood.in_words(), cosine)).id


def pack(root: Path, archive: Path) -> None:
    """All but what belongs to the machine, with no user's name and no time."""

    def kept(member: tarfile.TarInfo) -> tarfile.TarInfo | None:
        name = Path(member.name).name
        if name == "engine" or name.endswith(("lock", "-wal", "-shm")):
            return None
        plain = tarfile.TarInfo(member.name)
        plain.type, plain.size, plain.mode = member.type, member.size, 0o755 if member.isdir() else 0o644
        return plain

    with closing(sqlite3.connect(root / "index.sqlite")) as index:
        index.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with tarfile.open(archive, "w:xz", preset=9) as packed:
        packed.add(root, ".", filter=kept)


def main(checkout: str, archive: str) -> None:
    target = Path(archive).resolve()
    os.chdir(checkout)
    sys.path[0] = os.getcwd()
    is_first = Path("core/brought/scores_file.py").exists()
    with tempfile.TemporaryDirectory() as folder:
        made = core("store:Store")(Path(folder))
        runs = [*trained(made), *(brought_to_the_first if is_first else brought)(made)]
        core("engine:ensure_engine")(made.root, "--slots", "1")
        while {made.row(run).state for run in runs} != {"finished"}:
            failed = [made.row(run) for run in runs if made.row(run).state == "failed"]
            assert not failed, failed
            time.sleep(0.5)
        core("engine:stop_engine")(made.root)
        pack(made.root, target)
    print(*runs, sep="\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
