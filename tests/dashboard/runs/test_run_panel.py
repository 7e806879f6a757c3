"""What stands above a run that is being watched."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.records.step import Step
from core.runs.run_folder import Run
from tests.dashboard.pages import opened
from tests.dashboard.sent import sent_to_components
from tests.imports import ROOT


@pytest.mark.usefixtures("own_store")
def test_the_last_updates_stand_under_the_curves_of_what_was_trained_here(run: Run) -> None:
    for number, norm in enumerate((4.0, 2.0, 1.0, 0.5), start=1):
        run.append_step(Step(number, number / 10, 0.5, 1.0, 0.5, 80, 0.5, 0.25, 0.25, norm, 0.01, 6.0))
    (caption,) = [caption for caption in captions(run.folder.name) if caption.value.startswith("Gradient")]
    assert caption.value == "Gradient 0.75, at first 3; drawn from 6 negatives."
    assert "lower the learning rate" in caption.help
    told = [caption.value for caption in opened("train", run=run.folder.name, lang="zh").caption]
    assert "梯度 0.75，起初为 3；从 6 个负样本中抽取。" in told
    assert not [caption for caption in captions("digits-semi-hard") if caption.value.startswith("Gradient")]


@pytest.mark.usefixtures("own_store")
def test_a_recorded_lesson_explains_its_numbers(run: Run) -> None:
    (said,) = [caption.value for caption in captions("digits-semi-hard") if caption.value.startswith("Recall@1")]
    assert "Idle updates had nothing active" in said, "of which its curves tell"
    (said,) = [caption.value for caption in captions("digits-softmax") if caption.value.startswith("Recall@1")]
    assert "Idle" not in said
    assert not [caption for caption in captions(run.folder.name) if caption.value.startswith("Recall@1")]


def captions(name: str) -> list[Any]:
    """Of the Train page that shows this run."""
    app = AppTest.from_file(str(ROOT / "dashboard" / "navigation.py"), default_timeout=60)
    app.query_params["run"] = name
    app.switch_page("views/train.py").run()
    assert not app.exception, app.exception
    return list(app.caption)


@pytest.mark.usefixtures("own_store")
def test_a_head_on_vectors_is_shown_without_images_beside_what_needs_no_training(head_run: Run) -> None:
    page = opened("train", run=head_run.folder.name)
    assert any("held-out vectors" in one.value for one in page.caption)
    table = next(one.value for one in page.markdown if "WCCN" in one.value)
    assert all(name in table for name in ("| vectors ", "| vectors, cosine ", "| PCA whitening ", "| LDA "))
    assert "voices" in "".join(one.value for one in page.markdown)
    maps = [data for data in sent_to_components(page) if data.get("sprite")]
    assert not maps, "there is no picture to cut images from"


@pytest.mark.usefixtures("own_store")
@pytest.mark.parametrize("name", ["mine", "verify", "compare"])
def test_every_page_shows_a_head_on_vectors(name: str, head_run: Run) -> None:
    opened(name, **{"runs" if name == "compare" else "run": head_run.folder.name})
