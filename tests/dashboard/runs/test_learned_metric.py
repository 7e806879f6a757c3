from __future__ import annotations

import pytest

from core.runs.run_folder import Run
from tests.dashboard.pages import figures, opened

pytestmark = pytest.mark.usefixtures("own_store")


def test_the_matrix_of_a_linear_head_is_shown_on_train(head_run: Run) -> None:
    page = opened("train", run=head_run.folder.name)
    assert any("learned matrix" in alt for alt in figures(page))
    said = "\n".join(one.value for one in page.caption)
    assert "over the 12 numbers of each sample at epoch 3" in said and "compares the directions of Wx" in said


def test_of_too_many_numbers_the_reason_is_shown(head_run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dashboard.runs.learned_metric.learned_metric", lambda *_: None)
    page = opened("train", run=head_run.folder.name)
    assert not any("learned matrix" in alt for alt in figures(page))
    assert any("M is drawn for samples of up to 512 numbers" in one.value for one in page.caption)


def test_another_encoder_has_no_such_button(run: Run) -> None:
    page = opened("train", run=run.folder.name)
    assert not any("learned matrix" in alt for alt in figures(page))
    assert not any("M is drawn for" in one.value for one in page.caption)
