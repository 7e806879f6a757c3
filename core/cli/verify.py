"""`python -m core verify`: a threshold card for embeddings, for pairs of a list, or for scores."""

from __future__ import annotations

import json
import os
import sys
from argparse import Namespace
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from core.cli.reading_options import add_reading_options, reading_of
from core.cli.role_options import add_role_options, refuse_role_options, roles_asked
from core.distances.base import Distance
from core.evidence.polarity import looks_swapped, swapped_in_words
from core.experiment.options import Parser, read_member
from core.handover.card import Source, ThresholdCard, source_of_file, source_of_scores, threshold_card
from core.handover.files import check_folder, write_hand_over
from core.handover.left_out import PAIRS as PAIRS_LEFT_OUT
from core.handover.left_out import POINTS, left_out_on_card, rows_named
from core.handover.words import doubts_in_words
from core.readers.npz_archive import is_archive
from core.readers.pair_list import LARGER, SMALLER
from core.readers.row_ranges import rows_in, without_rows
from core.readers.understanding import Reading
from core.reidentification.pairs import numbers_by_role
from core.reidentification.roles import Roles
from core.statistics.crossing import ALL, COLUMNS, CROSSED, GROUP, POSITIVES_ACROSS, Crossing, PairProtocol
from core.statistics.roc import auc, curve_auc, exact_equal_error_rate
from core.system.progress import Progress
from core.thresholds.outcome import Outcome, outcome
from core.verification.goals import GOALS, Far, Goal, Hand
from core.verification.near_pairs import ExactPairs, ListedPairs, PointPairs
from core.verification.protocols import FOLDS, OTHERS, PROTOCOLS, SAME
from core.verification.scored_pairs import ScoredPairs, check_kinds
from core.verification.weighted_curve import PAIRS, WEIGHTS

if TYPE_CHECKING:
    from core.evidence.appraisal import Appraisal
    from core.measurement.measurement import Measurement

NOBODY = 3  # exit status
LOOKED_UP = 0.2  # of the time that measuring takes, for a look at the pairs near a threshold
MANY_LISTED = 10_000_000  # pairs, from which on a card takes gigabytes


def verify(words: list[str]) -> ThresholdCard:
    """The card that the words ask for, handed over where they say so. Raises ValueError where they, or the file they
    name, are wrong."""
    distance, options = read_member("distance", words, _parser())
    goal, folder = goal_of(options), Path(options.out) if options.out else None
    if folder:
        check_folder(folder)
    card, result = _judged(options, goal, distance)
    if folder and (left_out := write_hand_over(folder, card, result)):
        print(f"hint: {left_out}", file=sys.stderr)
    return card


def _judged(options: Namespace, goal: Goal, distance: Distance) -> tuple[ThresholdCard, Outcome]:
    if options.pairs or not is_archive(Path(options.file)):
        _refuse_pairs(options)
    if reading := reading_of(options, distance):
        _refuse_pairs(options)
        return _of_scores(options, goal, reading, distance)
    return _of_embeddings(options, goal, distance)


def _refuse_pairs(options: Namespace) -> None:
    """Raise ValueError where a file lists or scores pairs, of which those that should not count can be left out."""
    refuse_role_options(options)
    if options.crossing != ALL:
        raise ValueError(
            f"--crossing must be left out where scores or a list of pairs are given, got {options.crossing}. Leave the "
            "pairs that should not count out of the list."
        )


def goal_of(options: Namespace) -> Goal:
    """By its name, or by a number that only one goal has; FAR at most 1 % if nothing is said."""
    choosing = {option: kind for kind in GOALS.values() for option in kind.options.values() if option.chooses}
    kind_of = {option: kind for option, kind in choosing.items() if getattr(options, option.attribute) is not None}
    kinds = {kind.name for kind in kind_of.values()}
    if len(kinds) > 1 or (options.goal and kinds - {options.goal}):
        names = [f"--{option.name}" for option in kind_of] + ([options.goal] if options.goal else [])
        raise ValueError(f"verify must have one goal, got {' and '.join(names)}. Leave all but one out.")
    kind = GOALS[options.goal or next(iter(kinds), Far.name)]
    values = {name: (option, getattr(options, option.attribute)) for name, option in kind.options.items()}
    for option, value in values.values():
        if option.is_needed and value is None:
            raise ValueError(f"the goal {kind.name} must have its number, got none. Give --{option.name} too.")
    return kind(**{name: value for name, (_, value) in values.items() if value is not None})


