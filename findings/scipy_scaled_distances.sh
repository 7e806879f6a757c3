#!/usr/bin/env bash
# scipy: cdist with "seuclidean" or "mahalanobis" and without V or VI takes the spread of both sets stacked. The distance of
# one pair therefore depends on who else is in the call, and cdist(a, a) is not squareform(pdist(a)), as every row
# counts twice there.
# Way out: compute V (or VI) once from the reference set and pass it to every call.
#
# Seen with Python 3.11.7 on x86-64:
#   scipy 1.17.1, numpy 2.4.6
#   seuclidean of rows 0 and 1: pdist 1.3924, cdist(a, a) 1.4044, cdist(a, a[:10]) 1.4633
#   seuclidean of rows 0 and 1, spread given: 1.3924
#   mahalanobis of rows 0 and 1: pdist 1.2263, cdist(a, a) 1.2368, cdist(a, a[:10]) 1.3017
#   mahalanobis of rows 0 and 1, spread given: 1.2263
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet scipy==1.17.1 numpy==2.4.6

cd "$folder"
venv/bin/python - <<'PYTHON'
import sys

import numpy as np
import scipy
from scipy.spatial.distance import cdist, pdist, squareform

points = np.random.default_rng(0).normal(size=(30, 4))
n = len(points)
expected = np.sqrt((2 * n - 1) / (2 * n - 2))  # of the two divisors N - 1, once for n and once for 2 n rows
print(f"scipy {scipy.__version__}, numpy {np.__version__}")
given = {"seuclidean": {"V": points.var(axis=0, ddof=1)}, "mahalanobis": {"VI": np.linalg.inv(np.cov(points.T))}}
for metric, spread in given.items():
    alone = squareform(pdist(points, metric))[0, 1]
    twice = cdist(points, points, metric)[0, 1]
    some = cdist(points, points[:10], metric)[0, 1]
    fixed = cdist(points, points[:10], metric, **spread)[0, 1]
    print(f"{metric} of rows 0 and 1: pdist {alone:.4f}, cdist(a, a) {twice:.4f}, cdist(a, a[:10]) {some:.4f}")
    print(f"{metric} of rows 0 and 1, spread given: {fixed:.4f}")
    if not (np.isclose(twice / alone, expected) and abs(some / twice - 1) > 0.01 and np.isclose(fixed, alone)):
        sys.exit(f"cdist with {metric} no longer takes the spread of both sets stacked.")
PYTHON
