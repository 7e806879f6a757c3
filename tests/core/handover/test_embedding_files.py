"""Parquet and NPZ as pandas, pyarrow and numpy open them, and as we take them back ourselves."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from core.handover.embedding_files import NPZ, PARQUET, write_npz, write_parquet
from core.readers.embeddings_file import load_embeddings
from tests.core.taken_home import embedding_set, renamed


@pytest.mark.parametrize("named", [False, True])
def test_pandas_reads_every_line(tmp_path: Path, named: bool) -> None:
    points = embedding_set(named=named)
    write_parquet(tmp_path, points)
    frame = pd.read_parquet(tmp_path / PARQUET)
    np.testing.assert_array_equal(np.stack(list(frame["embedding"])), points.embeddings)
    assert frame["label"].tolist() == points.labels.tolist() and frame["row"].tolist() == points.rows.tolist()
    assert frame["class"].tolist() == points.names
    assert frame.get("name", pd.Series()).tolist() == list(points.point_names)


def test_pyarrow_knows_the_dimension_and_the_distance(tmp_path: Path) -> None:
    write_parquet(tmp_path, embedding_set())
    schema = pq.read_schema(tmp_path / PARQUET)
    assert schema.field("embedding").type == pa.list_(pa.float32(), 5)
    assert json.loads(schema.metadata[b"metric_lab"]) == {"distance": {"kind": "euclidean"}}


def test_one_point_is_a_file_too(tmp_path: Path) -> None:
    write_parquet(tmp_path, embedding_set(points=1))
    assert pq.read_table(tmp_path / PARQUET).num_rows == 1


def test_numpy_reads_the_archive_without_pickles(tmp_path: Path) -> None:
    points = embedding_set(named=True)
    write_npz(tmp_path, points)
    with np.load(tmp_path / NPZ, allow_pickle=False) as arrays:
        np.testing.assert_array_equal(arrays["embeddings"], points.embeddings)
        assert arrays["labels"].tolist() == points.names and arrays["names"].tolist() == list(points.point_names)
        assert arrays["label_numbers"].tolist() == points.labels.tolist()
        assert arrays["rows"].tolist() == points.rows.tolist()


def test_the_archive_can_be_brought_back(tmp_path: Path) -> None:
    points = renamed(embedding_set(), "d", "c", "b", "a")
    write_npz(tmp_path, points)
    embeddings, labels, names = load_embeddings(tmp_path / NPZ)
    np.testing.assert_array_equal(embeddings, points.embeddings)
    assert [names[label] for label in labels] == points.names