def _of_embeddings(options: Namespace, goal: Goal, distance: Distance) -> tuple[ThresholdCard, Outcome]:
    from core.measurement.measurement import Measurement
    from core.readers.embeddings_file import load_embeddings
    from core.reidentification.pairs import listed_pairs
    from core.statistics.summary import Prepared

    embeddings, labels, class_names = load_embeddings(Path(options.file))
    roles = roles_asked(options, labels, class_names, Path(options.file))
    if options.without and roles is not None:
        left, roles = roles.without(rows_in(options.without, len(labels)))
        embeddings = embeddings[left]
    elif options.without:
        embeddings, labels, class_names = without_rows(options.without, embeddings, labels, class_names)
    if roles is not None:
        if options.crossing != ALL:
            raise ValueError(
                f"--crossing must be left out where points have roles, got {options.crossing}. Take --across-groups."
            )
        pairs = listed_pairs(embeddings, roles, class_names, distance)
        return _of_roles(options, goal, distance, pairs, roles, embeddings)
    if options.crossing != ALL:
        return _of_crossed(options, goal, distance, (embeddings, labels, class_names))
    work = Measurement(Prepared(embeddings, labels, distance=distance), for_thresholds=True)
    threads, points = os.cpu_count() or 1, len(labels)
    progress = Progress("measuring", points * (1 + LOOKED_UP))
    numbers, appraisal = _appraised(work, threads, progress)
    counts = {"points": len(labels), "classes": len(work.prepared.sizes)}
    source = source_of_file(Path(options.file).name, embeddings, distance, numbers | counts)
    source = _named_without(options, source, len(labels))
    protocol = options.protocol or (OTHERS if appraisal.choosing else SAME)
    reached = [0.0]

    def advance(share: float) -> None:
        if share < reached[0]:  # many pairs are looked at twice
            progress.more(points * LOOKED_UP)
            reached[0] = 0.0
        progress.did((share - reached[0]) * points * LOOKED_UP)
        reached[0] = share

    exact = PointPairs(work.prepared.points, labels, distance, advance, threads)
    result = _chosen(options, appraisal, goal, protocol, exact)
    progress.end()
    return threshold_card(result, source=source, date=_today(), names=class_names), result


def _appraised(work: Measurement, threads: int, progress: Progress) -> tuple[dict[str, int | float], Appraisal]:
    """What all pairs come to, and the evidence on them; the sums they come from, often the most memory, end here."""
    whole = work.whole(threads=threads, done=progress.did)
    return work.pairs(whole).numbers, work.deepened(whole)


def _of_roles(
    options: Namespace, goal: Goal, distance: Distance, pairs: ScoredPairs, roles: Roles, embeddings: np.ndarray
) -> tuple[ThresholdCard, Outcome]:
    """Of the pairs that count where points have roles, listed one by one."""
    from core.evidence.appraisal_of_scores import appraise_scores
    from core.statistics.threshold_grid import threshold_grid

    if (count := len(pairs.distances)) > MANY_LISTED:
        print(
            f"hint: {count:,} pairs are held one by one, with some {count * 2e-7:.0f} GB and minutes", file=sys.stderr
        )
    appraisal = appraise_scores(pairs, threshold_grid(pairs))
    protocol = options.protocol or (OTHERS if appraisal.choosing else SAME)
    result = _chosen(options, appraisal, goal, protocol, ListedPairs(pairs))
    numbers = numbers_by_role(pairs, roles)
    source = source_of_file(Path(options.file).name, embeddings, distance, numbers)
    source["origin"] = {**source["origin"], "roles": roles.on_card}
    source = _named_without(options, source, len(embeddings))
    counted = PairProtocol(POSITIVES_ACROSS, GROUP) if roles.groups is not None else PairProtocol()
    card = threshold_card(result, source=source, date=_today())
    card |= {"pairs": counted.name, "pairs_in_words": counted.in_words}
    return card, result


def _of_crossed(
    options: Namespace, goal: Goal, distance: Distance, given: tuple[np.ndarray, np.ndarray, tuple[str, ...]]
) -> tuple[ThresholdCard, Outcome]:
    """Of those pairs of embeddings (N, D), labels (N,) and class names that cross groups or sessions of the archive."""
    from core.evidence.crossed_pairs import crossed_appraisal
    from core.readers.embeddings_file import load_crossed
    from core.statistics.crossed import crossed_distances
    from core.statistics.threshold_grid import threshold_grid

    embeddings, labels, class_names = given
    chosen, path = PairProtocol.named(options.crossing), Path(options.file)
    gone = np.unique(rows_named(options.without)) if options.without else np.empty(0, np.int64)
    columns = load_crossed(path, len(labels) + len(gone))
    known = {name: np.delete(values, gone) for name, values in columns.items()}
    crossing, points = Crossing.of(chosen, labels, known), distance.prepared(embeddings)
    pairs = crossed_distances(points, crossing, distance)
    appraisal, _ = crossed_appraisal(points, crossing, threshold_grid(pairs), distance=distance)
    protocol = options.protocol or (OTHERS if appraisal.choosing else SAME)
    result = _chosen(options, appraisal, goal, protocol, PointPairs(points, labels, distance, crossing=crossing))
    numbers = {
        "eer": exact_equal_error_rate(pairs)[0],
        "auc": auc(pairs),
        "points": len(labels),
        "classes": len(np.unique(labels)),
    }
    source = _named_without(options, source_of_file(path.name, embeddings, distance, numbers), len(labels))
    return threshold_card(result, source=source, date=_today(), names=class_names, pairs=chosen), result


