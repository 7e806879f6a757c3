"""What the glossary says: one sentence for each term in every language, and where a text has which term."""

from __future__ import annotations

import re

import pytest

from dashboard.glossary.entries import entries, entry, found_in, names_in, sentence_of
from dashboard.glossary.terms import TERMS
from dashboard.wording import catalogue, languages, speaking

LETTERS = {"en": range(30, 141), "zh": range(10, 59)}
END = {"en": r"[.?!](?= |$)", "zh": "[。？！]"}


@pytest.mark.parametrize("named", languages())
def test_a_term_has_one_sentence_of_readable_length(named: str) -> None:
    for term in TERMS:
        sentence = catalogue(named)[f"glossary.term.{term}.text"]
        assert len(re.findall(END[named], sentence)) == 1 and re.search(rf"{END[named]}$", sentence), term
        assert len(sentence) in LETTERS[named], (term, sentence)


@pytest.mark.parametrize("named", languages())
def test_no_two_terms_have_the_same_sentence_or_name(named: str) -> None:
    for what in ("text", "name"):
        said = [catalogue(named)[f"glossary.term.{term}.{what}"] for term in TERMS]
        assert len(set(said)) == len(said)


@pytest.mark.parametrize("named", languages())
def test_an_entry_is_of_the_language_that_is_spoken(named: str) -> None:
    with speaking(named):
        shown = entry("semi_hard")
        assert shown.sentence == sentence_of("semi_hard") == catalogue(named)["glossary.term.semi_hard.text"]
        assert shown.name in shown.alt and shown.forms == names_in("semi_hard", named)
        assert [one.term for one in entries()] == list(TERMS)


def test_another_language_has_the_english_name_as_well() -> None:
    assert names_in("far", "zh") == ("误识率", "错误接受率", "FAR")
    assert names_in("far", "en") == ("FAR", "false accept rate")


def found(text: str, named: str = "en") -> list[tuple[str, str]]:
    with speaking(named):
        return [(text[start:end], term) for start, end, term in found_in(text)]


def test_terms_are_found_where_a_text_first_has_them_the_longest_name_first() -> None:
    text = "Semi-hard triplets have a margin. The margin of semi hard ones is small."
    assert found(text) == [("Semi-hard triplets", "semi_hard"), ("margin", "margin")]
    assert found("Queries and strategies") == [("Queries", "query"), ("strategies", "strategy")]


def test_an_abbreviation_is_one_only_as_it_is_written() -> None:
    assert found("How far is the mAP from 1, and what of the FAR?") == [("mAP", "average_precision"), ("FAR", "far")]


def test_a_word_of_everyday_speech_is_a_term_where_it_stands_out() -> None:
    assert found("It is hard to see on the map.") == []
    assert found("The third kind is *hard*.") == [("hard", "hard")]


def test_links_code_and_formulas_are_left_alone() -> None:
    assert found("[the anchor](mine) `margin` $triplet$ :material/anchor: https://a.b/anchor") == []
    assert found("anchors and `anchors`") == [("anchors", "anchor")]


def test_chinese_terms_need_no_blanks() -> None:
    text = "正样本对比锚点更近，间隔是 FAR 的事。"
    assert found(text, "zh") == [("正样本对", "positive_pair"), ("锚点", "anchor"), ("间隔", "margin"), ("FAR", "far")]


def test_every_form_of_a_term_leads_to_a_term() -> None:
    for named in languages():
        for term in TERMS:
            for form in names_in(term, named):
                hits = found(f"*{form}*", named)
                assert hits and hits[0][0] == form, (named, term, form, hits)


def test_sentences_use_no_word_that_only_the_initiated_know() -> None:
    forbidden = re.compile(r"monotone|argmax|logit|backprop|stochastic|manifold|posterior|heuristic", re.IGNORECASE)
    assert not [term for term in TERMS if forbidden.search(catalogue("en")[f"glossary.term.{term}.text"])]
