"""One run as the store has it, and its two written forms: a line of the index and a file in the run folder."""

from __future__ import annotations

import json
import os
import re
import sqlite3
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from pathlib import Path

from core.records.fields import JsonObject
from core.records.kinds import Kind, kind_of_folder, kind_of_request
from core.runs.derived import data_in, derived
from core.runs.entry import ENTRY_COLUMNS, Entry, entry_of
from core.runs.states import RESTING, STATES

RUN_ID = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class Row:
    """One run; times are UTC in ISO form and empty where not yet reached, `seconds` are of training and
    `seconds_left` an estimate of what is still to come, 0 while there is none. `took` is what the last attempt took
    up to what was heard last, in seconds of a clock that nobody sets; 0 where an earlier version has not counted it.
    `size` in bytes on the disk and MAP@R of the last snapshot are those of when it came to rest, -1 before that."""

    id: str
    name: str
    owner: str
    experiment: JsonObject
    submitted_at: str
    state: str = "queued"
    wanted: str = "run"
    message: str = ""
    started_at: str = ""
    ended_at: str = ""
    epoch: int = 0
    epochs: int = 0
    step: int = 0
    seconds: float = 0.0
    seconds_left: float = 0.0
    took: float = 0.0
    attempts: int = 0
    fruitless: int = 0
    interrupted_epoch: int = 0
    size: int = -1
    map_at_r: float = -1.0
    entry: Entry = Entry()

    @property
    def title(self) -> str:
        """What readers call the run, or else what its settings do."""
        return self.entry.title or self.name

    @property
    def kind(self) -> Kind:
        """What the run is, by what was asked for."""
        return kind_of_request(self.experiment)

    @property
    def data_id(self) -> str:
        """The admitted set that it is trained on (core/datasets/brought.py); empty for all others."""
        return data_in(self.experiment)

    @property
    def is_awaited(self) -> bool:
        """Whether somebody waits for it before a page: a measurement, which goes before trainings."""
        return not self.kind.is_trained

    def engine_columns(self) -> JsonObject:
        """All but the entry, which the engine neither knows nor writes."""
        return {name: getattr(self, name) for name in ENGINE_COLUMNS}

    def columns(self) -> JsonObject:
        """The values as the table keeps them."""
        own = self.engine_columns() | asdict(self.entry) | derived(self.experiment)
        return own | {"experiment": json.dumps(self.experiment)}

    @classmethod
    def from_columns(cls, columns: sqlite3.Row) -> Row:
        """The row that `columns` has written down."""
        values = dict(columns) | {"experiment": json.loads(columns["experiment"])}
        entry = Entry(**{name: values.pop(name) for name in ENTRY_COLUMNS})
        return cls(**values, entry=entry)


ENGINE_COLUMNS = tuple(field.name for field in fields(Row) if field.name != "entry")
COLUMNS = (*ENGINE_COLUMNS, *ENTRY_COLUMNS)
_TYPES: dict[str, type] = {name: type(value) for name, value in Row("", "", "", {}, "").engine_columns().items()}


def checked_id(run_id: str) -> str:
    """The id itself; anything else than 32 hexadecimal characters is refused, since ids become folder names."""
    if not RUN_ID.fullmatch(run_id):
        raise ValueError(
            f"a run id must be 32 characters of 0-9 and a-f, got {run_id[:40]!r}. Copy it from the list of runs."
        )
    return run_id


def row_of(folder: Path) -> Row | None:
    """What a run folder says about itself; None for anything else than a run folder.

    What its `state.json` does not say, because it is of another version or missing (recorded by the command line, or
    copied), is what it is at first; the state is then finished where there is a result and stopped where there is none.
    """
    if not RUN_ID.fullmatch(folder.name):
        return None
    state_file = _object_in(folder / "state.json")
    known: JsonObject = {
        name: state_file[name] for name in ENGINE_COLUMNS if isinstance(state_file.get(name), _TYPES[name])
    }
    recorded = _object_in(folder / "run.json")
    if known.get("id") != folder.name:  # it tells of another run
        known.clear()
    if "experiment" not in known:
        if not recorded:
            return None
        known["experiment"] = _request_of(recorded)
    if known.get("state") not in STATES:
        known["state"] = "finished" if (folder / "result.json").exists() else "stopped"
    when = os.stat(folder / ("run.json" if recorded else "state.json")).st_mtime
    submitted_at = datetime.fromtimestamp(when, UTC).isoformat()
    values: JsonObject = {"name": folder.name, "owner": "", "submitted_at": submitted_at} | known
    entry = entry_of(folder)
    owner = values["owner"] if values["owner"] in entry.owned_by else next(iter(entry.owned_by), values["owner"])
    values |= {"id": folder.name, "wanted": _wanted_in(values["state"]), "owner": owner}
    return Row(**values, entry=entry)


def _request_of(recorded: JsonObject) -> JsonObject:
    """What would have been asked for: the experiment, and the kind where that is not a training."""
    experiment = recorded.get("experiment")
    described = experiment if isinstance(experiment, dict) else {}
    try:
        kind = kind_of_folder(recorded)
    except ValueError:  # the page of the run says it
        return described
    return described if kind.is_trained else described | {"kind": kind.value}


def _wanted_in(state: str) -> str:
    if state in ("paused", "pausing"):
        return "pause"
    return "stop" if state in (*RESTING, "stopping") else "run"


def _object_in(path: Path) -> JsonObject:
    try:
        content = json.loads(path.read_text())
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}
