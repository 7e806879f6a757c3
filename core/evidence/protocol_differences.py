"""How much an easier choice of pairs flatters: the same number over all pairs and over those that count, paired.

Both numbers are of the same embeddings and identities, so what varies is their difference. Identities are what is
drawn. Retrieval: a mean over queries is a ratio of sums over identities, and the variance of the difference of two such
means is that of its linear form, identity by identity (Liang and Zeger 1986; Cochran 1977 for ratios). AUC: the share
of couples in right order is linear in each pair to first order, and a pair's part in it is that of its identities, for
an impostor pair of both (dyadic sums, Fafchamps and Gubert 2007; without taking off what two identities share twice,
which makes the interval a little wider). Student's t with one degree of freedom less than identities.

The intervals are of sets of as many identities: among more of them ranks are worse, and by how much differs between
choices of pairs.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from core.distances import EUCLIDEAN
from core.distances.base import Distance
from core.evidence.appraisal import Appraisal
from core.evidence.crossed_pairs import crossed_appraisal, crossed_identity_pairs
from core.evidence.dyadic_variance import IdentityPairs
from core.evidence.seeded_differences import parts_of_mean, seeded_difference
from core.records.protocol_record import Difference, ProtocolRecord
from core.statistics.crossed import CrossedRetrieval, crossed_distances, crossed_retrieval
from core.statistics.crossing import ALL_PAIRS, Crossing, PairProtocol
from core.statistics.pair_distances import PairDistances, auc
from core.statistics.roc import exact_equal_error_rate

OF_RETRIEVAL = {"recall_at_1": 0, "r_precision": 1, "map_at_r": 2, "mean_average_precision": 3}  # columns of scores


class Measured(NamedTuple):
    """One choice of pairs: its numbers, and what is known of thresholds under it."""

    record: ProtocolRecord
    appraisal: Appraisal


class _Counted(NamedTuple):
    """One choice of pairs, counted in all ways that a difference needs."""

    retrieval: CrossedRetrieval
    pairs: PairDistances
    by_identity: IdentityPairs


def measured_protocols(
    points: np.ndarray,
    labels: np.ndarray,
    columns: Mapping[str, np.ndarray],
    protocols: list[PairProtocol],
    edges: np.ndarray,
    distance: Distance = EUCLIDEAN,
) -> list[Measured]:
    """Prepared points (N, D), (N,), columns (N,) by name, (S + 1,) edges around all distances -> each of the protocols
    that leaves pairs of both kinds, beside all pairs."""
    everything = Crossing.of(ALL_PAIRS, labels, columns)
    by_identity = crossed_identity_pairs(points, everything, edges, distance=distance)
    whole = _counted(points, everything, by_identity, distance)
    measured: list[Measured] = []
    for protocol in protocols:
        crossing = Crossing.of(protocol, labels, columns)
        if min(crossing.pair_counts) == 0:
            continue
        appraisal, own = crossed_appraisal(points, crossing, edges, distance=distance)
        counted = _counted(points, crossing, own, distance)
        groups = len(np.unique(columns[protocol.column]))
        measured.append(Measured(_record(protocol, groups, whole, counted, labels), appraisal))
    return measured


def retrieval_difference(
    easier: CrossedRetrieval, harder: CrossedRetrieval, labels: np.ndarray, column: int
) -> Difference:
    """Of the means of one column of the scores, over the queries that have somebody to find under either choice."""
    identities = np.unique(labels, return_inverse=True)[1].reshape(-1)
    count = int(identities.max()) + 1
    parts = [parts_of_mean(of.scores[:, column], identities[of.queries], count) for of in (easier, harder)]
    value = float(easier.scores[:, column].mean() - harder.scores[:, column].mean())
    return _difference(value, parts[0] - parts[1])


def auc_difference(easier: IdentityPairs, harder: IdentityPairs, value: float) -> Difference:
    """The interval of a difference of AUCs whose value is known, from the counts of both at the same thresholds."""
    return _difference(value, parts_of_auc(easier) - parts_of_auc(harder))


def parts_of_auc(pairs: IdentityPairs) -> np.ndarray:
    """By how much each identity (C,) moves the AUC, to first order."""
    positive, negative = (np.diff(counts, axis=0, prepend=0) for counts in (pairs.positive, pairs.negative))
    of_positive, of_negative = positive.sum(axis=1), negative.sum(axis=1) / 2  # an impostor pair is counted twice
    further = 1 - (np.cumsum(of_negative) - of_negative / 2) / of_negative.sum()  # ties count half
    closer = (np.cumsum(of_positive) - of_positive / 2) / of_positive.sum()
    area = float(of_positive @ further / of_positive.sum())
    own, of_others = positive.T @ (further - area), negative.T @ (closer - area)
    return own / of_positive.sum() + of_others / of_negative.sum()


def _counted(points: np.ndarray, crossing: Crossing, by_identity: IdentityPairs, distance: Distance) -> _Counted:
    return _Counted(
        crossed_retrieval(points, crossing, distance), crossed_distances(points, crossing, distance), by_identity
    )


def _record(
    protocol: PairProtocol, groups: int, whole: _Counted, counted: _Counted, labels: np.ndarray
) -> ProtocolRecord:
    eer, eer_threshold = exact_equal_error_rate(counted.pairs)
    area, means = auc(counted.pairs), counted.retrieval.means
    flattery = {
        key: retrieval_difference(whole.retrieval, counted.retrieval, labels, column)
        for key, column in OF_RETRIEVAL.items()
    } | {"auc": auc_difference(whole.by_identity, counted.by_identity, auc(whole.pairs) - area)}
    return ProtocolRecord(
        name=protocol.name,
        groups=groups,
        positive_pairs=len(counted.pairs.positive),
        negative_pairs=len(counted.pairs.negative),
        left_out_positive=len(whole.pairs.positive) - len(counted.pairs.positive),
        left_out_negative=len(whole.pairs.negative) - len(counted.pairs.negative),
        queries=len(counted.retrieval.queries),
        queries_without_positive=counted.retrieval.left_out,
        recall_at_1=means["recall_at_1"],
        r_precision=means["r_precision"],
        map_at_r=means["map_at_r"],
        mean_average_precision=means["mean_average_precision"],
        auc=area,
        eer=eer,
        eer_threshold=eer_threshold,
        flattery={key: difference.written() for key, difference in flattery.items()},
    )


def _difference(value: float, parts: np.ndarray) -> Difference:
    """With Student's interval; everything a difference of two shares can be where there is one identity."""
    found = seeded_difference(np.array([value]), parts[None])
    return Difference(value, max(found.low, -1.0), min(found.high, 1.0))
