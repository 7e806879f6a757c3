from __future__ import annotations

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from core.datasets.admitted import DataCard
from dashboard.data.column_roles import in_words, leaks_table

CARD = DataCard(
    id="0" * 32,
    kind="vectors",
    title="voices",
    created="",
    count=4,
    class_names=("a", "b"),
    group_names=("x", "y", "z"),
    origin={"columns": {"label": "speaker", "group": "micro_phone", "time": "when"}},
    found={
        "leaks": {
            "by-sample": {"identity": 2, "group": 3, "copies": 0},
            "by-time": {"identity": 1, "copies": 1200},
        }
    },
)


def test_it_says_which_column_has_which_role_and_which_is_missing() -> None:
    said = in_words(CARD)
    assert "Identity: speaker, 2 different." in said and "Group: micro\\_phone, 3 different." in said
    assert "Time: when." in said and "Not known: session." in said
    assert "Not known: group, session." in in_words(replace(CARD, group_names=(), origin={}))


def test_leaks_are_a_row_for_each_split() -> None:
    lines = leaks_table(CARD.found["leaks"]).splitlines()
    assert [cell.strip() for cell in lines[0].strip("|").split("|")][1:] == [
        "identities on both sides",
        "groups on both sides",
        "copies held out",
    ]
    assert "by sample" in lines[2] and "by time" in lines[3] and "1,200" in lines[3] and "–" in lines[3]


def roles_page() -> None:
    import streamlit as st

    from dashboard.data import column_roles
    from tests.dashboard.data.test_column_roles import CARD

    column_roles.ask()
    st.session_state["asked"] = column_roles.asked()
    column_roles.show(CARD, lambda data_id, chosen: st.session_state.update({"given": (data_id, chosen)}))


@pytest.fixture
def page() -> AppTest:
    app = AppTest.from_function(roles_page).run()
    assert not app.exception, app.exception
    return app


def test_columns_are_named_before_files_are_taken_in(page: AppTest) -> None:
    assert page.session_state["asked"] == {}
    page.text_input(key="data.column.session").set_value(" visit_day ").run()
    assert page.session_state["asked"] == {"session": "visit_day"}


def test_other_roles_are_asked_for_by_a_click(page: AppTest) -> None:
    assert page.button(key="data.give").disabled
    page.selectbox(key=f"data.role.{CARD.id}.session").select("group").run()
    page.selectbox(key=f"data.role.{CARD.id}.group").select("none").run()
    page.button(key="data.give").click().run()
    assert page.session_state["given"] == (CARD.id, {"label": "label", "group": "none", "session": "group"})
