"""The command on the page makes the same card again: of corrected lists, and without some rows."""

from __future__ import annotations

import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from core.cli.verify import verify
from core.distances import EUCLIDEAN, Cosine
from core.evidence.appraisal_of_scores import appraise_scores
from core.handover.card import ThresholdCard, source_of_file, source_of_scores, threshold_card
from core.handover.left_out import left_out_of
from core.jobs.measure_admitted import admitted_upload
from core.jobs.measure_embeddings import Upload, keep
from core.jobs.measure_roles import RoleWords, answered
from core.jobs.measure_scores import ScoredUpload
from core.jobs.read_upload import Waiting
from core.jobs.withdraw_samples import pairs_without, take_out
from core.measurement.measurement import Measurement
from core.readers.pair_list import Corrections
from core.runs.run_folder import Run
from core.runs.store import Store
from core.statistics.summary import Prepared
from core.statistics.threshold_grid import threshold_grid
from core.thresholds.outcome import outcome
from core.verification.goals import Far, Goal, Hand
from core.verification.near_pairs import ListedPairs, PointPairs
from core.verification.protocols import SAME
from dashboard.lookups import runs
from dashboard.verify.repeat import command_of, with_closer
from dashboard.verify.uploaded_files import read_files
from tests.core.heads import brought, vectors
from tests.core.measuring import measured
from tests.dashboard.verify.test_uploaded_files import Sent

SCORES = "\n".join(f"{0.1 * (row % 7) + 0.3 * (row % 3 == 0):.2f},{int(row % 3 == 0)}" for row in range(90)).encode()
OF_THE_PAGE = {"closer_otherwise": "larger", "failures_otherwise": "refused"}


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """A store of the test's own, which the page reads."""
    monkeypatch.setenv("METRIC_LAB_STORE", str(tmp_path / "store"))
    runs.store.clear()
    yield Store(tmp_path / "store")
    runs.store.clear()


def scored(**corrections: str) -> ScoredUpload:
    """A file whose header says little: the page takes larger scores for closer."""
    file = Sent("-my scores.csv", b"score,is_same\n" + SCORES)
    found = read_files(file, None, EUCLIDEAN, Corrections(**OF_THE_PAGE | corrections), RoleWords())
    assert isinstance(found, Waiting)
    return found.upload


def card_of(upload: ScoredUpload, goal: Goal) -> ThresholdCard:
    pairs = upload.pairs
    chosen = outcome(appraise_scores(pairs, threshold_grid(pairs)), goal, SAME, ListedPairs(pairs))
    file = upload.without.file if upload.without else upload.name
    card = threshold_card(chosen, source=source_of_scores(file, pairs), date="")
    if upload.without:
        card["left_out"] = left_out_of(upload.record())
    return card | {"threshold_as_scored": pairs.in_own_terms(chosen.threshold)}


