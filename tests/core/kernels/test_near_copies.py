from __future__ import annotations

import numpy as np
import pytest

from core.kernels.near_copies import near_images, near_vectors

MUCH = 1 << 40


def test_pairs_of_vectors_are_those_of_a_plain_loop() -> None:
    generator = np.random.default_rng(0)
    points = generator.normal(size=(60, 5))
    points = np.repeat(points, 3, axis=0) + generator.normal(size=(180, 5)) * np.tile([0, 3e-4, 1e-1], 60)[:, None]
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    points = points[np.argsort(points[:, 0])]
    cosines = points @ points.T
    expected = {(i, j) for i in range(180) for j in range(i + 1, 180) if cosines[i, j] > 1 - 1e-6}
    pairs = np.empty((1000, 2), np.int64)
    along = np.ascontiguousarray(points[:, :3])
    found, is_whole = near_vectors(points, along, np.sqrt(2e-6), 1 - 1e-6, pairs, MUCH)
    assert {tuple(pair) for pair in pairs[:found].tolist()} == expected and is_whole
    assert 20 < len(expected) < 120, "some near pairs must be near enough and some not"


def bits(word: int) -> int:
    return bin(word).count("1")


def test_pairs_of_images_are_those_of_a_plain_loop() -> None:
    generator = np.random.default_rng(0)
    hashes = generator.integers(0, 1 << 63, 20, dtype=np.uint64).repeat(6)
    for number in range(120):
        for _ in range(number % 6):
            hashes[number] ^= np.uint64(1) << np.uint64(generator.integers(64))
    pixels = generator.integers(0, 20, (130, 12), dtype=np.uint8)
    rows = generator.permutation(130)[:120]
    words = hashes.tolist()
    expected = {
        (i, j)
        for i in range(120)
        for j in range(i + 1, 120)
        if bits(words[i] ^ words[j]) <= 3
        and np.abs(pixels[rows[i]].astype(int) - pixels[rows[j]].astype(int)).mean() <= 7.0
    }
    found: list[tuple[int, int]] = []
    for band in range(4):
        order = np.argsort(hashes >> np.uint64(16 * band) & np.uint64(0xFFFF), kind="stable")
        pairs = np.empty((1000, 2), np.int64)
        count, is_whole = near_images(hashes, pixels, rows, order, band, 3, 7.0, pairs, MUCH)
        assert is_whole
        found += [(min(pair), max(pair)) for pair in pairs[:count].tolist()]
    assert sorted(found) == sorted(expected), "each pair once, whichever bands they share"
    close = {(i, j) for i in range(120) for j in range(i + 1, 120) if bits(words[i] ^ words[j]) <= 3}
    assert 10 < len(expected) < len(close)


@pytest.mark.parametrize("room, looks, is_whole", [(3, MUCH, True), (2, MUCH, False), (3, 1, False)])
def test_it_says_where_it_is_not_whole(room: int, looks: int, is_whole: bool) -> None:
    points = np.ones((3, 2))
    pairs = np.empty((room, 2), np.int64)
    found, said = near_vectors(points, points, 1.0, 0.5, pairs, looks)
    assert said == is_whole and found == (3 if is_whole else 2)
    hashes, order = np.zeros(3, np.uint64), np.arange(3)
    found, said = near_images(hashes, np.zeros((3, 2), np.uint8), order, order, 0, 3, 1.0, pairs, looks)
    assert said == is_whole and found == (3 if is_whole else 2)
