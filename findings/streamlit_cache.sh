#!/usr/bin/env bash
# Streamlit: st.cache_data tells large arguments apart by a sample, 10,000 rows of a DataFrame from 50,000 rows on and 100,000
# numbers of an array from 500,000 on. One corrected score, or one embedding measured anew, is mostly not in the sample, and
# the function is not called again: the page shows the result of the data before.
# Way out: pass a digest of the data as an argument of its own, and the data themselves with a leading underscore.
#
# Seen with Python 3.11.7 on x86-64:
#   streamlit 1.67.0, pandas 3.1.1, numpy 2.4.6
#   one of 60,000 scores changed, 20 times: called again 2 times
#   one of 200,000 embeddings of 16 numbers changed, 20 times: called again 2 times
#   one of 60,000 scores, by its digest changed, 20 times: called again 20 times
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet streamlit==1.67.0 pandas==3.1.1 numpy==2.4.6

cd "$folder"
venv/bin/python - <<'PYTHON'
import hashlib
import logging
import sys

import numpy as np
import pandas as pd
import streamlit as st

logging.disable(logging.CRITICAL)  # there is no page here, and Streamlit says so


@st.cache_data
def sum_of_scores(scores):
    return float(scores["score"].sum())


@st.cache_data
def sum_of_embeddings(embeddings):
    return float(embeddings.sum(dtype=np.float64))


@st.cache_data
def sum_by_digest(digest, _scores):
    return float(_scores["score"].sum())


def digest(scores):
    return hashlib.sha256(scores["score"].to_numpy().tobytes()).hexdigest()


rng = np.random.default_rng(0)
scores = pd.DataFrame({"score": rng.random(60_000)})
embeddings = rng.random((200_000, 16), dtype=np.float32)
before = sum_of_scores(scores), sum_of_embeddings(embeddings), sum_by_digest(digest(scores), scores)
noticed = [0, 0, 0]
for row in range(20):
    changed, moved = scores.copy(), embeddings.copy()
    changed.loc[row, "score"] += 1
    moved[row] += 1
    after = sum_of_scores(changed), sum_of_embeddings(moved), sum_by_digest(digest(changed), changed)
    noticed = [count + (new != old) for count, new, old in zip(noticed, after, before, strict=True)]
print(f"streamlit {st.__version__}, pandas {pd.__version__}, numpy {np.__version__}")
names = ("one of 60,000 scores", "one of 200,000 embeddings of 16 numbers", "one of 60,000 scores, by its digest")
for name, count in zip(names, noticed, strict=True):
    print(f"{name} changed, 20 times: called again {count} times")
if noticed[0] > 10 or noticed[1] > 15 or noticed[2] != 20:
    sys.exit("st.cache_data now notices most single changes in large data.")
PYTHON
