"""Files, sound and spoilt, read as what they are."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.distances import EUCLIDEAN, Cosine
from core.distances.base import Distance
from core.jobs.measure_embeddings import Upload
from core.jobs.measure_roles import RoleWords
from core.jobs.read_upload import Asked, Waiting, read
from core.readers.pair_list import Corrections
from tests.core.readers.fuzzed_files import SOUND, fuzzed

ON_THE_PAGE = Corrections(closer_otherwise="larger", failures_otherwise="refused")


def asked_of(folder: Path, files: dict[str, bytes], main: str, distance: Distance) -> Asked:
    for name, content in files.items():
        (folder / name).write_bytes(content)
    others = [name for name in files if name != main]
    listed = folder / others[0] if others else None
    return Asked(folder / main, listed, (main, others[0] if others else None), distance, ON_THE_PAGE)


@pytest.mark.parametrize("form", SOUND)
def test_files_are_read_as_what_they_are(form: str, tmp_path: Path) -> None:
    files, words = SOUND[form]
    main = next(name for name in files if name not in words)
    found = read(asked_of(tmp_path, files, main, Cosine()))
    assert isinstance(found, Upload if form in ("embeddings", "compressed") else Waiting)
    if isinstance(found, Waiting):
        compared_here = main.endswith(".npz")
        assert found.upload.distance == (Cosine() if compared_here else None)
        assert ("compared by the cosine distance" in found.upload.understood) == compared_here
        assert found.upload.understood == found.understanding.in_words()


def test_spoilt_files_are_read_or_refused_in_one_sentence(tmp_path: Path) -> None:
    refused = 0
    for seed in range(80):
        files, words, how = fuzzed(seed)
        (tmp_path / str(seed)).mkdir()
        try:
            read(asked_of(tmp_path / str(seed), files, words[0], EUCLIDEAN))
        except ValueError as problem:
            refused += 1
            assert " must " in str(problem) and "\n" not in str(problem), how
    assert 20 < refused < 80


def test_roles_do_not_go_with_listed_pairs(tmp_path: Path) -> None:
    files, _ = SOUND["scores"]
    asked = asked_of(tmp_path, files, next(iter(files)), EUCLIDEAN)
    with pytest.raises(ValueError, match="must be left out for"):
        read(asked._replace(roles=RoleWords(["x"], [], False)))
