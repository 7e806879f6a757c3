"""The folders of networks in the store: kept once, owned by several, damaged, deleted."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from core.models.image_rule import ImageRule
from core.models.kept_models import (
    CARD,
    ModelCard,
    add_owner,
    checked_file,
    delete_model,
    digest_of,
    folder_of,
    id_of,
    keep_model,
    model_ids,
    models_root,
    new_place,
    owners_of,
    read_model,
)

RULE = ImageRule(4, 5, 1, (0.0,), (1.0,))


@pytest.fixture(autouse=True)
def own_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("METRIC_LAB_STORE", str(tmp_path / "store"))


def kept(content: bytes = b"network", title: str = "a.onnx", **changes: object) -> ModelCard:
    place = new_place()
    (place / "model.onnx").write_bytes(content)
    digest = digest_of(place / "model.onnx")
    card = ModelCard(
        id=id_of(digest, {"rule": RULE.written()}),
        form="onnx",
        title=title,
        created="2026-11-30T12:00:00+00:00",
        sha256=digest,
        bytes=len(content),
        takes="images",
        dimension=4,
        rule=RULE.written(),
        output="y",
    )
    return keep_model(place, replace(card, **changes))


def test_what_is_kept_is_read_again() -> None:
    card = kept()
    assert read_model(card.id) == card and card.image_rule == RULE
    assert checked_file(card).read_bytes() == b"network" and model_ids() == [card.id]
    assert [path.name for path in models_root().iterdir()] == [card.id]


def test_others_of_the_machine_read_it_where_the_store_is_shared_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    before = os.umask(0o022)
    try:
        assert folder_of(kept().id).stat().st_mode & 0o777 == 0o700
        monkeypatch.setenv("METRIC_LAB_SHARED", "yes")
        assert folder_of(kept(b"another").id).stat().st_mode & 0o777 == 0o755
    finally:
        os.umask(before)


def test_the_same_network_is_kept_once_and_another_use_of_it_is_another() -> None:
    first = kept()
    again = kept(title="b.onnx")
    assert again == first and model_ids() == [first.id]
    assert id_of(first.sha256, {"rule": {}}) != first.id != id_of("0", {"rule": RULE.written()})


def test_a_folder_that_a_crash_left_half_made_is_made_anew() -> None:
    card = kept()
    (folder_of(card.id) / CARD).unlink()
    assert model_ids() == []
    assert kept() == card and model_ids() == [card.id]


def test_it_is_of_all_who_brought_it_until_the_last_deletes_it() -> None:
    card = kept()
    assert owners_of(card.id) == ()
    for owner in ("ann", "bob", "ann", ""):
        add_owner(card.id, owner)
    assert owners_of(card.id) == ("ann", "bob")
    delete_model(card.id, "ann")
    assert owners_of(card.id) == ("bob",) and model_ids() == [card.id]
    delete_model(card.id, "bob")
    assert model_ids() == [] and not folder_of(card.id).exists()
    delete_model(card.id)  # once more does nothing


def test_the_user_of_the_machine_deletes_it_for_all() -> None:
    card = kept()
    add_owner(card.id, "ann")
    delete_model(card.id)
    assert model_ids() == []


def test_a_damaged_list_of_owners_names_nobody() -> None:
    card = kept()
    for content in ("{", '{"a": 1}', "[1, 2]"):
        (folder_of(card.id) / "owners.json").write_text(content)
        assert owners_of(card.id) == ()


def test_a_file_that_was_changed_is_not_run() -> None:
    card = kept()
    card.file.write_bytes(b"another")
    with pytest.raises(ValueError, match="must be what was admitted, got other bytes"):
        checked_file(card)
    card.file.unlink()
    with pytest.raises(ValueError, match="must be readable, got No such file"):
        checked_file(card)


@pytest.mark.parametrize("model_id", ["", "../a", "0" * 31, "g" * 32])
def test_what_is_no_id_leads_nowhere(model_id: str) -> None:
    with pytest.raises(ValueError, match="model must be the id of a network of yours"):
        read_model(model_id)


def test_one_that_is_gone_is_said_to_be() -> None:
    with pytest.raises(ValueError, match="must have been brought here, got none: it may have been deleted"):
        read_model("0" * 32)


@pytest.mark.parametrize(
    "changes, said",
    [
        ({"format": 2}, "must be of format 1 or older"),
        ({"form": "pickle"}, "of onnx or safetensors, got format 1 of pickle"),
        ({"dimension": "4"}, "must hold a fitting dimension"),
    ],
)
def test_a_card_that_is_damaged_or_newer_is_refused(changes: dict[str, object], said: str) -> None:
    card = kept()
    (folder_of(card.id) / CARD).write_text(json.dumps(card.written() | changes))
    with pytest.raises(ValueError, match=said):
        read_model(card.id)
    (folder_of(card.id) / CARD).write_text("{")
    with pytest.raises(ValueError, match=card.id):
        read_model(card.id)


def test_a_network_of_vectors_has_no_rule_for_images() -> None:
    card = kept(takes="vectors", numbers=3, rule={})
    with pytest.raises(ValueError, match="must take images, got a.onnx, which takes vectors of 3 numbers"):
        card.image_rule  # noqa: B018
