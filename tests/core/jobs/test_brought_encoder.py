"""A network that was brought embeds image files, without a head."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from core.admission.models import AskedModel, admit_model
from core.jobs.brought_encoder import BroughtEncoder
from core.jobs.usable_encoder import usable_encoder
from core.models.kept_models import ModelCard
from tests.core.brought_models import brought, images
from tests.core.exported_weights import RULE, exported
from tests.core.models.made import network, weights


@pytest.fixture(autouse=True)
def own_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("METRIC_LAB_STORE", str(tmp_path / "store"))


def embedded(card: ModelCard, pictures: list[Image.Image]) -> np.ndarray:
    encoder = BroughtEncoder(card)
    return encoder.embed(np.stack([encoder.pixels_of(picture) for picture in pictures]))


def test_images_are_resized_by_pillow_scaled_and_multiplied(tmp_path: Path) -> None:
    pictures = [Image.fromarray(pixels) for pixels in images(3)]
    found = embedded(brought(tmp_path, order="BGR", mean=(0.1, 0.2, 0.3), deviation=(0.5,)), pictures)
    resized = [
        np.asarray(picture.resize((5, 12), Image.Resampling.BILINEAR).resize((5, 6), Image.Resampling.BILINEAR))
        for picture in pictures
    ]
    values = (np.stack(resized)[..., ::-1] / 255 - [0.1, 0.2, 0.3]) / 0.5
    expected = values.transpose(0, 3, 1, 2).reshape(3, -1) @ weights(90, 4)
    np.testing.assert_allclose(found, expected, atol=1e-4)


def test_grey_and_transparent_ones_are_taken_and_a_part_of_them(tmp_path: Path) -> None:
    card = brought(tmp_path, part=(0.0, 0.0, 0.5, 0.5))
    grey = Image.fromarray(images(1)[0, :, :, 0])
    cut = grey.crop((0, 0, 5, 6)).convert("RGB")
    assert np.array_equal(embedded(card, [grey]), embedded(brought(tmp_path), [cut]))
    assert embedded(card, [grey.convert("LA")]).shape == (1, 4)
    with pytest.raises(ValueError, match="an image must have whole numbers as pixels, got fractions"):
        embedded(card, [Image.new("F", (3, 3))])


def test_exported_weights_embed_as_the_encoder_did(tmp_path: Path) -> None:
    path, module = exported(tmp_path)
    card = admit_model(AskedModel(path))
    pixels = images(4, 9, 7)
    with torch.no_grad():
        expected = torch.nn.functional.normalize(module(torch.from_numpy(RULE.values_of(pixels)))).numpy()
    np.testing.assert_allclose(BroughtEncoder(card).embed(pixels), expected, atol=1e-5)


def test_it_is_named_by_its_id(tmp_path: Path) -> None:
    card = brought(tmp_path)
    usable = usable_encoder(card.id)
    picture = Image.fromarray(images(1)[0])
    found = usable.embed(usable.preprocessing.pixels_of(picture)[None])
    assert np.array_equal(found, embedded(card, [picture])) and not usable.remark


def test_one_of_vectors_embeds_no_images(tmp_path: Path) -> None:
    card = brought(tmp_path, network(("n", 90)))
    with pytest.raises(ValueError, match="must take images, got mine.onnx, which takes vectors of 90 numbers"):
        usable_encoder(card.id)
