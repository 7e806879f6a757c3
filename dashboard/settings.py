"""Everything that the address of a page names. To add one: declare it here, and read and write it by what is declared.

Parameters of an address belong to all pages and travel between them, so each has a name of its own.
"""

from __future__ import annotations

from core.records.main_numbers import MAP_AT_R
from core.verification.goals import GOALS, Far
from dashboard.url import Setting, finite, not_negative, number, truth, words

# Learn
LESSON = Setting("lesson", str, str, noun="the lesson", key="lesson")

# Train, Mine and Verify
RUN = Setting("run", str, str, noun="the run")

# Train: where the scrub bar stands
FRAME = Setting("frame", str, str, noun="the frame")

# Compare
MOMENT = Setting("moment", str, str, noun="the frame")
RUNS: Setting[list[str]] = Setting("runs", words, ",".join, noun="the runs")
METRIC = Setting("metric", str, str, default=MAP_AT_R.key, noun="the metric")
MOMENTS = Setting("numbers", str, str, default="last", noun="the moment of the numbers")

# Mine
EPOCH = Setting("epoch", str, str, noun="the epoch", key="epoch")
ANCHOR = Setting("anchor", int, str, noun="the anchor", key="anchor")
MARGIN = Setting("margin", not_negative, "{:.6g}".format, noun="the margin")

# Verify
SNAPSHOT = Setting("snapshot", int, str, noun="the snapshot", key="snapshot")
GOAL = Setting("goal", str, str, default=Far.name, noun="the goal")
NUMBERS = {
    asked.key: Setting(asked.key, finite, number, default=asked.default, noun=f"the {asked.key}", key=asked.key)
    for goal in GOALS.values()
    for asked in goal.numbers.values()
}
THRESHOLD = Setting("threshold", finite, str, noun="the threshold")  # where the goal is given by hand
SAFE_SIDE = Setting(
    "safe", truth, {True: "true", False: "false"}.__getitem__, default=False, noun="the safe side", key="safe"
)
WEIGHTS = Setting("weights", str, str, noun="the weights")
PROTOCOL = Setting("protocol", str, str, noun="the protocol")
SECTION = Setting("section", str, str, noun="the section")
ORDER = Setting("order", str, str, noun="the order")
BESIDE: Setting[list[str]] = Setting("beside", words, ",".join, default=[], noun="the other runs")
GENUINE_SHARE = Setting("share", finite, number, default=50.0, noun="the share of genuine pairs", key="share")
