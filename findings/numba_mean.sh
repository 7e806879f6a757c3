#!/usr/bin/env bash
# numba: sum and mean of a float32 array add one number after the other in float32, where numpy adds in pairs. The mean of
# 20 million distances that are all 1 is 0.84: from 16,777,216 on, a float32 does not grow by 1 any more. numpy itself does
# the same along the first axis, as for the mean of embeddings.
# Way out: add in float64 (array.astype(np.float64), or dtype=np.float64 in numpy).
#
# Seen with Python 3.11.7 on x86-64:
#   numba 0.68.1, numpy 2.4.6
#   numba np.mean: 0.8389
#   numba np.mean of float64: 1.0000
#   numpy np.mean: 1.0000
#   numpy np.mean(axis=0) of (20,000,000, 2): 0.8389
#   the same with dtype=np.float64: 1.0000
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet numba==0.68.1 numpy==2.4.6

cd "$folder"
venv/bin/python - <<'PYTHON'
import sys

import numba
import numpy as np


@numba.njit
def compiled_mean(values):
    return np.mean(values)


ones = np.ones(20_000_000, np.float32)
seen = {
    "numba np.mean": compiled_mean(ones),
    "numba np.mean of float64": compiled_mean(ones.astype(np.float64)),
    "numpy np.mean": ones.mean(),
    "numpy np.mean(axis=0) of (20,000,000, 2)": np.broadcast_to(ones[:, None], (len(ones), 2)).copy().mean(axis=0)[0],
    "the same with dtype=np.float64": np.broadcast_to(ones[:, None], (len(ones), 2)).mean(axis=0, dtype=np.float64)[0],
}
print(f"numba {numba.__version__}, numpy {np.__version__}")
for asked, mean in seen.items():
    print(f"{asked}: {mean:.4f}")
if [round(float(mean), 4) for mean in seen.values()] != [0.8389, 1, 1, 0.8389, 1]:
    sys.exit("numba or numpy no longer adds 20 million float32 one after the other.")
PYTHON
