from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from core.cli.admit import import_command
from core.datasets.admitted import data_root, folder_of, read_admitted
from tests.core.admission.made import people, zipped


@pytest.fixture(autouse=True)
def in_a_store(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("METRIC_LAB_STORE", str(tmp_path / "store"))


def test_one_json_object_says_what_was_found(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = zipped(tmp_path / "cats.zip", [*people(3, 2), ("p9/1.png", people(1, 1)[0][1])])
    words = [str(path), "--side", "32", "--fit", "crop", "--title", "my cats", "--mend", "drop-single"]
    assert import_command(words) == 0
    said = capsys.readouterr()
    summary = json.loads(said.out)
    samples = read_admitted(folder_of(summary["id"]))
    assert samples.values.shape == (6, 32, 32) and summary["title"] == "my cats"
    assert summary["mends"] == ["drop-single"] and summary["found"]["identities"] == 3
    assert "admitted 3 identities, 6 samples, 3 genuine and 12 impostor pairs" in said.err
    assert list((data_root() / ".coming").iterdir()) == []


def test_columns_are_chosen_by_options(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    np.save(tmp_path / "points.npy", np.eye(4, dtype=np.float32))
    (tmp_path / "names.txt").write_text("a\na\nb\nb\n")
    assert import_command([str(tmp_path / "points.npy"), "--labels", str(tmp_path / "names.txt")]) == 0
    assert json.loads(capsys.readouterr().out)["found"]["identities"] == 2
    np.savez(tmp_path / "a.npz", embeddings=np.eye(4), labels=[0, 0, 1, 1], who=list("abca"))
    assert import_command([str(tmp_path / "a.npz"), "--label", "who"]) == 0
    assert json.loads(capsys.readouterr().out)["found"]["identities"] == 3


def test_what_is_wrong_is_one_sentence_with_the_way_out(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", embeddings=np.full((2, 2), np.nan), labels=[0, 1])
    with pytest.raises(ValueError, match="must be finite.*On the command line: --mend drop-not-finite"):
        import_command([str(tmp_path / "a.npz")])
    with pytest.raises(ValueError, match="what is brought must exist, got"):
        import_command([str(tmp_path / "none.zip")])
    with pytest.raises(ValueError, match="the mend must be one of"):
        import_command([str(tmp_path / "a.npz"), "--mend", "repair"])
    assert list((data_root() / ".coming").iterdir()) == []
