"""What somebody asks to be taken in, as plain values, so that it can be handed to another process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Self

from core.admission.column_meaning import ROLES
from core.admission.data_owners import Owner
from core.admission.mends import MENDS
from core.admission.preparation import Preparation
from core.datasets.admitted import folder_of

NOT_FINITE = "drop-not-finite"  # the one mend without which nothing can be kept
TITLE_LENGTH = 100


@dataclass(frozen=True)
class Asked:
    """Files by name and path, of which a folder may be the only one; or the id of a set, `data`, that is to be mended.
    `chosen` says which column has which role, `mends` what is done in turn; it becomes the `owner`'s."""

    files: tuple[tuple[str, str], ...] = ()
    data: str = ""
    title: str = ""
    preparation: Preparation = field(default_factory=Preparation)
    chosen: Mapping[str, str] = field(default_factory=dict)
    groups_from_folders: bool = False
    mends: tuple[str, ...] = ()
    owner: Owner = field(default_factory=Owner)

    def __post_init__(self) -> None:
        if not self.files and not self.data:
            raise ValueError("what is brought must be at least one file, got none. Choose files, or a folder.")
        if self.data:
            folder_of(self.data)
        wrong = [name for name in self.mends if name not in (*MENDS, NOT_FINITE)]
        if wrong:
            known = ", ".join((*MENDS, NOT_FINITE))
            raise ValueError(f"the mend must be one of {known}, got {wrong[0][:60]!r}. Choose one of them.")
        odd = [role for role in self.chosen if role not in ROLES]
        if odd:
            raise ValueError(f"the role must be one of {', '.join(ROLES)}, got {odd[0][:60]!r}. Choose one of them.")

    @property
    def paths(self) -> tuple[tuple[str, Path], ...]:
        """The files, with paths."""
        return tuple((name, Path(path)) for name, path in self.files)

    @property
    def shown_title(self) -> str:
        """What the set is called: as asked, or as the first file."""
        title = self.title or (Path(self.files[0][0]).name if self.files else "")
        return " ".join("".join(one if one.isprintable() else " " for one in title).split())[:TITLE_LENGTH] or "data"

    @classmethod
    def read(cls, written: Mapping[str, Any]) -> Self:
        """Of what `written` gives."""
        return cls(
            files=tuple((str(name), str(path)) for name, path in written["files"]),
            data=str(written["data"]),
            title=str(written["title"]),
            preparation=Preparation.read(written["preparation"]),
            chosen=dict(written["chosen"]),
            groups_from_folders=bool(written["groups_from_folders"]),
            mends=tuple(map(str, written["mends"])),
            owner=Owner(**written["owner"]),
        )

    def written(self) -> dict[str, Any]:
        """Plain values, as JSON has them."""
        return {
            "files": [list(file) for file in self.files],
            "data": self.data,
            "title": self.title,
            "preparation": self.preparation.written(0),
            "chosen": dict(self.chosen),
            "groups_from_folders": self.groups_from_folders,
            "mends": list(self.mends),
            "owner": asdict(self.owner),
        }