def repeated(command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict:
    monkeypatch.chdir(tmp_path)
    words = shlex.split(command)
    assert words[:4] == ["python", "-m", "core", "verify"]
    return {**verify(words[4:]), "date": ""}


LEFT = np.array([3, 4, 5, 80])


@pytest.mark.parametrize("goal", [Far(0.05), Hand(-0.35)], ids=str)
@pytest.mark.parametrize("change", ["", "same", "turned", "without"])
def test_scores_are_read_again_as_they_were_corrected(
    goal: Goal, change: str, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = scored(same="0") if change == "same" else scored()
    if change == "turned":
        again = scored(closer="smaller")
        assert with_closer(upload.command, "smaller") == again.command
        upload = again
    elif change == "without":
        whole = Run(store.folder(keep(store, upload).id))
        once = Run(store.folder(keep(store, pairs_without("of the whole", whole, LEFT[1:])).id))
        upload = pairs_without(once.folder.name, once, LEFT[:1])
        assert upload.command[-2:] == ("--without", "3-5,80")
        assert upload.without and upload.without.run == "of the whole" and upload.without.rows == (3, 4, 5, 80)
    run = Run(store.folder(keep(store, upload).id))
    (tmp_path / "-my scores.csv").write_bytes(b"score,is_same\n" + SCORES)
    card = card_of(upload, goal)
    again = repeated(command_of(card, run.record()), tmp_path, monkeypatch)
    assert {name: value for name, value in again.items() if name != "understood"} == card


def test_a_list_is_compared_again_by_its_distance_without_some_pairs(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    generator = np.random.default_rng(0)
    labels = np.repeat(np.arange(20), 3)
    points = generator.normal(size=(20, 4))[labels] + 0.4 * generator.normal(size=(60, 4))
    names = [f"P{label:02d}_{number % 3 + 1:04d}" for number, label in enumerate(labels)]
    np.savez(tmp_path / "faces.npz", embeddings=points, labels=labels, names=names)
    same = [f"P{person:02d} {first} {second}" for person in range(20) for first, second in ((1, 2), (2, 3))]
    other = [f"P{person:02d} 1 P{(person + 1 + turn) % 20:02d} 2" for turn in range(3) for person in range(20)]
    (tmp_path / "pairs.txt").write_text("\n".join([*same, *other]))
    files = [Sent(name, (tmp_path / name).read_bytes()) for name in ("faces.npz", "pairs.txt")]
    found = read_files(*files, Cosine(), Corrections(**OF_THE_PAGE), RoleWords())
    assert isinstance(found, Waiting)
    whole = Run(store.folder(keep(store, found.upload).id))
    upload = pairs_without(whole.folder.name, whole, LEFT)
    run = Run(store.folder(keep(store, upload).id))
    pairs = upload.pairs
    chosen = outcome(appraise_scores(pairs, threshold_grid(pairs)), Far(0.05), SAME, ListedPairs(pairs))
    card = threshold_card(chosen, source=source_of_scores(upload.name, pairs, upload.distance), date="")
    again = repeated(command_of(card, run.record()), tmp_path, monkeypatch)
    assert again["distance"] == card["distance"] == "cosine" and again["negative_pairs"] == 59
    assert again["threshold"] == card["threshold"] and again["scores_digest"] == card["scores_digest"]


def test_an_archive_is_measured_again_without_the_rows_taken_out(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    generator, labels = np.random.default_rng(0), np.repeat(np.arange(12), 5)
    points = generator.normal(size=(12, 4))[labels] + 0.4 * generator.normal(size=(60, 4))
    np.savez(tmp_path / "faces.npz", embeddings=points, labels=labels)
    names = tuple(map(str, range(12)))
    run, _, _ = measured(store, Upload("faces.npz", points, labels, names, EUCLIDEAN))
    without = Run(store.folder(take_out(store, run.folder.name, run, 0, [0, 1, 2, 3, 4, 17]).id))
    kept = np.delete(np.arange(60), [0, 1, 2, 3, 4, 17])
    work = Measurement(Prepared(points[kept], labels[kept]))
    pairs = PointPairs(points[kept], labels[kept])
    chosen = outcome(work.deepened(work.whole()), Far(0.05), SAME, pairs)
    numbers = {"eer": 0.0, "auc": 1.0}
    card = threshold_card(chosen, source=source_of_file("faces.npz", points[kept], EUCLIDEAN, numbers), date="")
    command = command_of(card, without.record())
    assert "--without 0-4,17" in command
    again = repeated(command, tmp_path, monkeypatch)
    alike = ("threshold", "false_accept_rate", "false_reject_interval", "identities", "embeddings_digest")
    assert {name: again[name] for name in alike} == {name: card[name] for name in alike} and card["identities"] == 11
    assert (
        again["left_out"] == {"rows": "0-4,17", "count": 6, "of": 60, "kind": "points"} == left_out_of(without.record())
    )
    shutil.rmtree(run.folder)  # the file is known without the first run
    assert command_of(card, without.record()) == command


def test_roles_are_asked_for_without_the_rows_taken_out_before(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    generator, labels = np.random.default_rng(0), np.repeat(np.arange(12), 5)
    points = generator.normal(size=(12, 4))[labels] + 0.4 * generator.normal(size=(60, 4))
    np.savez(tmp_path / "faces.npz", embeddings=points, labels=labels)
    names = tuple(map(str, range(12)))
    run, _, _ = measured(store, Upload("faces.npz", points, labels, names, EUCLIDEAN))
    row = take_out(store, run.folder.name, run, 0, [17, 30])
    with_roles = answered(Run(store.folder(row.id)), junk=["2"])
    run = Run(store.folder(keep(store, with_roles).id))
    pairs = with_roles.pairs
    chosen = outcome(appraise_scores(pairs, threshold_grid(pairs)), Far(0.05), SAME, ListedPairs(pairs))
    source = source_of_file("faces.npz", with_roles.embeddings, EUCLIDEAN, {"eer": 0.0, "auc": 1.0})
    card = threshold_card(chosen, source=source, date="") | {"roles": with_roles.roles.on_card}
    command = command_of(card, run.record())
    assert "--without 17,30" in command and "--junk=2" in command
    again = repeated(command, tmp_path, monkeypatch)
    alike = ("threshold", "positive_pairs", "negative_pairs", "roles", "embeddings_digest")
    assert {name: again[name] for name in alike} == {name: card[name] for name in alike}
    assert again["left_out"] == {"rows": "17,30", "count": 2, "of": 60, "kind": "points"} == left_out_of(run.record())


def test_what_an_older_version_kept_has_no_command(store: Store) -> None:
    upload = scored()
    run = Run(store.folder(keep(store, ScoredUpload(upload.name, upload.pairs)).id))
    assert command_of(card_of(upload, Far(0.05)), run.record()) == ""
    assert with_closer(None, "larger") == ()


def test_an_admitted_set_is_no_file_that_a_command_could_read(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("METRIC_LAB_STORE", str(store.root))
    upload = admitted_upload(brought(vectors()).data, "voices", EUCLIDEAN)
    run = Run(store.folder(keep(store, upload).id))
    assert run.record().kind.is_archive and command_of(card_of(scored(), Far(0.05)), run.record()) == ""
