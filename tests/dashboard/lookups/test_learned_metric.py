from __future__ import annotations

import json

import pytest

from core.runs.run_folder import Run
from core.statistics.learned_metric import effective_directions, spectrum_of
from dashboard.lookups.learned_metric import learned_metric

pytestmark = pytest.mark.usefixtures("own_store")


def test_the_picture_is_that_of_the_kept_matrix_of_the_snapshot(head_run: Run) -> None:
    first, last = head_run.maps()[0], head_run.maps()[-1]
    found = learned_metric(head_run.folder.name, last.step, last.seconds, "light")
    linear_map = head_run.linear_map(last.step)
    assert found is not None and linear_map is not None and found.numbers == 12
    assert found.directions == effective_directions(spectrum_of(linear_map))
    assert {trace["type"] for trace in json.loads(found.picture.figure)["data"]} == {"heatmap", "scatter"}
    before = learned_metric(head_run.folder.name, first.step, first.seconds, "light")
    assert before is not None and before.picture.figure != found.picture.figure


def test_a_run_without_a_linear_head_has_none(run: Run) -> None:
    assert learned_metric(run.folder.name, run.maps()[-1].step, 0.0, "light") is None
