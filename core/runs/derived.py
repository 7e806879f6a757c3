"""What the index has of the settings of a run in columns of their own, so that runs are found by it without a look into
the settings of each."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from types import MappingProxyType
from typing import Any

from core.records.fields import JsonObject
from core.records.kinds import kind_of_request


def settings_in(experiment: Mapping[str, Any]) -> str:
    """All values in one line, in small letters, as words are looked for."""
    return " ".join(_values(experiment)).casefold()


def awaited_in(experiment: Mapping[str, Any]) -> int:
    """1 where somebody waits for it before a page, as for what was brought, and 0 for a training."""
    return int(not kind_of_request(experiment).is_trained)


def data_in(experiment: Mapping[str, Any]) -> str:
    """The id of the admitted set that it is trained on; empty for all others."""
    dataset = experiment.get("dataset")
    if not isinstance(dataset, dict) or dataset.get("kind") != "brought":
        return ""
    return str(dataset.get("data", ""))


def dataset_in(experiment: Mapping[str, Any]) -> str:
    """The same id, or the name of the dataset that comes with the code; empty where none is named."""
    dataset = experiment.get("dataset")
    return data_in(experiment) or (str(dataset.get("kind", "")) if isinstance(dataset, dict) else "")


DERIVED: MappingProxyType[str, Callable[[Mapping[str, Any]], Any]] = MappingProxyType(
    {"settings": settings_in, "is_awaited": awaited_in, "data": data_in, "dataset": dataset_in}
)


def derived(experiment: Mapping[str, Any]) -> JsonObject:
    """All of it, by the names of the columns."""
    return {name: of(experiment) for name, of in DERIVED.items()}


def derived_of(experiment: str, name: str) -> Any:
    """One column, of settings as the index keeps them; of damaged ones what an empty one would have."""
    described: object = None
    with suppress(ValueError):
        described = json.loads(experiment)
    return DERIVED[name](described if isinstance(described, dict) else {})


def _values(described: object) -> list[str]:
    if isinstance(described, Mapping):
        return [word for value in described.values() for word in _values(value)]
    return [str(described)]
