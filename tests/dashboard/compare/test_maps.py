"""The maps of runs side by side: of what they are, and what a reader goes to from them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.runs.run_folder import Run
from core.runs.store import Store
from dashboard.lookups import runs
from tests.dashboard.compare.test_panel import NAMES, opened, said_by, seeded
from tests.dashboard.made_runs import EXPERIMENT, PULLS, made_run
from tests.dashboard.pages import figures
from tests.dashboard.sent import sent_to_components

pytestmark = pytest.mark.usefixtures("own_store")
MAPS = "Maps and pair distances of the chosen runs, side by side"


def links(app: AppTest) -> dict[str, list[str]]:
    """By what they lead to, where the links lead, in the order of the maps."""
    found: dict[str, list[str]] = {}
    for link in app.get("page_link"):
        found.setdefault(link.proto.label, []).append(link.proto.query_string)
    return found


def test_maps_and_curves_are_drawn_and_it_is_said_of_what() -> None:
    app = opened(*NAMES)
    assert figures(app)[0] == MAPS
    caption, data = said_by(app), runs.data(NAMES[0])
    assert f"{data.probe_count:,} held-out images" in caption and data.protocol in caption
    assert "The same samples in every map" in caption


def test_links_lead_to_each_run_at_the_epoch_of_its_map(run: Run, root: Path) -> None:
    short = made_run(root, seeded(4), pulls=PULLS[:2]).folder.name
    app = opened(run.folder.name, short)
    assert "seed 0, epoch 2" in said_by(app) and "seed 4, epoch 1" in said_by(app)
    found = links(app)
    assert list(found) == ["Train", "Mine", "Verify"]
    for place, (name, epoch) in enumerate(((run.folder.name, 2), (short, 1))):
        for page, says in (("Train", "frame=epoch+{}"), ("Mine", "epoch={}"), ("Verify", "snapshot=epoch+{}")):
            query = found[page][place].split("&")
            assert f"run={name}" in query and says.format(epoch) in query
            assert any(part.startswith("runs=") for part in query), "the way back is kept"


def test_links_follow_the_bar(run: Run, root: Path) -> None:
    app = opened(run.folder.name, made_run(root, seeded(5)).folder.name)
    app.query_params["moment"] = "epoch 1"
    app.run()
    assert "seed 0, epoch 1" in said_by(app)
    assert all("epoch=1" in query.split("&") for query in links(app)["Mine"])


def test_a_run_that_waits_has_a_place_among_the_maps(run: Run, empty_store: Store) -> None:
    own = made_run(empty_store.root, EXPERIMENT).folder.name
    waiting = empty_store.submit(seeded(9).described(), seeded(9).run_id(), "seed 9").id
    app = opened(waiting, own)
    (sent,) = (one for one in sent_to_components(app) if one.get("alt") == MAPS)
    assert "queued, next in line" in sent["figure"] and len(sent["frames"]) == len(PULLS)
    assert len(links(app)["Mine"]) == 1


def test_where_all_wait_their_places_are_drawn_and_no_numbers(empty_store: Store) -> None:
    names = [empty_store.submit(seeded(seed).described(), seeded(seed).run_id(), f"seed {seed}").id for seed in (1, 2)]
    app = opened(*names)
    (sent,) = (one for one in sent_to_components(app) if one.get("alt") == MAPS)
    assert sent["figure"].count("queued") == 2 and not sent["frames"] and not links(app)


def test_runs_of_other_samples_are_said_to_be(run: Run, root: Path) -> None:
    few = made_run(root, replace(EXPERIMENT, schedule=replace(EXPERIMENT.schedule, probe_points=120))).folder.name
    said = said_by(opened(run.folder.name, few))
    assert "of the samples are in every map" in said and "The same samples" not in said
