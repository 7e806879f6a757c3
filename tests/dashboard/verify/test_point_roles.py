"""What a reader says of labels and groups, as it is asked for and as it is heard."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from dashboard.wording import say


def page() -> None:
    import streamlit as st

    from dashboard.verify import point_roles

    def count() -> None:
        st.session_state["changes"] = st.session_state.get("changes", 0) + 1

    before = point_roles.asked()
    point_roles.ask(count)
    st.text(f"{before} {st.session_state.get('changes', 0)}")


def test_nothing_is_said_at_first() -> None:
    app = AppTest.from_function(page).run()
    assert not app.exception
    assert app.text[0].value == "RoleWords(junk=[], distractors=[], across_groups=False) 0"
    assert [field.label for field in app.text_input] == [
        say(f"upload.roles.{kind}") for kind in ("junk", "distractors")
    ]


def test_labels_stand_between_commas_and_groups_at_a_switch() -> None:
    app = AppTest.from_function(page).run()
    app.text_input(key="upload.junk").input("-1, blurred ,").run()
    app.text_input(key="upload.distractors").input("0").run()
    app.toggle(key="upload.across").set_value(True).run()
    assert app.text[0].value == "RoleWords(junk=['-1', 'blurred'], distractors=['0'], across_groups=True) 3"
