"""A card shows what a method declares, and leaves out what it does not."""

from __future__ import annotations

import base64
import json
import re

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.batch.four_samples import curves_over_distance
from core.experiment.experiment import FAMILIES
from core.losses import Triplet
from core.params import Card, Declared
from dashboard.train import method_card
from dashboard.wording import KEPT
from tests.dashboard.sent import sent_to_components

MEMBERS = [(family, name) for family, kinds in FAMILIES.items() for name in kinds]


def page() -> None:
    import streamlit as st

    from core.experiment.experiment import FAMILIES
    from dashboard.train import method_card

    family, name = st.session_state["asked"]
    kind = FAMILIES[family][name]
    method_card.show_formula(family, kind, kind().described() | st.session_state["typed"])
    method_card.show_notes(kind)


def drawn(family: str, name: str, **typed: object) -> AppTest:
    app = AppTest.from_function(page, default_timeout=60)
    app.session_state["asked"] = (family, name)
    app.session_state["typed"] = typed
    app.run()
    assert not app.exception, app.exception
    return app


def said_by(card: Card) -> list[str]:
    paper = [f":material/article: {card.paper}"] if card.paper else []
    lists = {"How others have it": card.dialects, "Traps": card.traps}
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
    has_curves = family == "loss"
    assert captions[has_curves:] == said_by(kind.card)
    lines = method_card.formula_lines(kind.card.formula)
    assert [text.value for text in app.markdown] == (
        ["\n\n".join(f"$\\displaystyle {line}$" for line in lines)] if lines else []
    )
    assert len(app.get("bidi_component")) == has_curves


def test_a_formula_has_its_words_in_the_language_of_the_reader() -> None:
    app = AppTest.from_function(page, default_timeout=60)
    app.session_state["asked"], app.session_state["typed"] = ("loss", "triplet"), {}
    app.session_state[KEPT] = "zh"
    (formula,) = app.run().markdown
    assert r"\text{或 }" in formula.value and not re.search(r"text\{[^}]*[a-z]", formula.value)


def test_the_picture_of_a_loss_says_what_a_collapse_costs() -> None:
    assert drawn("loss", "triplet").caption[0].value.endswith("When all embeddings are equal it costs **0.2**.")


def curves_drawn(app: AppTest) -> list[list[float]]:
    """The y values of the figure on the card."""
    (sent,) = sent_to_components(app)
    traces = json.loads(sent["figure"])["data"]
    return [decoded(trace["y"]) for trace in traces]


def decoded(numbers: dict[str, str]) -> list[float]:
    return np.frombuffer(base64.b64decode(numbers["bdata"]), numbers["dtype"]).tolist()


@pytest.mark.parametrize("margin", [0.1, 0.2, 0.75])
def test_the_curves_follow_the_values_that_are_typed(margin: float) -> None:
    app = drawn("loss", "triplet", margin=margin)
    expected = curves_over_distance(Triplet(margin=margin).curve)
    assert curves_drawn(app)[0] == pytest.approx(expected["pull"].tolist(), abs=1e-6)
    assert ("it costs" in app.caption[0].value) == (margin == 0.2), "what is recorded holds for the defaults alone"


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
