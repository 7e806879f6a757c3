"""The last snapshot of a run once more under every protocol that its groups and sessions allow, beside all pairs; and
where some of its identities were met in training and others were not, how well each are found."""

from __future__ import annotations

import numpy as np

from core.records.fields import JsonObject
from core.runs.run_folder import Run
from core.statistics.crossing import ALL_PAIRS, MOST_POINTS, Crossing, protocols_of


def protocols_of_run(run: Run) -> JsonObject:
    """Keep what each protocol says of thresholds; its numbers, as result.json has them. Empty where the run knows of no
    groups, sessions or times, or has more points than are compared so."""
    if run.snapshots()[-1].points > MOST_POINTS:
        return {}
    return _protocols(run) | _by_acquaintance(run)


def _protocols(run: Run) -> JsonObject:
    columns, step = run.crossed_columns(), run.snapshots()[-1].step
    protocols = protocols_of(columns)
    if not protocols:
        return {}
    from core.evidence.protocol_differences import measured_protocols

    distance = run.experiment().distance
    measured = measured_protocols(
        _points(run), run.probe()["labels"], columns, protocols, run.threshold_edges(step), distance
    )
    for found in measured:
        run.write_protocol(step, found.record.name, found.appraisal)
    return {"protocols": [found.record.written() for found in measured]} if measured else {}


def _by_acquaintance(run: Run) -> JsonObject:
    """Of queries by whether their identity was met in training, each against all others; those that have somebody to
    find."""
    probe = run.probe()
    if "seen" not in probe:
        return {}
    from core.statistics.crossed import crossed_retrieval

    labels, seen = probe["labels"], probe["seen"]
    ranked = crossed_retrieval(_points(run), Crossing.of(ALL_PAIRS, labels, {}), run.experiment().distance)
    found: JsonObject = {}
    for kind in np.unique(seen).tolist():
        own = ranked.among(seen[ranked.queries] == kind)
        identities = len(np.unique(labels[own.queries]))
        found[kind] = {"queries": len(own.queries), "identities": identities} | (own.means if len(own.queries) else {})
    return {"seen": found}


def _points(run: Run) -> np.ndarray:
    embeddings = run.snapshot(run.snapshots()[-1].step, "embeddings")["embeddings"]
    return run.experiment().distance.prepared(embeddings)
