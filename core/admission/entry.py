"""One file out of a folder or an archive, and how much may come out of one, by rules on names, numbers and sizes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from core.system.quoting import shown

NAME_LENGTH = 1024
ASIDE = {"__macosx", "thumbs.db", "desktop.ini", "@eadir"}  # what systems put beside the files of people
ARCHIVES = (".zip", ".tar", ".tgz", ".gz", ".bz2", ".xz", ".7z", ".rar", ".zst")


@dataclass(frozen=True)
class Limits:
    """How much may be brought at once. `ratio` is how many bytes may come out for each byte of an archive, where
    that is more than `free_bytes`."""

    entries: int = 400_000  # 100,000 images with three files each beside them
    entry_bytes: int = 64 << 20
    total_bytes: int = 64 << 30
    ratio: int = 100
    free_bytes: int = 64 << 20
    directory_bytes: int = 64 << 20  # what an archive says of all its entries

    def unpacked(self, packed: int) -> int:
        """The most bytes that may come out of an archive of so many."""
        return min(self.total_bytes, max(self.free_bytes, self.ratio * packed))


class Entry(NamedTuple):
    """A file by its name in what was brought, and its content; or why it was not read. `share` of everything has come
    with it."""

    name: str
    content: bytes
    share: float
    refusal: str = ""


def written_name(name: str) -> str:
    """A name as it can be written down: what is no character of Unicode is spelled out, and two names stay two."""
    return name.encode("utf-8", "backslashreplace").decode()


def refusal_of(name: str) -> str:
    """Why a file of this name is not taken, empty where it is. Names never lead anywhere here, as nothing is unpacked;
    but whoever makes such names means something else."""
    parts = re.split(r"[/\\]", name)
    if name.startswith(("/", "\\")) or re.match(r"[A-Za-z]:", name):
        return "its name is an absolute path"
    if ".." in parts:
        return "its name leads out of its folder"
    if len(name) > NAME_LENGTH:
        return f"its name is longer than {NAME_LENGTH:,} characters"
    if not name.isprintable():
        return "its name has characters that cannot be seen"
    if name.lower().endswith(ARCHIVES):
        return "it is an archive within what was brought"
    return ""


def is_aside(name: str) -> bool:
    """Whether a file is hidden, or is what a system put beside others."""
    return any(part.startswith(".") or part.lower() in ASIDE for part in re.split(r"[/\\]", name) if part != "..")


def too_many(what: str, limits: Limits) -> ValueError:
    """The error of what holds more files than may be."""
    return ValueError(
        f"{shown(what)} must hold at most {limits.entries:,} files, got more. Bring a part of it, or larger files such "
        "as a table of images."
    )


def too_much(what: str, most: int) -> ValueError:
    """The error of what unpacks to more bytes than may be."""
    return ValueError(
        f"{shown(what)} must unpack to at most {most:,} bytes, got more. Save it again without compression, or bring a "
        "part of it."
    )
