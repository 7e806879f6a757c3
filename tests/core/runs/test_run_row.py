"""One run in the two forms in which it is written, and what a folder says of itself."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from core.records.kinds import Kind
from core.runs.derived import DERIVED
from core.runs.entry import Entry
from core.runs.run_row import COLUMNS, Row, checked_id, row_of

ID = f"{7:032x}"
ROW = Row(ID, "seven", "me", {"loss": {"kind": "triplet"}}, "2026-01-01", state="paused", wanted="pause", epoch=3)


def folder(root: Path, **files: Any) -> Path:
    """A run folder with these files, json where they are no text."""
    made = root / ID
    made.mkdir()
    for name, content in files.items():
        (made / f"{name}.json").write_text(content if isinstance(content, str) else json.dumps(content))
    return made


def state(**changed: Any) -> dict[str, Any]:
    return ROW.engine_columns() | changed


def test_a_row_comes_back_from_its_columns() -> None:
    columns = ROW.columns()
    assert tuple(columns) == (*COLUMNS, *DERIVED) and json.loads(columns["experiment"]) == ROW.experiment
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.row_factory = sqlite3.Row
        asked = "SELECT " + ", ".join(f":{name} AS {name}" for name in COLUMNS)
        assert Row.from_columns(connection.execute(asked, columns).fetchone()) == ROW


@pytest.mark.parametrize(
    ("experiment", "kind"),
    [({"loss": {}}, Kind.TRAINED), ({"kind": "scores"}, Kind.SCORES), ({"upload": {}}, Kind.EMBEDDINGS)],
)
def test_a_row_is_of_the_kind_that_was_asked_for(experiment: dict[str, Any], kind: Kind) -> None:
    assert Row(ID, "", "", experiment, "").kind is kind


@pytest.mark.parametrize("wrong", ["../../etc/passwd", "a" * 31, "A" * 32, "a" * 32 + "\n", "g" * 32, ""])
def test_an_id_is_32_hexadecimal_characters(wrong: str) -> None:
    assert checked_id(ID) == ID
    with pytest.raises(
        ValueError, match="a run id must be 32 characters of 0-9 and a-f, got .*. Copy it from the list"
    ):
        checked_id(wrong)


@pytest.mark.parametrize(
    ("known", "wanted"),
    [
        ("queued", "run"),
        ("running", "run"),
        ("pausing", "pause"),
        ("paused", "pause"),
        ("stopping", "stop"),
        ("stopped", "stop"),
        ("failed", "stop"),
        ("interrupted", "run"),
        ("finished", "run"),
    ],
)
def test_a_folder_tells_its_state_and_what_is_wanted_follows_from_it(known: str, wanted: str, tmp_path: Path) -> None:
    told = row_of(folder(tmp_path, state=state(state=known, wanted="anything")))
    assert told == Row(**state(state=known, wanted=wanted))


@pytest.mark.parametrize(
    "broken",
    ["", "{", "[]", state(id="other"), {"id": ID}],
    ids=["empty", "torn", "list", "another id", "too little"],
)
@pytest.mark.parametrize("has_result", [True, False])
def test_a_folder_without_a_sound_state_is_finished_where_it_holds_a_result(
    broken: Any, has_result: bool, tmp_path: Path
) -> None:
    files = {"result": {}} if has_result else {}
    told = row_of(folder(tmp_path, state=broken, run={"experiment": ROW.experiment}, **files))
    assert told is not None and (told.id, told.name, told.owner) == (ID, ID, "")
    assert (told.state, told.wanted) == (("finished", "run") if has_result else ("stopped", "stop"))
    assert told.experiment == ROW.experiment and told.submitted_at.endswith("+00:00")


@pytest.mark.parametrize("has_record", [True, False])
def test_a_state_of_an_older_version_is_the_state_of_a_run(has_record: bool, tmp_path: Path) -> None:
    older = state(state="interrupted", epoch=3, wanted="run")
    for later in ("seconds_left", "attempts", "fruitless", "interrupted_epoch"):
        del older[later]
    files = {"run": {"experiment": ROW.experiment}} if has_record else {}
    told = row_of(folder(tmp_path, state=older, **files))
    assert told == Row(**older)


@pytest.mark.parametrize("has_result", [True, False])
def test_a_state_that_this_version_does_not_know_keeps_the_run_and_its_name(has_result: bool, tmp_path: Path) -> None:
    told = row_of(folder(tmp_path, state=state(state="dreaming", epoch="3"), **({"result": {}} if has_result else {})))
    assert told is not None and (told.name, told.experiment, told.epoch) == (ROW.name, ROW.experiment, 0)
    assert told.state == ("finished" if has_result else "stopped")


@pytest.mark.parametrize(
    ("recorded", "experiment"),
    [
        ({"experiment": {"loss": {}}}, {"loss": {}}),
        ({"experiment": {"distance": {}}, "kind": "scores"}, {"distance": {}, "kind": "scores"}),
        ({"experiment": 5, "without": []}, {"kind": "withdrawn"}),
        ({"kind": "of tomorrow", "experiment": {"loss": {}}}, {"loss": {}}),
    ],
)
def test_a_folder_that_no_engine_had_tells_what_would_have_been_asked(
    recorded: dict[str, Any], experiment: dict[str, Any], tmp_path: Path
) -> None:
    told = row_of(folder(tmp_path, run=recorded))
    assert told is not None and told.experiment == experiment


def test_what_readers_wrote_of_it_comes_with_the_folder(tmp_path: Path) -> None:
    made = folder(tmp_path, state=state(), entry={"title": "mine", "archived_at": "2026-11-28"})
    told = row_of(made)
    assert told is not None and (told.title, told.name, told.entry) == (
        "mine",
        "seven",
        Entry("mine", "", "2026-11-28"),
    )
    (made / "state.json").unlink()
    (made / "run.json").write_text('{"experiment": {}}')
    told = row_of(made)
    assert told is not None and told.title == "mine"


def test_what_is_no_run_folder_has_no_row(tmp_path: Path) -> None:
    assert row_of(folder(tmp_path)) is None
    assert row_of(tmp_path / ("f" * 32)) is None
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "run.json").write_text("{}")
    assert row_of(tmp_path / "notes") is None


@pytest.mark.parametrize(
    ("experiment", "data"),
    [
        ({"dataset": {"kind": "brought", "data": "a" * 32}}, "a" * 32),
        ({"dataset": {"kind": "brought"}}, ""),
        ({"dataset": {"kind": "digits", "data": "a" * 32}}, ""),
        ({"dataset": None}, ""),
        ({"kind": "embeddings", "upload": {"admitted": "a" * 32}}, ""),
        ({}, ""),
    ],
)
def test_a_training_on_brought_data_says_on_which(experiment: dict[str, Any], data: str) -> None:
    assert Row(ID, "seven", "me", experiment, "2026-01-01").data_id == data
