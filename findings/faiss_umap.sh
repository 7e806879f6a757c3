#!/usr/bin/env bash
# faiss meets umap-learn: from queries x dimensions = 128,000 on, faiss computes distances by a matrix product, and a third of
# the points lie a little away from themselves. UMAP takes the smallest distance above 0 for the distance to the nearest
# neighbour, so this rounding changes its graph: edges are off by more than a half, with no warning.
# Way out: set a point's distance to itself to 0 before the distances are handed on, or recompute the few distances.
#
# Seen with Python 3.11.7 on x86-64:
#   faiss 1.15.1, umap-learn 0.5.12, numpy 2.4.6
#   faiss.cvar.distance_compute_blas_threshold: 128000
#   1999 x 64: 0% of the points away from themselves, a weight of the graph off by up to 0.00
#   2000 x 64: 35% of the points away from themselves, a weight of the graph off by up to 0.72
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet faiss-cpu==1.15.1 umap-learn==0.5.12 numpy==2.4.6 scipy==1.17.1 scikit-learn==1.9.1 numba==0.68.1 pynndescent==0.7.0

cd "$folder"
venv/bin/python - <<'PYTHON'
import sys
import warnings

import faiss
import numpy as np
import umap
from umap.umap_ import fuzzy_simplicial_set

warnings.simplefilter("ignore")
points = np.random.default_rng(0).normal(size=(2000, 64)).astype(np.float32)


def graph(points, rows, distances):
    return fuzzy_simplicial_set(points, 15, np.random.RandomState(0), "euclidean", knn_indices=rows, knn_dists=distances)[0]


def compare(count):
    """How many of `count` points lie away from themselves, and how far the graph's weights are off."""
    chosen = points[:count]
    index = faiss.IndexFlatL2(64)
    index.add(chosen)
    squared, rows = index.search(chosen, 15)
    distances = np.sqrt(squared)
    own = rows == np.arange(count)[:, None]
    right = np.where(own, 0, distances).astype(np.float32)
    off = abs(graph(chosen, rows, distances) - graph(chosen, rows, right)).max()
    return float((distances[own] > 0).mean()), float(off)


print(f"faiss {faiss.__version__}, umap-learn {umap.__version__}, numpy {np.__version__}")
print(f"faiss.cvar.distance_compute_blas_threshold: {faiss.cvar.distance_compute_blas_threshold}")
below, above = compare(1999), compare(2000)
for count, (share, off) in ((1999, below), (2000, above)):
    print(f"{count} x 64: {share:.0%} of the points away from themselves, a weight of the graph off by up to {off:.2f}")
if below != (0, 0) or above[0] < 0.05 or above[1] < 0.1:
    sys.exit("A point's distance to itself in faiss no longer changes UMAP's graph at 2,000 x 64 and only there.")
PYTHON
