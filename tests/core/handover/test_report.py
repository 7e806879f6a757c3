"""The page of a threshold holds every number of its card and nothing that could run."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import pytest

from core.handover.report import report
from core.handover.words import errors_in_words, percentages
from core.thresholds.outcome import Outcome
from core.verification.goals import Cost, Eer, Far, Frr, Hand
from core.verification.protocols import FOLDS, OTHERS, SAME
from tests.core.reports import of_embeddings, of_similarities

CASES = {
    "unsupported": lambda: of_embeddings(Far(0.001)),
    "supported": lambda: of_embeddings(Frr(0.2), SAME),
    "folds": lambda: of_embeddings(Eer(), FOLDS),
    "by hand": lambda: of_embeddings(Hand(0.9)),
    "cost": lambda: of_embeddings(Cost(10.0, 1.0, 0.75), OTHERS),
    "similarities": lambda: of_similarities(Far(0.02)),
}
VOID = {"meta"}


class Page(HTMLParser):
    """The words of a page; fails where an element is closed that is not open."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.said: list[str] = []
        self.feed(text)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        assert not [name for name, _ in attrs if name.startswith("on") or name in {"src", "href"}]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag
        self.said += [" "] * (tag in {"td", "th", "p"})

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.said.append(data)

    @property
    def words(self) -> str:
        return " ".join("".join(self.said).split())


@pytest.fixture(params=CASES.values(), ids=CASES)
def case(request: pytest.FixtureRequest) -> tuple[dict[str, Any], Outcome]:
    return request.param()


def shares_of(card: dict[str, Any]) -> list[float]:
    naive, smallest = card["intervals_if_pairs_were_independent"], card["smallest_rates_that_can_be_shown"]
    drawn = card.get("bootstrap_intervals", {})
    shares = [card[f"false_{kind}_rate"] for kind in ("accept", "reject")] + [
        card["accuracy"],
        card["equal_error_rate"],
    ]
    intervals = (card["false_accept_interval"], card["false_reject_interval"], *naive.values(), *drawn.values())
    for ends in (*intervals, [*smallest.values()]):
        shares += ends
    return shares


def test_the_page_holds_every_number(case: tuple[dict[str, Any], Outcome]) -> None:
    card, told = case
    words = Page(report(card, told)).words
    assert all(share in words for share in percentages(shares_of(card)))
    names = ("true_accepts", "false_accepts", "true_rejects", "false_rejects", "positive_pairs", "negative_pairs")
    assert all(re.search(rf"\b{card[name]:,}\b", words) for name in names)
    assert f"Threshold, all digits {abs(card['threshold'])!r}" in words
    assert errors_in_words(told) in words
    assert all(card[name] in words for name in card if "digest" in name)
    assert card["date"] in words and card["protocol_in_words"] in words and card["file"] in words
    assert ("too narrow" in words) and f"{card['area_under_curve']:.4f}" in words


def test_the_page_says_what_the_data_cannot_support() -> None:
    card, told = of_embeddings(Far(0.001))
    needed = told.reported.identities_for(told.goal)
    assert needed > told.reported.identities
    assert f"it takes about {needed:,} such identities" in Page(report(card, told)).words
    assert "it takes about" not in Page(report(*of_embeddings(Frr(0.2), SAME))).words
    assert "The goal is smaller than that." in Page(report(*of_similarities(Far(0.001)))).words
    assert "Nobody said whose pairs they are" in Page(report(*of_similarities(Far(0.02)))).words


def test_the_page_says_what_the_bootstrap_does_where_it_is_known() -> None:
    card, told = of_embeddings(Frr(0.2))
    far, frr = (" to ".join(percentages(ends)) for ends in card["bootstrap_intervals"].values())
    assert f"By bootstrap, and no narrower than these, the 95 % intervals are {far} and {frr}." in (
        Page(report(card, told)).words
    )
    for other in (of_embeddings(Frr(0.2), SAME), of_similarities(Far(0.02))):
        assert "bootstrap" not in report(*other)


def test_the_page_of_folds_says_from_where_to_where_they_go() -> None:
    card, told = of_embeddings(Eer(), FOLDS)
    thresholds = [fold["threshold"] for fold in card["folds"]]
    assert min(thresholds) < max(thresholds)
    words = Page(report(card, told)).words
    assert f"means over 10 folds, whose thresholds go from {min(thresholds):.5g} to {max(thresholds):.5g}" in words


def test_the_page_names_the_checkpoint_of_the_model() -> None:
    card, told = of_embeddings(Eer())
    assert "checkpoint" not in report(card, told)
    words = Page(report({**card, "model_digest": "a" * 64}, told)).words
    assert f"SHA-256 of the model's checkpoint {'a' * 64}" in words


def test_a_similarity_is_told_as_such() -> None:
    card, told = of_similarities(Far(0.02))
    words = Page(report(card, told)).words
    assert f"Accept when the similarity is at least {-card['threshold']:.5g}." in words
    low, high = card["threshold_interval"]
    assert f"might have been {-high:.5g} to {-low:.5g}." in words


HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'&.npz"


@pytest.mark.parametrize("about", ["", HOSTILE])
def test_a_hostile_name_stays_text(about: str) -> None:
    for card, told in (of_embeddings(Eer(), name=HOSTILE), of_similarities(Eer(), name=HOSTILE)):
        page = Page(report(card, told, about))
        assert not {"script", "img"} & set(page.tags)
        assert f"Threshold for {HOSTILE}" in page.words


def test_no_value_of_the_card_is_taken_for_markup() -> None:
    card, told = of_embeddings(Eer())
    named = {name: "<b>" for name in ("file", "run", "data_protocol", "data_digest", "embeddings_digest", "date")}
    assert "b" not in Page(report({**card, **named}, told)).tags


def test_the_page_needs_nothing_from_elsewhere() -> None:
    text = report(*of_embeddings(Eer()))
    addresses = set(re.findall(r"https?://[^\"' ]+", text)) - {"http://www.w3.org/2000/svg"}
    assert not addresses and "@import" not in text and "url(" not in text.replace("url(#hatch)", "")
    assert "@page" in text and "@media print" in text
