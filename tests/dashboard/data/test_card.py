from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from core.admission.asked import NOT_FINITE
from core.admission.findings import PROBLEMS
from core.admission.mends import MENDS
from core.datasets.admitted import DataCard
from core.datasets.fitting import FITS
from dashboard.data.card import evidence, key_of, mends_in_words, preparation, sentence
from dashboard.wording import say

FOUND = {"identities": 412, "samples": 3120, "genuine_pairs": 11400, "impostor_pairs": 4854240}
FOUND |= {"smallest_far": 3 / 84666, "cautious_far": 3 / 206}


def card(found: dict[str, Any], kind: str = "images", title: str = "cats.zip") -> DataCard:
    return DataCard(id="0" * 32, kind=kind, title=title, created="", count=1, class_names=("a",), found=found)


def test_the_sentence_says_what_there_is_and_a_name_is_no_markup() -> None:
    assert sentence(card(FOUND)) == "cats\\.zip: 412 identities, 3,120 images."
    one = card({"identities": 1, "samples": 1}, "vectors", "![](http://x) <b>")
    assert sentence(one).endswith(": 1 identity, 1 embedding.") and "![](" not in sentence(one)


def test_the_evidence_names_pairs_and_rates() -> None:
    words = evidence(FOUND)
    assert "11,400 genuine and 4,854,240 impostor pairs" in words and "0.0035 %" in words and "1.5 %" in words
    assert words.endswith("so trust none below 1.5 %.")
    assert evidence(FOUND | {"cautious_far": 1.0}).endswith("of so few identities none can be trusted.")
    assert "no FAR can be told" in evidence(FOUND | {"smallest_far": None})


def test_each_mend_says_how_many_it_left_out_where_that_is_known() -> None:
    mended = replace(card(FOUND), mends=("drop-single", "merge-equal", "scale-to-unit"))
    assert mends_in_words(mended) == "identities of one sample left out, copies merged, scaled to unit length"
    counts = [{"mend": "drop-single", "count": 1200}, {"mend": "merge-equal", "count": 3}]
    counts += [{"mend": "merge-equal", "count": 4}, {"mend": "scale-to-unit", "count": 0}]
    words = mends_in_words(replace(mended, found=FOUND | {"left_out": counts}))
    assert words == "identities of one sample left out (1,200), copies merged (7), scaled to unit length"


@pytest.mark.parametrize("fit", FITS)
def test_the_preparation_is_said_in_words(fit: str) -> None:
    rule = {"width": 64, "height": 48, "channels": 3, "fit": fit}
    assert preparation(rule).startswith("64 x 48 pixels, in colour, by ")
    assert "grey" in preparation(rule | {"channels": 1})


def test_there_are_words_for_every_problem_and_every_mend() -> None:
    names = {"single", "equal", "contradicting", "near", "near-across", "zero", "constant", "not-unit"}
    assert len(names) == len(PROBLEMS)
    for name in names:
        assert say(f"data.problem.{key_of(name)}.one") != say(f"data.problem.{key_of(name)}.other", number=2)
    for name in (*MENDS, NOT_FINITE):
        assert say(f"data.mend.{key_of(name)}") and say(f"data.mended.{key_of(name)}")
