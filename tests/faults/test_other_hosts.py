"""A sweep on the workers of two hosts that share no folder with the store, of which one dies in the middle."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pytest

from core.comparison.plan import UPDATES, Budget, Member, Plan, along
from core.engine.comparing import submitted
from core.experiment.experiment import Experiment
from core.jobs.train_run import record
from core.runs.checkpoints import kept_steps
from core.runs.run_folder import Run
from tests.engines import Lab, eventually
from tests.hosts import Host, scheduler, workers

SHORT = Plan(along(Experiment(), "miner", ["semi-hard", "random"]), (0,), Budget(UPDATES, 60))
LONG = Plan(along(Experiment(), "miner", ["semi-hard", "random", "batch-hard"]), (0, 1), Budget(UPDATES, 300))
RECORDS = ("steps.jsonl", "snapshots.jsonl")


@pytest.fixture
def ends() -> Iterator[ExitStack]:
    with ExitStack() as ends:
        yield ends


def hosts_of(ends: ExitStack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Lab, list[Host]]:
    """A store with an engine, and two hosts with a worker each that know the exchange alone."""
    certificate = tmp_path / "cluster.pem"
    standing, address = scheduler(tmp_path / "scheduler", certificate)
    ends.callback(standing.end)
    hosts = [workers(tmp_path / f"host-{number}", address, certificate) for number in range(2)]
    for host in hosts:
        ends.callback(host.end)
    monkeypatch.setenv("METRIC_LAB_CERTIFICATE", str(certificate))
    exchange = tmp_path / "exchange"
    lab = Lab(tmp_path / "lab", "--scheduler", address, "--exchange", exchange.as_uri(), "--warm-up", "")
    ends.callback(lab.stop)
    return lab, hosts


def killed_in_the_middle(lab: Lab, hosts: list[Host], by_id: Mapping[str, Member]) -> tuple[str, int, bytes]:
    """Kill the host of the first run that has a checkpoint in the store, and is not at its end; that run, the updates
    before the checkpoint, and the store's lines of them."""
    victims: list[tuple[str, Host]] = []

    def is_held() -> bool:
        lab.ensure()
        for run_id in by_id:
            for host in hosts:
                if kept_steps(lab.store.folder(run_id) / "checkpoints") and host.hold_unless_over(run_id):
                    victims.append((run_id, host))
                    return True
        return False

    eventually(is_held, "a run has a checkpoint in the store")
    run_id, host = victims[0]
    folder = lab.store.folder(run_id)
    step = kept_steps(folder / "checkpoints")[-1]
    lines = (folder / "steps.jsonl").read_bytes().splitlines(keepends=True)[:step]
    host.kill()
    return run_id, step, b"".join(lines)


def numbers_of(folder: Path) -> tuple[dict, list[dict], dict[str, np.ndarray]]:
    """All that a training has come to and that no clock is in."""
    run = Run(folder)
    lines = [json.loads(line) for name in RECORDS for line in (folder / name).read_text().splitlines()]
    arrays = {
        f"{record.step} {name}": run.snapshot(record.step, name)[name]
        for record in run.snapshots()
        for name in ("embeddings", "histogram")
        if name in run.snapshot(record.step)
    }
    timeless = [{name: value for name, value in line.items() if name not in ("seconds", "map")} for line in lines]
    result = {name: value for name, value in run.result().items() if name not in ("seconds", "map")}
    return result, timeless, arrays


@pytest.mark.parametrize("plan", [SHORT, pytest.param(LONG, marks=pytest.mark.soak)], ids=["short", "long"])
def test_a_sweep_on_two_hosts_loses_nothing_with_one_of_them_and_comes_to_the_same_numbers(
    plan: Plan, ends: ExitStack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab, hosts = hosts_of(ends, tmp_path, monkeypatch)
    by_id = submitted(plan.members(), lab.store)
    victim, step, lines = killed_in_the_middle(lab, hosts, by_id)
    for run_id in by_id:
        assert lab.until(run_id, "finished", "failed").state == "finished", lab.store.row(run_id).message
    assert lab.store.row(victim).attempts == 2 and step > 0
    assert (lab.store.folder(victim) / "steps.jsonl").read_bytes().startswith(lines), "none of these is done twice"
    assert sum(lab.store.row(run_id).attempts for run_id in by_id) == len(by_id) + 1
    for run_id, member in by_id.items():
        here = Run.create(tmp_path / "here" / run_id, member.experiment)
        assert record(here) == "finished"
        result, records, arrays = numbers_of(lab.store.folder(run_id))
        expected = numbers_of(here.folder)
        assert (result, records) == expected[:2] and len(records) > plan.budget.amount
        assert arrays.keys() == expected[2].keys() and arrays
        for name, values in arrays.items():
            np.testing.assert_array_equal(values, expected[2][name], err_msg=name)
