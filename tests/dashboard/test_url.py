"""One way to keep state in the address: what is declared is read, checked and written by the same few functions."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import settings
from dashboard.url import Between, Setting, finite, in_a_line, names, not_negative, number, truth, words
from dashboard.wording import ENGLISH, catalogue
from tests.dashboard.pages import notes
from tests.imports import ROOT, python_files

DECLARED = {name: found for name, found in vars(settings).items() if isinstance(found, Setting)}


def naming(pattern: str) -> set[Path]:
    """The files of the pages in which these words stand."""
    return {file.relative_to(ROOT) for file in python_files("dashboard") if re.search(pattern, file.read_text())}


def test_no_other_file_knows_of_the_address() -> None:
    assert naming(r"\bst\.query_params|query-params") == {Path("dashboard/url.py")}


def test_whatever_the_address_names_is_declared_in_one_file() -> None:
    assert naming(r"\bSetting(\[.*\])?\(") - {Path("dashboard/url.py")} == {Path("dashboard/settings.py")}


def test_no_two_settings_share_a_name() -> None:
    names = [found.name for found in (*DECLARED.values(), *settings.NUMBERS.values())]
    assert len(DECLARED) > 10 and len(set(names)) == len(names)


def test_notes_can_call_every_setting_by_its_noun_with_an_article_and_without() -> None:
    nouns = {found.noun for found in (*DECLARED.values(), *settings.NUMBERS.values())}
    for what in ("noun", "kind"):
        named = {key.split(".")[2] for key in catalogue(ENGLISH) if key.startswith(f"address.{what}.")}
        assert named == nouns


def choosing() -> None:
    """A page with a menu, a number, a handle and a switch in its address, and what was refused."""
    import streamlit as st

    from dashboard import url
    from dashboard.url import Between, Setting, finite, not_negative, number

    url.arrive()
    url.begin("")
    labels = {"near": "Nearest first", "far": "Furthest first"}
    order, margin = Setting("order", str, str, default="near"), Setting("margin", not_negative, str)
    count = Setting("n", finite, number, default=3.0, noun="epoch", key="n")
    st.selectbox("Order", list(labels), format_func=labels.__getitem__, **order.widget(order.among(list(labels))))
    given = count.value(3.0, Between(0, 9), "not from 0 to 9")
    st.number_input("Count", 0.0, 9.0, **count.widget(given))
    st.button("Drag", key="drag", on_click=margin.keep, args=(0.5,))
    st.button("Leave", key="leave", on_click=margin.keep, args=(None,), kwargs={"without": (count,)})
    moment = Setting("moment", int, str, noun="frame").named({"epoch 1": 10, "first": 10, "epoch 2": 20})
    st.text(f"{order.among(list(labels))} {margin.value(0.2)} {margin.value(0.2, (0.2, 0.5))} {given:g} {margin.text}")
    st.text(order.link("far"))
    st.text(moment.among([20, 10]))
    if "newest" in st.session_state:
        Setting("run", str, str).keep_in_place(st.session_state["newest"])


def opened(**query: str) -> AppTest:
    app = AppTest.from_function(choosing)
    for name, value in query.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception, app.exception
    return app


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ({}, "near 0.2 0.2 3 None"),
        ({"order": "far", "margin": "1.5", "n": "2"}, "far 1.5 0.2 2 1.5"),
        ({"order": "Furthest first", "margin": "-1", "n": "x"}, "near 0.2 0.2 3 -1"),
        ({"order": "", "margin": "nan", "n": "99"}, "near 0.2 0.2 3 nan"),
        ({"n": "inf"}, "near 0.2 0.2 3 None"),
    ],
)
def test_what_the_address_says_is_shown_and_what_is_not_possible_is_not(query: dict[str, str], shown: str) -> None:
    app = opened(**query)
    assert app.text[0].value == shown
    assert app.selectbox[0].value == shown.split()[0]


def said(app: AppTest, name: str) -> str | None:
    """The parameter, whichever form the testing library has it in."""
    found = app.query_params.get(name)
    return found[0] if isinstance(found, list) else found


def test_what_is_chosen_stands_in_the_address_by_its_name_and_the_default_does_not() -> None:
    app = opened()
    app.selectbox[0].select("far").run()
    assert (said(app, "order"), app.text[0].value.split()[0]) == ("far", "far")
    app.selectbox[0].select("near").run()
    assert said(app, "order") is None


def test_a_widget_follows_an_address_that_is_typed() -> None:
    app = opened(order="far")
    app.query_params["margin"] = "0.5"
    app.query_params["order"] = "near"
    assert app.run().selectbox[0].value == "near" and app.text[0].value.startswith("near 0.5 0.5")


def test_what_no_widget_holds_is_kept_and_taken_out_with_what_goes_with_it() -> None:
    app = opened(n="5")
    app.button(key="drag").click().run()
    assert (said(app, "margin"), app.text[0].value) == ("0.5", "near 0.5 0.5 5 0.5")
    app.button(key="leave").click().run()
    assert said(app, "margin") is None and said(app, "n") is None and app.text[0].value == "near 0.2 0.2 3 None"


def test_a_late_message_with_an_older_address_undoes_nothing() -> None:
    """As when a second click overtakes the new address on its way to the browser."""
    app = opened(n="5")
    app.number_input[0].set_value(7).run()
    app.query_params["n"] = "5"
    app.selectbox[0].select("far").run()
    assert (app.number_input[0].value, said(app, "n"), said(app, "order")) == (7, "7", "far")


def test_an_address_that_is_empty_after_a_change_of_pages_has_what_it_had() -> None:
    app = opened(n="5", margin="0.5")
    app.query_params.clear()
    assert app.run().text[0].value == "near 0.5 0.5 5 0.5"
    assert in_place(app) == [("", "n=5&margin=0.5")]


def test_on_a_way_back_the_address_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened(n="5")
    app.number_input[0].set_value(7).run()
    app.query_params["n"] = "5"
    monkeypatch.setattr("dashboard.url.is_way_back", lambda: True)
    assert app.run().number_input[0].value == 5


def in_place(app: AppTest) -> list[tuple[str, str]]:
    """What the browser is told to put into which address without an entry in its history."""
    sent = [json.loads(one.proto.json) for one in app.get("bidi_component")]
    return [(one["before"], one["query"]) for one in sent]


def test_what_is_shown_without_a_choice_is_named_in_place() -> None:
    app = opened(n="5")
    app.session_state["newest"] = "a"
    assert in_place(app.run()) == [("n=5", "n=5"), ("n=5", "n=5&run=a")]
    app.session_state["newest"] = "b"
    assert in_place(app.run()) == [("n=5", "n=5")], "said once"


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"n": "12"}, "The address asks for the epoch “12”, not from 0 to 9. Shown instead: 3."),
        ({"n": "x"}, "The address asks for the epoch “x”, not from 0 to 9. Shown instead: 3."),
        ({"order": "<b>up"}, "The address asks for order “<b>up”, which is not offered here. Shown instead: near."),
        ({"margin": "-1"}, "The address asks for margin “-1”, which is no such margin. Shown instead: 0.2."),
        ({"moment": "epoch 9"}, "The address asks for the frame “epoch 9”, which is no such frame. "
         "Shown instead: epoch 2."),
    ],
)  # fmt: skip
def test_a_wrong_setting_falls_back_with_a_note_that_can_be_closed(query: dict[str, str], sentence: str) -> None:
    app = opened(**query)
    assert notes(app) == [sentence]
    assert notes(app.run()) == [sentence], "until it is closed"
    (name,) = query
    app.button(key="notices.close").click().run()
    assert notes(app) == [] and said(app, name) is None


def test_every_wrong_setting_has_its_note() -> None:
    assert len(notes(opened(n="x", margin="nan", order="up", moment="no"))) == 4
    assert notes(opened(n="2", margin="0.5", order="far", moment="first")) == []


def test_a_setting_may_have_names_for_what_is_offered() -> None:
    assert [opened(moment=name).text[2].value for name in ("epoch 1", "first", "epoch 2", "3")] == [
        "10",
        "10",
        "20",
        "20",
    ]


def leading() -> None:
    import streamlit as st

    from dashboard import url
    from dashboard.url import Setting, finite, number

    url.begin("")
    order, count = Setting("order", str, str), Setting("n", finite, number)
    st.session_state["led"] = url.address_with([(count, 2.0)], without=[order])


def test_the_address_of_another_page_has_what_travels_there_and_not_what_is_of_this_one() -> None:
    app = AppTest.from_function(leading)
    app.query_params.update({"order": "far", "runs": "a,b", "n": "1"})
    assert app.run().session_state["led"] == {"runs": "a,b", "n": "2"}
    assert not app.exception


def test_a_link_is_the_address_with_one_setting_in_it() -> None:
    assert opened(margin="1").text[1].value.endswith("?margin=1&order=far")


@pytest.mark.parametrize(("read", "text"), [
    (finite, "inf"), (finite, "nan"), (finite, ""), (not_negative, "-0.1"), (truth, "1")
])  # fmt: skip
def test_text_that_means_nothing_is_refused(read: Callable[[str], object], text: str) -> None:
    with pytest.raises(ValueError):
        read(text)


def test_text_is_read_as_what_it_means() -> None:
    assert (finite("-1e3"), not_negative("0"), words("a,b")) == (-1000.0, 0.0, ["a", "b"])
    assert (truth("TRUE"), truth("false"), number(5.0), number(0.001)) == (True, False, "5", "0.001")
    assert 2 in Between(1, 2) and 2.5 not in Between(1, 2) and float("nan") not in Between(1, 2)


def test_names_may_hold_commas() -> None:
    listed = ["a, b", "2 %2C", "c"]
    assert in_a_line(listed).count(",") == 2 and names(in_a_line(listed)) == listed
    assert in_a_line(["semi-hard", "random"]) == "semi-hard,random"
