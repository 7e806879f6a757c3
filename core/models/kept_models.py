"""The folder of a network that somebody brought, once it is admitted, in files that can be read without this code.

model.json                   what it is, what it takes and gives, and how images are prepared for it
model.onnx, or
model.safetensors            the file as it was brought
owners.json                  who brought it: several may have brought the same, and each keeps it
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from secrets import token_hex
from typing import Any, Self

from core.models.image_rule import ImageRule
from core.records.fields import JsonObject, values_of, written_fields
from core.system.atomic_files import write_json
from core.system.locations import store_root
from core.system.permissions import SHARED

FORMAT = 1
MODEL_ID = re.compile(r"[0-9a-f]{32}")
CARD, OWNERS = "model.json", "owners.json"
ONNX, SAFETENSORS = "onnx", "safetensors"
FORMS = (ONNX, SAFETENSORS)
IMAGES, VECTORS = "images", "vectors"
FILE, READER, NOBODY = "file", "reader", "nobody"
CHUNK = 1 << 20


@dataclass(frozen=True, kw_only=True)
class ModelCard:
    """model.json. `form` is a name in FORMS, `takes` images or vectors; vectors have `numbers` numbers, images are
    prepared by `rule`, which comes from `rule_from` (FILE, READER or NOBODY). `output` is the one of its outputs that
    is the embedding, of `dimension` numbers; `at_once` says whether it takes several samples at a time. `graph` is what
    was found in the file."""

    format: int = FORMAT
    id: str
    form: str
    title: str
    created: str
    sha256: str
    bytes: int
    takes: str
    dimension: int
    numbers: int = 0
    rule: Mapping[str, Any] = field(default_factory=dict)
    rule_from: str = ""
    output: str = ""
    at_once: bool = True
    graph: Mapping[str, Any] = field(default_factory=dict)
    other: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def read(cls, written: object) -> Self:
        """Of plain values, as JSON has them. Raises ValueError for what is damaged or of a newer format."""
        card = cls(**values_of(cls, written, CARD))
        if card.format > FORMAT or card.form not in FORMS or card.takes not in (IMAGES, VECTORS):
            raise ValueError(
                f"{CARD} must be of format {FORMAT} or older, of {' or '.join(FORMS)}, got format {card.format} of "
                f"{card.form}. Open it with a newer Metric Lab."
            )
        return card

    def written(self) -> JsonObject:
        """The plain values that `read` takes."""
        return written_fields(self)

    @property
    def image_rule(self) -> ImageRule:
        """How images are prepared. Raises ValueError for a network of vectors."""
        if self.takes != IMAGES:
            raise ValueError(
                f"the network must take images, got {self.title}, which takes vectors of {self.numbers} numbers. "
                "Choose another network."
            )
        return ImageRule.read(self.rule)

    @property
    def file(self) -> Path:
        """The network itself."""
        return folder_of(self.id) / f"model.{self.form}"


def models_root() -> Path:
    """Where networks lie, one folder each, named by its id."""
    return store_root() / "models"


def folder_of(model_id: str) -> Path:
    """Where the network of this id lies, or would. Raises ValueError for what is no id."""
    if not MODEL_ID.fullmatch(model_id):
        raise ValueError(
            f"model must be the id of a network of yours (32 hexadecimal characters), got {model_id[:60]!r}. Choose "
            "one of your networks, or bring it."
        )
    return models_root() / model_id


def id_of(digest: str, settings: Mapping[str, Any]) -> str:
    """The same for the same file, used in the same way, and no other."""
    return sha256(json.dumps([digest, settings], sort_keys=True).encode()).hexdigest()[:32]


def new_place() -> Path:
    """An empty folder beside those that are kept, for a file before it is looked at; its owner's alone, as
    what becomes of it."""
    place = models_root() / f".coming-{token_hex(8)}"
    place.mkdir(parents=True)
    if not os.environ.get(SHARED):
        place.chmod(0o700)
    return place


def keep_model(place: Path, card: ModelCard) -> ModelCard:
    """Have the folder `place`, which holds the file, be the network's own; what is there already stays as it is. The
    card that is kept."""
    folder = folder_of(card.id)
    if not (folder / CARD).exists():
        shutil.rmtree(folder, ignore_errors=True)  # one that a crash left half made
        write_json(place / CARD, card.written())
        os.replace(place, folder)
    return read_model(card.id)


def read_model(model_id: str) -> ModelCard:
    """What is known of a network. Raises ValueError where it is missing or its card is damaged."""
    folder = folder_of(model_id)
    try:
        return ModelCard.read(json.loads((folder / CARD).read_text()))
    except FileNotFoundError:
        raise ValueError(missing(model_id)) from None
    except (OSError, ValueError) as problem:
        raise ValueError(f"{folder}: {problem}") from None


def missing(model_id: str) -> str:
    """What is said where there is no such network."""
    return (
        f"the network {model_id[:40]} must have been brought here, got none: it may have been deleted. Bring its "
        "file again."
    )


def checked_file(card: ModelCard) -> Path:
    """The file of a network. Raises ValueError where it is not the one that was admitted."""
    try:
        found = digest_of(card.file)
    except OSError as problem:
        raise ValueError(f"{card.file} must be readable, got {problem.strerror}. Bring the network again.") from None
    if found != card.sha256:
        raise ValueError(
            f"{card.file} must be what was admitted, got other bytes. Delete the network, and bring it again."
        )
    return card.file


def digest_of(file: Path) -> str:
    """The SHA-256 of a file, in hex."""
    content = sha256()
    with file.open("rb") as opened:
        while part := opened.read(CHUNK):
            content.update(part)
    return content.hexdigest()


def model_ids() -> list[str]:
    """All networks that are kept, the newest first."""
    cards = [card for card in models_root().glob(f"*/{CARD}") if MODEL_ID.fullmatch(card.parent.name)]
    return [card.parent.name for card in sorted(cards, key=lambda card: card.stat().st_mtime, reverse=True)]


def owners_of(model_id: str) -> tuple[str, ...]:
    """The ids of those who brought it; none where nobody is told apart, or the list is damaged."""
    try:
        listed = json.loads((folder_of(model_id) / OWNERS).read_text())
    except (OSError, ValueError):
        return ()
    return tuple(owner for owner in listed if isinstance(owner, str)) if isinstance(listed, list) else ()


def add_owner(model_id: str, owner: str) -> None:
    """Somebody has brought it, too; an empty id is nobody's."""
    owners = owners_of(model_id)
    if owner and owner not in owners:
        write_json(folder_of(model_id) / OWNERS, [*owners, owner])


def delete_model(model_id: str, owner: str = "") -> None:
    """Remove a network, or, where others have brought it beside `owner`, only that they have. Runs that were
    trained with it keep their numbers, and no longer embed."""
    folder, owners = folder_of(model_id), owners_of(model_id)
    if owner in owners and len(owners) > 1:
        write_json(folder / OWNERS, [one for one in owners if one != owner])
    else:
        shutil.rmtree(folder, ignore_errors=True)
