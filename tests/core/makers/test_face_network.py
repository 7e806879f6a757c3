"""The face network out of a package that is laid out as @vladmandic/face-api is, with drawn weights, against torch."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch
from torch.nn.functional import avg_pool2d, conv2d, max_pool2d, pad, relu

from core.makers import face_network
from core.makers.face_network import BLOCKS, MANIFEST, MEAN, as_onnx, main, weights_of
from core.models.kept_models import read_model


def shapes() -> dict[str, list[int]]:
    """Of all weights: the first layer, two in each block, and the last."""
    found = {"conv32_down": [7, 7, 3, 32]}
    inputs = 32
    for name in BLOCKS:
        outputs = int(name.removeprefix("conv").split("_")[0])
        found |= {f"{name}/conv1": [3, 3, inputs, outputs], f"{name}/conv2": [3, 3, outputs, outputs]}
        inputs = outputs
    each = {}
    for name, shape in found.items():
        each |= {f"{name}/conv/filters": shape, f"{name}/conv/bias": shape[3:]}
        each |= {f"{name}/scale/weights": shape[3:], f"{name}/scale/biases": shape[3:]}
    return each | {"fc": [256, 128]}


def package(folder: Path, **changes: object) -> Path:
    """Filters in 8 bits, the rest in float32."""
    generator, listed, content = np.random.default_rng(0), [], b""
    for name, shape in shapes().items():
        entry: dict[str, object] = {"name": name, "shape": shape, "dtype": "float32"}
        if name.endswith("filters"):
            reach = 2 / np.sqrt(np.prod(shape[:3]))
            entry["quantization"] = {"dtype": "uint8", "scale": 2 * reach / 255, "min": -reach}
            content += generator.integers(0, 256, shape, np.uint8).tobytes()
        else:
            around = 1.0 if name.endswith("scale/weights") else 0.0
            content += (around + 0.1 * generator.normal(size=shape)).astype("<f4").tobytes()
        listed.append(entry)
    (folder / "model").mkdir(parents=True)
    (folder / "model" / "face.bin").write_bytes(content)
    (folder / "model" / MANIFEST).write_text(json.dumps([{"weights": listed, "paths": ["face.bin"]}]))
    (folder / "package.json").write_text(json.dumps({"name": face_network.NAME, "license": "MIT", **changes}))
    return folder


def by_torch(weights: dict[str, np.ndarray], images: torch.Tensor) -> torch.Tensor:
    """The network step by step, as TensorFlow.js runs it: convolution, bias, scale and shift."""

    def layer(value: torch.Tensor, name: str, stride: int, padding: int) -> torch.Tensor:
        filters, bias, scale, shift = (
            torch.from_numpy(weights[f"{name}/{part}"])
            for part in ("conv/filters", "conv/bias", "scale/weights", "scale/biases")
        )
        found = conv2d(value, filters.permute(3, 2, 0, 1), stride=stride, padding=padding) + bias[:, None, None]
        return found * scale[:, None, None] + shift[:, None, None]

    value = max_pool2d(relu(layer(images, "conv32_down", 2, 0)), 3, 2)
    for name in BLOCKS:
        halves = "down" in name
        found = layer(
            relu(layer(value, f"{name}/conv1", 2 if halves else 1, 0 if halves else 1)), f"{name}/conv2", 1, 1
        )
        beside = avg_pool2d(value, 2, 2) if halves else value
        missing = beside.shape[2] - found.shape[2]
        found = pad(found, (0, missing, 0, missing))
        beside = pad(beside, (0, 0, 0, 0, 0, found.shape[1] - beside.shape[1]))
        value = relu(found + beside)
    return value.mean((2, 3)) @ torch.from_numpy(weights["fc"])


def test_the_file_computes_what_the_weights_say(tmp_path: Path) -> None:
    weights = weights_of(package(tmp_path / "p"))
    assert set(weights) == set(shapes()) and all(array.dtype == np.float32 for array in weights.values())
    images = torch.rand(2, 3, 150, 150, generator=torch.Generator().manual_seed(0))
    session = onnxruntime.InferenceSession(as_onnx(weights), providers=["CPUExecutionProvider"])
    (found,) = session.run(None, {"images": images.numpy()})
    expected = by_torch(weights, images).numpy()
    assert found.shape == (2, 128) and expected.std() > 0.01
    np.testing.assert_allclose(found, expected, rtol=1e-3, atol=1e-4 * np.abs(expected).max())


def test_eight_bits_become_numbers_by_scale_and_least_value(tmp_path: Path) -> None:
    weights = weights_of(package(tmp_path / "p"))
    content = (tmp_path / "p" / "model" / "face.bin").read_bytes()
    reach = 2 / np.sqrt(7 * 7 * 3)
    expected = np.frombuffer(content, np.uint8, 7 * 7 * 3 * 32) * (2 * reach / 255) - reach
    np.testing.assert_allclose(weights["conv32_down/conv/filters"].ravel(), expected, atol=1e-6)


def test_another_package_licence_or_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="must be the package @vladmandic/face-api, got .*npm install"):
        weights_of(tmp_path)
    for number, changes in enumerate(({"license": "GPL-3.0"}, {"name": "face-api.js"})):
        with pytest.raises(ValueError, match="under the MIT licence, got .*Read its licence before you use it"):
            weights_of(package(tmp_path / str(number), **changes))
    whole = package(tmp_path / "p") / "model" / "face.bin"
    content = whole.read_bytes()
    whole.write_bytes(content[:-1])
    with pytest.raises(ValueError, match="the weights must be whole"):
        weights_of(tmp_path / "p")
    whole.write_bytes(content + b"0")
    with pytest.raises(ValueError, match="the weights must fill their file"):
        weights_of(tmp_path / "p")


def test_a_command_writes_it_and_judges_it_on_the_faces(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("METRIC_LAB_STORE", str(tmp_path / "store"))
    faces = np.random.default_rng(0).integers(0, 256, (6, 112, 92), np.uint8)
    from core.datasets.images import Images

    few = Images(faces, np.array([0, 0, 1, 1, 2, 2]), ("a", "b", "c"))
    monkeypatch.setattr(face_network.Faces, "load", lambda self: few)
    out = tmp_path / "face.onnx"
    assert main([str(package(tmp_path / "p")), "--out", str(out), "--measure"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["genuine_pairs"], told["impostor_pairs"], told["bytes"]) == (3, 12, out.stat().st_size)
    card = read_model(told["id"])
    assert 0 <= told["auc"] <= 1 and card.image_rule.mean == MEAN and card.image_rule.rows_of(112) == (24, 108)
    assert card.dimension == 128 and card.at_once and card.rule_from == "file"
    assert main([str(tmp_path), "--out", str(out)]) == 2
    assert "error: " in capsys.readouterr().err
