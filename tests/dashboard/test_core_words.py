"""What core says in English is found again by its templates, and said in the reader's language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.comparison.axes import USUAL, members_of, parameters_of, suggested
from core.comparison.plan import along
from core.distances import DISTANCES
from core.experiment.experiment import FAMILIES, Experiment
from core.experiment.presets import PRESETS
from core.losses import LOSSES
from core.makers.sentences import sentences
from core.params import params_of
from core.system.phrasebook import MOST_LETTERS, PLACE
from core.verification.goals import GOALS
from dashboard import core_words
from dashboard.components.loss_playground import IN_FORMULAS
from dashboard.core_words import (
    book_of_reports,
    formula_in_words,
    named,
    names,
    plain_words,
    report_files,
    setting_named,
    strategy_named,
    translated,
    translations,
    value_named,
    words_of_formulas,
    written_named,
)
from dashboard.wording import languages, speaking

MADE = """
"size must be at least {0}, got {1}. Choose more." = "大小至少为 {0},得到 {1}。请增大。"
"{0} must be one of {1}, got {2}." = "{0} 必须是 {1} 之一,得到 {2}。"
"only push apart" = "只推开"
"{0} of the batches: they {1}." = "批次的 {0}:它们{1}。"
"The disk is full." = "磁盘已满。"
"{0} comes before {1}" = "{1} 之前是 {0}"
"""


@pytest.fixture
def chinese(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A catalogue of a few templates."""
    (tmp_path / "zh").mkdir()
    (tmp_path / "zh" / "core.toml").write_text(MADE, encoding="utf-8")
    monkeypatch.setattr(core_words, "WORDS", tmp_path)
    forget()
    with speaking("zh"):
        yield
    forget()


def forget() -> None:
    core_words.phrasebook.cache_clear()


def test_reports_know_their_heads_as_well() -> None:
    assert book_of_reports("zh").translated("95 % interval") == "95 % 区间"
    assert book_of_reports("zh").translated("Where it comes from") == translations("zh")["Where it comes from"]
    assert all(file.is_file() for file in report_files("zh"))


def test_english_stays_as_it_is() -> None:
    assert translated("size must be at least 2, got 1. Choose more.") == "size must be at least 2, got 1. Choose more."


@pytest.mark.usefixtures("chinese")
@pytest.mark.parametrize(
    ("english", "told"),
    [
        ("size must be at least 2, got 1. Choose more.", "大小至少为 2,得到 1。请增大。"),
        ("3 % of the batches: they only push apart.", "批次的 3 %:它们只推开。"),
        ("kind must be one of a, b, got c.", "kind 必须是 a, b 之一,得到 c。"),
        ("The disk is full. Nobody knows this one.", "磁盘已满。Nobody knows this one."),
        ("a.npz", "a.npz"),
        ("", ""),
    ],
)
def test_a_sentence_is_known_by_the_words_between_its_places(english: str, told: str) -> None:
    assert translated(english) == told


@pytest.mark.usefixtures("chinese")
def test_a_sentence_may_quote_another_and_turn_its_places_round() -> None:
    assert translated("only push apart comes before The disk is full.") == "磁盘已满。 之前是 只推开"


@pytest.mark.usefixtures("chinese")
def test_for_markdown_marks_are_characters() -> None:
    assert plain_words(ValueError("kind must be one of *a*, got c.")) == "kind 必须是 \\*a\\* 之一,得到 c。"


@pytest.mark.usefixtures("chinese")
def test_a_long_text_is_left_alone() -> None:
    assert translated("x" * (MOST_LETTERS + 1)) == "x" * (MOST_LETTERS + 1)


THERE = sentences()


@pytest.mark.parametrize("spoken", [one for one in languages() if one != "en"])
def test_every_translation_is_of_a_sentence_of_the_code_with_its_places(spoken: str) -> None:
    found = translations(spoken)
    assert found and not found.keys() - set(THERE), "run `python -m core.makers.sentences`"
    assert not {one for one, told in found.items() if places(one) != places(told)}
    assert all(told.strip() for told in found.values())


@pytest.mark.parametrize("spoken", [one for one in languages() if one != "en"])
def test_no_sentence_that_a_page_can_show_lacks_a_translation(spoken: str) -> None:
    found = translations(spoken)
    assert not [one for one in THERE if one not in found], "run `python -m core.makers.sentences`"


@pytest.mark.parametrize("spoken", [one for one in languages() if one != "en"])
def test_every_translation_is_found_again_from_its_english(spoken: str) -> None:
    """Filled with numbers, so that nothing in a place is a sentence itself."""
    with speaking(spoken):
        found = {filled(template): filled(told) for template, told in translations(spoken).items()}
        assert not {
            asked: translated(asked) for asked, told in found.items() if translated(asked).strip() != told.strip()
        }


# What is called the same in every language: networks, data and dialects by the names of their makers.
PROPER = {
    "resnet18",
    "resnet50",
    "mobilenet_v3_small",
    "efficientnet_b0",
    "ImageNet",
    "FaceNet",
    "Wu-TF",
    "siamese-triplet",
    "RDML",
    "TF-Similarity",
    "Quaterion",
}


