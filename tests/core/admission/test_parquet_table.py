from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from core.admission.brought import Brought
from core.admission.parquet_table import read_parquet
from core.admission.preparation import Preparation, prepared
from tests.core.admission.made import png

RULE = Preparation(8, 8)
POINTS = np.random.default_rng(0).normal(size=(6, 3)).astype(np.float32)
LABELS = ["001", "NA", "001", "b", "b", "NA"]


def read(tmp_path: Path, table: pa.Table, **chosen: str) -> Brought:
    pq.write_table(table, tmp_path / "a.parquet", row_group_size=4)
    return read_parquet(tmp_path / "a.parquet", chosen, RULE, tmp_path, lambda share: None, None)


def flat(dtype: Any) -> pa.Array:
    return pa.array(POINTS.astype(np.float16 if dtype == pa.float16() else float).reshape(-1), dtype)


@pytest.mark.parametrize("dtype", [pa.float16(), pa.float32(), pa.float64()])
@pytest.mark.parametrize("kind", ["list", "large", "fixed", "columns"])
def test_embeddings_are_read_from_lists_and_from_columns(kind: str, dtype: Any, tmp_path: Path) -> None:
    offsets = pa.array(range(0, 19, 3), pa.int64() if kind == "large" else pa.int32())
    expected = POINTS.astype(np.float16).astype(np.float32) if dtype == pa.float16() else POINTS
    columns = {f"x{place}": flat(dtype).take(pa.array(range(place, 18, 3))) for place in range(3)}
    if kind != "columns":
        build = {"list": pa.ListArray.from_arrays, "large": pa.LargeListArray.from_arrays}
        one = (
            pa.FixedSizeListArray.from_arrays(flat(dtype), 3) if kind == "fixed" else build[kind](offsets, flat(dtype))
        )
        columns = {"embedding": one}
    found = read(tmp_path, pa.table({"label": LABELS, "camera": [1, 2] * 3, **columns}))
    assert np.array_equal(found.values, expected) and found.values.dtype == np.float32
    assert found.columns == {"label": LABELS, "group": [1, 2] * 3}


def test_what_pandas_writes_is_read(tmp_path: Path) -> None:
    frame = pd.DataFrame({"person": LABELS, "vec": list(POINTS)})
    frame.to_parquet(tmp_path / "a.parquet")
    found = read_parquet(tmp_path / "a.parquet", {}, RULE, tmp_path, lambda share: None, None)
    assert np.array_equal(found.values, POINTS) and found.columns["label"] == LABELS


def hugging_face(images: list[Any], labels: list[int], names: list[str] | None) -> pa.Table:
    kind = pa.struct([("bytes", pa.binary()), ("path", pa.string())])
    table = pa.table({"image": pa.array(images, kind), "label": pa.array(labels, pa.int64())})
    said = {"info": {"features": {"label": {"names": names, "_type": "ClassLabel"}, "image": {"_type": "Image"}}}}
    return table.replace_schema_metadata({"huggingface": json.dumps(said)}) if names else table


def test_images_as_hugging_face_keeps_them(tmp_path: Path) -> None:
    contents = [png(seed=number) for number in range(6)]
    images = [{"bytes": content, "path": f"{number}.png"} for number, content in enumerate(contents)]
    images[1] = {"bytes": b"none", "path": "broken.png"}
    images[4] = {"bytes": None, "path": "elsewhere.png"}
    found = read(tmp_path, hugging_face(images, [0, 0, 1, 1, 0, 1], ["cat", "dog"]))
    assert found.kind == "images" and found.columns["label"] == ["cat", "dog", "dog", "dog"]
    for row, number in enumerate([0, 2, 3, 5]):
        assert np.array_equal(found.values[row], prepared(contents[number], RULE)[0])
    assert found.columns["name"] == ["0.png", "2.png", "3.png", "5.png"]
    assert [name for name, _ in found.unreadable.first] == ["broken.png", "elsewhere.png"]


def test_images_as_bytes_alone_keep_the_numbers_of_their_labels(tmp_path: Path) -> None:
    table = pa.table({"img": [png(seed=1), png(seed=2)], "label": [7, 5]})
    found = read(tmp_path, table)
    assert found.columns["label"] == [7, 5] and found.columns["name"] == ["row 1", "row 2"]


@pytest.mark.parametrize("names", [["cat"], ["cat", "cat"], "cat", None])
def test_names_that_do_not_fit_are_not_taken(names: Any, tmp_path: Path) -> None:
    table = hugging_face([{"bytes": png(seed=1), "path": None}] * 2, [0, 1], names)
    assert read(tmp_path, table).columns["label"] == [0, 1]


def test_lists_of_unequal_length_missing_ones_and_words_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="all lists of 'embedding' in 'a.parquet' must have one length, got .1, 2"):
        read(tmp_path, pa.table({"label": ["a", "b"], "embedding": [[1.0], [1.0, 2.0]]}))
    with pytest.raises(ValueError, match="must be a list of numbers, got 1 missing"):
        read(tmp_path, pa.table({"label": ["a", "b"], "embedding": [[1.0], None]}))
    with pytest.raises(ValueError, match="must hold numbers, got string"):
        read(tmp_path, pa.table({"label": ["a"], "embedding": [["x"]]}))
    with pytest.raises(ValueError, match="must have a column for the label"):
        read(tmp_path, pa.table({"embedding": [[1.0]]}))


def test_a_file_that_is_damaged_is_refused(tmp_path: Path) -> None:
    pq.write_table(pa.table({"label": LABELS, "embedding": list(POINTS)}), tmp_path / "a.parquet")
    content = (tmp_path / "a.parquet").read_bytes()
    for cut in range(0, len(content), max(1, len(content) // 20)):
        (tmp_path / "a.parquet").write_bytes(content[:cut])
        with pytest.raises(ValueError, match="'a.parquet' must be a whole Parquet file"):
            read_parquet(tmp_path / "a.parquet", {}, RULE, tmp_path, lambda share: None, None)
