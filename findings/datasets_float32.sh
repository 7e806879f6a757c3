#!/usr/bin/env bash
# Hugging Face datasets: a column of float64 is stored as float64 and told as float64, and handed over as float32 by
# with_format("numpy"). Scores and thresholds that came out of one file are then not equal any more, and the pair that set a
# threshold is refused by it.
# Way out: with_format("numpy", dtype=np.float64) where a column holds scores, or with_format("arrow").
#
# Seen with Python 3.11.7 on x86-64:
#   datasets 5.2.0, numpy 2.4.6; stored as Value('float64')
#   given: float64, accepted at 0.3: [True, True, False]
#   with_format("numpy"): float32, accepted at 0.3: [True, False, False]
#   with_format("numpy", dtype=np.float64): float64, accepted at 0.3: [True, True, False]
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet datasets==5.2.0 numpy==2.4.6

cd "$folder"
venv/bin/python - <<'PYTHON'
import sys

import datasets
import numpy as np

scores = np.array([0.1, 0.3, 0.7])
stored = datasets.Dataset.from_dict({"score": scores})
threshold = 0.3  # of the pair in row 1: accept when distance <= threshold
seen = {
    "given": scores,
    'with_format("numpy")': stored.with_format("numpy")["score"][:],
    'with_format("numpy", dtype=np.float64)': stored.with_format("numpy", dtype=np.float64)["score"][:],
}
print(f"datasets {datasets.__version__}, numpy {np.__version__}; stored as {stored.features['score']}")
for asked, column in seen.items():
    print(f"{asked}: {column.dtype}, accepted at {threshold}: {(column.astype(np.float64) <= threshold).tolist()}")
if [str(column.dtype) for column in seen.values()] != ["float64", "float32", "float64"]:
    sys.exit("datasets no longer hands float64 over as float32.")
if [int((column.astype(np.float64) <= threshold).sum()) for column in seen.values()] != [2, 1, 2]:
    sys.exit("The pair that set the threshold is no longer refused as float32.")
PYTHON
