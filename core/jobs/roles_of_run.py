"""The roles that a run of brought embeddings keeps: its statistics by role, and what to know and to ask about them."""

from __future__ import annotations

import numpy as np

from core.readers.label_sizes import questions
from core.reidentification.roles import Roles
from core.runs.run_folder import Run


def roles_in(run: Run) -> Roles:
    """The roles of the points that a run folder keeps."""
    probe = run.probe()
    return Roles(probe["labels"], probe["roles"], probe.get("groups"))


def numbers_of(run: Run, margin: float) -> dict[str, int | float]:
    """The statistics by role of a run that has roles, its triplets judged by a margin."""
    from core.reidentification.summary import summarise_by_role

    roles, distance = roles_in(run), run.experiment().distance
    margins = np.array([margin])
    return summarise_by_role(run.embeddings(), roles, margin=margin, distance=distance, margins=margins).numbers


def remarks_on(run: Run) -> list[str]:
    """What to know of the pairs of a run with roles before trusting what comes of them."""
    counts = roles_in(run).counts
    titles = {
        "junk": "points left out as junk",
        "distractors": "distractors, each taken for an identity of its own",
        "queries_without_positive": "queries with nobody to find, which are not counted",
        "pairs_left_out": "pairs of one identity and one group that are left out",
    }
    return [f"{title}: {counts[name]:,}" for name, title in titles.items() if counts[name]]


def questions_on(run: Run) -> list[dict[str, str]]:
    """Labels of brought embeddings that dwarf the others, and what to ask about each."""
    record, probe = run.record(), run.probe()
    chosen = roles_in(run).has_identity if record.kind.has_roles else None
    open_questions = questions(probe["labels"], record.known_data.names, chosen)
    return [{"label": question.label, "question": str(question)} for question in open_questions]
