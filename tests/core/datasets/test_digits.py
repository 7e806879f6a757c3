import gzip
from pathlib import Path

import numpy as np
import pytest

from core.datasets import digits
from core.datasets.digits import Digits


def test_equals_what_scikit_learn_loads() -> None:
    from sklearn.datasets import load_digits

    theirs, ours = load_digits(), Digits().load()
    assert ours.pixels.shape == (1797, 8, 8)
    assert np.array_equal(ours.pixels, np.rint(theirs.images * 255 / 16))
    assert np.array_equal(ours.labels, theirs.target)
    assert (ours.pixels.min(), ours.pixels.max()) == (0, 255)


def test_without_scikit_learn_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(digits, "find_spec", lambda name: None)
    with pytest.raises(ValueError, match=r"digits must be found inside scikit-learn, .* Install scikit-learn\."):
        Digits().read()


@pytest.mark.parametrize(
    "content, message",
    [
        (b"not gzip", "must be a compressed table of numbers, got a damaged file"),
        (
            gzip.compress(b"0," * 64 + b"5\n", mtime=0)[:-12],
            "must be a compressed table of numbers, got a damaged file",
        ),
        (gzip.compress(b"zero,one\n", mtime=0), "must be a compressed table of numbers, got a damaged file"),
        (gzip.compress(b"1,2,3\n", mtime=0), "must have 65 columns .* got 3 columns"),
        (gzip.compress(b"99," * 64 + b"5\n", mtime=0), "must have 65 columns of values from 0 to 16, .* from 5 to 99"),
    ],
    ids=["not compressed", "cut", "words", "few columns", "too large"],
)
def test_a_damaged_file_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes, message: str) -> None:
    file = tmp_path / "digits.csv.gz"
    file.write_bytes(content)
    monkeypatch.setattr(digits, "_installed_file", lambda: file)
    with pytest.raises(ValueError, match=rf"digits\.csv\.gz {message}"):
        Digits().read()
