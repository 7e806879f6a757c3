#!/usr/bin/env bash
# MLflow: in its store of today (SQLite) a metric of infinity is kept as the largest float, 1.797e308, without a word; NaN is
# kept. A threshold of infinity ("accept everybody") comes back as a number that is finite. The names of this field's
# metrics are refused, such as "Recall@1" or "TAR@FAR=0.001".
# Way out: log infinities as a tag or a parameter (text), and names with "_at_".
#
# Seen with Python 3.11.7 on x86-64:
#   mlflow 3.17.2
#   infinity: inf comes back as 1.7976931348623157e+308
#   minus_infinity: -inf comes back as -1.7976931348623157e+308
#   nan: nan comes back as nan
#   third: 0.3333333333333333 comes back as 0.3333333333333333
#   parameter of infinity: 'inf'; names refused: ['Recall@1', 'TAR@FAR=0.001']
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet mlflow-skinny==3.17.2 sqlalchemy==2.1.9 alembic==1.20.1

cd "$folder"
DO_NOT_TRACK=true MLFLOW_DISABLE_TELEMETRY=true venv/bin/python - <<'PYTHON'
import logging
import math
import sys

logging.disable(logging.CRITICAL)
import mlflow

mlflow.set_tracking_uri("sqlite:///mlflow.db")
given = {"infinity": math.inf, "minus_infinity": -math.inf, "nan": math.nan, "third": 1 / 3}
refused = []
with mlflow.start_run() as run:
    mlflow.log_metrics(given)
    mlflow.log_param("threshold", math.inf)
    for name in ("Recall@1", "TAR@FAR=0.001", "Recall_at_1"):
        try:
            mlflow.log_metric(name, 0.5)
        except mlflow.MlflowException:
            refused.append(name)
data = mlflow.get_run(run.info.run_id).data
print(f"mlflow {mlflow.__version__}")
for name, value in given.items():
    print(f"{name}: {value} comes back as {data.metrics[name]}")
print(f"parameter of infinity: {data.params['threshold']!r}; names refused: {refused}")
kept = math.isnan(data.metrics["nan"]) and data.metrics["third"] == 1 / 3 and data.params["threshold"] == "inf"
if data.metrics["infinity"] != sys.float_info.max or data.metrics["minus_infinity"] != -sys.float_info.max or not kept:
    sys.exit("MLflow no longer keeps infinity as the largest float.")
if refused != ["Recall@1", "TAR@FAR=0.001"]:
    sys.exit(f"MLflow now refuses these names: {refused}.")
PYTHON
