"""Everything that the address of a page names. To add one: declare it here, and read and write it by what is declared.

Parameters of an address belong to all pages and travel between them, so each has a name of its own.
"""

from __future__ import annotations

from core.experiment.experiment import Experiment
from core.experiment.limits import Limits
from core.experiment.setting_words import experiment_in, words_of
from core.maps.other_maps import OWN
from core.records.main_numbers import MAP_AT_R
from core.statistics.crossing import ALL
from core.verification.goals import GOALS, Far
from dashboard.url import Setting, finite, in_a_line, names, not_negative, number, truth, words

# Every page: read by its first part, as of zh-CN
LANGUAGE = Setting("lang", lambda text: text.split("-")[0].lower(), str, noun="language")

# All pages: what a teacher's link hides, by the keys of classroom/parts.py, and what it lets nobody train
HIDE: Setting[list[str]] = Setting("hide", words, ",".join, default=[], noun="hide")
LIMIT: Setting[Limits] = Setting("limit", Limits.read, lambda limits: limits.written, default=Limits(), noun="limit")
# Every page: the word of the glossary that is open
WORD = Setting(
    "word",
    lambda text: text.strip().lower().replace("-", "_").replace(" ", "_"),
    lambda word: word.replace("_", "-"),
    noun="word",
)

# Learn: what plays there; and on all pages the lesson that leads through them
RECORDING = Setting("recording", str, str, noun="recording", key="recording")
LESSON = Setting("lesson", str, str, noun="lesson")
STEP = Setting("step", int, str, noun="step")

# Playground: of which loss, with which points, in which space, and what is not as it starts
PLAY = Setting("play", str, str, noun="play", key="play")
START = Setting("start", str, str, noun="start", key="start")
SPACE = Setting("space", str, str, noun="space", key="space")
POINTS = Setting("points", str, str, noun="points")
VALUES = Setting("values", str, str, noun="values")
PARTS = Setting("parts", str, str, noun="parts")
OF_ONE_PLAYGROUND = (POINTS, VALUES, PARTS)

# Train, Mine and Verify
RUN = Setting("run", str, str, noun="run")

# Train: where the scrub bar stands
FRAME = Setting("frame", str, str, noun="frame")

# Train: the admitted set that the settings have been made for, until they are started
DATA = Setting("data", str, str, noun="data")

# Train: what the settings are, where a link was copied before they were started
SETTINGS: Setting[Experiment | None] = Setting("settings", experiment_in, words_of, noun="settings")

# Compare
MOMENT = Setting("moment", str, str, noun="frame")
RUNS: Setting[list[str]] = Setting("runs", words, ",".join, noun="runs")
METRIC = Setting("metric", str, str, default=MAP_AT_R.key, noun="metric")
MOMENTS = Setting("numbers", str, str, default="last", noun="numbers")
COMPARISON = Setting("comparison", str, str, noun="comparison")
NUMBER = Setting("number", str, str, default=MAP_AT_R.key, noun="number")
SHOWN: Setting[list[str]] = Setting("shown", names, in_a_line, noun="shown")
BASELINE = Setting("baseline", str, str, default="", noun="baseline")
VIEW = Setting("view", str, str, default="curves", noun="view")
OVER = Setting("over", str, str, default="updates", noun="over")
FROM_SEED = Setting("seed", str, str, default="all", noun="seed")
TO_BASELINE = Setting(
    "differences", truth, {True: "true", False: "false"}.__getitem__, default=False, noun="differences"
)
SWEEP_FOLDS = Setting("folds", int, str, default=0, noun="folds")  # of what is started, in its menu
FIRST = Setting("first", str, str, noun="first")
SECOND = Setting("second", str, str, noun="second")
LAYOUT = Setting("layout", str, str, noun="layout")
SAMPLE: Setting[int | None] = Setting("sample", int, str, noun="sample")
OF_ONE_COMPARISON = (SHOWN, BASELINE, FROM_SEED, TO_BASELINE, FIRST, SECOND, SAMPLE)

# Mine and Explore
EPOCH = Setting("epoch", str, str, noun="epoch", key="epoch")

# Train and Explore: which map of the points is shown
MAP = Setting("map", str, str, default=OWN, noun="map", key="map")

# Mine
ANCHOR = Setting("anchor", int, str, noun="anchor", key="anchor")
MARGIN = Setting("margin", not_negative, "{:.6g}".format, noun="margin")

# Explore
QUERY = Setting("query", int, str, noun="query", key="query")
COLOUR = Setting("colour", str, str, default="class", noun="colour", key="colour")
SEARCH = Setting("search", str, str, default="", noun="search", key="search")
SUSPECTS = Setting("suspects", str, str, default="label-errors", noun="suspects", key="suspects")
QUESTIONS = Setting("questions", truth, {True: "true", False: "false"}.__getitem__, default=False, noun="questions")

# Verify
SNAPSHOT = Setting("snapshot", int, str, noun="snapshot", key="snapshot")
GOAL = Setting("goal", str, str, default=Far.name, noun="goal")
NUMBERS = {
    asked.key: Setting(
        asked.key,
        finite,
        number,
        default=asked.default,
        noun=asked.key,
        key=asked.key,
    )
    for goal in GOALS.values()
    for asked in goal.numbers.values()
}
THRESHOLD = Setting("threshold", finite, str, noun="threshold")  # where the goal is given by hand
SAFE_SIDE = Setting("safe", truth, {True: "true", False: "false"}.__getitem__, default=False, noun="safe", key="safe")
WEIGHTS = Setting("weights", str, str, noun="weights")
PROTOCOL = Setting("protocol", str, str, noun="protocol")
PAIRS = Setting("pairs", str, str, default=ALL, noun="pairs")
SECTION = Setting("section", str, str, noun="section")
ORDER = Setting("order", str, str, noun="order")
BESIDE: Setting[list[str]] = Setting("beside", words, ",".join, default=[], noun="beside")
FORM = Setting("form", str, str, noun="form", key="form")
GENUINE_SHARE = Setting("share", finite, number, default=50.0, noun="share", key="share")