def _of_scores(options: Namespace, goal: Goal, reading: Reading, distance: Distance) -> tuple[ThresholdCard, Outcome]:
    from core.evidence.appraisal_of_scores import appraise_scores
    from core.statistics.threshold_grid import threshold_grid

    pairs, understanding = reading
    if options.without:
        pairs = pairs.without(rows_in(options.without, len(pairs.distances)))
        check_kinds(understanding.name, pairs.is_same)
    appraisal = appraise_scores(pairs, threshold_grid(pairs))
    preferred = FOLDS if pairs.fold is not None and appraisal.folds else OTHERS if appraisal.choosing else SAME
    if isinstance(goal, Hand):
        goal = replace(goal, value=pairs.in_own_terms(goal.value))  # asked for in the terms of the scores
    if looks_swapped(appraisal.everyone):
        doubt = swapped_in_words(pairs, curve_auc(appraisal.everyone.curve))
        turn = "" if understanding.compared_by else f": --closer {SMALLER if pairs.is_similarity else LARGER}"
        print(f"hint: {doubt}{turn}", file=sys.stderr)
    result = _chosen(options, appraisal, goal, options.protocol or preferred, ListedPairs(pairs))
    name = Path(options.pairs or options.file).name
    compared_by = distance if understanding.compared_by else None
    source = source_of_scores(name, pairs, compared_by, understanding.in_words())
    source = _named_without(options, source, len(pairs.distances), PAIRS_LEFT_OUT)
    card = threshold_card(result, source=source, date=_today(), names=pairs.identities or ())
    return card | {"threshold_as_scored": pairs.in_own_terms(result.threshold)}, result


def _named_without(options: Namespace, source: Source, left: int, kind: str = POINTS) -> Source:
    """Of a measurement without some rows, with their numbers."""
    if not options.without:
        return source
    gone = left_out_on_card(rows_named(options.without), left, kind)
    return {**source, "origin": {**source["origin"], "left_out": gone}}


def _chosen(options: Namespace, appraisal: Appraisal, goal: Goal, protocol: str, pairs: ExactPairs) -> Outcome:
    return outcome(appraisal, goal, protocol, pairs, weights=options.weights, safe_side=options.safe_side)


def _today() -> str:
    return datetime.now(UTC).date().isoformat()


def add_goal_options(parser: Parser) -> None:
    """The goal of a threshold, whose pairs report, what weighs alike, and how certain the limit is to be met."""
    parser.add_argument("--goal", metavar="NAME", choices=tuple(GOALS), help=f"{', '.join(GOALS)} (default {Far.name})")
    for option in (option for kind in GOALS.values() for option in kind.options.values()):
        parser.add_argument(f"--{option.name}", type=float, metavar=option.metavar, help=option.help)
    protocols = "; ".join(f"{name}: {words}" for name, words in PROTOCOLS.items())
    parser.add_argument("--protocol", metavar="NAME", choices=tuple(PROTOCOLS), help=protocols)
    weights = "; ".join(f"{name}: {words}" for name, words in WEIGHTS.items())
    parser.add_argument("--weights", metavar="NAME", choices=tuple(WEIGHTS), default=PAIRS, help=weights)
    crossings = [PairProtocol().name, *(PairProtocol(kind, column).name for column in COLUMNS for kind in CROSSED)]
    parser.add_argument(
        "--crossing",
        metavar="NAME",
        choices=crossings,
        default=ALL,
        help=f"which pairs count: {', '.join(crossings)} (default {ALL})",
    )
    parser.add_argument(
        "--safe-side",
        action="store_true",
        help="the threshold whose upper bound of 95 %% meets the limit; exit status 3 where that accepts nobody",
    )


def _parser() -> Parser:
    parser = Parser(
        prog="python -m core verify",
        description="Choose a verification threshold and print its card.",
        allow_abbrev=False,
    )
    parser.add_argument("file", help="an .npz with embeddings (N, D) and labels (N,), or a file of scores")
    add_reading_options(parser)
    add_goal_options(parser)
    add_role_options(parser)
    parser.add_argument(
        "--without", metavar="ROWS", help="leave these rows out, counted from 0, as 3,5-7: of points, or of pairs"
    )
    parser.add_argument("--out", metavar="FOLDER", help="write threshold.json, threshold.py and report.html there, too")
    return parser


def verify_command(words: list[str]) -> int:
    """Print the card as JSON; 3 where the safe side of the limit accepts nobody."""
    card = verify(words)
    print(json.dumps(card, indent=1))
    for doubt in doubts_in_words(card):
        print(f"hint: {doubt}", file=sys.stderr)
    if not card["safe_side"] or not card["accepts_nobody"]:
        return 0
    print("Only refusing everybody is on the safe side of this limit: add identities, or allow more.", file=sys.stderr)
    return NOBODY
