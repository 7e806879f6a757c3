"""decide.py reads and prepares images as Pillow does, bit for bit, with numpy alone."""

from __future__ import annotations

import ast
import io
import sys
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.handover import decide
from core.handover.decide import (
    check_size,
    coloured,
    fitted,
    is_accepted,
    over_white,
    pixels_of,
    prepared,
    read_image,
    resized,
)

SIZES = [(1, 1), (2, 3), (7, 5), (28, 28), (31, 97), (120, 33), (480, 640)]
TARGETS = [(1, 1), (8, 8), (28, 28), (46, 56), (64, 40)]


def picture(height: int, width: int, *colours: int) -> np.ndarray:
    """Noise and edges, which show every rounding."""
    generator = np.random.default_rng(height * 1000 + width)
    noise = generator.integers(0, 256, (height, width, *colours), np.uint8)
    noise[: height // 2, : width // 2] = 255
    noise[height // 2 :, width // 2 :] = 0
    return noise


def saved(pixels: np.ndarray, kind: str, **options: object) -> bytes:
    content = io.BytesIO()
    Image.fromarray(pixels).save(content, kind, **options)
    return content.getvalue()


def png(pixels: np.ndarray, filters: list[int], kind: int) -> bytes:
    """Built by hand with the filter of each row, from the definition, one byte at a time."""
    height, width, channels = pixels.shape
    rows = pixels.reshape(height, -1).astype(int).tolist()
    body = bytearray()
    for number, (row, chosen) in enumerate(zip(rows, filters, strict=True)):
        above = rows[number - 1] if number else [0] * len(row)
        body.append(chosen)
        for place, value in enumerate(row):
            left, corner = (row[place - channels], above[place - channels]) if place >= channels else (0, 0)
            up = above[place]
            estimate = left + up - corner
            # Ties go to the left, then up (PNG specification, 9.4).
            paeth = min((left, up, corner), key=lambda near: abs(estimate - near))
            guess = (0, left, up, (left + up) // 2, paeth)[chosen]
            body.append((value - guess) % 256)
    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes((8, kind, 0, 0, 0))
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(bytes(body))), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        len(data).to_bytes(4, "big") + name + data + zlib.crc32(name + data).to_bytes(4, "big") for name, data in chunks
    )


def written(tmp_path: Path, content: bytes) -> Path:
    path = tmp_path / "picture"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("target", TARGETS, ids=str)
@pytest.mark.parametrize("size", SIZES, ids=str)
def test_resizing_is_that_of_pillow_bit_for_bit(size: tuple[int, int], target: tuple[int, int]) -> None:
    for colours in ((), (3,)):
        pixels = picture(*size, *colours)
        across = Image.fromarray(pixels).resize((target[1], size[0]), Image.Resampling.BILINEAR)
        expected = np.asarray(across.resize(target[::-1], Image.Resampling.BILINEAR))
        np.testing.assert_array_equal(resized(pixels, *target), expected)


def test_in_one_step_pillow_differs_by_one_at_most(rng: np.random.Generator) -> None:
    differences = []
    for _ in range(300):
        rows, columns, height, width = rng.integers(1, 80, 4).tolist()
        pixels = rng.integers(0, 256, (rows, columns), np.uint8)
        at_once = np.asarray(Image.fromarray(pixels).resize((width, height), Image.Resampling.BILINEAR))
        differences.append(int(np.abs(at_once.astype(int) - resized(pixels, height, width)).max()))
    assert max(differences) == 1 and differences.count(0) > 150


def test_grey_is_that_of_pillow_for_every_colour() -> None:
    values = np.arange(0, 256, 5, dtype=np.uint8)
    cube = np.stack(np.meshgrid(values, values, values), axis=-1).reshape(len(values), -1, 3)
    expected = np.asarray(Image.fromarray(cube).convert("L"))
    np.testing.assert_array_equal(coloured(cube, 1), expected)
    np.testing.assert_array_equal(coloured(expected, 3), np.asarray(Image.fromarray(expected).convert("RGB")))
    assert coloured(cube, 3) is cube and coloured(expected, 1) is expected


@pytest.mark.parametrize("kind", [0, 2, 4, 6])
def test_every_filter_of_a_png_is_undone(kind: int, tmp_path: Path) -> None:
    channels = {0: 1, 2: 3, 4: 2, 6: 4}[kind]
    pixels = np.random.default_rng(kind).integers(0, 256, (25, 9, channels), np.uint8)
    content = png(pixels, [number % 5 for number in range(25)], kind)
    np.testing.assert_array_equal(np.asarray(Image.open(io.BytesIO(content))), pixels.squeeze())
    seen = pixels[:, :, 0] if channels < 3 else pixels[:, :, :3]
    expected = over_white(seen, pixels[:, :, -1]) if kind in (4, 6) else seen
    np.testing.assert_array_equal(read_image(written(tmp_path, content)), expected)


def test_a_png_of_few_colours_is_read(tmp_path: Path) -> None:
    pixels = picture(20, 30, 3)
    content = io.BytesIO()
    few = Image.fromarray(pixels).quantize(17)
    few.save(content, "PNG", bits=8)
    np.testing.assert_array_equal(read_image(written(tmp_path, content.getvalue())), np.asarray(few.convert("RGB")))


def test_transparency_lies_over_white_as_pillow_rounds_it() -> None:
    values, opaque = (part.astype(np.uint8) for part in np.meshgrid(np.arange(256), np.arange(256)))
    layers = Image.fromarray(np.stack([values, values[::-1], values[:, ::-1], opaque], axis=2))
    white = Image.new("RGBA", (256, 256), (255, 255, 255, 255))
    expected = np.asarray(Image.alpha_composite(white, layers).convert("RGB"))
    np.testing.assert_array_equal(over_white(np.asarray(layers)[:, :, :3], opaque), expected)
    np.testing.assert_array_equal(over_white(values, opaque), expected[:, :, 0])


@pytest.mark.parametrize("mode", ["L", "RGB", "P"])
def test_a_colour_of_a_png_that_stands_for_nothing_is_white(mode: str, tmp_path: Path) -> None:
    pixels = np.random.default_rng(1).integers(0, 3, (20, 30, 3), np.uint8)
    image = Image.fromarray(pixels * 90).convert(mode)
    key = {"L": 90, "RGB": (90, 0, 180), "P": bytes([0, 100, 255, 20])}[mode]
    content = io.BytesIO()
    image.save(content, "PNG", bits=8, transparency=key)
    again = Image.open(io.BytesIO(content.getvalue()))
    white = Image.new("RGBA", again.size, (255, 255, 255, 255))
    expected = np.asarray(Image.alpha_composite(white, again.convert("RGBA")).convert("RGB"))
    found = read_image(written(tmp_path, content.getvalue()))
    np.testing.assert_array_equal(found, expected[:, :, 0] if mode == "L" else expected)
    assert (found != np.asarray(image.convert("L" if mode == "L" else "RGB"))).any()


@pytest.mark.parametrize("colours", [(), (3,)], ids=["PGM", "PPM"])
def test_a_portable_map_is_read_with_its_comments(colours: tuple[int, ...], tmp_path: Path) -> None:
    pixels = picture(5, 4, *colours)
    head = b"P6" if colours else b"P5"
    for between in (b" ", b"\n", b"\n# 3 3\n", b"\n#\n# b\n\t"):
        content = head + between + b"4 5" + between + b"255\n" + pixels.tobytes()
        np.testing.assert_array_equal(read_image(written(tmp_path, content)), pixels)


@pytest.mark.parametrize("kind", ["JPEG", "BMP", "interlaced", "16 bits", "turned"])
def test_what_numpy_cannot_read_is_read_by_pillow_or_refused(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pixels = picture(6, 9)
    exif = Image.Exif()
    exif[274] = 6  # the camera was turned
    content = {
        "JPEG": lambda: saved(pixels, "JPEG"),
        "BMP": lambda: saved(pixels, "BMP"),
        "interlaced": lambda: saved(pixels, "PNG").replace(b"\x08\x00\x00\x00\x00", b"\x08\x00\x00\x00\x01", 1),
        "16 bits": lambda: saved(pixels.astype(np.uint16), "PNG"),
        "turned": lambda: saved(pixels, "PNG", exif=exif),
    }[kind]()
    path = written(tmp_path, content)
    if kind in ("JPEG", "BMP", "turned"):
        assert read_image(path).shape == ((9, 6) if kind == "turned" else (6, 9))
    monkeypatch.setitem(sys.modules, "PIL", None)
    with pytest.raises(ValueError, match="picture must be a PGM, a PPM, or a PNG of 8 bits .* pip install pillow"):
        read_image(path)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"P5 4 5 255\n" + bytes(19), "must hold all pixels, with 255 as the largest value"),
        (b"P5 4 5 65535\n" + bytes(40), "must hold all pixels, with 255 as the largest value"),
        (b"P5 x", "got no number"),
        (b"P5 #", "got a comment alone"),
        (b"P5 4 5", "got no number"),
        (b"P5 0 5 255\n", "must have 1 to 50,000,000 pixels, got 0 x 5"),
        (b"P5 99999999 99999999 255\n", "must have 1 to 50,000,000 pixels, got 99999999 x 99999999"),
        (b"\x89PNG\r\n\x1a\n", "must be a whole PNG, got one without a header"),
        (png(np.zeros((2, 2, 1), np.uint8), [0, 0], 0)[:33], "must hold all its pixels, got 0 of 6 bytes"),
        (png(np.zeros((2, 2, 1), np.uint8), [0, 0], 3), "must name the colours of all its pixels"),
        (png(np.zeros((2, 2, 1), np.uint8), [0, 0], 0).replace(b"x\x9c", b"xx"), "got damaged data"),
    ],
)
def test_a_damaged_file_is_refused_in_one_sentence(content: bytes, said: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=said):
        read_image(written(tmp_path, content))


