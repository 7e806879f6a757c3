"""A card shows what a method declares, and leaves out what it does not."""

from __future__ import annotations

import json
import re

import pytest
from streamlit.testing.v1 import AppTest

from core.experiment.experiment import FAMILIES
from core.losses import LOSSES
from core.params import Card, Declared
from dashboard.train import method_card
from tests.imports import ROOT

CURVES = json.loads((ROOT / "assets" / "curves.json").read_text())
MEMBERS = [(family, name) for family, kinds in FAMILIES.items() for name in kinds]


def page() -> None:
    import streamlit as st

    from core.experiment.experiment import FAMILIES
    from dashboard.train import method_card

    family, name = st.session_state["asked"]
    kind = FAMILIES[family][name]
    method_card.show_formula(family, kind, kind().described() | st.session_state.get("typed", {}))
    method_card.show_notes(kind)


def drawn(family: str, name: str) -> AppTest:
    app = AppTest.from_function(page)
    app.session_state["asked"] = (family, name)
    app.run()
    assert not app.exception, app.exception
    return app


def said_by(card: Card) -> list[str]:
    paper = [f":material/article: {card.paper}"] if card.paper else []
    lists = {"Dialects": card.dialects, "Traps": card.traps}
    return paper + [
        "\n".join([f"**{title}**", "", *(f"- {sentence}" for sentence in sentences)])
        for title, sentences in lists.items()
        if sentences
    ]


@pytest.mark.parametrize(("family", "name"), MEMBERS)
def test_formula_paper_dialects_and_traps_are_shown_where_they_are_declared(family: str, name: str) -> None:
    kind: type[Declared] = FAMILIES[family][name]
    app = drawn(family, name)
    captions = [caption.value for caption in app.caption]
    has_curves = family == "loss" and name in CURVES
    assert captions[has_curves:] == said_by(kind.card)
    lines = method_card.formula_lines(kind.card.formula)
    assert [text.value for text in app.markdown] == (
        ["\n\n".join(f"$\\displaystyle {line}$" for line in lines)] if lines else []
    )
    assert len(app.get("bidi_component")) == has_curves


def test_the_picture_of_a_loss_says_what_a_collapse_costs() -> None:
    assert LOSSES.keys() >= CURVES.keys() >= {"triplet", "softmax"}
    assert drawn("loss", "triplet").caption[0].value.endswith("When all embeddings are equal it costs **0.2**.")


@pytest.mark.parametrize(("family", "name"), MEMBERS)
def test_a_formula_is_cut_into_lines_that_each_stand_alone(family: str, name: str) -> None:
    formula = FAMILIES[family][name].card.formula
    lines = method_card.formula_lines(formula)
    for line in lines:
        assert line.count("{") == line.count("}")
        assert len(re.findall(r"\\left(?![a-z])", line)) == len(re.findall(r"\\right(?![a-z])", line))
    joined = "".join("".join(lines).split())
    assert joined == "".join(re.sub(r"\\q?quad", "", formula).split())


def test_some_methods_declare_nothing() -> None:
    bare = [(family, name) for family, name in MEMBERS if FAMILIES[family][name].card == Card()]
    assert bare and not drawn(*bare[0]).caption
