#!/usr/bin/env bash
# faiss: of equal points IndexFlatL2 lists the lower row first and IndexFlatIP the higher one, although the rows that it
# keeps are the lowest in both. For unit vectors both orders say the same, but with copies in the data Recall@1 and
# MAP@R differ between the two, and the first neighbour of a point is often not the point itself.
# Way out: leave a point out by its row number, never by its place, and settle ties by the row yourself.
#
# Seen with Python 3.11.7 on x86-64:
#   faiss 1.15.1, numpy 2.4.6
#   IndexFlatL2, 5 of 5 copies: rows [0, 1, 2, 3, 4]
#   IndexFlatL2, 3 of 5 copies: rows [0, 1, 2]
#   IndexFlatIP, 5 of 5 copies: rows [4, 3, 2, 1, 0]
#   IndexFlatIP, 3 of 5 copies: rows [2, 1, 0]
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

points = np.tile(np.array([[0.6, 0.8]], np.float32), (5, 1))  # five times the same unit vector
seen = {}
for kind in (faiss.IndexFlatL2, faiss.IndexFlatIP):
    index = kind(2)
    index.add(points)
    for k in (5, 3):
        seen[f"{kind.__name__}, {k} of 5 copies"] = index.search(points[:1], k)[1][0].tolist()
print(f"faiss {faiss.__version__}, numpy {np.__version__}")
for asked, rows in seen.items():
    print(f"{asked}: rows {rows}")
if list(seen.values()) != [[0, 1, 2, 3, 4], [0, 1, 2], [4, 3, 2, 1, 0], [2, 1, 0]]:
    sys.exit("faiss no longer lists copies in these two orders.")
PYTHON
