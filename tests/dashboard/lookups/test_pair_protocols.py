from __future__ import annotations

import numpy as np
import pytest

from core.runs.run_folder import Run
from dashboard.lookups import pair_protocols

pytestmark = pytest.mark.usefixtures("own_store")


def test_choices_are_offered_at_the_snapshot_they_were_measured_at(drawn: Run, run: Run) -> None:
    name, last = drawn.folder.name, drawn.snapshots()[-1].step
    assert pair_protocols.offered(name, last) == ["all", "positives-across-group", "pairs-across-group"]
    assert pair_protocols.offered(name, 0) == ["all"]
    assert pair_protocols.offered(run.folder.name, run.snapshots()[-1].step) == ["all"]


def test_numbers_are_those_of_the_choice(drawn: Run) -> None:
    last = drawn.snapshots()[-1]
    assert pair_protocols.numbers_of(drawn.folder.name, last, "all") is last
    found = pair_protocols.numbers_of(drawn.folder.name, last, "pairs-across-group")
    record = pair_protocols.record_of(drawn.folder.name, "pairs-across-group")
    assert (found.auc, found.recall_at_1) == (record.auc, record.recall_at_1)
    assert found.hard is None and found.points == last.points


def test_pairs_that_count_are_those_of_some_rows(drawn: Run) -> None:
    rows = np.array([3, 0, 7])
    assert pair_protocols.crossing_among(drawn.folder.name, "all", rows) is None
    crossing = pair_protocols.crossing_among(drawn.folder.name, "pairs-across-group", rows)
    groups = drawn.probe()["group"][rows]
    assert crossing is not None
    there, _ = crossing.pairs_of(np.arange(3))
    np.testing.assert_array_equal(there, groups[:, None] != groups)