def called() -> Iterator[str]:
    """What menus and fields show of what is declared: families, members, settings, choices, goals and presets."""
    families = [*FAMILIES.items(), ("", GOALS)]
    kinds = [kind for _, members in families for kind in members.values()]
    settings = [declared for kind in kinds for declared in params_of(kind)]
    yield from FAMILIES
    yield from (name for members in FAMILIES.values() for name in members if len(members) > 1)
    yield from (word for one in settings for word in (one.label, one.unit, one.main) if word)
    yield from (choice for one in settings for choice in one.choices if isinstance(choice, str))
    yield from (distance.title for distance in DISTANCES.values())
    yield from (one.title for one in (*GOALS.values(), *PRESETS.values()))


@pytest.mark.parametrize("spoken", [one for one in languages() if one != "en"])
def test_every_method_and_setting_has_a_name(spoken: str) -> None:
    there = {one.replace("-", " "): one for one in called()}
    known = names(spoken)
    lacking = {one for bare, one in there.items() if bare not in known and one not in translations(spoken)}
    assert lacking == PROPER
    with speaking(spoken):
        assert named("semi-hard") == named("semi hard") == known["semi hard"]
        assert named("ImageNet") == "ImageNet"
        assert named("all in band") == translations(spoken)["all in band"]
    assert named("semi-hard") == "semi-hard"


@pytest.mark.parametrize(
    ("english", "told"),
    [
        ("semi-hard", "半难"),
        ("margin 0.2", "间隔 0.2"),
        ("boundary rate 0.01", "边界的学习率 0.01"),  # longer than that of another one, boundary
        ("dialect all in band", "变体 带内全部"),
        ("normalise true", "归一化 开"),
        ("seed 0", "随机种子 0"),
        ("what somebody wrote 3", "what somebody wrote 3"),
        ("", ""),
    ],
)
def test_a_strategy_is_called_by_its_method_or_by_its_setting_and_value(english: str, told: str) -> None:
    assert strategy_named(english) == english
    with speaking("zh"):
        assert strategy_named(english) == told == strategy_named(told)


@pytest.mark.parametrize("loss", LOSSES)
def test_whatever_a_sweep_can_compare_is_called_as_its_setting_and_its_value_are(loss: str) -> None:
    base = Experiment.suited(LOSSES[loss]())
    with speaking("zh"):
        for axis in parameters_of(base):
            setting = names("zh")[axis.partition(".")[2].replace("_", " ")]
            values = suggested(base, axis)
            told = [strategy_named(one.name) for one in along(base, axis, values)]
            assert told == [f"{setting} {written_named(value)}" for value in values]
        for family in USUAL:
            assert all(strategy_named(name) == named(name) for name in members_of(family))


def test_settings_stand_behind_their_family_and_truths_are_those_of_a_switch() -> None:
    assert setting_named("loss margin") == "loss margin" and value_named(True) == "on" and value_named(0.2) == "0.2"
    with speaking("zh"):
        assert (setting_named("miner"), setting_named("schedule learning rate")) == ("挖掘器", "训练安排的学习率")
        assert (value_named("semi-hard"), value_named(False), value_named(3)) == ("半难", "关", "3")


FORMULAS = {f"{family}, {name}": kind.card.formula for family, of in FAMILIES.items() for name, kind in of.items()}
WORD = re.compile(r"\\text\{([^{}]*)\}")
# What stands upright in a formula and is a sign in every language: the trace of a matrix.
SIGNS = {"tr"}


@pytest.mark.parametrize("spoken", [one for one in languages() if one != "en"])
def test_every_word_of_a_formula_is_translated_and_no_other(spoken: str) -> None:
    asked = {word.strip() for formula in FORMULAS.values() for word in WORD.findall(formula)}
    assert not [formula for formula in FORMULAS.values() if len(WORD.findall(formula)) < formula.count("\\text")]
    assert set(words_of_formulas(spoken)) == (asked | set(IN_FORMULAS)) - SIGNS


@pytest.mark.parametrize("method", FORMULAS)
def test_a_formula_in_chinese_has_no_english_word_and_is_else_the_same(method: str) -> None:
    formula = FORMULAS[method]
    with speaking("zh"):
        told = formula_in_words(formula)
    english = {word for text in WORD.findall(told) for word in re.findall("[A-Za-z]{2,}", text)}
    assert english <= {"ImageNet", "MLP"} | SIGNS
    assert WORD.sub("", told) == WORD.sub("", formula)
    assert formula_in_words(formula) == formula


def test_english_writes_a_few_names_otherwise_than_the_command_line() -> None:
    known = {name.replace("-", " ") for name in called()}
    assert names("en") and not names("en").keys() - known
    assert [named(name) for name in ("arc-face", "arc face", "n-pair", "n-pairs")] == [
        *("ArcFace", "ArcFace", "N-pair", "n-pairs"),
    ]


def filled(template: str) -> str:
    return PLACE.sub(lambda place: f"{int(place[1]) + 41}", template)


def places(template: str) -> set[str]:
    return set(PLACE.findall(template))