def test_a_filter_that_is_none_is_refused(tmp_path: Path) -> None:
    content = png(np.zeros((2, 2, 1), np.uint8), [0, 0], 0)
    body = zlib.compress(b"\x00\x00\x00\x09\x00\x00")
    start = content.index(b"IDAT") - 4
    content = content[:start] + len(body).to_bytes(4, "big") + b"IDAT" + body + b"none"
    with pytest.raises(ValueError, match="must have filters from 0 to 4, got 9"):
        read_image(written(tmp_path, content))


def test_no_more_is_unpacked_than_the_header_says(tmp_path: Path) -> None:
    head = (1).to_bytes(4, "big") * 2 + bytes((8, 0, 0, 0, 0))
    body = zlib.compress(bytes(3_000_000))
    content = b"\x89PNG\r\n\x1a\n"
    for name, data in ((b"IHDR", head), (b"IDAT", body), (b"IEND", b"")):
        content += len(data).to_bytes(4, "big") + name + data + bytes(4)
    np.testing.assert_array_equal(read_image(written(tmp_path, content)), np.zeros((1, 1), np.uint8))


@pytest.mark.parametrize(("fit", "corner"), [("stretch", 255), ("crop", 255), ("pad", 0)])
def test_a_wide_picture_is_fitted_as_its_name_says(fit: str, corner: int) -> None:
    made = fitted(np.full((10, 40), 255, np.uint8), 8, 8, fit)
    assert made.shape == (8, 8) and made[0, 0] == corner and made[4, 4] == 255
    assert (made > 0).sum() == (16 if fit == "pad" else 64)
    tall = fitted(np.full((40, 10), 255, np.uint8), 8, 8, fit)
    np.testing.assert_array_equal(tall, made.T)


