"""One admission from files to a kept data set: read, number the labels, mend, look at what is there, keep it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from core.admission.asked import NOT_FINITE, Asked
from core.admission.brought import Brought, LeftOut
from core.admission.column_meaning import NONE
from core.admission.data_owners import add_owner, keeping, own_card, owners_of
from core.admission.findings import findings
from core.admission.forms import read_brought
from core.admission.mends import mend_of
from core.admission.numbering import numbered, row_names
from core.admission.other_roles import with_roles
from core.admission.room import check_room
from core.datasets.admitted import KINDS, DataCard, folder_of, read_admitted, write_admitted
from core.datasets.samples import Samples
from core.system.quoting import brief, shown

ROWS_AT_ONCE = 65_536
NAME_LENGTH = 300  # of a sample
STAGES = ("reading", "checking", "keeping")

Told = Callable[[str, float], None]  # the stage, and which share of it is done


class NotFinite(ValueError):
    """Raised where rows have NaN or infinity and nobody has said that they are to be left out."""


def admit(asked: Asked, scratch: Path, told: Told, *, memory: int | None = None) -> DataCard:
    """Take in what is asked for; the card of the set that is kept in the store. `scratch` is a folder for what is large
    meanwhile. Raises ValueError where something cannot be taken."""
    told("reading", 0.0)
    if asked.data:
        samples, card = _known(asked)
    else:
        form, brought = read_brought(asked, scratch, lambda share: told("reading", share), memory=memory)
        samples, left_out = samples_of(brought, drops_not_finite=NOT_FINITE in asked.mends)
        card = _card(asked, form, brought, left_out)
    told("checking", 0.0)
    mends = [name for name in asked.mends if name != NOT_FINITE]
    if asked.data and asked.chosen:
        samples = with_roles(samples, asked.chosen)
    left_out = [*card.found.get("left_out", [])]
    for number, name in enumerate(mends):
        before = samples.count
        samples = mend_of(name)(samples)
        left_out.append({"mend": name, "count": before - samples.count})
        told("checking", (number + 1) / (len(mends) + 1))
    found = {**card.found, "left_out": left_out, **findings(samples)}
    told("keeping", 0.0)
    card = replace(
        card,
        id=samples.digest[:32],
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        count=samples.count,
        class_names=samples.class_names,
        group_names=samples.group_names,
        session_names=samples.session_names,
        found=found,
        mends=(*card.mends, *asked.mends),
    )
    return _kept(samples, card, asked, folder_of(asked.data) if asked.data and not mends else None)


def _kept(samples: Samples, card: DataCard, asked: Asked, same_values: Path | None) -> DataCard:
    """Keep the set where there is room, as its owner's; the card as they have it."""
    with keeping():
        was_there = (folder_of(card.id) / "data.json").exists()
        if asked.owner.id not in owners_of(card.id):
            size = 0 if same_values else samples.values.nbytes  # else they are one file of this owner
            check_room(0 if was_there else size, asked.owner, size)
        write_admitted(samples, card, same_values)
        add_owner(card.id, asked.owner, card, was_there=was_there)
    return own_card(card.id, asked.owner.id)


def samples_of(brought: Brought, *, drops_not_finite: bool = False) -> tuple[Samples, LeftOut]:
    """Numbers and names for the columns of what was brought, and the rows that were left out.

    Raises NotFinite where vectors have NaN or infinity, unless those are to be left out.
    """
    values, columns, left_out = brought.values, dict(brought.columns), LeftOut()
    for what, cells in columns.items():
        if len(cells) != len(values):
            raise ValueError(f"{what} must be one for each of {len(values)} samples, got {len(cells)}. Add the others.")
    if brought.kind == "vectors" and len(rows := _not_finite(values)):
        if not drops_not_finite:
            raise NotFinite(
                f"embeddings must be finite, got NaN or infinity in {len(rows):,} of {len(values):,} rows, first in "
                f"row {rows[0]}. Leave these rows out ({NOT_FINITE}), or compute them again."
            )
        for row in rows.tolist():
            left_out.add(f"row {row}", "it has NaN or infinity")
        left = np.setdiff1d(np.arange(len(values)), rows)
        values = values[left]
        columns = {"name": row_names(left)} | {what: _rows_of(cells, left) for what, cells in columns.items()}
    labels, class_names = numbered(columns["label"], "label")
    arguments: dict[str, Any] = {}
    for what in ("group", "session"):
        if what in columns:
            numbers, names = numbered(columns[what], what)
            arguments |= {f"{what}s": numbers, f"{what}_names": names}
    if "time" in columns:
        arguments["times"] = _times(columns["time"])
    if "name" in columns:
        cells = columns["name"]
        words = cells.tolist() if isinstance(cells, np.ndarray) else cells
        arguments["names"] = np.array([str(word)[-NAME_LENGTH:] for word in words], np.str_)
    return KINDS[brought.kind](values, labels, class_names, **arguments), left_out


