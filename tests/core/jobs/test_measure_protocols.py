from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.datasets.pictograms import Pictograms
from core.encoders import Mlp
from core.experiment.splits import ByIdentity
from core.jobs.measure_protocols import protocols_of_run
from core.jobs.train_run import record
from core.runs.run_folder import Run
from core.statistics.crossed import crossed_distances
from core.statistics.crossing import PAIRS_ACROSS, Crossing
from tests.core.trainings import SMALL

DRAWN = replace(
    SMALL,
    dataset=Pictograms(identities=60),
    split=ByIdentity(evaluation_share=0.5),
    encoder=Mlp(width=16, dimension=2),
    schedule=replace(SMALL.schedule, epochs=1, probe_points=200),
)


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Run:
    run = Run.create(tmp_path_factory.mktemp("drawn") / "run", DRAWN)
    assert record(run, wait_for_umap=False) == "finished"
    return run


def test_a_run_of_data_with_groups_is_measured_across_them(drawn: Run) -> None:
    records, last = drawn.protocols(), drawn.snapshots()[-1]
    assert [found.name for found in records] == ["positives-across-group", "pairs-across-group"]
    labels, columns = drawn.probe()["labels"], drawn.crossed_columns()
    embeddings = drawn.snapshot(last.step, "embeddings")["embeddings"]
    pairs = crossed_distances(embeddings, Crossing(PAIRS_ACROSS, labels, columns["group"]))
    assert (records[1].positive_pairs, records[1].negative_pairs) == (len(pairs.positive), len(pairs.negative))
    # No artist draws a pictogram twice: positive pairs are all across, whatever is asked for.
    assert records[0].left_out_positive == 0 and records[0].auc == pytest.approx(last.auc)
    assert records[0].gained("auc").value == pytest.approx(0, abs=1e-12)
    assert records[1].left_out_negative > 0


def test_what_each_protocol_says_of_thresholds_is_kept_with_the_snapshot(drawn: Run) -> None:
    step = drawn.snapshots()[-1].step
    for found in drawn.protocols():
        appraisal = drawn.protocol_appraisal(step, found.name)
        assert appraisal is not None and appraisal.by_identity is not None
        assert appraisal.everyone.curve.positive_count == found.positive_pairs
        assert appraisal.everyone.curve.negative_count == found.negative_pairs
        assert drawn.protocol_appraisal(step - 1, found.name) is None
    assert drawn.protocol_appraisal(step, "pairs-across-session") is None


def test_groups_are_kept_by_the_names_of_the_set(drawn: Run) -> None:
    samples, probe = DRAWN.dataset.load(), drawn.probe()
    assert samples.groups is not None
    expected = [samples.group_names[number] for number in samples.groups[probe["rows"]]]
    assert probe["group"].tolist() == expected and len(set(expected)) > 3


def test_a_run_without_groups_has_no_protocols(tmp_path: Path) -> None:
    run = Run.create(tmp_path / "run", replace(SMALL, schedule=replace(SMALL.schedule, epochs=1)))
    assert record(run, wait_for_umap=False) == "finished"
    assert run.protocols() == [] and protocols_of_run(run) == {} and not run.crossed_columns()
    assert "protocols" not in run.result()


def test_sets_that_are_too_large_are_left_as_they_are(drawn: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.jobs.measure_protocols.MOST_POINTS", len(np.unique(drawn.probe()["labels"])))
    assert protocols_of_run(drawn) == {}
