"""Scores as Kaldi keeps them, with the list of trials that says which are of the same identity."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from core.readers.pair_files import read_scores
from core.readers.pair_list import Corrections

SCORES = "spk0 spk0-utt2 5.25\nspk1 spk1-utt2 6.25\nspk0 spk1-utt2 -5.5\nspk1 spk2-utt2 -6.5\n"
TRIALS = "spk1 spk2-utt2 nontarget\nspk0 spk0-utt2 target\nspk0 spk1-utt2 nontarget\nspk1 spk1-utt2 target\n"


def written(folder: Path, name: str, content: str) -> Path:
    (folder / name).write_text(content)
    return folder / name


@pytest.mark.parametrize(
    "trials",
    [
        TRIALS,
        TRIALS.replace(" ", "\t"),
        "enroll,test,key\n" + TRIALS.replace(" ", ","),
        "".join(f"{int(line.endswith(' target'))} {line.rpartition(' ')[0]}\n" for line in TRIALS.splitlines()),
    ],
)
def test_every_trial_has_the_score_of_its_two_names(tmp_path: Path, trials: str) -> None:
    path = written(tmp_path, "scores", SCORES)
    pairs, understanding = read_scores(path, trials=written(tmp_path, "trials", trials))
    assert pairs.is_same.tolist() == [False, True, False, True] and pairs.is_similarity
    assert pairs.distances.tolist() == [6.5, -5.25, 5.5, -6.25]
    assert pairs.identities == ("spk0", "spk1", "spk2"), "told by what stands before the hyphen"
    assert understanding.in_words().startswith("trials: 4 trials (2 same, 2 different), truth")
    assert "scores of scores" in understanding.in_words()


def test_scores_of_no_trial_are_left_aside(tmp_path: Path) -> None:
    path = written(tmp_path, "scores", SCORES + "spk9 spk0-utt2 1\n")
    pairs, understanding = read_scores(path, trials=written(tmp_path, "trials", TRIALS))
    assert len(pairs.distances) == 4 and "1 scores of no trial left aside" in understanding.in_words()


def test_a_trial_without_a_score_is_a_failure(tmp_path: Path) -> None:
    path = written(tmp_path, "scores", SCORES.replace("spk1 spk1-utt2 6.25\n", "").replace("-6.5", "nan"))
    trials = written(tmp_path, "trials", TRIALS)
    with pytest.raises(ValueError, match="trials, line 1 must have a score, got none, as in 2 of 4 pairs. Count"):
        read_scores(path, trials=trials)
    pairs, _ = read_scores(path, Corrections(failures="refused"), trials=trials)
    assert np.isinf(pairs.distances).tolist() == [True, False, False, True]


@pytest.mark.parametrize(
    ("scores", "trials", "message"),
    [
        (SCORES, SCORES, "trials must hold two names and the truth in each line, got no truth. Write"),
        ("1 0.5\n0 0.25\n", TRIALS, "scores must leave the truth to trials, got it in both .truth first"),
        (TRIALS, TRIALS, "scores must leave the truth to trials, got it in both"),
        ("0.5\n0.25\n", TRIALS, "scores must hold two names and a score in each line to go with trials, got no names"),
        (
            SCORES + "spk0 spk0-utt2 7\n",
            TRIALS,
            "scores, line 5 must score a pair that has no other score, got 'spk0 spk0",
        ),
        (
            SCORES.replace("spk", "s"),
            TRIALS,
            "scores must score the trials of trials, got 's0 s0-utt2' where the first",
        ),
    ],
)
def test_lists_that_do_not_go_together_are_told(tmp_path: Path, scores: str, trials: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        read_scores(written(tmp_path, "scores", scores), trials=written(tmp_path, "trials", trials))
