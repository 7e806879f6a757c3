"""A live figure: frames packed once, a figure that stays, and news that bring the browser up to what the run has."""

from __future__ import annotations

import json
from base64 import b64decode
from pathlib import Path

import numpy as np
import pytest

from core.records.snapshot_record import MapRecord
from core.runs.run_folder import Run
from dashboard.components.frames import find
from dashboard.components.live_figure import Packed
from dashboard.lookups import live_frames, runs
from tests.dashboard.made_runs import made_run


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("METRIC_LAB_STORE", str(tmp_path))
    runs.store.clear()
    live_frames._map.clear()
    live_frames._progress.clear()
    return made_run(tmp_path)


def grow(run: Run, step: int, scale: float = 1.0, seconds: float = 5.0) -> None:
    layout = run.snapshot(0, "map")["map"] * scale
    run.write_map(MapRecord(step=step, epoch=float(step), seconds=seconds, map="pca"), {"map": layout})


def digests(packed: Packed) -> list[str]:
    return [digest for _, _, digest, _ in packed.frames]


def test_a_frame_is_packed_once(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    before = live_frames.moving_map(run.folder.name, run.maps(), "light", live=True)
    grow(run, 40)
    packed: list[int] = []
    pack_frame = live_frames.pack_frame
    monkeypatch.setattr(live_frames, "pack_frame", lambda frame, **kept: packed.append(1) or pack_frame(frame, **kept))
    after = live_frames.moving_map(run.folder.name, run.maps(), "light", live=True)
    assert after.frames[:-1] == before.frames and len(packed) == 1


def test_the_figure_of_a_live_map_stays_while_its_axes_hold_it(run: Run) -> None:
    figures = [live_frames.moving_map(run.folder.name, run.maps(), "light", live=True).figure]
    for step, scale in ((40, 1.05), (50, 3.0), (60, 2.0)):
        grow(run, step, scale)
        figures.append(live_frames.moving_map(run.folder.name, run.maps(), "light", live=True).figure)
    assert figures[0] == figures[1] != figures[2] == figures[3]


def test_another_map_is_one_frame_on_axes_that_hold_the_own_maps_as_well(run: Run) -> None:
    name, lines = run.folder.name, run.maps()
    own = live_frames.moving_map(name, lines, "light", live=False)
    for scale, is_wider in ((0.5, False), (3.0, True)):
        layout = scale * run.snapshot(10, "map")["map"][::-1]
        still = live_frames.still_map(name, lines, lines[1], layout, "light")
        ((frame, value, digest, content),) = still.frames
        assert (frame, value) == ("epoch 1", 1.0) and digest not in digests(own)
        first = json.loads(bytes(content))["data"][0]
        places = [np.frombuffer(b64decode(first[axis]["bdata"]), first[axis]["dtype"]) for axis in "xy"]
        np.testing.assert_array_equal(np.stack(places, axis=1), layout)
        ranges = [json.loads(packed.figure)["layout"]["xaxis"]["range"] for packed in (own, still)]
        assert (np.ptp(ranges[1]) > np.ptp(ranges[0])) == is_wider
    assert live_frames.moving_map(name, lines, "light", live=False) == own


def test_a_map_that_grows_no_more_fills_its_axes(run: Run) -> None:
    live, still = (live_frames.moving_map(run.folder.name, run.maps(), "light", live=live) for live in (True, False))
    ranges = [json.loads(packed.figure)["layout"]["xaxis"]["range"] for packed in (live, still)]
    assert np.ptp(ranges[0]) > np.ptp(ranges[1])
    assert live.frames == still.frames


def test_news_bring_the_browser_up_to_date(run: Run) -> None:
    name = run.folder.name
    shown = live_frames.moving_map(name, run.maps(), "dark", live=True)
    have = shown.frames[-1][2]
    assert live_frames.map_news(name, "dark", have) == b""
    grow(run, 40, 1.02)
    news = json.loads(live_frames.map_news(name, "dark", have) or b"")
    assert (news["from"], len(news["frames"]), news["figure"]) == (3, 1, None)
    digest = news["frames"][0][2]
    assert news["contents"] == {digest: json.loads(find(digest) or b"")}, "so that nobody has to ask twice"
    grow(run, 50, 4.0)
    news = json.loads(live_frames.map_news(name, "dark", have) or b"")
    assert (news["from"], len(news["frames"])) == (3, 2)
    assert news["figure"] == live_frames.moving_map(name, run.maps(), "dark", live=True).figure != shown.figure


def test_a_browser_that_has_something_else_gets_everything(run: Run) -> None:
    news = json.loads(live_frames.map_news(run.folder.name, "light", "0" * 32) or b"")
    assert (news["from"], len(news["frames"])) == (0, 3)
    assert news["figure"] == live_frames.moving_map(run.folder.name, run.maps(), "light", live=True).figure


def test_contents_go_along_with_few_frames_alone(run: Run) -> None:
    for step in range(40, 43):
        grow(run, step)
    frames = live_frames.moving_map(run.folder.name, run.maps(), "light", live=True).frames
    for lacking, sent in ((live_frames.MOST_SENT, live_frames.MOST_SENT), (live_frames.MOST_SENT + 1, 0)):
        news = json.loads(live_frames.map_news(run.folder.name, "light", frames[-1 - lacking][2]) or b"")
        assert len(news["frames"]) == lacking and len(news["contents"]) == sent


def test_a_run_that_was_wound_back_begins_anew(run: Run) -> None:
    name = run.folder.name
    before = live_frames.moving_map(name, run.maps(), "light", live=True)
    run.rewind(10)
    assert digests(live_frames.moving_map(name, run.maps(), "light", live=True)) == digests(before)[:2]
    grow(run, 20, 1.5, seconds=9.0)
    after = live_frames.moving_map(name, run.maps(), "light", live=True)
    assert digests(after)[:2] == digests(before)[:2] and len(after.frames) == 3
    assert digests(after)[2] != digests(before)[2]
    assert live_frames.progress(name, run.snapshots(), run.steps(), "light").frames[-1][0] == "epoch 1"


@pytest.mark.parametrize(("name", "theme"), [("0" * 32, "light"), ("../../etc", "light"), (None, "sepia")])
def test_there_is_no_news_of_what_is_not_there(name: str | None, theme: str, run: Run) -> None:
    assert live_frames.map_news(name or run.folder.name, theme, "") is None
    assert live_frames.map_news(run.folder.name, "light", "", "xx") is None


def test_the_browser_asks_for_news_of_one_run_in_one_theme() -> None:
    assert live_frames.map_address("digits-softmax", "dark") == "/runs/digits-softmax/map?theme=dark&language=en"
    assert live_frames.map_address("0" * 32, "light") == f"/runs/{'0' * 32}/map?theme=light&language=en"


def learn(run: Run, step: int, **prototypes: np.ndarray) -> MapRecord:
    """A snapshot like the first one, with what the loss has learned by then."""
    line, numbers = MapRecord(step=step, epoch=float(step), seconds=5.0, map="pca"), run.snapshots()[0].written()
    arrays = run.snapshot(0) | prototypes
    run.write_map(line, arrays)
    run.write_statistics(line, {name: numbers[name] for name in numbers.keys() - line.written()}, arrays)
    return line


def test_live_curves_are_drawn_once_a_moment_and_frames_at_once(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [100.0]
    monkeypatch.setattr(live_frames.time, "monotonic", lambda: clock[0])
    name, snapshots = run.folder.name, run.snapshots()

    def drawn(count: int, *, live: bool = True) -> tuple[str, int]:
        packed = live_frames.progress(name, snapshots[:count], run.steps(), "dark", live=live)
        return packed.figure, len(packed.frames)

    first = drawn(1)
    clock[0] += 0.5 * live_frames.DRAWN_SECONDS
    assert drawn(2) == (first[0], 2)
    clock[0] += live_frames.DRAWN_SECONDS
    second = drawn(2)
    assert second[0] != first[0]
    assert drawn(3)[0] == second[0] and drawn(3, live=False)[0] != second[0], "what has ended is drawn to its end"


def test_news_are_kept_once_for_a_frame_whatever_is_asked(run: Run) -> None:
    name, kept = run.folder.name, live_frames._map(run.folder.name, "light")
    first = [live_frames.map_news(name, "light", f"{unknown:032x}") for unknown in range(50)]
    assert len(set(first)) == 1 and len(kept.told) == 1
    assert live_frames.map_news(name, "light", kept.frames[-1][2]) == b"" and len(kept.told) == 2


def test_the_stamp_of_a_run_changes_with_its_maps_alone(run: Run) -> None:
    name = run.folder.name
    before = live_frames.map_stamp(name)
    (run.folder / "steps.jsonl").write_text("{}\n")
    assert live_frames.map_stamp(name) == before
    learn(run, 30)
    assert live_frames.map_stamp(name) != before
    assert live_frames.map_stamp("0" * 32) == live_frames.map_stamp("digits") == (0, 0)


def numbers_of(array: dict[str, str] | list[float]) -> list[float]:
    """Of an array as plotly packs it: a list where it is empty, else binary."""
    return array if isinstance(array, list) else np.frombuffer(b64decode(array["bdata"]), array["dtype"]).tolist()


def test_a_map_has_stars_where_points_were_learned_and_not_for_boundaries(run: Run) -> None:
    name = run.folder.name
    assert live_frames.has_stars(name, run.maps()[0]) is False
    boundaries = learn(run, 30, boundaries=np.ones(1), boundary_classes=np.array([-1]))
    assert live_frames.has_stars(name, boundaries) is False
    points = learn(run, 40, landmark_places=np.zeros((3, 2)), landmark_classes=np.arange(3))
    assert live_frames.has_stars(name, points) is True


def test_stars_stand_where_the_loss_has_learned_its_points(run: Run) -> None:
    places = np.array([[0.25, 1.0], [0.5, -2.0]], np.float32)
    learn(run, 30, landmark_places=places, landmark_classes=np.array([1, 0]))
    packed = live_frames.moving_map(run.folder.name, run.maps(), "light", live=False)
    stars = [json.loads(bytes(content))["data"][2] for _, _, _, content in packed.frames]
    across, up = ([numbers_of(star[axis]) for star in stars] for axis in "xy")
    assert across == [[], [], [], [0.25, 0.5]] and up == [[], [], [], [1.0, -2.0]]
    assert numbers_of(json.loads(packed.figure)["data"][2]["x"]) == [0.25, 0.5]


def test_ticks_stand_at_the_boundaries_that_the_loss_has_learned(run: Run) -> None:
    name, names = run.folder.name, runs.class_names(run.folder.name)
    learn(run, 30, boundaries=np.array([0.5, 0.75]), boundary_classes=np.array([2, 0]))
    learn(run, 40, boundaries=np.array([0.625]), boundary_classes=np.array([-1]))
    for count, places, classes in ((3, [], []), (4, [0.5, 0.75], [names[2], names[0]]), (5, [0.625], ["all classes"])):
        packed = live_frames.progress(name, run.snapshots()[:count], run.steps(), "light")
        assert numbers_of(json.loads(bytes(packed.frames[-1][3]))["data"][2]["x"]) == places
        ticks = json.loads(packed.figure)["data"][7]
        assert (numbers_of(ticks["x"]), ticks["text"]) == (places, classes)


def test_a_kind_of_figure_has_to_say_what_frame_a_line_becomes(run: Run) -> None:
    frames = live_frames._Frames(run.folder.name, "light")
    assert frames.follow([]) == ()
    with pytest.raises(NotImplementedError):
        frames.follow(run.maps())
    assert frames.known == []
