"""What somebody brought and the store has admitted: images, or the vectors that another encoder made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from core.datasets.admitted import folder_of, read_admitted, read_card
from core.datasets.images import Dataset
from core.datasets.samples import Samples
from core.params import param

HOW_TO_GET = "brought must be given data of yours, got none. Bring images or embeddings first, then choose them."


@dataclass(frozen=True)
class Brought(Dataset):
    """Your own images, or vectors that another encoder made: they are read from the store that has admitted them."""

    licence: ClassVar[str] = "yours; nothing leaves this machine"
    size: ClassVar[str] = "as many samples as were brought"
    real: ClassVar[bool] = True

    data: str = param("", help="the id under which the store keeps what was brought")

    @property
    def absence(self) -> str:
        try:
            self.card_title()
        except ValueError as problem:
            return str(problem)
        return ""

    @property
    def title(self) -> str:
        """What whoever brought it calls it; the name of the family where it is not here."""
        try:
            return self.card_title()
        except ValueError:
            return self.name

    def card_title(self) -> str:
        """The title on its card. Raises ValueError where nothing is chosen, or it is not in this store."""
        if not self.data:
            raise ValueError(HOW_TO_GET)
        return read_card(folder_of(self.data)).title

    def read(self) -> Samples:
        if not self.data:
            raise ValueError(HOW_TO_GET)
        return read_admitted(folder_of(self.data))
