"""The sample files can be brought back as they are and give what the lesson gives."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import numpy as np

from core.distances import EUCLIDEAN
from core.jobs.measure_embeddings import Upload
from core.jobs.measure_roles import RoleWords
from core.readers.pair_list import Corrections
from dashboard.lookups import runs
from dashboard.verify import sample_files
from dashboard.verify.uploaded_files import Waiting, read_files
from tests.dashboard.verify.test_uploaded_files import Sent


def test_the_archive_holds_what_the_lesson_embeds() -> None:
    content = sample_files.embeddings()
    found = read_files(Sent("sample.npz", content), None, EUCLIDEAN, Corrections(), RoleWords())
    assert isinstance(found, Upload) and content == sample_files.embeddings()
    with np.load(BytesIO(content)) as arrays:
        points, digits = arrays["embeddings"], arrays["labels"]
    run = runs.run_of(sample_files.LESSON)
    assert np.array_equal(points, run.snapshot(run.snapshots()[-1].step, "embeddings")["embeddings"])
    assert digits.tolist() == [runs.class_names(sample_files.LESSON)[label] for label in run.probe()["labels"]]


def test_the_list_has_every_pair_of_a_few_images_once_and_needs_no_words(tmp_path: Path) -> None:
    content = sample_files.scores()
    found = read_files(Sent("sample.csv", content.encode()), None, EUCLIDEAN, Corrections(), RoleWords())
    assert isinstance(found, Waiting) and found.understanding.is_certain
    count = 10 * sample_files.OF_EACH
    same = 10 * sample_files.OF_EACH * (sample_files.OF_EACH - 1) // 2
    assert (found.understanding.same, found.understanding.different) == (same, count * (count - 1) // 2 - same)
    with np.load(BytesIO(sample_files.embeddings())) as arrays:
        points, digits = arrays["embeddings"].astype(float), arrays["labels"]
    first, second = (np.flatnonzero(digits == digit)[0] for digit in "07")
    apart = np.sqrt(np.square(points[first] - points[second]).sum())
    line = next(line for line in content.splitlines() if line.startswith("digit 0,digit 7,"))
    assert float(line.rsplit(",")[-1]) == np.float64(apart).round(6)
