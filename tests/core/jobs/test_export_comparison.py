"""A comparison as files of every kind, and its event files as TensorBoard itself reads them."""

from __future__ import annotations

import warnings
from pathlib import Path
from types import SimpleNamespace

import pytest

from core.comparison.record import Comparison
from core.handover.event_files import FILE
from core.handover.optional_packages import MLFLOW_PYTHON
from core.jobs.comparison_results import gathered
from core.jobs.export_comparison import (
    COMPARISON_KINDS,
    check_can_be_written,
    export_comparison,
    folder_names,
    hparams_of,
    write_files,
)
from tests.core.found_results import found
from tests.dashboard.compared_strategies import compared

TABLES, FIGURES = ("levels", "differences", "curves"), ("matrix", "levels", "curves")
CSV, PARQUET = ({f"{name}.{form}" for name in TABLES} for form in ("csv", "parquet"))
DRAWN = {f"{name}.{form}" for name in FIGURES for form in ("png", "svg")}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Comparison]:
    root = tmp_path_factory.mktemp("store")
    return root, compared(root)


@pytest.mark.parametrize(
    ("kind", "files"),
    [
        ("csv", CSV),
        ("parquet", PARQUET),
        ("figures", DRAWN),
        ("html", {"report.html"}),
        ("files", CSV | PARQUET | DRAWN | {"report.html"}),
    ],
)
def test_each_kind_is_these_files(kind: str, files: set[str], made: tuple[Path, Comparison], tmp_path: Path) -> None:
    said: list[str] = []
    assert export_comparison(*made, kind, str(tmp_path), said.append) is None
    assert {file.name for file in tmp_path.iterdir()} == files and said[-1] == f"writing {kind}"


def test_the_command_and_the_export_write_the_same(made: tuple[Path, Comparison], tmp_path: Path) -> None:
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
    write_files(tmp_path / "one", gathered(*made))
    export_comparison(*made, "files", str(tmp_path / "other"))
    for file in (tmp_path / "one").iterdir():
        assert file.read_bytes() == (tmp_path / "other" / file.name).read_bytes(), file.name


def test_tensorboard_groups_the_runs_by_strategy_and_seed(made: tuple[Path, Comparison], tmp_path: Path) -> None:
    export_comparison(*made, "events", str(tmp_path))
    places = {file.relative_to(tmp_path).as_posix() for file in tmp_path.rglob(FILE)}
    assert places == {f"{name}/seed-{seed}/{FILE}" for name in ("semi-hard", "random") for seed in (0, 1)}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of its own imports
        from tensorboard.backend.event_processing.data_provider import MultiplexerDataProvider
        from tensorboard.backend.event_processing.plugin_event_multiplexer import EventMultiplexer
        from tensorboard.context import RequestContext
        from tensorboard.plugins.hparams import api_pb2
        from tensorboard.plugins.hparams.backend_context import Context
        from tensorboard.plugins.hparams.list_session_groups import Handler

        read = EventMultiplexer().AddRunsFromDirectory(str(tmp_path))
        read.Reload()
        context = Context(SimpleNamespace(data_provider=MultiplexerDataProvider(read, str(tmp_path))))
        experiment = context.experiment_from_metadata(
            RequestContext(), "", True, context.hparams_metadata(RequestContext(), ""), []
        )
        wanted = api_pb2.ListSessionGroupsRequest(
            start_index=0, slice_size=100, allowed_statuses=api_pb2.Status.values()
        )
        groups = Handler(RequestContext(), context, "", wanted).run().session_groups
    named = {info.name: [value.string_value or value.number_value for value in info.domain_discrete.values]
             for info in experiment.hparam_infos}  # fmt: skip
    assert named["strategy"] == ["semi-hard", "random"] and named["seed"] == [0.0, 1.0] and "miner" in named
    assert {(one.hparams["strategy"].string_value, one.hparams["seed"].number_value) for one in groups} == {
        (name, seed) for name in ("semi-hard", "random") for seed in (0.0, 1.0)
    }
    values = {
        (one.hparams["strategy"].string_value, one.hparams["seed"].number_value): metric.value
        for one in groups
        for metric in one.metric_values
        if metric.name.tag == "held-out/map_at_r"
    }
    for one in gathered(*made).trainings:
        assert values[one.strategy, one.seed] == pytest.approx(one.snapshots[-1].map_at_r, rel=1e-6)


def test_settings_of_one_kind_stay_numbers_and_others_are_texts() -> None:
    trainings = found(("a", "b"), seeds=2).trainings
    told = hparams_of(trainings)
    assert told == {"strategy": ["a", "a", "b", "b"], "seed": [0, 1, 0, 1]}
    changed = trainings[3].settings | {
        "miner": {"kind": "random"},
        "loss": trainings[3].settings["loss"] | {"margin": 0.5},
    }
    told = hparams_of([*trainings[:3], trainings[3]._replace(settings=changed)])
    assert told["loss_margin"] == [0.2, 0.2, 0.2, 0.5] and told["miner"][-2:] == ["semi-hard", "random"]
    assert told["miner_margin"][-1] == "" and all(isinstance(value, str) for value in told["miner_margin"])
    assert hparams_of(found(("a", "b"), seeds=1, folds=2).trainings)["fold"] == [0, 1, 0, 1]


def test_every_strategy_has_a_folder_that_every_disk_takes() -> None:
    names = folder_names(["a/b", "a_b", "A_B", "..", "", "x" * 200])
    assert list(names.values()) == ["a_b", "a_b-2", "A_B-3", "strategy", "strategy-2", "x" * 80]


def test_what_is_missing_is_said_before_anything_is_gathered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(MLFLOW_PYTHON, str(tmp_path / "none"))
    with pytest.raises(ValueError, match="MLflow must be installed in an environment of its own"):
        check_can_be_written("mlflow")
    for kind in set(COMPARISON_KINDS) - {"mlflow"}:
        check_can_be_written(kind)
