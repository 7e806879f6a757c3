"""An experiment as one line of text."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from core.datasets.brought import Brought
from core.datasets.fashion_mnist import FashionMnist
from core.experiment.experiment import FAMILIES, Experiment
from core.experiment.presets import PRESETS
from core.experiment.setting_words import experiment_in, words_of
from core.params import params_of


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_is_read_again(name: str) -> None:
    assert experiment_in(words_of(PRESETS[name].experiment)) == PRESETS[name].experiment


def drawn(seed: int) -> Experiment:
    """A member of each family at random, with one of its parameters changed."""
    source = random.Random(seed)
    changes = {}
    for family, kinds in FAMILIES.items():
        kind = source.choice(list(kinds.values()))
        numbers = [p for p in params_of(kind) if isinstance(p.default, int) and not isinstance(p.default, bool)]
        changed = {p.name: int(p.low or 0) + source.randrange(2) for p in source.sample(numbers, min(len(numbers), 1))}
        changes[family] = {"kind": kind.name, **changed}
    return Experiment().changed(changes)


def test_any_settings_are_read_again() -> None:
    made = 0
    for seed in range(400):
        try:
            experiment = drawn(seed)
        except ValueError:  # parts that do not fit each other
            continue
        made += 1
        assert experiment_in(words_of(experiment)) == experiment
    assert made > 50


def test_the_default_is_no_empty_line() -> None:
    assert words_of(Experiment()) == "--loss triplet" and experiment_in("") == Experiment()


def test_the_id_of_brought_data_stays_and_no_folder_of_the_machine_does() -> None:
    brought = replace(Experiment(), dataset=Brought("0" * 32))
    assert experiment_in(words_of(brought)) == brought
    with pytest.raises(ValueError, match="of a link must be the id of what somebody brought"):
        experiment_in(words_of(replace(Experiment(), dataset=FashionMnist(source="full", folder="/etc"))))


@pytest.mark.parametrize("text", ["--loss nothing", "--epochs many", "'", "--help", "x", "--loss triplet --out /tmp/x"])
def test_a_line_that_describes_none_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        experiment_in(text)
