"""`python -m core verify --crossing`: the threshold of the pairs that cross groups."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from core.cli.verify import verify
from core.distances import EUCLIDEAN
from core.handover.files import command_for
from core.jobs.measure_embeddings import Upload, keep, measure
from core.jobs.measure_roles import upload_of
from core.jobs.threshold_of_run import threshold_of_run
from core.runs.run_folder import Run
from core.runs.store import Store
from core.statistics.crossed import crossed_distances
from core.statistics.crossing import PAIRS_ACROSS, Crossing, PairProtocol
from core.statistics.roc import auc, exact_curve
from core.verification.goals import Eer
from tests.core.crossings import tied_set

ACROSS = "pairs-across-group"


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    points, labels, groups = tied_set(0, identities=60)
    path = tmp_path_factory.mktemp("file") / "faces.npz"
    np.savez(path, embeddings=points, labels=labels, group=np.array(["left", "right", "top"])[groups])
    return path


def crossed(file: Path) -> Crossing:
    with np.load(file) as arrays:
        return Crossing.of(PairProtocol(PAIRS_ACROSS, "group"), arrays["labels"], {"group": arrays["group"]})


def test_the_card_is_of_the_pairs_that_cross_and_says_so(file: Path) -> None:
    card = verify([str(file), "--goal", "eer", "--protocol", "same-pairs", "--crossing", ACROSS])
    pairs = crossed_distances(np.load(file)["embeddings"], crossed(file))
    assert card["threshold"] == Eer().threshold(exact_curve(pairs)) and card["area_under_curve"] == auc(pairs)
    assert (card["positive_pairs"], card["negative_pairs"]) == (len(pairs.positive), len(pairs.negative))
    assert card["pairs"] == ACROSS and "across groups only" in card["protocol_in_words"]
    assert f"--crossing {ACROSS}" in command_for(card, file.name)
    plain = verify([str(file), "--goal", "eer", "--protocol", "same-pairs"])
    assert (
        plain["pairs"] == "all" and plain["pairs_in_words"] == "all pairs" and plain["threshold"] != card["threshold"]
    )


def test_rows_that_are_left_out_take_their_groups_with_them(file: Path) -> None:
    card = verify([str(file), "--protocol", "same-pairs", "--crossing", ACROSS, "--without", "0-2"])
    crossing = crossed(file).among(np.arange(3, len(crossed(file).labels)))
    assert (card["positive_pairs"], card["negative_pairs"]) == crossing.pair_counts


def test_what_cannot_be_crossed_is_said(file: Path, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="must have the session of each point"):
        verify([str(file), "--crossing", "pairs-across-session"])
    with pytest.raises(ValueError, match="--crossing must be left out where points have roles"):
        verify([str(file), "--crossing", ACROSS, "--across-groups"])
    (tmp_path / "scores.csv").write_text("first,second,distance\na,a,1\na,b,2\n")
    with pytest.raises(ValueError, match="--crossing must be left out where scores"):
        verify([str(tmp_path / "scores.csv"), "--crossing", ACROSS])


def test_brought_embeddings_keep_their_groups_and_are_measured_across_them(file: Path, tmp_path: Path) -> None:
    upload = upload_of("faces.npz", file, EUCLIDEAN)
    assert isinstance(upload, Upload) and set(upload.crossed) == {"group"}
    assert upload.run_id != Upload(*(getattr(upload, name) for name in FIELDS)).run_id
    row = keep(Store(tmp_path), upload)
    run = Run(Store(tmp_path).folder(row.id))
    assert measure(run.folder, report=lambda progress: None, wanted=lambda: "run") == "finished"
    assert [found.name for found in run.protocols()] == ["positives-across-group", ACROSS]
    card = threshold_of_run(run, run.snapshots()[-1], Eer(), "same-pairs", pairs=PairProtocol.named(ACROSS))
    again = verify([str(file), "--goal", "eer", "--protocol", "same-pairs", "--crossing", ACROSS])
    assert card["threshold"] == again["threshold"]
    with pytest.raises(ValueError, match=f"measured under .positives-across-group, {ACROSS}., got"):
        threshold_of_run(run, run.snapshots()[-1], Eer(), pairs=PairProtocol.named("pairs-across-session"))


FIELDS = ("name", "embeddings", "labels", "class_names", "distance", "point_names")


def test_sessions_are_crossed_as_groups_are(file: Path, tmp_path: Path) -> None:
    with np.load(file) as arrays:
        np.savez(
            tmp_path / "days.npz", embeddings=arrays["embeddings"], labels=arrays["labels"], session=arrays["group"]
        )
    words = ["--goal", "eer", "--protocol", "same-pairs", "--crossing"]
    by_session = verify([str(tmp_path / "days.npz"), *words, "pairs-across-session"])
    by_group = verify([str(file), *words, ACROSS])
    assert by_session["threshold"] == by_group["threshold"] and by_session["pairs"] == "pairs-across-session"
    run = upload_of("days.npz", tmp_path / "days.npz", EUCLIDEAN)
    assert set(run.files()["probe.npz"]) == {"rows", "labels", "session"}
