"""Small jobs for the engine's tests: they count, leave a trace in the run folder, and fail in every way."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

TICK = 0.02


def count(
    folder: Path, experiment: Mapping[str, Any], *, device: str, report: Callable, wanted: Callable[[], str]
) -> str:
    """Count to `epochs`, resuming where the last attempt left off; every start and every epoch is one line.

    A job that is `held` stays at the middle until a file `go` lies in its folder, so that no test has to be quick.
    """
    reached = folder / "reached"
    epoch = int(reached.read_text()) if reached.exists() else 0
    with (folder / "starts").open("a") as starts:
        starts.write(f"{os.getpid()}\n")
    while epoch < experiment["epochs"]:
        report({"epoch": epoch, "epochs": experiment["epochs"], "step": epoch * 10, "seconds": epoch * TICK})
        if wanted() != "run":
            return "paused" if wanted() == "pause" else "stopped"
        misbehave(experiment, epoch)
        time.sleep(TICK)
        if experiment.get("held") and epoch == experiment["epochs"] // 2 and not (folder / "go").exists():
            continue
        epoch += 1
        (folder / "part").write_text(str(epoch))
        os.replace(folder / "part", reached)
        with (folder / "epochs").open("a") as epochs:
            epochs.write(f"{epoch}\n")
    report({"epoch": epoch, "epochs": experiment["epochs"], "step": epoch * 10, "seconds": epoch * TICK})
    (folder / "result.json").write_text(json.dumps({"total": epoch * (epoch + 1) // 2}))
    return "finished"


def count_or_measure(folder: Path, experiment: Mapping[str, Any], **how: Any) -> str:
    """As the engine's own job does with what was brought; everything else counts."""
    if "upload" not in experiment:
        return count(folder, experiment, **how)
    from core.jobs.worker import train

    return train(folder, experiment, **how)


def misbehave(experiment: Mapping[str, Any], epoch: int) -> None:
    fault = experiment.get("fault")
    if fault == "bad value":
        raise ValueError("margin must be above 0, got -1. Take 0.2.")
    if fault == "bug":
        raise KeyError("no such thing")
    if fault == "death":
        os.kill(os.getpid(), 9)
    if fault == "deaf":
        while True:  # holds the process, reads no request
            sum(range(1000))
    if fault == "greed":
        bytearray(1 << 62)
    if fault == "hunger":
        held = []
        while True:
            held.append(bytearray(20_000_000))
            time.sleep(0.01)


def compile_slowly(send: Callable, trains: bool = True) -> None:
    """A warm-up that lasts until a test says that it is over."""
    send({"compiling": True})
    while not Path(os.environ["METRIC_LAB_TEST_COMPILED"]).exists():
        time.sleep(TICK)
