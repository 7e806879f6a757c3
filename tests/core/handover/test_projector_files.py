"""The folder as TensorBoard's projector opens it, by the plugin's own loader and over its own routes."""

from __future__ import annotations

import io
import json
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from core.datasets.images import tiles_of
from core.handover.projector_files import METADATA, SPRITE, TENSORS, write_projector
from tests.core.taken_home import embedding_set


def served(folder: Path) -> Any:
    """A client of the plugin's routes, as TensorBoard calls them."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of its own imports
        from tensorboard.backend import application
        from tensorboard.plugins import base_plugin
        from tensorboard.plugins.projector import projector_plugin
        from werkzeug import test as client

        context = base_plugin.TBContext(logdir=str(folder), data_provider=None, multiplexer=None)
        plugin = projector_plugin.ProjectorPlugin(context)
        return client.Client(application.TensorBoardWSGI([plugin]))


def got(client: Any, route: str, **query: str | int) -> bytes:
    answer = client.get(f"/data/plugin/projector/{route}", query_string=query)
    assert answer.status_code == 200, answer.data
    return answer.data


@pytest.mark.parametrize("named", [False, True])
def test_the_projector_reads_tensors_names_and_images(tmp_path: Path, named: bool) -> None:
    points = embedding_set(named=named)
    pixels = np.random.default_rng(1).integers(0, 256, (12, 7, 5), np.uint8)
    assert write_projector(tmp_path, points, pixels) == ""
    client = served(tmp_path)
    runs = json.loads(got(client, "runs"))
    assert runs == ["."]
    (embedding,) = json.loads(got(client, "info", run="."))["embeddings"]
    assert embedding["tensorShape"] == [12, 5] and embedding["sprite"]["singleImageDim"] == [5, 7]
    query = {"run": ".", "name": embedding["tensorName"]}
    tensor = np.frombuffer(got(client, "tensor", **query), np.float32).reshape(12, 5)
    np.testing.assert_array_equal(tensor, points.embeddings)
    lines = got(client, "metadata", **query, num_rows=13).decode().splitlines()
    assert lines[0].split("\t") == ["class", "row", *(["name"] if named else [])] and len(lines) == 13
    cells = [line.split("\t") for line in lines[1:]]
    assert {len(line) for line in cells} == {3 if named else 2}
    assert [cells[row][0] for row in (0, 2, 4)] == ["'=1+1", "a b", "c d"]
    assert [int(line[1]) for line in cells] == points.rows.tolist()
    sheet = np.asarray(Image.open(io.BytesIO(got(client, "sprite_image", **query))))
    np.testing.assert_array_equal(tiles_of(sheet, 7, 5)[:12], pixels)


def test_the_plugins_own_parser_reads_the_same_numbers(tmp_path: Path) -> None:
    points = embedding_set()
    write_projector(tmp_path, points)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from tensorboard.plugins.projector.projector_plugin import _read_tensor_tsv_file
    np.testing.assert_array_equal(_read_tensor_tsv_file(str(tmp_path / TENSORS)), points.embeddings)
    assert not (tmp_path / SPRITE).exists()


def test_a_sheet_that_is_too_large_is_left_out_and_said(tmp_path: Path) -> None:
    said = write_projector(tmp_path, embedding_set(points=4), np.zeros((4, 1, 4097), np.uint8))
    assert said == (
        "sprite.png is left out: the projector takes at most 8,192 pixels a side, and these 4 images would take "
        "8,194 x 2."
    )
    assert not (tmp_path / SPRITE).exists()
    (embedding,) = json.loads(got(served(tmp_path), "info", run="."))["embeddings"]
    assert "sprite" not in embedding


def test_colours_stay_colours(tmp_path: Path) -> None:
    pixels = np.random.default_rng(1).integers(0, 256, (12, 4, 4, 3), np.uint8)
    write_projector(tmp_path, embedding_set(), pixels)
    np.testing.assert_array_equal(tiles_of(np.asarray(Image.open(tmp_path / SPRITE)), 4, 4)[:12], pixels)


def test_every_point_has_one_line_of_metadata(tmp_path: Path) -> None:
    points = embedding_set(named=True)
    write_projector(tmp_path, points)
    lines = (tmp_path / METADATA).read_text().split("\n")
    assert len(lines) == 14 and lines[-1] == "" and all(line.count("\t") == 2 for line in lines[:-1])
