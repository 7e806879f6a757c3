"""The page of a comparison: whole, self-contained, and safe with any name."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

from core.comparison.reached import NUMBERS
from core.handover.comparison_report import COLOURS, report
from tests.core.found_results import COMMAND, EVIL, found

VOID = {"meta", "br"}


class Read(HTMLParser):
    """Whatever is opened is closed; what a reader sees, and the tags and addresses."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open, self.tags, self.seen, self.ids, self.links = [], [], [], [], []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.open += [] if tag in VOID else [tag]
        self.ids += [value for name, value in attrs if name == "id"]
        self.links += [value for name, value in attrs if name in ("href", "src", "xlink:href")]

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.open = self.open[:-1] if tag not in VOID else self.open

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.seen += [data] if not {"style"} & set(self.open) else []

    @property
    def text(self) -> str:
        return " ".join("".join(self.seen).split())


def test_it_is_whole_and_loads_nothing() -> None:
    page = Read(report(found()))
    assert page.open == [] and page.tags.count("svg") == 3
    assert not {"script", "link", "img", "iframe", "object"} & set(page.tags)
    assert all(link is not None and link.startswith("#") for link in page.links), "within the page alone"
    assert len(set(page.ids)) == len(page.ids) and {link[1:] for link in page.links} <= set(page.ids)
    assert "default-src 'none'" in report(found())


def test_it_says_what_was_found_how_it_was_made_and_how_to_make_it_again() -> None:
    text = Read(report(replace(found(), tuned={"random": {"schedule": {"learning_rate": 0.004}}}))).text
    assert "random is better than semi-hard, by 0.200 in MAP@R." in text
    assert "Not distinguishable: 2 of 3 pairs." in text and "random − " not in text.split("All differences")[0]
    assert "semi-hard − random-0.200 (-0.350 to -0.050)worse" in text
    assert "open-set, by identity: 90 samples of 9 identities" in text and "learning rate 0.004" in text
    assert COMMAND in text and all(number.title in text for number in NUMBERS.values())
    assert "2026-01-31, 3 strategies, from 3 seeds" in text
    described = "of Effective rank and Spread within / of all over seeds alone."
    assert f"Intervals over seeds and identities; {described}" in text


def test_names_are_no_markup() -> None:
    page = Read(report(found((EVIL, "b<i>", "&amp;"))))
    assert not {"script", "i"} & set(page.tags) and page.text.count(EVIL) >= 4 and "&amp;" in page.text


def test_of_one_seed_nothing_is_called_better_and_without_a_difference_none_is_said() -> None:
    assert "From one seed nobody knows what another would give" in Read(report(found(seeds=1))).text
    text = Read(report(replace(found(("a", "b")), command=""))).text
    assert "No two strategies can be told apart by MAP@R." in text and "makes it again" not in text


def test_every_colour_of_a_figure_has_one_for_the_dark() -> None:
    page = report(found([f"s{number}" for number in range(11)], 1))
    svgs = re.findall(r"<svg.*?</svg>", page, re.DOTALL)
    assert not [colour for svg in svgs for colour in re.findall(r"#[0-9a-fA-F]{6}\b", svg)]
    used = {name for svg in svgs for name in re.findall(r"var\(--([\w-]+)\)", svg)}
    assert used == {name for name, _ in COLOURS.values()} - {"better", "worse"} | used
    light, dark = page.split("prefers-color-scheme: dark", 1)
    assert all(
        f"--{name}: {colour};" in light and f"--{name}: {other};" in dark for colour, (name, other) in COLOURS.items()
    )
