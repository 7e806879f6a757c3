"""A file that is in no table is a thing nobody can choose; a member without a test is one nobody checked."""

from __future__ import annotations

import re

import pytest

from core.experiment.experiment import FAMILIES
from core.params import Declared, params_of
from tests.imports import ROOT, module_name

FOLDERS = {
    "dataset": "datasets",
    "encoder": "encoders",
    "sampler": "samplers",
    "miner": "miners",
    "loss": "losses",
}
# What the members of a family share.
SHARED = {
    "__init__.py",
    "base.py",
    "class_pairs.py",
    "class_rows.py",
    "combinatorics.py",
    "decks.py",
    "expected_batch.py",
    "images.py",
    "semi_hard_rules.py",
    "triplet_terms.py",
    "weighted_draws.py",
}
MEMBERS = [kind for family in FAMILIES.values() for kind in family.values()]
AT_HOME = [(folder, kind) for family, folder in FOLDERS.items() for kind in FAMILIES[family].values()]


def in_words(class_name: str) -> str:
    """CompactCnn -> compact_cnn, PByK -> p_by_k."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", class_name).lower()


@pytest.mark.parametrize("family, folder", FOLDERS.items())
def test_every_file_of_a_family_is_the_home_of_a_member(family: str, folder: str) -> None:
    files = {file for file in (ROOT / "core" / folder).glob("*.py") if file.name not in SHARED}
    assert files
    assert {module_name(file) for file in files} == {kind.__module__ for kind in FAMILIES[family].values()}


@pytest.mark.parametrize("folder, kind", AT_HOME, ids=[kind.name for _, kind in AT_HOME])
def test_file_class_and_test_share_one_name(folder: str, kind: type[Declared]) -> None:
    word = in_words(kind.__name__)
    assert kind.__module__ == f"core.{folder}.{word}"
    assert (ROOT / "tests" / "core" / folder / f"test_{word}.py").is_file()


@pytest.mark.parametrize("kind", MEMBERS, ids=[kind.name for kind in MEMBERS])
def test_a_member_says_what_it_is_in_a_sentence_of_its_own(kind: type[Declared]) -> None:
    assert "__doc__" in vars(kind) and not (kind.__doc__ or "").startswith(f"{kind.__name__}(")
    assert len(kind.summary) > 20


@pytest.mark.parametrize("kind", MEMBERS, ids=[kind.name for kind in MEMBERS])
def test_every_parameter_is_explained_and_bounded(kind: type[Declared]) -> None:
    for declared in params_of(kind):
        assert declared.help, declared.name
        assert declared.allows(declared.default), declared.rule
        if isinstance(declared.default, (int, float)) and not isinstance(declared.default, bool):
            assert declared.choices or (declared.low is not None and declared.high is not None), declared.name


@pytest.mark.parametrize("family", FAMILIES)
def test_names_are_those_of_the_members(family: str) -> None:
    assert FAMILIES[family]
    assert all(name == kind.name for name, kind in FAMILIES[family].items())
