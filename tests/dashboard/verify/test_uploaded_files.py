"""Files out of the browser, sound and spoilt, without a page."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest

from core.distances import EUCLIDEAN, Cosine
from core.jobs.measure_embeddings import Upload
from core.jobs.measure_roles import RoleWords
from core.jobs.read_upload import Waiting
from core.readers.pair_list import Corrections
from dashboard.components.file_refusal import FileRefusal
from dashboard.verify.uploaded_files import MIB, read_files, refusal_in_words
from tests.core.readers.fuzzed_files import SOUND

ON_THE_PAGE = Corrections(closer_otherwise="larger", failures_otherwise="refused")


class Sent(NamedTuple):
    name: str
    content: bytes

    def getvalue(self) -> bytes:
        return self.content


@pytest.mark.parametrize("form", ["embeddings", "scores"])
def test_files_are_read_as_what_they_are(form: str) -> None:
    ((name, content),) = SOUND[form][0].items()
    found = read_files(Sent(name, content), None, Cosine(), ON_THE_PAGE, RoleWords())
    assert isinstance(found, Upload if form == "embeddings" else Waiting)


def test_a_spoilt_file_is_refused_in_one_sentence() -> None:
    with pytest.raises(ValueError, match=r"^faces\.npz must [^\n]*$"):
        read_files(Sent("faces.npz", b"PK\x03\x04"), None, EUCLIDEAN, ON_THE_PAGE, RoleWords())


def test_a_file_and_its_list_may_share_a_name() -> None:
    files, _ = SOUND["Kaldi"]
    found = read_files(
        Sent("list", files["scores.txt"]), Sent("list", files["trials.txt"]), EUCLIDEAN, ON_THE_PAGE, RoleWords()
    )
    assert isinstance(found, Waiting) and found.understanding.same == 4


@pytest.mark.parametrize("name", ["n" * 300 + ".npz", "ü" * 200 + ".npz", "." + "n" * 400 + ".npz", "n" * 400])
def test_a_name_that_no_disk_takes_is_kept_and_read(name: str) -> None:
    found = read_files(Sent(name, SOUND["embeddings"][0]["faces.npz"]), None, EUCLIDEAN, ON_THE_PAGE, RoleWords())
    assert isinstance(found, Upload) and found.name == name


@pytest.mark.parametrize(
    ("refusal", "said"),
    [
        (("large", "big.npz", 314572800, 1), "big.npz must be at most 200 MiB to be brought here, got 300 MiB."),
        (("large", "big.npz", 167772160, 1), "big.npz must be at most 150 MiB to be brought here now,"),
        (("folder", "faces", 4096, 1), "What you bring must be a file, got the folder faces."),
        (("several", "a.npz", 10, 3), "What you bring must be one file at a time, got 3."),
    ],
)
def test_what_the_browser_did_not_send_is_refused_in_a_sentence(refusal: tuple[Any, ...], said: str) -> None:
    words = refusal_in_words(FileRefusal(*refusal), 150 * MIB if "150" in said else 200 * MIB, 200 * MIB)
    assert words.startswith(said) and "\n" not in words and len(words) > len(said), "with a way out"
