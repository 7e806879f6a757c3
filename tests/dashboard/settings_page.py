"""A page with the settings of Train alone, and what its widgets say."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from core.experiment.experiment import Experiment


def page() -> None:
    import streamlit as st

    from core.experiment.experiment import Experiment
    from dashboard.train import controls, widget_state

    if "adopted" in st.session_state:
        widget_state.adopt(Experiment.from_described(st.session_state.pop("adopted")))
    beside = st.session_state.get("beside")
    st.session_state["shown"] = controls.configure_experiment(
        Experiment.from_described(beside) if beside else None
    ).described()
    st.session_state["chosen"] = widget_state.chosen_experiment().described()


def drawn(experiment: Experiment | None = None) -> AppTest:
    app = AppTest.from_function(page, default_timeout=60)
    if experiment:
        app.session_state["adopted"] = experiment.described()
    return run(app)


def run(app: AppTest) -> AppTest:
    app.run()
    assert not app.exception, app.exception
    return app


def shown(app: AppTest) -> Experiment:
    """What the widgets say, which is the same before and after they are drawn."""
    assert app.session_state["shown"] == app.session_state["chosen"]
    return Experiment.from_described(app.session_state["shown"])
