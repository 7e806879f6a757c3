"""What there is to watch while a training waits."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from streamlit.testing.v1 import AppTest

from core.experiment.experiment import Experiment
from core.runs.run_row import Row
from core.runs.store import Store
from core.system.atomic_files import write_json
from tests.dashboard.pages import figures, opened
from tests.engines import without_engine

BASE = Experiment()


def submitted(store: Store, seed: int, ago: float = 60.0) -> Row:
    experiment = replace(BASE, schedule=replace(BASE.schedule, seed=seed))
    row = store.submit(experiment.described(), experiment.run_id(), experiment.title())
    moment = (datetime.now(UTC) - timedelta(seconds=ago)).isoformat()
    store._ask("UPDATE runs SET submitted_at = :moment WHERE id = :id", {"id": row.id, "moment": moment})
    return store.row(row.id)


def said(app: AppTest) -> str:
    return "\n".join(one.value.replace("\\", "") for one in (*app.markdown, *app.caption))


def test_who_waits_behind_others_is_told_the_place_and_watches_the_recording(store: Store) -> None:
    store.set_state(submitted(store, 0).id, "running")
    submitted(store, 1)
    waiting = submitted(store, 2).id
    with without_engine(store.root):
        write_json(store.root / "engine" / "workers.json", {"ready": 2, "compiling": ()})
        app = opened("train", run=waiting, recording="digits-softmax")
    assert "2nd of 2" in said(app) and "behind digits" in said(app)
    assert "Until it begins, a recording plays here: digits · softmax" in said(app)
    assert len(figures(app)) == 2, "its map and its curves"


@pytest.mark.parametrize("name", ["", "../../etc", "no-such"])
def test_without_a_recording_in_the_address_the_first_one_plays(store: Store, name: str) -> None:
    store.set_state(submitted(store, 0).id, "running")
    app = opened("train", run=submitted(store, 1).id, **({"recording": name} if name else {}))
    assert "a recording plays here: digits · semi-hard" in said(app) and not app.exception


def test_what_begins_at_once_has_the_room_alone(store: Store) -> None:
    first = submitted(store, 0)
    assert "a recording plays here" not in said(opened("train", run=first.id)), "nothing is before it"
    store.set_state(first.id, "running")
    late = submitted(store, 1, ago=0.0)
    store._ask("UPDATE runs SET submitted_at = :m WHERE id = :id", {"id": late.id, "m": "2999-01-01T00:00:00+00:00"})
    app = opened("train", run=late.id)
    assert "a recording plays here" not in said(app) and "The map appears here" in said(app)


def test_where_there_are_no_recordings_the_room_is_kept(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dashboard.lookups.runs.lessons", lambda: ())
    store.set_state(submitted(store, 0).id, "running")
    app = opened("train", run=submitted(store, 1).id)
    assert not app.exception and "a recording plays here" not in said(app)
