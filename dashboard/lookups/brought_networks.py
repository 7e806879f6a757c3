"""Networks that somebody brought: their cards. What was brought itself is never read here."""

from __future__ import annotations

from core.encoders.base import Encoder
from core.encoders.brought_network import BroughtNetwork
from core.models.kept_models import ModelCard, missing, model_ids, read_model
from dashboard.entrance.rights import may_see_model

MOST_LISTED = 50


def card_of(model_id: str) -> ModelCard | None:
    """What is known of a network; None where there is none for who asks."""
    try:
        return read_model(model_id) if may_see_model(model_id) else None
    except ValueError:
        return None


def own_cards() -> list[ModelCard]:
    """The networks of who asks, the newest first."""
    cards = (card_of(model_id) for model_id in model_ids())
    return [card for card in cards if card is not None][:MOST_LISTED]


def check(encoder: Encoder) -> None:
    """Raise ValueError where an encoder stands on a network that is not there for who asks, as for one that nobody has
    brought: whoever knows its id learns nothing from it."""
    if isinstance(encoder, BroughtNetwork) and encoder.model and not may_see_model(encoder.model):
        raise ValueError(missing(encoder.model))


def absence_of(encoder: Encoder) -> str:
    """Why there is nothing to train for who asks, in a sentence; empty where there is."""
    try:
        check(encoder)
    except ValueError as problem:
        return str(problem)
    return encoder.absence
