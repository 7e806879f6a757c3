#!/usr/bin/env bash
# pyarrow: the numbers of a column of embeddings. `values` gives all numbers of the buffer, whatever part of the column it is
# called on: in the second batch of a table, row 0 is again the first embedding of the table. It keeps a place for
# missing embeddings, and `flatten()` does not, so that there the rows after a missing one meet the label before theirs.
# Way out: np.stack(column.to_numpy(zero_copy_only=False)), or flatten() once the rows with null are dropped.
#
# Seen with Python 3.11.7 on x86-64:
#   pyarrow 26.0.1, numpy 2.4.6
#   second batch of two, values: [[0.0, 1.0], [2.0, 3.0], [4.0, 5.0], [6.0, 7.0]]
#   second batch of two, flatten(): [[4.0, 5.0], [6.0, 7.0]]
#   second batch of two, np.stack: [[4.0, 5.0], [6.0, 7.0]]
#   three of which the second is missing, len(values) / 2: 3
#   three of which the second is missing, len(flatten()) / 2: 2
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet pyarrow==26.0.1 numpy==2.4.6

cd "$folder"
venv/bin/python - <<'PYTHON'
import sys

import numpy as np
import pyarrow as pa

rows = pa.array([[0, 1], [2, 3], [4, 5], [6, 7]], pa.list_(pa.float32(), 2))
second = pa.table({"embedding": rows, "label": [0, 1, 2, 3]}).to_batches(max_chunksize=2)[1]["embedding"]
holed = pa.array([[0, 1], None, [4, 5]], pa.list_(pa.float32(), 2))
seen = {
    "second batch of two, values": second.values.to_numpy().reshape(-1, 2).tolist(),
    "second batch of two, flatten()": second.flatten().to_numpy().reshape(-1, 2).tolist(),
    "second batch of two, np.stack": np.stack(second.to_numpy(zero_copy_only=False)).tolist(),
    "three of which the second is missing, len(values) / 2": len(holed.values) // 2,
    "three of which the second is missing, len(flatten()) / 2": len(holed.flatten()) // 2,
}
print(f"pyarrow {pa.__version__}, numpy {np.__version__}")
for asked, value in seen.items():
    print(f"{asked}: {value}")
if list(seen.values()) != [rows.to_pylist(), [[4, 5], [6, 7]], [[4, 5], [6, 7]], 3, 2]:
    sys.exit("pyarrow no longer gives all numbers by values and those of the slice by flatten().")
PYTHON