def test_a_fit_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="fit must be stretch, crop or pad, got 'cover'"):
        fitted(np.zeros((2, 2), np.uint8), 1, 1, "cover")


def test_values_are_scaled_by_the_mean_and_deviation_of_each_channel() -> None:
    rule = {"mean": [0.25, 0.5, 0.75], "deviation": [0.5, 1.0, 2.0]}
    pixels = np.full((2, 4, 5, 3), 255, np.uint8)
    values = prepared(pixels, rule)
    assert values.shape == (2, 3, 4, 5) and values.dtype == np.float32
    np.testing.assert_array_equal(values[0, :, 0, 0], np.float32([1.5, 0.5, 0.125]))
    assert prepared(pixels[..., 0], {"mean": [0.0], "deviation": [1.0]}).shape == (2, 1, 4, 5)


def test_a_file_becomes_what_the_encoder_takes(tmp_path: Path) -> None:
    pixels = picture(20, 30, 3)
    path = written(tmp_path, saved(pixels, "PNG"))
    rule = {"channels": 1, "height": 8, "width": 8, "fit": "crop"}
    across = Image.fromarray(pixels).convert("L").resize((8, 20), Image.Resampling.BILINEAR, box=(5, 0, 25, 20))
    right = across.resize((8, 8), Image.Resampling.BILINEAR)
    np.testing.assert_array_equal(pixels_of(path, rule), np.asarray(right))


def test_ties_are_accepted_and_nobody_where_no_threshold_serves() -> None:
    model = {"threshold": {"value": 0.5, "accepts_nobody": False}}
    assert is_accepted(model, 0.5) and not is_accepted(model, float(np.nextafter(0.5, 1)))
    assert not is_accepted({"threshold": {"value": 0.5, "accepts_nobody": True}}, 0.0)
    with pytest.raises(ValueError, match="must have a threshold to decide by, got none"):
        is_accepted({"threshold": {"value": None, "accepts_nobody": False}}, 0.1)


def test_sizes_are_bounded() -> None:
    check_size("a", 10_000, 5_000)
    with pytest.raises(ValueError, match="got 10000 x 5001. Make it smaller"):
        check_size("a", 10_000, 5_001)


def test_wrong_words_show_the_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert decide.main([]) == 2 and "usage: python decide.py FIRST SECOND" in capsys.readouterr().err
    assert decide.main(["missing.png", "missing.png"]) == 2 and capsys.readouterr().err.startswith("error: ")


def test_the_file_needs_the_standard_library_numpy_and_onnxruntime() -> None:
    tree = ast.parse(Path(decide.__file__).read_text())
    named = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    named |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    outside = {name.split(".")[0] for name in named} - set(sys.stdlib_module_names)
    assert outside == {"numpy", "onnxruntime", "PIL"}
