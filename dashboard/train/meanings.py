"""What a setting means: as the glossary has it where the setting is a term of the field, and what it does here."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from core.params import Param
from dashboard.core_words import translated, value_named
from dashboard.glossary.entries import sentence_of
from dashboard.wording import say

# Settings that are terms of the field; of all others their own help says enough.
TERMS_OF_SETTINGS: Mapping[str, str] = MappingProxyType(
    {
        "margin": "margin",
        "temperature": "temperature",
        "scale": "scale",
        "boundary": "boundary",
        "proxy_rate": "proxy",
        "centre_rate": "class_centre",
        "dimension": "dimension",
        "normalise": "unit_length",
        "head": "head",
        "batch_size": "batch",
        "negatives_per_positive": "negative_pair",
        "samples_per_class": "p_by_k",
        "epochs": "epoch",
        "updates": "update",
        "learning_rate": "learning_rate",
        "warm_up": "warm_up",
        "weight_decay": "weight_decay",
        "seed": "seed",
        "evaluation_share": "held_out",
        "folds": "fold",
        "snapshots_per_epoch": "snapshot",
        "maps_per_epoch": "map",
    }
)


def meaning_of(declared: Param) -> str:
    """For the sign beside its field, with its default."""
    here = say("train.setting.help", help=translated(declared.help), default=value_named(declared.default))
    term = TERMS_OF_SETTINGS.get(declared.name)
    return say("train.setting.meant", meaning=sentence_of(term), here=here) if term else here
