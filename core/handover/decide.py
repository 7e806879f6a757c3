"""Decide whether two image files show the same identity: python decide.py FIRST SECOND

Needs numpy and onnxruntime, and beside this file the model.json and encoder.onnx that were exported with it. Reads PGM,
PPM and PNG of 8 bits by itself, other formats with Pillow where that is installed.
"""

from __future__ import annotations

import json
import sys
import zlib
from pathlib import Path
from typing import Any

import numpy as np

MOST_PIXELS = 50_000_000
BITS = 22  # of the fractions that weigh pixels, as Pillow has them
PNG, CHANNELS = b"\x89PNG\r\n\x1a\n", {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}  # values of a pixel by the colour type of a PNG


def main(words: list[str]) -> int:
    """Print the distance, the threshold and the decision; 0 where the pair is accepted, 1 where it is refused."""
    if len(words) != 2:
        print("usage: python decide.py FIRST SECOND", file=sys.stderr)
        return 2
    folder = Path(__file__).resolve().parent
    try:
        model = json.loads((folder / "model.json").read_text(encoding="utf-8"))
        embeddings = embed(model, folder, [pixels_of(Path(word), model["preprocessing"]) for word in words])
        apart = float(distance(embeddings[0], embeddings[1]))
    except (ValueError, OSError) as problem:
        print(f"error: {problem}", file=sys.stderr)
        return 2
    accepted = is_accepted(model, apart)
    verdict = "accepted" if accepted else "refused"
    print(f"{verdict}: distance {apart:.6g}, threshold {model['threshold']['value']}")
    return 0 if accepted else 1


def is_accepted(model: dict[str, Any], apart: float) -> bool:
    """Whether a pair so far apart is accepted, ties too; nobody is where no threshold serves the goal."""
    threshold = model["threshold"]
    if threshold["value"] is None and not threshold["accepts_nobody"]:
        raise ValueError("model.json must have a threshold to decide by, got none. Export the run with one.")
    return not threshold["accepts_nobody"] and apart <= threshold["value"]


def embed(model: dict[str, Any], folder: Path, pixels: list[np.ndarray]) -> np.ndarray:
    """Pixels (H, W) or (H, W, 3) uint8 of each image -> embeddings (N, D) float32."""
    import onnxruntime

    session = onnxruntime.InferenceSession(folder / model["encoder"]["file"], providers=["CPUExecutionProvider"])
    images = prepared(np.stack(pixels), model["preprocessing"])
    return np.asarray(session.run(None, {model["encoder"]["input"]: images})[0])


