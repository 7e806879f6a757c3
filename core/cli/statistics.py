"""`python -m core statistics`: the exact statistics of embeddings in a file."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np

from core.cli.role_options import add_role_options, roles_asked
from core.experiment.options import Parser, read_member
from core.measurement.measurement import Measurement
from core.readers.embeddings_file import load_embeddings
from core.reidentification.summary import summarise_by_role
from core.statistics.summary import Prepared
from core.system.progress import Progress


def statistics_command(words: list[str]) -> int:
    """Print the exact statistics of a file of embeddings as JSON; the exit status."""
    parser = Parser(prog="python -m core statistics", description="Exact statistics of embeddings.", allow_abbrev=False)
    parser.add_argument("embeddings", help="an .npz with embeddings (N, D), labels (N,) and, if any, role and group")
    parser.add_argument("--margin", type=float, default=0.2, help="gap between semi-hard and easy (default 0.2)")
    add_role_options(parser)
    distance, options = read_member("distance", words, parser)
    path = Path(options.embeddings)
    embeddings, labels, class_names = load_embeddings(path)
    roles = roles_asked(options, labels, class_names, path)
    if roles is None:
        work = Measurement(Prepared(embeddings, labels, options.margin, distance, np.array([options.margin])))
        progress = Progress("measuring", len(labels))
        whole = work.whole(threads=os.cpu_count() or 1, done=progress.did)
        progress.end()
        numbers = work.statistics(whole).numbers
    else:
        only = np.array([options.margin])
        numbers = summarise_by_role(embeddings, roles, margin=only[0], distance=distance, margins=only).numbers
    print(json.dumps(numbers))
    return 0
