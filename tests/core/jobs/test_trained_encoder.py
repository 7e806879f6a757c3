"""The encoder of a run embeds its images as the run has kept them."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.datasets.admitted import DataCard, write_admitted
from core.datasets.brought import Brought
from core.datasets.digits import Digits
from core.datasets.images import Images
from core.encoders.backbone import FROM_IMAGENET
from core.experiment.prepared_data import prepare
from core.jobs.train_run import record
from core.jobs.trained_encoder import probe_pixels, rule_of, trained_encoder
from core.records.kinds import Kind
from core.runs.run_folder import Run
from core.system.atomic_files import write_json
from tests.core.hub import cached_weights, without_network
from tests.core.taken_home import EXPERIMENT, trained_run
from tests.core.trainings import NETWORK, SMALL


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """A copy that a test may spoil."""
    shutil.copytree(trained_run().folder, tmp_path / "run")
    return Run(tmp_path / "run")


def test_it_embeds_the_images_of_the_run_as_the_run_did() -> None:
    run = trained_run()
    trained, step = trained_encoder(run), run.snapshots()[-1].step
    kept = run.snapshot(step, "embeddings")["embeddings"]
    assert trained.step == step and np.abs(trained.embedded(trained.samples) - kept).max() < 1e-6
    assert np.ptp(kept, axis=0).min() > 0.01


def test_a_pretrained_network_is_taken_out_of_the_run_and_asks_for_its_file_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cached_weights(tmp_path / "cache", monkeypatch)
    encoder = replace(NETWORK, weights=FROM_IMAGENET)
    run = Run.create(tmp_path / "run", replace(SMALL, encoder=encoder))
    assert record(run, wait_for_umap=False) == "finished"
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "gone"))
    without_network(monkeypatch)
    trained = trained_encoder(run)
    kept = run.snapshot(run.snapshots()[-1].step, "embeddings")["embeddings"]
    assert np.abs(trained.embedded(trained.samples) - kept).max() < 1e-5
    assert trained.preprocessing.mean == (0.0,) and trained.preprocessing.deviation == (1.0,)
    other = Run.create(tmp_path / "other", replace(SMALL, encoder=replace(encoder, dimension=16)))
    with pytest.raises(ValueError, match="must be on this machine or to be had from the network"):
        record(other, wait_for_umap=False)
    assert not other.result() and not other.steps()


def test_the_images_are_those_of_the_data_set_in_the_order_of_the_embeddings() -> None:
    data = prepare(EXPERIMENT)
    np.testing.assert_array_equal(probe_pixels(trained_run()), data.images.pixels[data.probe_rows])


def test_means_and_deviations_are_those_of_the_training_images() -> None:
    data, rule = prepare(EXPERIMENT), trained_encoder(trained_run()).preprocessing
    training = data.images.pixels[data.training_rows] / 255
    assert rule.mean == pytest.approx([training.mean()], rel=1e-5)
    assert rule.deviation == pytest.approx([training.std(ddof=1)], rel=1e-5)
    assert (rule.height, rule.width, rule.channels, rule.fit) == (8, 8, 1, "stretch")


@pytest.mark.parametrize("preparation", [{"fit": "pad", "jpeg_at_least": 2}, {"fit": "crop"}, {}], ids=str)
def test_images_are_fitted_as_those_that_were_brought(
    preparation: dict[str, str | int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("METRIC_LAB_STORE", str(tmp_path))
    images = Images(np.arange(128, dtype=np.uint8).reshape(2, 8, 8), np.array([0, 1]), ("a", "b"))
    data = images.digest[:32]
    write_admitted(
        images,
        DataCard(
            id=data, kind="images", title="t", created="", count=2, class_names=("a", "b"), preparation=preparation
        ),
    )
    expected = preparation.get("fit", "stretch"), preparation.get("jpeg_at_least", 0)
    assert rule_of(Brought(data=data)) == expected and rule_of(Digits()) == ("stretch", 0)


def test_a_step_that_is_not_kept_is_refused_with_those_that_are(run: Run) -> None:
    with pytest.raises(ValueError, match="must have kept its encoder of step 3, got"):
        trained_encoder(run, 3)


def test_a_damaged_checkpoint_is_not_used(run: Run) -> None:
    for file in (run.folder / "checkpoints").glob("*.pt"):
        file.write_bytes(file.read_bytes()[:-1] + b"x")
    with pytest.raises(ValueError, match="must be whole, got other bytes than were written"):
        trained_encoder(run)


def test_other_images_are_refused(run: Run) -> None:
    record = run.record()
    run.write_record(replace(record, data=replace(record.known_data, digest="0" * 64)))
    with pytest.raises(ValueError, match="the data set digits must be the one that was trained on, got other samples"):
        trained_encoder(run)


def test_what_was_brought_has_no_encoder_and_no_images(run: Run) -> None:
    record = run.record()
    run.write_record(replace(record, kind=Kind.EMBEDDINGS, probe=None, experiment={"distance": {"kind": "euclidean"}}))
    with pytest.raises(ValueError, match="an encoder must be that of a training, got .* brought or taken out"):
        trained_encoder(run)
    with pytest.raises(ValueError, match="the run must be of images, got"):
        probe_pixels(run)


def test_a_run_that_has_not_begun_is_refused(run: Run) -> None:
    (run.folder / "snapshots.jsonl").unlink()
    with pytest.raises(ValueError, match="must have begun, got no snapshot"):
        trained_encoder(run)
    write_json(run.folder / "state.json", {})
