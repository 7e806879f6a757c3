"""The language of a page: the address before the server before the browser before English, and the switch."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import wording
from dashboard.wording import WORDS, catalogue
from tests.dashboard.pages import notes
from tests.imports import ROOT


@pytest.fixture(autouse=True)
def two_languages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """English as it is, and a little Chinese."""
    (tmp_path / "en").symlink_to(WORDS / "en")
    (tmp_path / "zh").mkdir()
    (tmp_path / "zh" / "language.toml").symlink_to(WORDS / "zh" / "language.toml")
    (tmp_path / "zh" / "pages.toml").write_text('[train]\nname = "训练"\n[mine]\nname = "挖掘"\n', encoding="utf-8")
    monkeypatch.setattr(wording, "WORDS", tmp_path)
    monkeypatch.delenv("METRIC_LAB_LANGUAGE", raising=False)
    catalogue.cache_clear()
    wording._sentences.cache_clear()
    yield
    catalogue.cache_clear()
    wording._sentences.cache_clear()


def opened(locale: str = "", view: str = "train", **query: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "dashboard" / "navigation.py"), default_timeout=60)
    if locale:
        app.context["locale"] = locale
    for name, value in query.items():
        app.query_params[name] = value
    app.switch_page(f"views/{view}.py")
    app.run()
    assert not app.exception
    return app


def title(app: AppTest) -> str:
    return app.subheader[0].value


@pytest.mark.usefixtures("empty_store")
@pytest.mark.parametrize(
    ("locale", "server", "address", "expected"),
    [
        ("", "", "", "Train"),
        ("de-DE", "", "", "Train"),
        ("zh-CN", "", "", "训练"),
        ("zh-TW", "", "", "训练"),
        ("zh", "en", "", "Train"),
        ("en-GB", "zh", "", "训练"),
        ("en-GB", "", "zh", "训练"),
        ("zh-CN", "zh", "en", "Train"),
        ("en-GB", "", "zh-CN", "训练"),
        ("zh-CN", "", "xx", "训练"),
    ],
)
def test_the_address_comes_before_the_server_and_the_browser(
    locale: str, server: str, address: str, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if server:
        monkeypatch.setenv("METRIC_LAB_LANGUAGE", server)
    app = opened(locale, **({"lang": address} if address else {}))
    assert title(app) == expected
    assert len(notes(app)) == (address == "xx")


@pytest.mark.usefixtures("empty_store")
def test_the_switch_changes_the_language_and_nothing_else_of_the_address() -> None:
    app = opened(
        view="mine", run="digits-batch-hard"
    )  # without a menu whose names a test would look up in its own language
    app.button(key="language.zh").click().run()
    assert title(app) == "挖掘" and app.query_params == {"run": "digits-batch-hard", "lang": "zh"}
    assert app.button(key="language.zh").disabled and app.button(key="language.zh").label == "中文"
    app.button(key="language.en").click().run()
    assert title(app) == "Mine" and app.query_params["lang"] == "en"


@pytest.mark.usefixtures("empty_store")
def test_a_language_travels_to_the_next_page() -> None:
    app = opened(view="mine", lang="zh")
    app.query_params.clear()  # as Streamlit does
    app.switch_page("views/mine.py").run()
    assert title(app) == "挖掘"


def speaking_again() -> None:
    import streamlit as st

    from dashboard import wording

    if "began" not in st.session_state:
        st.session_state["began"] = True
        wording.use("zh")

    @st.fragment
    def part() -> None:
        st.button("again", on_click=lambda: st.session_state.update(heard=wording.language()))
        st.text(wording.language())

    part()
    st.text(st.session_state.get("heard", ""))


def test_parts_of_a_page_and_clicks_speak_it_without_the_page_around_them() -> None:
    app = AppTest.from_function(speaking_again).run()
    assert app.text[0].value == "zh"
    app.button[0].click().run()
    assert [one.value for one in app.text] == ["zh", "zh"]
