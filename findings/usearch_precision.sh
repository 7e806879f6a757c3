#!/usr/bin/env bash
# usearch: an index made without a dtype takes the kind of number that the processor is quick at, here bfloat16, which keeps two
# to three digits. The distances of close pairs are then off by up to two per cent, and a threshold that was chosen in
# float32 decides some pairs otherwise; on a processor without such arithmetic the same code keeps float32.
# Way out: Index(ndim=..., metric=..., dtype="f32").
#
# Seen with Python 3.11.7 on x86-64:
#   usearch 2.26.6, numpy 2.4.6
#   no dtype: BF16, distances off by up to 2.28%, 7 of 1,000 decisions changed
#   dtype="f32": F32, distances off by up to 0.00%, 0 of 1,000 decisions changed
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet usearch==2.26.6 numpy==2.4.6

cd "$folder"
venv/bin/python - <<'PYTHON'
import sys

import numpy as np
import usearch
from usearch.index import Index, ScalarKind

rng = np.random.default_rng(0)
enrolled = rng.normal(size=(1000, 64))
asked = enrolled + 0.1 * rng.normal(size=enrolled.shape)  # each close to the one of the same row
enrolled, asked = (side / np.linalg.norm(side, axis=1, keepdims=True) for side in (enrolled, asked))
right = 1 - (enrolled * asked).sum(axis=1)


def search(**dtype):
    """The index's kind of number and its cosine distance of each pair."""
    index = Index(ndim=64, metric="cos", **dtype)
    index.add(np.arange(1000), enrolled.astype(np.float32))
    matches = index.search(asked.astype(np.float32), 1, exact=True)
    assert (matches.keys[:, 0] == np.arange(1000)).all()
    return index.dtype, matches.distances[:, 0].astype(np.float64)


print(f"usearch {usearch.__version__}, numpy {np.__version__}")
threshold = np.median(right)
off, changed = {}, {}
for name, dtype in (("no dtype", {}), ('dtype="f32"', {"dtype": "f32"})):
    kind, distances = search(**dtype)
    off[name] = (abs(distances - right) / right).max()
    changed[name] = int(((distances <= threshold) != (right <= threshold)).sum())
    print(f"{name}: {kind.name}, distances off by up to {off[name]:.2%}, {changed[name]} of 1,000 decisions changed")
    if not dtype and kind not in (ScalarKind.BF16, ScalarKind.F16):
        sys.exit(f"usearch chose {kind.name}: it changed, or this processor has no arithmetic of 16 bits.")
if off["no dtype"] < 0.01 or not changed["no dtype"] or off['dtype="f32"'] > 0.001:
    sys.exit("usearch's distances of 16 bits no longer differ from those of float32 as seen.")
PYTHON
