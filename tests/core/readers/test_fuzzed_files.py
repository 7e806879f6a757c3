"""Whatever chance does to a file, it is read or refused in one clear sentence. METRIC_LAB_FUZZED=1000 tries more."""

from __future__ import annotations

import os
import warnings
from pathlib import Path

import pytest

from core.__main__ import main
from tests.core.readers.fuzzed_files import SOUND, SPOIL, fuzzed

COUNT = int(os.environ.get("METRIC_LAB_FUZZED", "160"))
AT_ONCE = 40


def brought(folder: Path, files: dict[str, bytes], words: tuple[str, ...]) -> list[str]:
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return [str(folder / word) if word in files else word for word in words]


@pytest.mark.parametrize("form", SOUND)
def test_the_files_are_sound_before_chance_spoils_them(
    form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files, words = SOUND[form]
    first = next(name for name in files if name not in words)
    closer = ["--closer", "larger"] if form == "no first line" else []
    assert main(["verify", *brought(tmp_path, files, (first, *words)), "--goal", "eer", *closer]) == 0, (
        capsys.readouterr()
    )


@pytest.mark.parametrize("start", range(0, COUNT, AT_ONCE))
def test_a_spoilt_file_is_read_or_refused_in_one_sentence(
    start: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    refused = 0
    for seed in range(start, min(start + AT_ONCE, COUNT)):
        files, words, how = fuzzed(seed)
        folder = tmp_path / str(seed)
        folder.mkdir()
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            answer = main(["verify", *brought(folder, files, words), "--goal", "eer"])
        said = capsys.readouterr().err
        errors = [line for line in said.splitlines() if not line.startswith(("understood: ", "hint: "))]
        assert answer in (0, 2) and len(errors) == (answer == 2), (seed, how, said)
        if errors:
            refused += 1
            assert errors[0].startswith("error: ") and " must " in errors[0] and ", got " in errors[0], (
                seed,
                how,
                said,
            )
            assert errors[0].endswith(".") and len(errors[0]) < 700, (seed, how, said)
    assert refused > AT_ONCE / 4


def test_every_form_is_spoilt_in_every_way() -> None:
    assert COUNT >= len(SOUND) * len(SPOIL) and len({fuzzed(seed).how for seed in range(COUNT)}) > len(SOUND) * len(
        SPOIL
    )
