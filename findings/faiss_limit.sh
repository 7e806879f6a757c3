#!/usr/bin/env bash
# faiss: range_search leaves out the pair that lies exactly at the limit, for squared distances and for products alike.
# A rule "accept when distance <= limit" loses there the very pair that set the limit; with limit 0 a point does not
# even find itself.
# Way out: ask for a limit between the chosen distance and the next larger one, or the next float32 beyond it.
#
# Seen with Python 3.11.7 on x86-64:
#   faiss 1.15.1, numpy 2.4.6
#   squared distances 0, 25, 100; limit 25: rows [0]
#   the same; the next float32 above 25: rows [0, 1]
#   the same; limit 0: rows []
#   products 0, 25, 50; limit 25: rows [2]
#   the same; the next float32 below 25: rows [1, 2]
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet faiss-cpu==1.15.1 numpy==2.4.6

cd "$folder"
venv/bin/python - <<'PYTHON'
import sys

import faiss
import numpy as np

points = np.array([[0, 0], [3, 4], [6, 8]], np.float32)  # squared distances from the first: 0, 25, 100
squared, product = faiss.IndexFlatL2(2), faiss.IndexFlatIP(2)
squared.add(points)
product.add(points)


def found(index, row, limit):
    return sorted(index.range_search(points[row : row + 1], float(limit))[2].tolist())


five = np.float32(25)
seen = {
    "squared distances 0, 25, 100; limit 25": found(squared, 0, five),
    "the same; the next float32 above 25": found(squared, 0, np.nextafter(five, np.float32(np.inf))),
    "the same; limit 0": found(squared, 0, 0),
    "products 0, 25, 50; limit 25": found(product, 1, five),
    "the same; the next float32 below 25": found(product, 1, np.nextafter(five, np.float32(0))),
}
print(f"faiss {faiss.__version__}, numpy {np.__version__}")
for asked, rows in seen.items():
    print(f"{asked}: rows {rows}")
if list(seen.values()) != [[0], [0, 1], [], [2], [1, 2]]:
    sys.exit("faiss no longer leaves out exactly the pairs at the limit.")
PYTHON
