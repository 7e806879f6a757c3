"""One small page a gesture, chosen by ?case=...; every number is made by a seeded generator."""

import json

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from dashboard.components.live_figure import (
    Follower,
    Handle,
    Readout,
    Recolour,
    Scrub,
    Sprite,
    live_figure,
)
from tests.browser.blobs import blobs

COLOURS = ["#0090D9", "#CC8100", "#590034", "#3b8f6b", "#8a63d2"]
SPRITE = Sprite("/runs/tiles/probe.png", 8, 8, columns=10)


def cloud(count: int, step: int, **settings: object) -> go.Figure:
    x, y, labels = blobs(count, step)
    traces = [
        go.Scattergl(
            x=x[labels == label],
            y=y[labels == label],
            mode="markers",
            name=f"class {label}",
            marker={"color": COLOURS[label], "size": 6, "opacity": 0.85},
            customdata=np.flatnonzero(labels == label),
            text=[f"image {row}" for row in np.flatnonzero(labels == label)],
        )
        for label in range(5)
    ]
    return go.Figure(traces, layout={"xaxis": {"range": [-8, 8]}, "yaxis": {"range": [-8, 8]}, **settings})


def with_frames(count: int, steps: int, every: int = 1) -> go.Figure:
    figure = cloud(count, steps)
    frames = []
    for step in range(0, steps + 1, every):
        x, y, labels = blobs(count, step)
        data = [{"x": x[labels == label], "y": y[labels == label]} for label in range(5)]
        frames.append(go.Frame(name=f"epoch {step}", data=data, traces=list(range(5))))
    figure.frames = frames
    return figure


def live() -> None:
    @st.fragment(run_every=0.2)
    def draw() -> None:
        st.session_state.tick = st.session_state.get("tick", 0) + 1
        figure = cloud(2000, 4 + st.session_state.tick % 2 * 6)
        text = f"tick {st.session_state.tick}"
        figure.layout.annotations = [
            {"text": text, "x": 1, "y": 1, "xref": "paper", "yref": "paper", "showarrow": False, "yanchor": "bottom"}
        ]
        live_figure(figure, key="live", height=400, alt="A cloud that moves", tween_seconds=0.15)

    draw()


def fast() -> None:
    @st.fragment(run_every=0.5)
    def draw() -> None:
        st.session_state.tick = st.session_state.get("tick", 0) + 1
        figure = cloud(5000, 4 + st.session_state.tick % 2 * 6)
        live_figure(figure, key="fast", height=420, alt="5,000 points", tween_seconds=0.5)

    draw()


def large() -> None:
    """More than travels in a message."""
    figure = go.Figure(
        go.Scattergl(
            x=np.linspace(-7, 7, 6000),
            y=np.zeros(6000),
            mode="markers",
            marker={"color": "#ff0000", "size": 8},
        ),
        layout={"xaxis": {"range": [-8, 8]}, "yaxis": {"range": [-8, 8]}},
    )
    live_figure(figure, key="large", height=300, alt="A line of points")


def scrub() -> None:
    options = Scrub(seconds_per_frame=0.3, autoplay="autoplay" in st.query_params)
    result = live_figure(
        with_frames(1000, 20),
        key="scrub",
        height=400,
        alt="Scrubbed",
        scrub=options,
        group="g",
        tween_seconds=0.2,
    )
    live_figure(with_frames(500, 20, every=5), key="follower", height=220, alt="Follows", group="g")
    report(result)


def long() -> None:
    """More frames than one message lists."""
    live_figure(with_frames(50, 250), key="long", height=400, alt="A long run", scrub=Scrub(), tween_seconds=0.0)


def growing() -> None:
    @st.fragment(run_every=0.5)
    def draw() -> None:
        st.session_state.tick = st.session_state.get("tick", 1) + 1
        figure = with_frames(500, st.session_state.tick)
        live_figure(figure, key="growing", height=400, alt="A run", scrub=Scrub(), tween_seconds=0.2)

    draw()


