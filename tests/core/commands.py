"""The command line, called in place, for the tests of its commands."""

from __future__ import annotations

import pytest

from core.__main__ import main

# A training of a second or two.
SMALL = (
    "--encoder mlp --encoder-dimension 2 --encoder-width 16 --split-evaluation-share 0.95 "
    "--sampler-classes-per-batch 5 --sampler-samples-per-class 4 --epochs 2 --probe-points 60"
).split()


def refused(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """What the command says against these words: one line on stderr, nothing on stdout, exit code 2."""
    code = main(list(words))
    said = capsys.readouterr()
    assert code == 2 and said.out == ""
    assert said.err.startswith("error: ") and said.err.endswith(".\n") and said.err.count("\n") == 1
    return said.err
