"""Each catalogue beside the English one: complete, with the same places and marks, and as its language is written."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections import Counter
from string import Formatter

import pytest

from dashboard.wording import ENGLISH, WORDS, catalogue, languages

SENTENCES = catalogue(ENGLISH)
OTHERS = [language for language in languages() if language != ENGLISH]
CHINESE = catalogue("zh")
MARK = re.compile(r":material/\w+:|:\w+\[|<\w+>|`[^`]*`|\*\*|METRIC_LAB_\w+|%?\{\{[^}]*\}\}")
PLACE = re.compile(r"\{\{[^}]*\}\}|\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}")
# By what core says and calls in English, which has no files of its own.
OF_CORE = {"core.toml", "names.toml", "reports.toml", "formulas.toml"}
HAN = r"[\u4e00-\u9fff]"
FULL = r"[\u3001\u3002\uff01\uff08\uff09\uff0c\uff1a\uff1b\uff1f\u201c\u201d]"
# Places that a language fills otherwise: what of a number, and what of a day.
OTHERWISE = {"runs.waiting.place": {"ordinal": "number"}}
# Names, units and abbreviations, which stay as they are, and what joins two of them.
NAMES = re.compile(
    r"Metric Lab|TensorBoard|Recall@1|MAP@R|METRIC_LAB_\w+|\b(?:Python|Parquet|Projector|Platt|"
    r"[A-Z]+|mAP|mINP|[kMG]?B|at|and|of|to)\b"
)
# What the field calls things, wherever English has the word.
TERMS = {
    r"semi-hard": "半难",
    r"triplet": "三元组",
    r"anchor": "锚点",
    r"positive pair": "正样本对",
    r"negative pair": "负样本对",
    r"genuine pair": "真实样本对",
    r"impostor": "冒名",
    r"\bmargin": "间隔",
    r"threshold": "阈值",
    r"false accept rate": "误识率",
    r"false reject rate": "拒识率",
    r"snapshot": "快照",
    r"embedding": "嵌入",
    r"encoder(?!\.)": "编码器",
    r"\bminer": "挖掘器",
    r"sampler": "采样器",
    r"identit(?:y|ies)": "身份",
    r"\bseed": "种子",
    r"\bepoch": "轮",
    r"\bbatch": "批次",
    r"baseline": "基线",
    r"gradient": "梯度",
    r"held-out": "留出",
    r"distance": "距离",
    r"similarit": "相似度",
    r"\bloss\b": "损失",
    r"learning rate": "学习率",
    r"calibrat": "校准",
    r"suspect": "可疑",
    r"\bhubs?\b": "枢纽点",
    r"outlier": "离群点",
    r"\bquer(?:y|ies)\b": "查询",
    r"strateg": "策略",
    r"trustworthiness": "可信度",
    r"interval": "区间",
}


def bare(sentence: str) -> str:
    """The words alone, without places, marks and code."""
    return PLACE.sub(" ", MARK.sub(" ", sentence))


def filled(sentence: str, key: str = "") -> set[tuple[str, str]]:
    """The name of each place with its format; of a moment the name alone, since a day is written in many ways."""
    renamed = {new: old for old, new in OTHERWISE.get(key, {}).items()}
    found = set()
    for _, name, form, _ in Formatter().parse(sentence):
        if name is not None:
            root = re.split(r"[.\[]", name)[0]
            found.add((root, "") if root == "moment" else (renamed.get(name, name), form or ""))
    return found


@pytest.mark.parametrize("language", OTHERS)
def test_a_language_has_the_files_and_the_keys_of_the_english_in_their_order(language: str) -> None:
    names = {file.name for file in (WORDS / ENGLISH).iterdir()} - OF_CORE
    assert {file.name for file in (WORDS / language).iterdir()} - OF_CORE == names
    for name in names:  # tomllib refuses what is no TOML, and a key twice
        assert tomllib.loads((WORDS / language / name).read_text(encoding="utf-8"))
    ours, english = list(catalogue(language)), list(SENTENCES)
    assert set(ours) ^ set(english) == set()
    assert ours == english


@pytest.mark.parametrize("language", OTHERS)
def test_a_language_has_the_places_and_marks_of_the_english(language: str) -> None:
    for key, sentence in catalogue(language).items():
        assert filled(sentence, key) == filled(SENTENCES[key]), key
        assert Counter(MARK.findall(sentence)) == Counter(MARK.findall(SENTENCES[key])), key


@pytest.mark.parametrize("language", OTHERS)
def test_every_file_says_in_english_what_it_holds(language: str) -> None:
    for file in (WORDS / language).iterdir():
        first = file.read_text(encoding="utf-8").partition("\n")[0]
        assert re.fullmatch(r"# [\x20-\x7e]{20,}", first), file.name


def test_what_is_found_in_a_sentence() -> None:
    assert filled("{a:.{digits}f} of {{b:,d}} at {moment:%b}") == {("a", ".{digits}f"), ("moment", "")}
    assert filled("第 {number} 位", "runs.waiting.place") == {("ordinal", "")}
    assert bare("**{x}** `a b` :material/add: {{y}}x").split() == ["x"]


def test_chinese_sentences_are_chinese() -> None:
    english = [key for key, sentence in SENTENCES.items() if re.search(r"[A-Za-z]{2,}", NAMES.sub("", bare(sentence)))]
    assert len(english) > 0.9 * len(SENTENCES)
    assert [key for key in english if not re.search(HAN, CHINESE[key])] == []


@pytest.mark.parametrize(
    "wrong, why",
    [
        (rf"{HAN}[,.;:?!]|[,;?!]{HAN}", "punctuation of half a width beside a Chinese character"),
        (rf"{HAN} ?[()]|[()] ?{HAN}", "brackets of half a width beside a Chinese character"),
        (rf"{HAN}[A-Za-z0-9]|[A-Za-z0-9%]{HAN}", "no space between Chinese and Latin"),
        (rf"{HAN} {HAN}", "a space between Chinese characters"),
        (rf" {FULL}|{FULL} ", "a space beside punctuation of full width"),
    ],
)
def test_chinese_is_set_in_one_way(wrong: str, why: str) -> None:
    """What stands in a place may be of either language, so that only the words beside each other are looked at."""
    found = {}
    for key, sentence in CHINESE.items():
        text = PLACE.sub("\0", re.sub(r":material/\w+: ?|:\w+\[", "", sentence))
        if match := re.search(wrong, text):
            found[key] = match[0]
    assert found == {}, why


def is_bold(sentence: str) -> bool:
    """Whether every pair of stars begins and ends bold letters: Markdown does not see them between a sign and a letter
    when the sign is inside."""
    parts = sentence.split("**")
    edges = [
        (inside, outside)
        for at in range(1, len(parts), 2)
        for inside, outside in (
            (parts[at][:1], parts[at - 1][-1:]),
            (parts[at][-1:], parts[at + 1][:1]),
        )
    ]
    return all(is_word(inside) or not is_word(outside) for inside, outside in edges)


def is_word(sign: str) -> bool:
    return unicodedata.category(sign)[0] in "LNC" if sign else False


def test_bold_is_bold() -> None:
    assert is_bold("**甲**，乙") and is_bold("甲，**乙**") and is_bold("甲**乙**丙") and is_bold("（**1 %** 甲）")
    assert not is_bold("**甲，**乙") and not is_bold("甲**“乙”**") and not is_bold("**1 %**甲")
    assert [key for key, sentence in CHINESE.items() if not is_bold(PLACE.sub("\0", sentence))] == []


@pytest.mark.parametrize("english", TERMS)
def test_a_term_is_always_called_the_same(english: str) -> None:
    said = [key for key, sentence in SENTENCES.items() if re.search(english, bare(sentence), re.IGNORECASE)]
    assert said
    assert {key: CHINESE[key] for key in said if TERMS[english] not in CHINESE[key]} == {}


def test_a_number_of_things_takes_the_same_words_whichever_it_is() -> None:
    for key in CHINESE:
        if key.endswith(".one") and (other := f"{key[:-3]}other") in CHINESE:
            of_one = re.sub(r"\{number[^}]*\}|\b1\b", "#", CHINESE[key])
            of_other = re.sub(r"\{number[^}]*\}", "#", CHINESE[other])
            assert key == "runs.waiting.compiling.one" or of_one == of_other.replace("们", ""), key