def handle() -> None:
    rng = np.random.default_rng(1)
    stops = np.sort(rng.uniform(0, 2, 1000))
    accepted = np.arange(1000)
    share = 1 - accepted / 1000
    same, other = rng.normal(0.6, 0.2, 4000), rng.normal(1.2, 0.2, 4000)
    bins = {"start": 0.0, "end": 2.0, "size": 0.04}
    figure = go.Figure(
        [
            go.Histogram(x=same, name="positive", xbins=bins, marker={"color": "#0090D9"}, opacity=0.7),
            go.Histogram(x=other, name="negative", xbins=bins, marker={"color": "#CC8100"}, opacity=0.7),
            go.Scatter(x=stops, y=share, xaxis="x2", yaxis="y2", name="curve", mode="lines", showlegend=False),
            go.Scatter(
                x=[0],
                y=[0],
                xaxis="x2",
                yaxis="y2",
                name="here",
                mode="markers",
                marker={"size": 14, "color": "#590034"},
                showlegend=False,
            ),
        ],
        layout={
            "barmode": "overlay",
            "xaxis": {"domain": [0, 0.6], "title": "distance"},
            "xaxis2": {"domain": [0.7, 1], "anchor": "y2", "title": "threshold"},
            "yaxis2": {"anchor": "x2"},
        },
    )
    value = 0.5 if st.query_params.get("goal") is None else float(st.query_params["goal"])
    if st.button("Choose 1.5"):
        value = 1.5
    threshold = Handle(
        "threshold",
        "x",
        value,
        stops,
        label="Threshold",
        readouts=[Readout("accepted", accepted, ",d"), Readout("refused", share, ".1%")],
        followers=[Follower("here", stops, share)],
        sentence="Accept when the distance is at most {value:.2f}. {accepted:,d} of 1,000 impostors get in.",
        words={"accepted": accepted},
    )
    result = live_figure(figure, key="handle", height=380, alt="Distances", handles=[threshold], group="h")
    figure = go.Figure(go.Scatter(x=stops, y=share, name="curve", mode="lines"))
    copy = Handle("threshold", "", value, stops, readouts=[Readout("refused", share, ".1%")])
    live_figure(figure, key="second", height=200, alt="The same handle", handles=[copy], group="h")
    st.session_state.runs = st.session_state.get("runs", 0) + 1
    st.text(f"runs {st.session_state.runs}")
    report(result)


def diagonal() -> None:
    rng = np.random.default_rng(2)
    positive, negative = rng.uniform(0, 1.2, 2000), rng.uniform(0.2, 1.8, 2000)
    figure = go.Figure(
        [
            go.Scattergl(
                x=positive,
                y=negative,
                name="triplets",
                mode="markers",
                marker={"size": 6, "color": "#999999"},
            ),
            go.Scatter(x=[0, 2], y=[0, 2], mode="lines", name="y = x", line={"color": "#888888", "dash": "dot"}),
        ],
        layout={
            "xaxis": {"range": [0, 1.8], "title": "d(a, p)"},
            "yaxis": {"range": [0, 1.8], "title": "d(a, n)"},
        },
    )
    stops = np.linspace(0, 1, 101)
    gap = negative - positive
    easy = (gap[:, None] >= stops).sum(0)
    margin = Handle(
        "margin",
        "diagonal",
        0.2,
        stops,
        label="Margin",
        format=".2f",
        readouts=[Readout("easy", easy, ",d"), Readout("hard", np.full(101, (gap < 0).sum()), ",d")],
        recolours=[
            Recolour(
                "triplets",
                gap,
                [0.0, "handle"],
                ["#590034", "#CC8100", "#0090D9"],
                ["triangle-up", "diamond", "circle"],
            )
        ],
    )
    report(live_figure(figure, key="diagonal", height=420, alt="Triplets", handles=[margin]))


def select() -> None:
    report(live_figure(cloud(300, 16), key="select", height=420, alt="Choose", select="lasso", sprite=SPRITE))


def unseen() -> None:
    """Axes as maps have them; with `frames` they play by themselves."""
    figure = with_frames(300, 10) if "frames" in st.query_params else cloud(300, 10)
    hidden = {"visible": False, "zeroline": False, "showgrid": False, "range": [-7, 5]}
    figure.update_layout(xaxis=hidden, yaxis=hidden | {"scaleanchor": "x"}, showlegend=False)
    figure.update_layout(margin={"l": 10, "r": 0, "t": 20, "b": 5})
    scrub = Scrub(autoplay=True) if figure.frames else None
    live_figure(figure, key="unseen", height=420, alt="A map", scrub=scrub)


def words() -> None:
    """One word that a frame moves from the left half to the right."""
    word = go.Scattergl(x=[-4], y=[0], mode="text", text=["word"], textfont={"size": 40, "color": "#d00000"})
    figure = go.Figure([word], layout={"xaxis": {"range": [-8, 8]}, "yaxis": {"range": [-8, 8]}})
    figure.frames = [go.Frame(name=f"at {x}", data=[{"x": [x], "y": [0]}], traces=[0]) for x in (-4, 4)]
    live_figure(figure, key="words", height=400, alt="A word", scrub=Scrub(), tween_seconds=0.1)


def report(result: object) -> None:
    with st.container(key="report"):
        st.text(json.dumps(vars(result)))


ALL = (live, fast, large, scrub, long, growing, handle, diagonal, select, unseen, words)
CASES = {case.__name__: case for case in ALL}
st.set_page_config(layout="wide")
CASES[st.query_params.get("case", "live")]()
