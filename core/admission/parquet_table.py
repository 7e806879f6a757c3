"""Parquet: a table of images as Hugging Face keeps them, or of embeddings, read some rows at a time."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from core.admission.array_files import as_vectors
from core.admission.brought import Brought, LeftOut
from core.admission.column_meaning import IMAGE, VECTOR, Meaning, meaning_of
from core.admission.decoding import decoded
from core.admission.entry import Entry, Limits, refusal_of, written_name
from core.admission.image_files import ImageRows
from core.admission.preparation import Preparation
from core.admission.values_file import ValuesFile
from core.readers.column_names import word_of
from core.readers.text import opened
from core.system.quoting import brief, shown

if TYPE_CHECKING:
    from pyarrow import Array, RecordBatch, Schema
    from pyarrow.parquet import ParquetFile

ROWS_AT_ONCE = 256  # of images, each of which may have many bytes
VECTORS_AT_ONCE = 16_384
LARGEST_BYTES = 8 << 30
MOST_ROWS = 4_000_000
Told = Callable[[float], None]


def read_parquet(
    path: Path, chosen: Mapping[str, str], preparation: Preparation, scratch: Path, told: Told, memory: int | None
) -> Brought:
    """What the table holds: images where a column has bytes or struct{bytes, path}, otherwise embeddings as lists, of
    fixed size or not, or in columns x0, x1 and so on. Names of labels come from what Hugging Face says of them."""
    from pyarrow.lib import ArrowException
    from pyarrow.parquet import ParquetFile

    try:
        with opened(path) as file, ParquetFile(file) as table:
            if table.metadata.num_rows > MOST_ROWS:
                raise ValueError(
                    f"{shown(path.name)} must have at most {MOST_ROWS:,} rows, got {table.metadata.num_rows:,}. Bring "
                    "a part of it."
                )
            if image := _image_column(table.schema_arrow):
                return _images(path.name, table, image, chosen, preparation, scratch, told, memory)
            return _vectors(path.name, table, chosen, scratch, told)
    except (ArrowException, OSError, UnicodeError, OverflowError) as problem:
        raise ValueError(
            f"{shown(path.name)} must be a whole Parquet file, got one that cannot be read ({brief(problem)}). Write "
            "it again."
        ) from None


def _image_column(schema: Schema) -> str:
    """The column of images: by its type, the one with a known name first."""
    from pyarrow import types

    def holds_bytes(kind: Any) -> bool:
        if types.is_struct(kind):
            return any(field.name == "bytes" and holds_bytes(field.type) for field in kind)
        return types.is_binary(kind) or types.is_large_binary(kind)

    names = [field.name for field in schema if holds_bytes(field.type)]
    return next((name for name in names if word_of(name) in IMAGE), names[0] if names else "")


def _images(
    what: str,
    table: ParquetFile,
    image: str,
    chosen: Mapping[str, str],
    preparation: Preparation,
    scratch: Path,
    told: Told,
    memory: int | None,
) -> Brought:
    schema = table.schema_arrow
    meaning = meaning_of(schema.names, chosen, what, values=(word_of(image),))
    found = ImageRows(scratch, told)
    cells: dict[str, list[Any]] = {role: [] for role in meaning.columns}
    rows: list[dict[str, Any]] = []  # of the images that are being decoded

    def entries() -> Iterator[Entry]:
        number, count = 0, max(table.metadata.num_rows, 1)
        wanted = [image, *dict.fromkeys(meaning.columns.values())]
        for batch in table.iter_batches(ROWS_AT_ONCE, columns=wanted):
            for row in batch.to_pylist():
                number += 1
                rows.append({role: row[name] for role, name in meaning.columns.items()})
                yield _entry(row[image], f"row {number}", number / count)

    try:
        for number, one in enumerate(decoded(entries(), preparation, memory=memory)):
            if found.take(one):
                for role, cell in rows[number].items():
                    cells[role].append(cell)
            rows[number] = {}
        names = cells.pop("name", [])
        found.names = [str(name) for name in names] if names else found.names
        columns: dict[str, Any] = _with_label_names(schema, meaning, cells)
        return found.brought(columns, preparation, LeftOut())
    finally:
        found.close()


def _entry(cell: Any, name: str, share: float) -> Entry:
    content = cell.get("bytes") if isinstance(cell, dict) else cell
    path = cell.get("path") if isinstance(cell, dict) else None
    name = written_name(path) if path else name
    if not content:
        return Entry(name, b"", share, "it has no bytes, but a path at most")
    if len(content) > (most := Limits().entry_bytes):
        return Entry(name, b"", share, f"it is larger than {most:,} bytes")
    return Entry(name, content, share, refusal_of(path) if path else "")


def _with_label_names(schema: Schema, meaning: Meaning, cells: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """The cells, with the names of classes for their numbers where the schema has such names."""
    for role, name in meaning.columns.items():
        names = _class_names(schema, name)
        if role in cells and names and all(isinstance(cell, int) and 0 <= cell < len(names) for cell in cells[role]):
            cells[role] = [names[cell] for cell in cells[role]]
    return cells


def _class_names(schema: Schema, column: str) -> list[str]:
    try:
        said = json.loads((schema.metadata or {})[b"huggingface"])
        names = said["info"]["features"][column]["names"]
    except (KeyError, TypeError, ValueError):
        return []
    is_list = isinstance(names, list) and all(isinstance(name, str) for name in names)
    return names if is_list and len(set(names)) == len(names) else []


def _vectors(what: str, table: ParquetFile, chosen: Mapping[str, str], scratch: Path, told: Told) -> Brought:
    meaning = meaning_of(table.schema_arrow.names, chosen, what, values=[*VECTOR, *_list_columns(table.schema_arrow)])
    cells: dict[str, list[Any]] = {role: [] for role in meaning.columns}
    values = ValuesFile(scratch / "vectors.npy", LARGEST_BYTES)
    wanted = [*meaning.values, *dict.fromkeys(meaning.columns.values())]
    count = max(table.metadata.num_rows, 1)
    try:
        for batch in table.iter_batches(VECTORS_AT_ONCE, columns=wanted):
            values.extend(_numbers(what, batch, meaning))
            for role, name in meaning.columns.items():
                cells[role] += batch.column(batch.schema.names.index(name)).to_pylist()
            told(values.count / count)
        found = values.finish()
    finally:
        values.close()
    columns = _with_label_names(table.schema_arrow, meaning, cells)
    return Brought("vectors", found, columns, details={"columns": dict(meaning.columns)})


def _list_columns(schema: Schema) -> list[str]:
    return [word_of(field.name) for field in schema if _is_list(field.type)]


def _is_list(kind: Any) -> bool:
    from pyarrow import types

    return types.is_list(kind) or types.is_large_list(kind) or types.is_fixed_size_list(kind)


def _numbers(what: str, batch: RecordBatch, meaning: Meaning) -> np.ndarray:
    """The embeddings (B, D) of some rows."""
    columns = [batch.column(batch.schema.names.index(name)) for name in meaning.values]
    if len(columns) == 1 and _is_list(columns[0].type):
        return as_vectors(_of_lists(what, meaning.values[0], columns[0]))
    return as_vectors(np.stack([_plain(what, name, one) for name, one in zip(meaning.values, columns, strict=True)], 1))


def _of_lists(what: str, name: str, column: Array) -> np.ndarray:
    if column.null_count:
        raise ValueError(
            f"each cell of {shown(name)} in {shown(what)} must be a list of numbers, got "
            f"{column.null_count:,} missing. Leave these rows out."
        )
    flat = _plain(what, name, column.flatten())
    lengths = np.unique(column.value_lengths().to_numpy(zero_copy_only=False))
    if len(lengths) != 1 or not lengths[0]:
        raise ValueError(
            f"all lists of {shown(name)} in {shown(what)} must have one length, got {brief(lengths.tolist())}. Write "
            "embeddings of one encoder."
        )
    return flat.reshape(len(column), -1)


def _plain(what: str, name: str, column: Array) -> np.ndarray:
    """Numbers; missing ones are NaN."""
    found = column.to_numpy(zero_copy_only=False)
    if found.dtype.kind not in "fiu":
        raise ValueError(
            f"{shown(name)} in {shown(what)} must hold numbers, got {brief(column.type)}. Write them as float32."
        )
    return found
