#!/usr/bin/env bash
# A number next to the half between two float32 is rounded in two ways: pyarrow's CSV reader rounds the digits to float32
# once; numpy and pandas round to float64 first, where it may become the half itself, and then once more. So embeddings
# of one CSV, read as float32 by two readers, need not be equal to the last bit.
# Way out: read float64 and turn it into float32, everywhere; or write at most 9 digits, which all readers bring back.
#
# Seen with Python 3.11.7 on x86-64:
#   pyarrow 26.0.1, pandas 3.1.1, numpy 2.4.6
#   pyarrow as float32: 1.00000005960464477539063 is 1 + 1 * 2**-23, 1.00000017881393432617187 is 1 + 1 * 2**-23
#   pyarrow as float64, then float32: 1.00000005960464477539063 is 1 + 0 * 2**-23, 1.00000017881393432617187 is 1 + 2 * 2**-23
#   pandas as float32: 1.00000005960464477539063 is 1 + 0 * 2**-23, 1.00000017881393432617187 is 1 + 2 * 2**-23
#   numpy.loadtxt as float32: 1.00000005960464477539063 is 1 + 0 * 2**-23, 1.00000017881393432617187 is 1 + 2 * 2**-23
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet pyarrow==26.0.1 pandas==3.1.1 numpy==2.4.6

cd "$folder"
venv/bin/python - <<'PYTHON'
import io
import sys

import numpy as np
import pandas as pd
import pyarrow as pa
from pyarrow import csv

above, below = "1.00000005960464477539063", "1.00000017881393432617187"  # next to 1 + 2**-24 and to 1 + 3 * 2**-24


def by_pyarrow(text, kind):
    options = csv.ConvertOptions(column_types={"x": kind})
    return csv.read_csv(io.BytesIO(f"x\n{text}\n".encode()), convert_options=options)["x"].to_numpy().astype("f4")[0]


readers = {
    "pyarrow as float32": lambda text: by_pyarrow(text, pa.float32()),
    "pyarrow as float64, then float32": lambda text: by_pyarrow(text, pa.float64()),
    "pandas as float32": lambda text: pd.read_csv(io.StringIO(f"x\n{text}\n"), dtype=np.float32)["x"][0],
    "numpy.loadtxt as float32": lambda text: np.loadtxt([text], dtype=np.float32),
}
print(f"pyarrow {pa.__version__}, pandas {pd.__version__}, numpy {np.__version__}")
seen = []
for reader, read in readers.items():
    steps = [round((float(read(text)) - 1) * 2**23) for text in (above, below)]
    seen.append(steps)
    print(f"{reader}: {above} is 1 + {steps[0]} * 2**-23, {below} is 1 + {steps[1]} * 2**-23")
if seen != [[1, 1], [0, 2], [0, 2], [0, 2]]:
    sys.exit("The readers no longer round these numbers in two ways.")
PYTHON
