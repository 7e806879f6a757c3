from __future__ import annotations

from dataclasses import replace

import pytest

from core.encoders.linear import RANDOM, Linear
from core.experiment.presets import PRESETS
from core.experiment.schedule import Schedule
from core.records.vectors_beside import VectorsBeside
from core.runs.run_folder import Run
from dashboard.runs.vectors_beside import in_words
from tests.dashboard.pages import opened

WORSE = VectorsBeside("vectors, cosine", trained=0.5, untrained=0.6, low=-0.15, high=-0.05, identities=1200)


def test_worse_is_said_with_the_difference_its_interval_and_what_to_try() -> None:
    sentence = in_words(WORSE, PRESETS["digits"].experiment)
    assert "**worse**" in sentence and "0.500" in sentence and "vectors, cosine alone 0.600" in sentence
    assert "-0.100, 95 % -0.150 to -0.050, over 1,200 identities" in sentence
    assert "Use the vectors as they are" in sentence and "other identities" not in sentence


def test_worse_by_what_may_be_chance_says_so_too() -> None:
    sentence = in_words(replace(WORSE, high=0.01), PRESETS["digits"].experiment)
    assert "**worse**" in sentence and "The interval holds 0" in sentence


def test_what_the_training_has_already_is_no_advice() -> None:
    trained = replace(PRESETS["digits"].experiment, encoder=Linear(), schedule=Schedule(weight_decay=0.01))
    assert in_words(WORSE, trained).endswith("or try fewer epochs or a lower learning rate.")
    drawn = replace(trained, encoder=Linear(begins=RANDOM), schedule=Schedule())
    assert "or try a linear head that begins within classes or at principal axes, fewer epochs, a lower" in in_words(
        WORSE, drawn
    )
    assert in_words(WORSE, drawn).endswith("a lower learning rate or some weight decay.")


def test_better_is_said_without_advice() -> None:
    sentence = in_words(replace(WORSE, trained=0.7, low=0.05, high=0.15), PRESETS["digits"].experiment)
    assert "better" in sentence and "+0.100" in sentence and "Use the vectors" not in sentence


@pytest.mark.usefixtures("own_store")
@pytest.mark.parametrize("is_worse", [True, False])
def test_the_page_of_a_finished_head_says_it(head_run: Run, is_worse: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    beside = WORSE if is_worse else replace(WORSE, trained=0.7, low=0.05, high=0.15)
    monkeypatch.setattr(Run, "beside_vectors", lambda run: beside)
    page = opened("train", run=head_run.folder.name)
    assert any("**worse**" in one.value for one in page.warning) is is_worse
    assert any("retrieves better" in one.value for one in page.caption) is not is_worse


@pytest.mark.usefixtures("own_store")
def test_a_run_of_images_says_nothing_of_vectors(run: Run) -> None:
    page = opened("train", run=run.folder.name)
    assert not any("what it learned from" in one.value for one in [*page.caption, *page.warning])
