from __future__ import annotations

from pathlib import Path

import pytest

from core.encoders.brought_network import BroughtNetwork
from core.encoders.compact_cnn import CompactCnn
from core.models.kept_models import CARD, folder_of
from dashboard.entrance import rights
from dashboard.entrance.visitors import Visitor
from dashboard.lookups.brought_networks import absence_of, card_of, own_cards
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


def test_it_is_said_where_a_network_is_not_there_for_who_asks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    card = brought(tmp_path, owner="ada")
    monkeypatch.setattr(rights, "now", lambda: Visitor("ben", "Ben"))
    for encoder, said in (
        (BroughtNetwork(model=card.id), f"the network {card.id} must have been brought here, got none"),
        (BroughtNetwork(), "brought-network must be given a network of yours, got none"),
        (CompactCnn(), ""),
    ):
        assert absence_of(encoder).startswith(said) and bool(absence_of(encoder)) is bool(said)
    monkeypatch.setattr(rights, "now", lambda: Visitor("ada", "Ada"))
    assert absence_of(BroughtNetwork(model=card.id)) == ""


def test_a_damaged_one_is_passed_over(tmp_path: Path) -> None:
    card = brought(tmp_path)
    (folder_of(card.id) / CARD).write_text("{")
    assert own_cards() == [] and card_of(card.id) is None and card_of("none") is None