def distance(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """How far two embeddings (D,), or N pairs of them as two (N, D), are apart."""
    first, second = first.astype(np.float64), second.astype(np.float64)
    return np.sqrt(((first - second) ** 2).sum(axis=-1))


def unit(embeddings: np.ndarray) -> np.ndarray:
    """Scaled to length 1; the zero vector stays."""
    lengths = np.sqrt((embeddings**2).sum(axis=-1, keepdims=True))
    return embeddings / np.where(lengths > 0, lengths, 1)


def prepared(pixels: np.ndarray, rule: dict[str, Any]) -> np.ndarray:
    """(N, H, W) or (N, H, W, 3) uint8 -> (N, channels, H, W) float32 as the encoder was trained on."""
    values = pixels[:, None] if pixels.ndim == 3 else pixels.transpose(0, 3, 1, 2)
    mean, deviation = (np.array(rule[name], np.float32)[:, None, None] for name in ("mean", "deviation"))
    return np.ascontiguousarray((values.astype(np.float32) / np.float32(255) - mean) / deviation)


def pixels_of(path: Path, rule: dict[str, Any]) -> np.ndarray:
    """The pixels of an image file as the encoder takes them: (H, W), or (H, W, 3) where it is of colours, uint8.

    Raises ValueError for what is no image that can be read here.
    """
    times = rule.get("jpeg_at_least", 0)  # a JPEG that is decoded smaller has at least so many times the wanted size
    least = (times * rule["width"], times * rule["height"]) if times else None
    picture = coloured(read_image(path, least), rule["channels"])
    return fitted(picture, rule["height"], rule["width"], rule["fit"])


def read_image(path: Path, least: tuple[int, int] | None = None) -> np.ndarray:
    """(H, W) grey or (H, W, 3) uint8; what is transparent lies over white. A JPEG may come
    smaller than it is, but no smaller than `least`, width and height."""
    content = path.read_bytes()
    if content[:2] in (b"P5", b"P6"):
        return _read_pnm(content, path.name)
    picture = _read_png(content, path.name) if content.startswith(PNG) else None
    return _read_by_pillow(path, least) if picture is None else picture


def coloured(picture: np.ndarray, channels: int) -> np.ndarray:
    """In so many channels: grey by the weights of ITU-R 601 as Pillow rounds them, and grey three times as colour."""
    if channels == 1 and picture.ndim == 3:
        weighed = picture.astype(np.int64) @ np.array([19595, 38470, 7471])
        return ((weighed + 0x8000) >> 16).astype(np.uint8)
    return np.repeat(picture[:, :, None], 3, axis=2) if channels == 3 and picture.ndim == 2 else picture


def fitted(picture: np.ndarray, height: int, width: int, fit: str) -> np.ndarray:
    """Resized to (height, width): stretched, or its middle cropped to their shape, or padded with black around it."""
    rows, columns = picture.shape[:2]
    if fit == "crop":
        is_wide = columns * height > rows * width
        left = (columns - rows * width / height) / 2 if is_wide else 0.0
        top = 0.0 if is_wide else (rows - columns * height / width) / 2
        return resized(picture, height, width, top, left)
    if fit == "pad":
        scale = min(width / columns, height / rows)
        inner_height, inner_width = max(1, round(rows * scale)), max(1, round(columns * scale))
        padded = np.zeros((height, width, *picture.shape[2:]), np.uint8)
        place, start = (height - inner_height) // 2, (width - inner_width) // 2
        inner = resized(picture, inner_height, inner_width)
        padded[place : place + inner_height, start : start + inner_width] = inner
        return padded
    if fit != "stretch":
        raise ValueError(f"fit must be stretch, crop or pad, got {fit!r}. Correct model.json.")
    return resized(picture, height, width)


def resized(picture: np.ndarray, height: int, width: int, top: float = 0.0, left: float = 0.0) -> np.ndarray:
    """(H, W) or (H, W, 3) uint8 without `top` rows at the top and bottom and `left` columns at the sides, which may be
    fractions; first across, then down, by triangles as wide as a pixel of the coarser grid: each way Pillow's BILINEAR,
    bit for bit."""
    across = _resized_rows(picture.swapaxes(0, 1), width, left).swapaxes(0, 1)
    return _resized_rows(across, height, top)


def _resized_rows(picture: np.ndarray, count: int, aside: float) -> np.ndarray:
    """So many rows instead of those there are; whole numbers with rounded weights, as Pillow adds them up."""
    if len(picture) == count and not aside:
        return picture
    result = np.empty((count, *picture.shape[1:]), np.uint8)
    first, last = np.float32(aside), np.float32(len(picture) - aside)  # as Pillow has them
    scale = float(last - first) / count
    reach = max(scale, 1.0)
    for row in range(count):
        centre = float(first) + (row + 0.5) * scale
        low, high = max(int(centre - reach + 0.5), 0), min(int(centre + reach + 0.5), len(picture))
        shares = np.maximum(1 - np.abs((np.arange(low, high) - centre + 0.5) * (1 / reach)), 0)
        shares = shares / np.cumsum(shares)[-1]  # added up one by one, as Pillow does
        weights = np.floor(shares * (1 << BITS) + 0.5).astype(np.int64)
        total = np.tensordot(weights, picture[low:high].astype(np.int64), axes=1) + (1 << (BITS - 1))
        result[row] = np.clip(total >> BITS, 0, 255)
    return result


def _read_pnm(content: bytes, name: str) -> np.ndarray:
    """P5 or P6 with at most 255 as the largest value."""
    words: list[int] = []
    place = 2
    while len(words) < 3:
        while content[place : place + 1].isspace():
            place += 1
        if content[place : place + 1] == b"#":
            place = content.find(b"\n", place)
        else:
            end = place
            while content[end : end + 1].isdigit():
                end += 1
            if end == place or end - place > 9:
                raise ValueError(f"{name} must have width, height and largest value, got no number. Save it again.")
            words.append(int(content[place:end]))
            place = end
        if place < 0:
            raise ValueError(f"{name} must have width, height and largest value, got a comment alone. Save it again.")
    width, height, largest = words
    channels = 3 if content[:2] == b"P6" else 1
    check_size(name, width, height)
    pixels = np.frombuffer(content, np.uint8, offset=min(place + 1, len(content)))
    if largest != 255 or len(pixels) < width * height * channels:
        raise ValueError(f"{name} must hold all pixels, with 255 as the largest value, got others. Save it again.")
    pixels = pixels[: width * height * channels].reshape(height, width, channels)
    return pixels if channels == 3 else pixels[:, :, 0]


def check_size(name: str, width: int, height: int) -> None:
    """Raise ValueError for an image without pixels, or with more than are read."""
    if not 0 < width * height <= MOST_PIXELS:
        raise ValueError(f"{name} must have 1 to {MOST_PIXELS:,} pixels, got {width} x {height}. Make it smaller.")


def _read_png(content: bytes, name: str) -> np.ndarray | None:
    """Of 8 bits without interlace; None for others."""
    chunks: list[tuple[bytes, bytes]] = []
    place = len(PNG)
    while place + 12 <= len(content):
        size = int.from_bytes(content[place : place + 4], "big")
        chunks.append((content[place + 4 : place + 8], content[place + 8 : place + 8 + size]))
        place += 12 + size
    if not chunks or chunks[0][0] != b"IHDR" or len(chunks[0][1]) != 13:
        raise ValueError(f"{name} must be a whole PNG, got one without a header. Save it again.")
    head = chunks[0][1]
    width, height = int.from_bytes(head[:4], "big"), int.from_bytes(head[4:8], "big")
    check_size(name, width, height)
    depth, kind, interlace = head[8], head[9], head[12]
    if depth != 8 or kind not in CHANNELS or interlace or any(key == b"eXIf" for key, _ in chunks):
        return None
    channels = CHANNELS[kind]
    size = height * (1 + width * channels)
    inflated = zlib.decompressobj()
    try:
        rows = inflated.decompress(b"".join(data for key, data in chunks if key == b"IDAT"), size)
    except zlib.error as problem:
        raise ValueError(f"{name} must be a whole PNG, got damaged data ({problem}). Save it again.") from None
    if len(rows) != size:
        raise ValueError(f"{name} must hold all its pixels, got {len(rows):,} of {size:,} bytes. Save it again.")
    pixels = _unfiltered(np.frombuffer(rows, np.uint8).reshape(height, -1), channels).reshape(height, width, channels)
    seen = pixels[:, :, :3] if kind in (2, 6) else pixels[:, :, 0]
    clear = np.frombuffer(dict(chunks).get(b"tRNS", b""), np.uint8)
    if kind == 3:
        colours = np.frombuffer(dict(chunks).get(b"PLTE", b""), np.uint8)
        if len(colours) % 3 or seen.max() >= len(colours) // 3:
            raise ValueError(f"{name} must name the colours of all its pixels, got too few. Save it again.")
        opaque = np.append(clear, np.full(256 - min(len(clear), 256), 255, np.uint8))
        return over_white(colours.reshape(-1, 3)[seen], opaque[seen])
    if kind in (4, 6):
        return over_white(seen, pixels[:, :, -1])
    if len(clear) == 2 * channels:
        hidden = (pixels == clear.view(">u2")).all(axis=2)
        return over_white(seen, np.where(hidden, 0, 255).astype(np.uint8))
    return seen


def over_white(picture: np.ndarray, opaque: np.ndarray) -> np.ndarray:
    """(H, W) or (H, W, 3) uint8 that is as opaque as (H, W) says, from 0 to 255, before white; as Pillow rounds it."""
    share = opaque.astype(np.int64).reshape(*opaque.shape, *[1] * (picture.ndim - 2))
    mixed = (picture.astype(np.int64) * share + 255 * (255 - share) + 128) << 7
    return np.where(share == 0, 255, (mixed + (mixed >> 8)) >> 15).astype(np.uint8)


def _unfiltered(rows: np.ndarray, channels: int) -> np.ndarray:
    """Rows (H, 1 + W * channels) that begin with the number of their filter -> the bytes of their pixels."""
    before = np.zeros(rows.shape[1] - 1, np.uint8)
    result = np.empty((len(rows), rows.shape[1] - 1), np.uint8)
    for number, (kind, row) in enumerate(zip(rows[:, 0].tolist(), rows[:, 1:], strict=True)):
        if kind == 2:
            row = row + before
        elif kind:
            row = _from_the_left(kind, row.tolist(), before.tolist(), channels)
        result[number] = row
        before = result[number]
    return result


def _from_the_left(kind: int, row: list[int], above: list[int], step: int) -> list[int]:
    """A row of filter 1 (left), 3 (mean) or 4 (Paeth), which add what stands before each byte."""
    if kind not in (1, 3, 4):
        raise ValueError(f"a PNG must have filters from 0 to 4, got {kind}. Save it again.")
    for place in range(len(row)):
        left, corner = (row[place - step], above[place - step]) if place >= step else (0, 0)
        if kind == 1:
            guess = left
        elif kind == 3:
            guess = (left + above[place]) // 2
        else:
            nearest = min(
                (abs(above[place] - corner), 0), (abs(left - corner), 1), (abs(left + above[place] - 2 * corner), 2)
            )
            guess = (left, above[place], corner)[nearest[1]]
        row[place] = (row[place] + guess) & 255
    return row


def decode_smaller(picture: Any, least: tuple[int, int]) -> None:
    """Have Pillow decode a JPEG at 1/8, 1/4 or 1/2 of its size, the first that leaves whole pixels and the upright
    picture no smaller than `least`, width and height; at its own size where none does."""
    wanted = least[::-1] if picture.getexif().get(0x0112, 1) in (5, 6, 7, 8) else least
    for scale in (8, 4, 2):
        if all(side % scale == 0 and side >= scale * most for side, most in zip(picture.size, wanted, strict=True)):
            picture.draft(None, (picture.width // scale, picture.height // scale))
            return


def _read_by_pillow(path: Path, least: tuple[int, int] | None) -> np.ndarray:
    """What numpy alone cannot read."""
    try:
        from PIL import Image, ImageOps
    except ImportError:
        raise ValueError(
            f"{path.name} must be a PGM, a PPM, or a PNG of 8 bits without interlace, got another file. Convert it, or "
            "install Pillow: pip install pillow"
        ) from None
    with Image.open(path) as picture:
        check_size(path.name, *picture.size)
        if least:
            decode_smaller(picture, least)
        upright = ImageOps.exif_transpose(picture)
        if upright.mode.startswith("I"):  # 16 bits by their upper eight
            return (np.clip(np.asarray(upright), 0, 65535) >> 8).astype(np.uint8)
        if upright.mode == "F":
            raise ValueError(f"{path.name} must have whole numbers as pixels, got fractions. Save it as PNG.")
        is_grey = upright.mode in ("1", "L", "LA", "La")
        if upright.mode in ("LA", "La", "PA", "RGBA", "RGBa") or "transparency" in upright.info:
            pixels = np.asarray(upright.convert("RGBA"))
            return over_white(pixels[:, :, 0] if is_grey else pixels[:, :, :3], pixels[:, :, 3])
        return np.asarray(upright.convert("L" if is_grey else "RGB"))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
