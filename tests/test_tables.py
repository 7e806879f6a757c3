"""A file that is in no table is a thing nobody can choose; a member without a test is one nobody checked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields

import pytest

from core.experiment.experiment import FAMILIES, Experiment
from core.makers.catalogue import TABLES
from core.params import Declared, Param, params_of
from tests.imports import ROOT, module_name

FOLDERS = {
    "augmentation": "augmentations",
    "dataset": "datasets",
    "encoder": "encoders",
    "sampler": "samplers",
    "miner": "miners",
    "loss": "losses",
    "distance": "distances",
    "goal": "verification/goals",
}
# What the members of a family share.
SHARED = {
    "__init__.py",
    "base.py",
    "class_pairs.py",
    "class_rows.py",
    "combinatorics.py",
    "expected_batch.py",
    "images.py",
    "samples.py",
    "vectors.py",
    "admitted.py",
    "brought_layers.py",
    "headed.py",
    "fitting.py",
    "picture.py",
    "index_order.py",
    "own_weights.py",
    "pretrained.py",
    "resizing.py",
    "semi_hard_rules.py",
    "triplet_terms.py",
    "weighted_draws.py",
}
MEMBERS = [kind for kinds in TABLES.values() for kind in kinds.values()]
LARGE = {family: kinds for family, kinds in TABLES.items() if len(kinds) > 1}
PARAMETERS = {
    f"{family}-{kind.name}-{declared.name}": declared
    for family, kinds in TABLES.items()
    for kind in kinds.values()
    for declared in params_of(kind)
}
AT_HOME = [(folder, kind) for family, folder in FOLDERS.items() for kind in TABLES[family].values()]


def in_words(class_name: str) -> str:
    """CompactCnn -> compact_cnn, PByK -> p_by_k."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", class_name).lower()


@pytest.mark.parametrize("family, folder", FOLDERS.items())
def test_every_file_of_a_family_is_the_home_of_a_member(family: str, folder: str) -> None:
    files = {file for file in (ROOT / "core" / folder).glob("*.py") if file.name not in SHARED}
    assert files
    assert {module_name(file) for file in files} == {kind.__module__ for kind in TABLES[family].values()}


@pytest.mark.parametrize("folder, kind", AT_HOME, ids=[kind.name for _, kind in AT_HOME])
def test_file_class_and_test_share_one_name(folder: str, kind: type[Declared]) -> None:
    word = in_words(kind.__name__)
    assert kind.__module__ == f"core.{folder.replace('/', '.')}.{word}"
    assert (ROOT / "tests" / "core" / folder / f"test_{word}.py").is_file()


@pytest.mark.parametrize("kind", MEMBERS, ids=[kind.name for kind in MEMBERS])
def test_a_member_says_what_it_is_in_a_sentence_of_its_own(kind: type[Declared]) -> None:
    assert "__doc__" in vars(kind) and not (kind.__doc__ or "").startswith(f"{kind.__name__}(")
    assert len(kind.summary) > 20


@pytest.mark.parametrize("declared", PARAMETERS.values(), ids=PARAMETERS)
def test_a_parameter_is_explained_and_bounded(declared: Param) -> None:
    assert declared.help and declared.allows(declared.default), declared.rule
    if isinstance(declared.default, (int, float)) and not isinstance(declared.default, bool):
        assert declared.choices or (declared.low is not None and declared.high is not None)


def test_whatever_is_declared_in_core_is_in_a_table() -> None:
    """Also where a family shares one file, as splits do."""
    waiting, declared = [Declared], []
    while waiting:
        kinds = waiting.pop().__subclasses__()
        ours = [kind for kind in kinds if kind.__module__.startswith("core.")]  # tests declare some of their own
        declared += [
            kind for kind in ours if not any(sub.__module__.startswith("core.") for sub in kind.__subclasses__())
        ]
        waiting += kinds
    assert {kind.__module__ for kind in declared} >= {"core.experiment.splits", "core.experiment.schedule"}
    assert {kind.__qualname__ for kind in declared} == {kind.__qualname__ for kind in MEMBERS}


def test_an_experiment_has_one_member_of_every_family() -> None:
    parts = {part.name: getattr(Experiment(), part.name) for part in fields(Experiment)}
    assert list(parts) == list(FAMILIES)
    assert all(type(member) is FAMILIES[family][member.name] for family, member in parts.items())


@pytest.mark.parametrize("kinds", LARGE.values(), ids=LARGE)
def test_no_two_members_say_the_same_of_themselves(kinds: Mapping[str, type[Declared]]) -> None:
    assert len({kind.summary for kind in kinds.values()}) == len(kinds)
