"""Embeddings as files that other software reads: Parquet and NPZ."""

from __future__ import annotations

import io
import json
from pathlib import Path

import numpy as np

from core.handover.embedding_set import EmbeddingSet
from core.system.atomic_files import write_bytes

PARQUET, NPZ = "embeddings.parquet", "embeddings.npz"


def write_parquet(folder: Path, points: EmbeddingSet) -> None:
    """One line for each point: row, label, class, name if it has one, and its embedding as a list of fixed size."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    embeddings = points.plain
    flat = pa.array(embeddings.reshape(-1), type=pa.float32())
    columns = {
        "row": pa.array(points.rows, type=pa.int64()),
        "label": pa.array(points.labels, type=pa.int64()),
        "class": pa.array(points.names, type=pa.string()),
        **({"name": pa.array(points.point_names, type=pa.string())} if points.point_names else {}),
        "embedding": pa.FixedSizeListArray.from_arrays(flat, embeddings.shape[1]),
    }
    about = {"metric_lab": json.dumps({"distance": points.distance.described()})}
    content = io.BytesIO()
    pq.write_table(pa.table(columns).replace_schema_metadata(about), content)
    write_bytes(folder / PARQUET, content.getvalue())


def write_npz(folder: Path, points: EmbeddingSet) -> None:
    """`embeddings` (N, D), `labels` (N,) as the names of classes, which `python -m core verify` takes as they are, the
    numbers of these as `label_numbers`, `rows`, and the `names` of the points if they have some."""
    arrays = {"embeddings": points.plain, "labels": np.array(points.names, np.str_)}
    arrays |= {"label_numbers": points.labels.astype(np.int64), "rows": points.rows.astype(np.int64)}
    arrays |= {"names": np.array(points.point_names, np.str_)} if points.point_names else {}
    content = io.BytesIO()
    np.savez(content, allow_pickle=False, **arrays)
    write_bytes(folder / NPZ, content.getvalue())
