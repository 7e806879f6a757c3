from __future__ import annotations

import argparse
import shlex
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.datasets import Digits, FashionMnist
from core.distances import SquaredEuclidean
from core.encoders import Mlp
from core.experiment.experiment import FAMILIES, Experiment
from core.experiment.options import Parser, command_line, listing, read_experiment
from core.experiment.presets import PRESETS
from core.experiment.schedule import Schedule
from core.losses import LOSSES, Contrastive, Softmax, Triplet
from core.miners import BatchHard
from core.params import params_of
from core.samplers import Shuffled


def read(*words: str) -> Experiment:
    return read_experiment(list(words), Parser(prog="train", allow_abbrev=False))[0]


def test_no_words_are_the_default_experiment() -> None:
    assert read() == Experiment()


def test_every_family_has_an_option() -> None:
    words = "--dataset digits --encoder mlp --sampler shuffled --miner batch-hard --loss contrastive".split()
    assert read(*words) == Experiment(
        dataset=Digits(), encoder=Mlp(), sampler=Shuffled(), miner=BatchHard(), loss=Contrastive()
    )


def test_parameters_are_named_by_their_family_and_those_of_the_schedule_by_themselves() -> None:
    words = ["--loss-margin", "0.5", "--loss-shape", "soft margin", "--distance", "squared-euclidean", "--seed", "7"]
    words += ["--split-seed", "3", "--encoder-normalise=false", "--learning-rate", "1e-2"]
    made = read(*words)
    assert made.loss == Triplet(margin=0.5, shape="soft margin")
    assert made.distance == SquaredEuclidean()
    assert made.schedule == Schedule(seed=7, learning_rate=0.01)
    assert made.split.seed == 3 and made.encoder.normalise is False


def test_the_parameters_are_those_of_the_chosen_member() -> None:
    assert read("--loss-scale", "4", "--loss", "softmax").loss == Softmax(scale=4.0)
    with pytest.raises(ValueError, match="unrecognized arguments: --loss-margin 1"):
        read("--loss", "softmax", "--loss-margin", "1")


@pytest.mark.parametrize(
    "words, message",
    [
        (["--loss", "tripel"], f"loss must be one of {', '.join(LOSSES)}, got 'tripel'"),
        (["--loss-margin", "99"], "--loss-margin: margin must be a number from 0 to 10, got 99.0"),
        (["--loss-margin", "-1"], "--loss-margin: margin must be a number from 0 to 10, got -1.0"),
        (["--loss-margin", "nan"], "--loss-margin: margin must be a number"),
        (["--loss-margin", "wide"], "margin must be a number from 0 to 10, got 'wide'"),
        (["--epochs", "2.5"], "--epochs: epochs must be a whole number from 1 to 1000, got '2.5'"),
        (["--epochs", "1" + "0" * 400], "--epochs: epochs must be a whole number"),
        (["--mirror", "yes"], "mirror must be true or false"),
        (["--encoder-dimension", "3"], "dimension must be one of 2, 16, 32, 64, 128, 256, 384, 512, 768, 1024, got 3"),
        (["--epoch", "3"], "unrecognized arguments: --epoch 3"),
        (["--epochs"], "expected one argument"),
        (["stray"], "unrecognized arguments: stray"),
    ],
)
def test_a_wrong_word_is_one_sentence_that_says_what_is_allowed(words: list[str], message: str) -> None:
    with pytest.raises(ValueError) as raised:
        read(*words)
    assert message in str(raised.value)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("word", ["-0.5", "-5e-1", "-5E-01", "-.5", "-50e-2"])
def test_a_negative_number_is_a_value_however_it_is_written(word: str) -> None:
    parser = Parser(prog="verify", allow_abbrev=False)
    parser.add_argument("file")
    parser.add_argument("--threshold", type=float)
    for words in (["a.csv", "--threshold", word], ["--threshold", word, "a.csv"], [f"--threshold={word}", "a.csv"]):
        options = parser.parse_args(words)
        assert (options.file, options.threshold) == ("a.csv", -0.5)
    with pytest.raises(ValueError, match="margin must be a number from 0 to 10, got -0.5"):
        read("--loss-margin", word)
    assert parser.parse_args(["--", "-inf"]).file == "-inf"


def test_options_of_the_command_itself_are_given_back() -> None:
    parser = Parser(prog="train", allow_abbrev=False)
    parser.add_argument("--out")
    experiment, options = read_experiment(["--out", "here", "--seed", "2"], parser)
    assert isinstance(options, argparse.Namespace) and options.out == "here"
    assert experiment.schedule.seed == 2


def test_the_command_says_only_what_differs_from_the_defaults() -> None:
    experiment = Experiment(loss=Triplet(shape="soft margin"), schedule=Schedule(epochs=3))
    assert command_line(experiment) == (
        "python -m core train --dataset digits --split by-sample --augmentation untouched --encoder compact-cnn "
        "--sampler p-by-k "
        "--distance euclidean "
        "--miner semi-hard --loss triplet --loss-shape 'soft margin' --epochs 3"
    )


def assert_says(experiment: Experiment) -> None:
    program, *words = shlex.split(command_line(experiment))
    assert [program, *words[:3]] == ["python", "-m", "core", "train"]
    assert read(*words[3:]) == experiment


@pytest.mark.parametrize("experiment", [preset.experiment for preset in PRESETS.values()], ids=PRESETS)
def test_the_command_of_a_preset_makes_the_preset(experiment: Experiment) -> None:
    assert_says(experiment)


@pytest.mark.parametrize("folder", ["/data/my images", "it's", 'a "quoted" one', "$(echo no)", "ü; ls"])
def test_a_path_is_quoted_for_the_shell(folder: str) -> None:
    assert_says(Experiment(dataset=FashionMnist(source="full", folder=folder)))


@settings(max_examples=40)
@given(data=st.data())
def test_the_command_of_any_experiment_makes_that_experiment(data: st.DataObject) -> None:
    parts: dict[str, Any] = {}
    for family, kinds in FAMILIES.items():
        member = data.draw(st.sampled_from(list(kinds.values())))()
        for declared in params_of(member):
            if declared.choices:
                values = st.sampled_from(declared.choices)
            elif isinstance(declared.default, bool):
                values = st.booleans()
            elif isinstance(declared.default, str):
                continue
            else:
                number = st.integers if isinstance(declared.default, int) else st.floats
                values = number(declared.low, declared.high)
            member = replace(member, **{declared.name: data.draw(values)})
        parts[family] = member
    assert_says(Experiment(**parts))


def test_the_list_names_every_member_and_every_option() -> None:
    lines = listing().splitlines()
    for family, kinds in FAMILIES.items():
        assert family in lines
        for name, kind in kinds.items():
            assert f"  {name}: {kind.summary}" in lines
            prefix = "" if family == "schedule" else f"{family}-"
            for declared in params_of(kind):
                option = f"    --{prefix}{declared.name.replace('_', '-')} ("
                assert any(line.startswith(option) and declared.help in line for line in lines)
