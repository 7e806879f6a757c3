"""Which class each file is of, by the folders that it lies in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from os.path import commonprefix

NO_FOLDER = "all"


def classes_by_folder(names: Sequence[str], *, has_groups: bool = False) -> dict[str, list[str]]:
    """Names of files -> the label of each; with groups, those too, from the folder below that of the label.

    A class is the first folder below the one that holds several: folders that all files share are passed over. Files in
    one folder alone are one class, named by it. Raises ValueError where some files lie in no class, or in no group.
    """
    folders = [re.split(r"[/\\]", name)[:-1] for name in names]
    shared = len(commonprefix([*folders]))  # of lists, their common first elements
    below = [folder[shared:] for folder in folders]
    if not any(below):
        only = folders[0][-1] if folders and folders[0] else NO_FOLDER
        below = [[only] for _ in names]
    _check(names, below, 1, "a folder for its class")
    columns = {"label": [folder[0] for folder in below]}
    if has_groups:
        _check(names, below, 2, "a folder for its group within that of its class")
        columns["group"] = [folder[1] for folder in below]
    return columns


def _check(names: Sequence[str], folders: Sequence[Sequence[str]], depth: int, what: str) -> None:
    lost = [name for name, folder in zip(names, folders, strict=True) if len(folder) < depth]
    if lost:
        raise ValueError(
            f"every image must lie in {what}, got {len(lost):,} of {len(names):,} that do not, such as "
            f"{lost[0][-80:]!r}. Put them into folders, or bring a table that names the labels."
        )
