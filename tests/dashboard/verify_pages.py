"""The Verify page of a run, opened without a browser, and what it says."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from core.runs.run_folder import Run
from tests.imports import ROOT


def opened(run: Run, **query: str) -> AppTest:
    """With these parameters in the address; no exception, and the page's own header."""
    app = AppTest.from_file(str(ROOT / "dashboard" / "navigation.py"), default_timeout=60)
    for name, value in ({"run": run.folder.name} | query).items():
        app.query_params[name] = value
    app.switch_page("views/verify.py")
    app.run()
    assert not app.exception, app.exception
    assert "Verify" in [header.value for header in app.subheader]
    return app


def said_by(app: AppTest) -> str:
    return "\n".join(text.value for text in (*app.caption, *app.markdown))


def sent(app: AppTest, words: str) -> bool:
    """Whether a live figure was sent that holds these words."""
    return any(words in one.proto.json for one in app.get("bidi_component"))
