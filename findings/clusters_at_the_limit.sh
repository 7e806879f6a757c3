#!/usr/bin/env bash
# scipy and scikit-learn: whether two points exactly at the limit belong together depends on the function, within one
# library and even within one class. scipy's KDTree finds them by query_ball_point and not by query; fcluster and DBSCAN
# join them, AgglomerativeClustering does not.
# Way out: give a limit between the chosen distance and the next larger one; then all of them agree.
#
# Seen with Python 3.11.7 on x86-64:
#   scipy 1.17.1, scikit-learn 1.9.1, numpy 2.4.6
#   scipy KDTree.query_ball_point: limit 1 joins, limit 1.5 joins
#   scipy KDTree.query: limit 1 parts, limit 1.5 joins
#   scikit-learn radius_neighbors: limit 1 joins, limit 1.5 joins
#   scipy fcluster: limit 1 joins, limit 1.5 joins
#   scikit-learn DBSCAN: limit 1 joins, limit 1.5 joins
#   scikit-learn AgglomerativeClustering: limit 1 parts, limit 1.5 joins
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet scipy==1.17.1 scikit-learn==1.9.1 numpy==2.4.6

cd "$folder"
venv/bin/python - <<'PYTHON'
import sys

import numpy as np
import scipy
import sklearn
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial import KDTree
from sklearn.cluster import DBSCAN, AgglomerativeClustering
from sklearn.neighbors import NearestNeighbors

points = np.array([[0.0], [1.0], [5.0], [8.0]])  # the first two lie exactly 1 apart


def together(limit):
    agglomerative = AgglomerativeClustering(n_clusters=None, distance_threshold=limit, linkage="single")
    clusters = {
        "scipy fcluster": fcluster(linkage(points, "single"), limit, "distance"),
        "scikit-learn DBSCAN": DBSCAN(eps=limit, min_samples=1).fit_predict(points),
        "scikit-learn AgglomerativeClustering": agglomerative.fit_predict(points),
    }
    near = NearestNeighbors(radius=limit).fit(points).radius_neighbors(points[:1], return_distance=False)[0]
    return {
        "scipy KDTree.query_ball_point": 1 in KDTree(points).query_ball_point(points[0], limit),
        "scipy KDTree.query": 1 in KDTree(points).query(points[0], k=2, distance_upper_bound=limit)[1],
        "scikit-learn radius_neighbors": bool((near == 1).any()),
        **{name: bool(found[0] == found[1]) for name, found in clusters.items()},
    }


print(f"scipy {scipy.__version__}, scikit-learn {sklearn.__version__}, numpy {np.__version__}")
at, between = together(1.0), together(1.5)
for name in at:
    print(f"{name}: limit 1 {'joins' if at[name] else 'parts'}, limit 1.5 {'joins' if between[name] else 'parts'}")
if list(at.values()) != [True, False, True, True, True, False] or not all(between.values()):
    sys.exit("These functions no longer part and join the two points in this way.")
PYTHON
