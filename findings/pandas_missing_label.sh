#!/usr/bin/env bash
# pandas meets pyarrow: one missing label, and to_numpy(dtype=str) cuts every label of the column to its first character, so
# that different identities become one. It happens as soon as pyarrow is installed, although the code does not name it;
# without pyarrow, and without a missing label, the same lines are right.
# Way out: drop the rows without a label (and the same rows of the embeddings) before to_numpy(dtype=str).
#
# Seen with Python 3.11.7 on x86-64:
#   pandas 3.1.1, numpy 2.4.6, without pyarrow
#   ['anna', 'adam', nan, 'bert'] becomes ['anna', 'adam', 'nan', 'bert'], and without the missing one ['anna', 'adam', 'bert']
#   pandas 3.1.1, numpy 2.4.6, with pyarrow
#   ['anna', 'adam', nan, 'bert'] becomes ['a', 'a', 'n', 'b'], and without the missing one ['anna', 'adam', 'bert']
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet pandas==3.1.1 numpy==2.4.6

cd "$folder"
cat > labels.py <<'PYTHON'
import sys
from importlib.util import find_spec

import numpy as np
import pandas as pd

labels = pd.DataFrame({"label": ["anna", "adam", None, "bert"]})["label"]
whole, cut = ["anna", "adam", "nan", "bert"], ["a", "a", "n", "b"]
with_pyarrow = find_spec("pyarrow") is not None
print(f"pandas {pd.__version__}, numpy {np.__version__}, {'with' if with_pyarrow else 'without'} pyarrow")
seen, dropped = labels.to_numpy(dtype=str).tolist(), labels.dropna().to_numpy(dtype=str).tolist()
print(f"{labels.tolist()} becomes {seen}, and without the missing one {dropped}")
if seen != (cut if with_pyarrow else whole) or dropped != ["anna", "adam", "bert"]:
    sys.exit("pandas no longer cuts labels beside a missing one, or not only where pyarrow is installed.")
PYTHON
venv/bin/python labels.py
venv/bin/pip install --quiet pyarrow==26.0.1
venv/bin/python labels.py
