from __future__ import annotations

from pathlib import Path

import pytest

from core.models.kept_models import CARD, folder_of
from dashboard.entrance import rights
from dashboard.entrance.visitors import Visitor
from dashboard.lookups.brought_networks import card_of, own_cards
from tests.core.brought_models import brought


@pytest.fixture(autouse=True)
def in_a_store(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("METRIC_LAB_STORE", str(tmp_path / "store"))


def test_a_network_is_seen_by_those_who_brought_it_and_a_teacher(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = brought(tmp_path, owner="ada")
    for who, sees in (
        (Visitor("ada", "Ada"), True),
        (Visitor("ben", "Ben"), False),
        (Visitor("li", "Li", is_teacher=True), True),
        (None, True),
    ):
        monkeypatch.setattr(rights, "now", lambda who=who: who)
        assert own_cards() == ([card] if sees else []) and card_of(card.id) == (card if sees else None)


def test_a_damaged_one_is_passed_over(tmp_path: Path) -> None:
    card = brought(tmp_path)
    (folder_of(card.id) / CARD).write_text("{")
    assert own_cards() == [] and card_of(card.id) is None and card_of("none") is None