def _known(asked: Asked) -> tuple[Samples, DataCard]:
    """A set that is to be mended, whose list of what was left out stays with it."""
    folder, card = folder_of(asked.data), own_card(asked.data, asked.owner.id)
    columns = {**card.origin.get("columns", {})}
    now = {role: columns.get(column, column) for role, column in asked.chosen.items() if column != NONE}
    kept = {role: name for role, name in columns.items() if role not in asked.chosen}
    return read_admitted(folder), replace(
        card, origin={**card.origin, "mended": asked.data, **({"columns": kept | now} if kept | now else {})}
    )


def _card(asked: Asked, form: str, brought: Brought, left_out: LeftOut) -> DataCard:
    left_out.add_all(brought.unreadable)
    size = sum(path.stat().st_size for _, path in asked.paths if path.is_file())
    origin = {"name": asked.shown_title, "form": form, "files": len(asked.files), "bytes": size}
    return DataCard(
        id="",
        kind=brought.kind,
        title=asked.shown_title,
        created="",
        count=0,
        class_names=(),
        origin={**origin, **brought.details},
        preparation=brought.preparation,
        found={"unreadable": left_out.written(), "aside": brought.aside.written()},
    )


def _not_finite(values: np.ndarray) -> np.ndarray:
    """The rows of (N, D) that have NaN or infinity."""
    blocks = range(0, len(values), ROWS_AT_ONCE)
    return np.flatnonzero(
        np.concatenate([~np.isfinite(values[start : start + ROWS_AT_ONCE]).all(axis=1) for start in blocks])
    )


def _rows_of(cells: Sequence[Any] | np.ndarray, rows: np.ndarray) -> Sequence[Any] | np.ndarray:
    return cells[rows] if isinstance(cells, np.ndarray) else [cells[row] for row in rows.tolist()]


def _times(cells: Sequence[Any] | np.ndarray) -> np.ndarray:
    """Numbers, or dates of ISO 8601 as seconds since 1970 (UTC where they say nothing else)."""
    words = cells.tolist() if isinstance(cells, np.ndarray) else list(cells)
    try:
        times = np.array([_time(word) for word in words], np.float64)
    except (TypeError, ValueError, OverflowError) as problem:
        raise ValueError(
            f"each time must be a number or a date such as 2026-11-30T12:00, got one that is neither "
            f"({brief(problem)}). Choose another column, or none (--time none)."
        ) from None
    if not np.isfinite(times).all():
        raise ValueError(
            f"each time must be finite, got {shown(str(words[int(np.flatnonzero(~np.isfinite(times))[0])]))}. Fill it "
            "in, or choose no column (--time none)."
        )
    return times


def _time(cell: Any) -> float:
    if isinstance(cell, datetime):
        moment = cell
    else:
        try:
            return float(cell)
        except ValueError:
            moment = datetime.fromisoformat(str(cell).strip())
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def summary_of(card: DataCard) -> Mapping[str, Any]:
    """What a command prints of an admitted set: plain values, id first."""
    return {
        "id": card.id,
        "folder": str(folder_of(card.id)),
        "title": card.title,
        "kind": card.kind,
        "origin": dict(card.origin),
        "preparation": dict(card.preparation),
        "found": dict(card.found),
        "mends": list(card.mends),
    }
