"""Networks that somebody brought: their cards. What was brought itself is never read here."""

from __future__ import annotations

from core.models.kept_models import ModelCard, model_ids, read_model
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
