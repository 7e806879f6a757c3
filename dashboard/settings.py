"""Everything that the address of a page names. To add one: declare it here, and read and write it by what is declared.

Parameters of an address belong to all pages, so each has a name of its own.
"""

from __future__ import annotations

from core.verification.goals import GOALS, Far
from dashboard.url import Bound, Setting, finite, not_negative, words

# Learn
LESSON = Bound("lesson")

# Train, Mine and Verify
RUN = Setting("run", str, str)

# Compare
RUNS: Setting[list[str]] = Setting("runs", words, ",".join)

# Mine
EPOCH = Bound("epoch")
ANCHOR = Bound("anchor")
MARGIN = Setting("margin", not_negative, "{:.6g}".format)

# Verify
SNAPSHOT = Bound("snapshot")
GOAL = Setting("goal", str, str, default=Far.name)
NUMBERS = {number.key: Bound(number.key) for goal in GOALS.values() for number in goal.numbers.values()}  # of goals
THRESHOLD = Setting("threshold", finite, str)  # where the goal is given by hand
SAFE_SIDE = Bound("safe")
WEIGHTS = Setting("weights", str, str)
PROTOCOL = Setting("protocol", str, str)
SECTION = Setting("section", str, str)
GENUINE_SHARE = Bound("share")
