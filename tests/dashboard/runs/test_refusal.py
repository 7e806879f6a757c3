"""Why a run is not shown, in one sentence; the pages that say it have their tests in views/test_address.py."""

from __future__ import annotations

import pytest

from core.runs.store import Row
from dashboard.runs.refusal import reason

TRAINED, BROUGHT, NEWER = {"loss": {"kind": "triplet"}}, {"upload": "a.npz"}, {"kind": "dreamt"}


def row(experiment: dict[str, object], state: str = "finished", epoch: int = 0) -> Row:
    return Row("a" * 32, "first *run*", "", experiment, "", state=state, epoch=epoch)


@pytest.mark.parametrize(
    ("found", "only_trained", "said"),
    [
        (None, True, "The run “<b\\>x” is not kept here, so nothing is shown in its place."),
        (row(BROUGHT), True, "**first \\*run\\*** was brought, not trained, and this page shows trainings."),
        (row(BROUGHT), False, "The files of **first \\*run\\*** are gone from the store."),
        (row(TRAINED), True, "The files of **first \\*run\\*** are gone from the store."),
        (row(TRAINED, "stopped", 3), True, "The files of **first \\*run\\*** are gone from the store."),
        (row(TRAINED, "stopped"), True, "**first \\*run\\*** is stopped and has no snapshot to show."),
        (row(TRAINED, "failed"), True, "**first \\*run\\*** is failed and has no snapshot to show."),
    ],
)
def test_the_sentence_fits_what_the_run_is(found: Row | None, only_trained: bool, said: str) -> None:
    assert reason("<b>x", found, only_trained=only_trained).replace("\\<", "<").startswith(said)
