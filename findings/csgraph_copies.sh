#!/usr/bin/env bash
# scipy.sparse.csgraph: a distance of 0 is no edge. Where the links within a threshold are kept as a matrix of distances,
# exact copies fall apart into groups of their own, while points 0.001 apart are joined; the minimum spanning tree of a
# distance matrix joins copies by a detour and is longer than it should be.
# Way out: connected_components of the booleans (distances <= limit); scipy.cluster.hierarchy.linkage for the tree.
#
# Seen with Python 3.11.7 on x86-64:
#   scipy 1.17.1, numpy 2.4.6
#   pairs 0.001 apart: 2 groups by distances, 2 by booleans; tree 5.001, by linkage 5.001
#   pairs 0.0 apart: 4 groups by distances, 2 by booleans; tree 15.0, by linkage 5.0
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
from scipy.cluster.hierarchy import linkage
from scipy.sparse.csgraph import connected_components, minimum_spanning_tree
from scipy.spatial.distance import pdist, squareform


def measure(gap):
    """Groups within distance 1, by distances and by booleans; length of the tree, by csgraph and by linkage."""
    points = np.array([[0, 0], [gap, 0], [3, 4], [3 + gap, 4]])  # two close pairs, 5 apart
    distances = squareform(pdist(points))
    near = distances <= 1
    return (
        connected_components(np.where(near, distances, 0))[0],
        connected_components(near)[0],
        round(float(minimum_spanning_tree(distances).sum()), 3),
        round(float(linkage(pdist(points), "single")[:, 2].sum()), 3),
    )


print(f"scipy {scipy.__version__}, numpy {np.__version__}")
seen = {gap: measure(gap) for gap in (0.001, 0.0)}
for gap, (groups, by_booleans, tree, by_linkage) in seen.items():
    print(f"pairs {gap} apart: {groups} groups by distances, {by_booleans} by booleans; tree {tree}, by linkage {by_linkage}")
if seen != {0.001: (2, 2, 5.001, 5.001), 0.0: (4, 2, 15.0, 5.0)}:
    sys.exit("csgraph no longer takes a distance of 0 for no edge.")
PYTHON
