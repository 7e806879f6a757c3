"""What a run keeps of the roles of its points is read back as it was brought."""

from __future__ import annotations

import numpy as np
import pytest

from core.distances import EUCLIDEAN
from core.jobs.measure_embeddings import keep
from core.jobs.measure_roles import RoleUpload, RoleWords, upload_of
from core.jobs.roles_of_run import numbers_of, questions_on, remarks_on, roles_in
from core.reidentification.summary import summarise_by_role
from core.runs.run_folder import Run
from core.runs.store import Store
from tests.imports import ROOT

MARKET = ROOT / "tests" / "core" / "market_junk.npz"


def kept(store: Store, *, junk: list[str]) -> tuple[Run, RoleUpload]:
    """A run that nobody has measured yet."""
    upload = upload_of("market.npz", MARKET, EUCLIDEAN, RoleWords(junk=junk))
    assert isinstance(upload, RoleUpload)
    return Run(store.folder(keep(store, upload).id)), upload


def test_the_roles_are_those_that_were_brought(store: Store) -> None:
    run, upload = kept(store, junk=["-1"])
    assert roles_in(run).counts == upload.roles.counts and upload.roles.counts["junk"] == 12
    assert remarks_on(run)[0] == "points left out as junk: 12"


def test_a_label_that_is_answered_is_not_asked_again(store: Store) -> None:
    run, _ = kept(store, junk=["-1"])
    assert [asked["label"] for asked in questions_on(run)] == ["0"]


@pytest.mark.parametrize("margin", [0.2, 0.9])
def test_triplets_are_judged_by_the_margin_that_is_given(store: Store, margin: float) -> None:
    run, upload = kept(store, junk=["-1"])
    expected = summarise_by_role(upload.embeddings, upload.roles, margin=margin, margins=np.array([margin])).numbers
    assert numbers_of(run, margin) == expected


def test_another_margin_gives_other_shares(store: Store) -> None:
    run, _ = kept(store, junk=["-1"])
    assert numbers_of(run, 0.2)["hard"] == numbers_of(run, 0.9)["hard"]
    assert numbers_of(run, 0.2)["easy"] > numbers_of(run, 0.9)["easy"]
