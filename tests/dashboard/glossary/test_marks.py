"""Terms in a text become links that keep what the address says."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest


def marked() -> None:
    import streamlit as st

    from dashboard.glossary.marks import linked

    st.markdown(linked("A **triplet** has an *anchor*, and the anchor has a margin. Nothing hard."))
    st.markdown(linked("Nothing of the kind."))


def test_each_term_is_a_link_once_and_the_rest_of_the_text_stays() -> None:
    app = AppTest.from_function(marked)
    app.query_params["run"] = "a b"
    text, without = (one.value for one in app.run().markdown)
    assert not app.exception and without == "Nothing of the kind."
    assert "**[triplet](?run=a+b&word=triplet)**" in text and "*[anchor](?run=a+b&word=anchor)*, and the anchor" in text
    assert text.count("](") == 3 and text.endswith("Nothing hard.")
