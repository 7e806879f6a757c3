#!/usr/bin/env bash
# safetensors.numpy: an array whose rows do not lie one behind the other in memory (transposed, Fortran order, every second
# column) is saved without an error and comes back with its values in other places; the torch side refuses such tensors.
# Way out: np.ascontiguousarray(array) before saving.
#
# Seen with Python 3.11.7 on x86-64:
#   safetensors 0.8.0, numpy 2.4.6
#   C order: [[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]] comes back as [[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]]
#   Fortran order: [[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]] comes back as [[0.0, 3.0, 1.0], [4.0, 2.0, 5.0]]
#   transposed: [[0.0, 3.0], [1.0, 4.0], [2.0, 5.0]] comes back as [[0.0, 1.0], [2.0, 3.0], [4.0, 5.0]]
#   every second column: [[0.0, 2.0], [3.0, 5.0]] comes back as [[0.0, 1.0], [2.0, 3.0]]
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet safetensors==0.8.0 numpy==2.4.6

cd "$folder"
venv/bin/python - <<'PYTHON'
import sys

import numpy as np
import safetensors
from safetensors.numpy import load, save

rows = np.arange(6, dtype=np.float32).reshape(2, 3)
given = {"C order": rows, "Fortran order": np.asfortranarray(rows), "transposed": rows.T, "every second column": rows[:, ::2]}
print(f"safetensors {safetensors.__version__}, numpy {np.__version__}")
for name, array in given.items():
    back = load(save({"embeddings": array}))["embeddings"]
    made_whole = load(save({"embeddings": np.ascontiguousarray(array)}))["embeddings"]
    print(f"{name}: {array.tolist()} comes back as {back.tolist()}")
    if (back == array).all() != (name == "C order") or not (made_whole == array).all():
        sys.exit(f"safetensors.numpy no longer keeps and loses the order as before: {name}.")
PYTHON
