"""The options of the command line that say who asks, who may be found and which pairs count
(reidentification/roles.py)."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

import numpy as np

from core.readers.embeddings_file import load_roles
from core.readers.label_sizes import questions
from core.reidentification.roles import Roles, roles_of

OPTIONS = ("junk", "distractors", "across_groups")


def add_role_options(parser: ArgumentParser) -> None:
    """Add the options that say which points are queries, gallery or neither."""
    parser.add_argument(
        "--junk", action="append", default=[], metavar="LABEL", help="leave these points out; may be given again"
    )
    parser.add_argument(
        "--distractors",
        action="append",
        default=[],
        metavar="LABEL",
        help="these points are of no identity: never asked for, never right; may be given again",
    )
    parser.add_argument(
        "--across-groups",
        action="store_true",
        help="leave out pairs of one label and one group (array group: a camera, an artist, a session)",
    )


def roles_asked(options: Namespace, labels: np.ndarray, class_names: tuple[str, ...], path: Path) -> Roles | None:
    """The roles that the options and the archive ask for, None where neither does; says on standard error how many
    queries are left out, and which labels raise a question."""
    role, group = load_roles(path, len(labels))
    roles = roles_of(
        labels,
        class_names,
        role,
        group,
        junk=options.junk,
        distractors=options.distractors,
        across_groups=options.across_groups,
    )
    alone = roles.counts["queries_without_positive"] if roles else 0
    if roles and alone:
        asking = len(roles.queries)
        print(
            f"hint: {alone} of {asking} queries have nobody to find in the gallery and are not counted", file=sys.stderr
        )
    for question in questions(labels, class_names, roles.has_identity if roles else None):
        ways = (
            f"--junk {question.label} leaves these points out, --distractors {question.label} keeps them as strangers"
        )
        print(f"hint: {question}. {ways}", file=sys.stderr)
    return roles


def refuse_role_options(options: Namespace) -> None:
    """Raise ValueError where any is given: for pairs that a file lists or scores."""
    named = [f"--{name.replace('_', '-')}" for name in OPTIONS if getattr(options, name)]
    if named:
        raise ValueError(
            f"{' and '.join(named)} must be left out where scores or a list of pairs are given, got both. "
            "Leave the pairs that should not count out of the list."
        )
