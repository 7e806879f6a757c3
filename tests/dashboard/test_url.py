"""One way to keep state in the address: what is declared is read, checked and written by the same few functions."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import settings
from dashboard.url import Bound, Setting, finite, not_negative, words
from tests.imports import ROOT, python_files

DECLARED = {name: found for name, found in vars(settings).items() if isinstance(found, Bound | Setting)}


def naming(pattern: str) -> set[Path]:
    """The files of the pages in which these words stand."""
    return {file.relative_to(ROOT) for file in python_files("dashboard") if re.search(pattern, file.read_text())}


def test_no_other_file_knows_of_the_address() -> None:
    assert naming(r"\bst\.query_params|query-params") == {Path("dashboard/url.py")}


def test_whatever_the_address_names_is_declared_in_one_file() -> None:
    assert naming(r"\b(Setting(\[.*\])?|Bound)\(") - {Path("dashboard/url.py")} == {Path("dashboard/settings.py")}


def test_no_two_settings_share_a_name() -> None:
    names = [found.name for found in (*DECLARED.values(), *settings.NUMBERS.values())]
    assert len(DECLARED) > 10 and len(set(names)) == len(names)


def choosing() -> None:
    """A page with a setting of each kind."""
    import streamlit as st

    from dashboard.url import Bound, Setting, not_negative

    words = {"near": "Nearest first", "far": "Furthest first"}
    order, margin, count = Setting("order", str, str, default="near"), Setting("margin", not_negative, str), Bound("n")
    st.selectbox("Order", list(words), format_func=words.__getitem__, **order.widget(order.among(list(words))))
    number = st.number_input("Count", 0, 9, 3, **count.widget(range(5)))
    st.button("Drag", on_click=margin.keep, args=(0.5,))
    st.button("Leave", on_click=margin.keep, args=(None,))
    st.button("Four", on_click=count.keep, args=(4,))
    st.text(f"{order.among(list(words))} {margin.value(0.2)} {margin.value(0.2, (0.2, 0.5))} {number} {margin.text}")
    st.text(order.link("far"))


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


def test_a_widget_follows_the_address() -> None:
    app = opened(order="far")
    app.query_params["order"] = "near"
    assert app.run().selectbox[0].value == "near"


def test_what_no_widget_holds_is_kept_and_taken_out() -> None:
    app = opened()
    app.button[0].click().run()
    assert (said(app, "margin"), app.text[0].value) == ("0.5", "near 0.5 0.5 3 0.5")
    app.button[1].click().run()
    assert said(app, "margin") is None and app.text[0].value == "near 0.2 0.2 3 None"


def test_a_bound_widget_can_be_set() -> None:
    app = opened()
    app.button[2].click().run()
    assert (app.number_input[0].value, said(app, "n")) == (4, "4")


def test_a_bound_widget_begins_anew_where_its_value_is_not_offered() -> None:
    app = opened()
    app.number_input[0].set_value(4).run()
    assert app.number_input[0].value == 4
    app.number_input[0].set_value(7).run()  # of which the page offers 0 to 4
    assert app.number_input[0].value == 3


def test_a_link_is_the_address_with_one_setting_in_it() -> None:
    assert opened(margin="1").text[1].value.endswith("?margin=1&order=far")


@pytest.mark.parametrize(("read", "text"), [(finite, "inf"), (finite, "nan"), (finite, ""), (not_negative, "-0.1")])
def test_text_that_means_nothing_is_refused(read: Callable[[str], float], text: str) -> None:
    with pytest.raises(ValueError):
        read(text)


def test_text_is_read_as_what_it_means() -> None:
    assert (finite("-1e3"), not_negative("0"), words("a,b")) == (-1000.0, 0.0, ["a", "b"])
