"""--from: which checkpoint of which run the words name."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from core.cli.fork_start import fork_start
from core.records.kinds import Kind
from core.runs.run_folder import Run
from tests.core.taken_home import trained_run


def test_a_run_is_named_by_its_folder_or_in_the_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, steps = trained_run().folder, len(trained_run().steps())
    assert fork_start(["--miners", "all,random"]) is None
    found = fork_start(["--miners", "all,random", "--from", str(folder)])
    assert found is not None and found[0].folder == folder and found[1].origin.step == steps
    monkeypatch.setenv("METRIC_LAB_STORE", str(tmp_path))
    (tmp_path / "runs").mkdir()
    (tmp_path / "runs" / "abc").symlink_to(folder)
    found = fork_start([f"--from=abc@{1}"])
    assert found is not None and found[1].origin.epoch == 1 and found[1].origin.title == trained_run().record().title


def test_a_folder_may_have_the_sign_of_an_epoch_in_its_name(tmp_path: Path) -> None:
    (tmp_path / "run@2").symlink_to(trained_run().folder)
    assert fork_start(["--from", str(tmp_path / "run@2")]) is not None
    assert fork_start(["--from", f"{tmp_path / 'run@2'}@1"]) is not None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("nowhere", "--from must be the folder of a run, or the id of one in"),
        ("@3", "got nothing, where there is none"),
        ("nowhere@last", "--from must end with a number of epochs behind @, got 'last'"),
        ("RUN@7", "a fork must start where weights are kept, after epoch 1, got 7"),
    ],
)
def test_what_is_no_start_is_refused(text: str, message: str) -> None:
    with pytest.raises(ValueError) as problem:
        fork_start(["--from", text.replace("RUN", str(trained_run().folder))])
    assert message in str(problem.value)


def test_what_was_brought_has_no_weights_to_go_on_from(tmp_path: Path) -> None:
    brought = replace(trained_run().record(), kind=Kind.EMBEDDINGS)
    Run(tmp_path).write_record(brought)
    with pytest.raises(ValueError, match="--from must be a run that was trained"):
        fork_start(["--from", str(tmp_path)])
