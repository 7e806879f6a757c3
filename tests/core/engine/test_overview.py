"""What an engine and its workers do is told, and so is that there is none."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from core.engine import overview as module
from core.engine.overview import Overview, overview
from core.system.atomic_files import write_json


def test_no_engine_is_one_that_is_not_there(tmp_path: Path) -> None:
    assert overview(tmp_path) == Overview(None, 0, 0, (), {})
    (tmp_path / "engine").mkdir()
    write_json(tmp_path / "engine" / "process.json", {"process": 1, "slots": 3})
    assert overview(tmp_path) == Overview(None, 3, 0, (), {}), "it has ended"
    (tmp_path / "engine" / "process.json").write_text("{")
    assert overview(tmp_path) == Overview(None, 0, 0, (), {})


def test_an_engine_has_workers_and_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "engine").mkdir()
    write_json(tmp_path / "engine" / "process.json", {"process": os.getpid(), "slots": 2})
    write_json(tmp_path / "engine" / "workers.json", {"ready": 3, "compiling": ["10.0.0.5:4000"]})
    for name in ("is_alive", "ready_workers"):
        monkeypatch.setattr(module, name, {"is_alive": lambda root: True, "ready_workers": lambda root: 3}[name])
    code = "import sys; sys.stdin.read()  # spawn_main"
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE) as worker:
        found = overview(tmp_path)
        worker.communicate()
    assert (found.process, found.slots, found.ready, found.compiling) == (os.getpid(), 2, 3, ("10.0.0.5:4000",))
    assert {f"engine {os.getpid()}", f"worker {worker.pid}"} <= found.memory.keys()
    assert found.memory[f"engine {os.getpid()}"] > 20e6
    write_json(tmp_path / "engine" / "process.json", {"process": worker.pid, "slots": 2})
    assert overview(tmp_path).memory == {}, "it has ended meanwhile"


def test_what_is_written_can_be_read(tmp_path: Path) -> None:
    assert json.dumps(overview(tmp_path).memory) == "{}"
