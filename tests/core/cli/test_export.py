"""`python -m core export`: files, what is printed of them, and the threshold that goes along."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from core.__main__ import main
from core.cli.verify import verify
from core.handover.embedding_files import NPZ
from core.runs.run_folder import Run
from tests.core.commands import refused
from tests.core.taken_home import trained_run
from tests.dashboard.compared_strategies import compared


def exported(capsys: pytest.CaptureFixture[str], kind: str, out: Path, *words: str) -> tuple[dict[str, Any], str]:
    """What was printed on either stream."""
    assert main(["export", str(trained_run().folder), "--to", kind, "--out", str(out), *words]) == 0
    said = capsys.readouterr()
    return json.loads(said.out), said.err


def test_the_files_are_named_with_their_sizes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found, said = exported(capsys, "npz", tmp_path / "new")
    assert found["bytes"] == {NPZ: (tmp_path / "new" / NPZ).stat().st_size} and found["left_out"] == []
    assert said == "writing npz\n"


def test_embeddings_that_were_taken_home_give_the_same_threshold(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    exported(capsys, "npz", tmp_path / "npz")
    exported(capsys, "faiss", tmp_path / "faiss", "--goal", "eer", "--protocol", "same-pairs")
    card = verify([str(tmp_path / "npz" / NPZ), "--goal", "eer", "--protocol", "same-pairs"])
    about = json.loads((tmp_path / "faiss" / "index.json").read_text())
    assert about["threshold"] == card["threshold_elsewhere"] and about["limit"] == card["threshold_elsewhere"] ** 2


def test_the_goal_of_the_words_stands_on_the_card(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    exported(capsys, "card", tmp_path / "out", "--target-far", "0.07")
    assert "a false accept rate of at most 7 %" in (tmp_path / "out" / "card.md").read_text()


def test_a_card_that_was_saved_goes_along(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = trained_run()
    exported(capsys, "npz", tmp_path / "npz")
    card = {**verify([str(tmp_path / "npz" / NPZ), "--goal", "eer"])}
    card |= {"run": run.record().id, "step": run.snapshots()[-1].step}
    (tmp_path / "threshold.json").write_text(json.dumps(card))
    exported(capsys, "card", tmp_path / "out", "--card", str(tmp_path / "threshold.json"))
    assert f"`{card['threshold_elsewhere']!r}`" in (tmp_path / "out" / "card.md").read_text()


def test_a_run_without_a_threshold_is_exported_without(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Run, "appraisal", lambda self, step: None)
    _, said = exported(capsys, "card", tmp_path / "out")
    assert "hint: no threshold is taken along. the run must keep what intervals" in said
    assert "No threshold was chosen." in (tmp_path / "out" / "card.md").read_text()
    words = ("export", str(trained_run().folder), "--to", "card", "--out", str(tmp_path / "asked"), "--goal", "eer")
    assert "must keep what intervals are computed from" in refused(capsys, *words)
    assert not (tmp_path / "asked").exists()


def test_what_cannot_be_done_is_refused_in_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = str(trained_run().folder)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "file").write_text("x")
    (tmp_path / "card.json").write_text("{}")
    for words, said in (
        ((folder, "--to", "npz", "--out", str(tmp_path / "full")), "--out must be a new or an empty folder"),
        ((str(tmp_path), "--to", "npz", "--out", str(tmp_path / "a")), "must be a run folder or the id of a run"),
        ((folder, "--to", "pickle", "--out", str(tmp_path / "a")), "invalid choice: 'pickle'"),
        (
            (folder, "--to", "card", "--out", str(tmp_path / "a"), "--card", str(tmp_path / "card.json")),
            "--card must be the card of a threshold as JSON, got card.json",
        ),
        (
            (folder, "--to", "card", "--out", str(tmp_path / "a"), "--card", str(tmp_path / "full" / "file")),
            "--card must be the card of a threshold as JSON",
        ),
    ):
        assert said in refused(capsys, "export", *words)
    assert not (tmp_path / "a").exists()


def test_what_is_left_out_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.handover.projector_files.LARGEST_SPRITE", 50)
    found, said = exported(capsys, "projector", tmp_path / "out")
    assert found["left_out"] and "hint: sprite.png is left out: the projector takes at most 50 pixels" in said


def test_a_comparison_is_exported_by_its_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    comparison = compared(tmp_path / "store")
    words = ["export", "--comparison", str(tmp_path / "store"), "--to", "parquet", "--out", str(tmp_path / "out")]
    assert main(words) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["comparison"] == comparison.id
    assert set(told["bytes"]) == {"levels.parquet", "differences.parquet", "curves.parquet"}
    assert "--out must be a new or an empty folder" in refused(capsys, *words)


def test_what_is_no_export_of_a_run_or_a_comparison_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, run = ("--out", str(tmp_path / "out")), str(trained_run().folder)
    for words, said in (
        (("--to", "csv"), "there must be a run, or --comparison, got both or neither"),
        ((run, "--comparison", run, "--to", "events"), "got both or neither"),
        ((run, "--to", "mlflow"), "for a run, got mlflow."),
        (("--comparison", run, "--to", "npz"), "for a comparison, got npz."),
        (("--comparison", str(tmp_path), "--to", "csv"), "the folder of a comparison, or the id of one in the store"),
    ):
        assert said in refused(capsys, "export", *words, *out)
    assert not (tmp_path / "out").exists()
