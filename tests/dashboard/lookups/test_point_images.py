"""Images of points are their tiles, framed by whether they are right; vectors have none."""

from __future__ import annotations

import base64
import io
from pathlib import Path

import numpy as np
from PIL import Image

from core.runs.run_folder import Run
from dashboard.lookups import point_images
from tests.dashboard.large_runs import large_run


def pixels(url: str) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(url.partition(",")[2]))))


def test_an_answer_is_the_image_within_a_frame_that_tells(name: str, run: Run) -> None:
    tile = pixels(point_images.image(name, 5))
    right, wrong = (pixels(point_images.answer(name, 5, "light", is_match=one)) for one in (True, False))
    assert (right[8:-8, 8:-8, 0] == tile).all() and (wrong[8:-8, 8:-8, 0] == tile).all()
    assert (right[0, :, 3] == 255).all() and not (wrong[0, :, 3] == 255).all()
    assert tuple(right[0, 0, :3]) != tuple(wrong[0, 0, :3])


def test_a_gallery_holds_all_rows(name: str) -> None:
    one, many = (pixels(point_images.gallery(name, tuple(range(count)))) for count in (1, 45))
    assert many.shape[0] >= 3 * one.shape[0] and many.shape[1] >= 20 * one.shape[1]
    assert point_images.gallery(name, ()) == ""


def test_vectors_have_no_images(own_store: None, root: Path) -> None:
    name = large_run(root, 60, classes=6).folder.name
    assert not point_images.has_images(name)
    assert point_images.image(name, 3) == point_images.gallery(name, (3,)) == ""
    assert point_images.answer(name, 3, "light", is_match=True) == ""
