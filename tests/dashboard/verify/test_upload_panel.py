"""What a reader brings to the Verify page: what is wrong with it is said in one sentence, and what is right is kept."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.cli.verify import verify
from core.jobs.worker import train
from core.runs.parts import missing
from core.runs.run_folder import Run
from core.runs.store import Store
from core.verification.protocols import parts
from core.verification.scored_pairs import ScoredPairs
from dashboard.lookups.wrong_pairs import SHOWN_PAIRS
from dashboard.markdown import plain
from dashboard.verify.upload_panel import progress_of
from tests.core.readers.loading import load_pairs, load_scores
from tests.core.readers.malformed_files import EVERY_FILE, LIST, MALFORMED, Malformed, archive
from tests.dashboard.sent import sent_with
from tests.dashboard.verify_pages import named, spread
from tests.imports import ROOT

TYPES = {".npz": "application/octet-stream", ".csv": "text/csv", ".txt": "text/plain"}


@pytest.fixture(autouse=True)
def own_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """A store of its own for every test, without the lessons, and no engine."""
    monkeypatch.setenv("METRIC_LAB_STORE", str(tmp_path))
    monkeypatch.setattr("dashboard.lookups.runs.RECORDED", tmp_path / "recorded")
    monkeypatch.setattr("dashboard.runs.submit.ensure_engine", lambda root: None)
    from dashboard.lookups import runs

    runs.store.clear()
    yield Store(tmp_path)
    runs.store.clear()


def opened(**query: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "dashboard" / "navigation.py"), default_timeout=60)
    for name, value in query.items():
        app.query_params[name] = value
    app.switch_page("views/verify.py").run()
    assert not app.exception, app.exception
    assert "Verify" in [header.value for header in app.subheader]
    return app


def bring(app: AppTest, key: str, name: str, content: bytes) -> AppTest:
    app.file_uploader(key=key).set_value((name, content, TYPES[Path(name).suffix])).run()
    assert not app.exception, app.exception
    return app


def brought(app: AppTest, file: Malformed) -> AppTest:
    """The page once the file has been dropped on it, after its list of pairs if it has one."""
    if file.listed is not None:
        bring(app, "upload.pairs", "pairs.txt", file.listed.encode())
    return bring(app, "upload.file", file.name, file.content)


def agreed(app: AppTest) -> AppTest:
    """The page once its reader has seen how the file was understood."""
    app.button(key="upload.measure").click().run()
    assert not app.exception, app.exception
    return app


def understood(app: AppTest) -> str:
    return next(markdown.value for markdown in app.markdown if "fact_check" in markdown.value)


def click(app: AppTest, label: str, option: str) -> AppTest:
    """One click on an option of the corrections."""
    group = next(group for group in app.get("button_group") if group.label == label)
    group.set_value(option).run()
    assert not app.exception, app.exception
    return app


def measured(store: Store) -> str:
    """What a worker does with the only run of the store; its id."""
    (row,) = store.rows()
    assert train(store.folder(row.id), row.experiment, device="cpu", report=print, wanted=lambda: "run") == "finished"
    store.set_state(row.id, "running")
    store.set_state(row.id, "finished")
    return row.id


def component(app: AppTest, words: str) -> dict[str, Any]:
    data = sent_with(app, words)
    assert data is not None
    return data


def test_there_are_enough_ways_to_be_wrong() -> None:
    assert len(MALFORMED) >= 15


@pytest.mark.parametrize("file", **EVERY_FILE)
def test_what_is_wrong_is_said_in_one_sentence(file: Malformed, own_store: Store) -> None:
    app = brought(opened(), file)
    (error,) = app.error
    assert plain(file.said) in error.value and " must " in error.value and "\n" not in error.value
    assert not own_store.rows() and not list((own_store.root / "runs").iterdir())


def test_a_sound_file_takes_the_sentence_away(own_store: Store) -> None:
    app = brought(opened(), MALFORMED["one class"])
    assert len(app.error) == 1
    bring(app, "upload.file", "mine.npz", archive())
    assert not app.error and [row.name for row in own_store.rows()] == ["mine.npz"]
    assert "Measuring **mine\\.npz**, 6 points of 3 identities" in app.markdown[-1].value


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"is_same,distance\n1,1\n0,2\n", "mine.csv must leave the truth to pairs.txt, got it in both"),
        (b"0.3\n0.8\n", "mine.csv must hold two names and a score in each line to go with pairs.txt, got no names"),
    ],
)
def test_a_list_that_cannot_be_used_is_not_ignored(content: bytes, said: str, own_store: Store) -> None:
    app = brought(opened(), Malformed("mine.csv", content, said, LIST))
    assert plain(said) in app.error[0].value and not own_store.rows()


def test_a_list_waits_for_its_embeddings(own_store: Store) -> None:
    app = bring(opened(), "upload.pairs", "pairs.txt", LIST.encode())
    assert not app.error and any("waits for the .npz" in caption.value for caption in app.caption)
    assert not own_store.rows()


def test_a_list_is_compared_by_the_chosen_distance(own_store: Store) -> None:
    app = opened()
    app.selectbox(key="upload.distance").select("cosine").run()
    app = brought(app, Malformed("mine.npz", archive(), "", LIST))
    assert "compared by the cosine distance" in understood(app) and not own_store.rows()
    agreed(app)
    run = Run(own_store.folder(own_store.rows()[0].id))
    assert run.experiment().distance.name == "cosine"


def test_nothing_is_measured_before_it_was_shown_how_a_file_was_understood(own_store: Store) -> None:
    content = "".join(f"{row % 2} a{row} b{row} {row / 10}\n" for row in range(10))
    app = bring(opened(), "upload.file", "trials.txt", content.encode())
    assert "10 trials (5 same, 5 different), truth first, similarity" in understood(app).replace("\\", "")
    assert not own_store.rows()
    app = click(app, "Closer are scores that are", "smaller")
    assert "distance (smaller is closer, as you said)" in understood(app).replace("\\", "") and not own_store.rows()
    app = click(app, "The same identity is", "0")
    agreed(app)
    (row,) = own_store.rows()
    pairs = Run(own_store.folder(row.id)).pairs()
    assert not pairs.is_similarity and pairs.is_same.tolist() == [row % 2 == 0 for row in range(10)]


def test_a_list_whose_columns_say_all_is_measured_at_once_and_can_be_corrected_afterwards(own_store: Store) -> None:
    app = bring(opened(), "upload.file", "mine.csv", b"is_same,distance\n1,0.5\n0,0.25\n")
    (row,) = own_store.rows()
    assert not Run(own_store.folder(row.id)).pairs().is_similarity
    assert "smaller is closer, by the name of the column 'distance'" in understood(app).replace("\\", "")
    app = click(app, "Closer are scores that are", "larger")
    assert len(own_store.rows()) == 1, "what was said is measured on a click"
    agreed(app)
    (other,) = (one for one in own_store.rows() if one.id != row.id)
    assert Run(own_store.folder(other.id)).pairs().is_similarity


@pytest.mark.parametrize("header", ["label,distance", "is_same,score", "is_same,dissimilarity", "same,cosine"])
def test_a_list_that_could_mean_something_else_is_shown_first(header: str, own_store: Store) -> None:
    app = bring(opened(), "upload.file", "mine.csv", f"{header}\n1,0.5\n0,0.25\n".encode())
    assert understood(app) and not own_store.rows()


def test_failures_are_refused_or_left_out_by_a_click(own_store: Store) -> None:
    content = b"is_same,similarity\n1,0.9\n0,nan\n0,0.2\n1,\n1,0.7\n"
    app = bring(opened(), "upload.file", "mine.csv", content)
    assert any("2 that could not be compared counted as refused" in caption.value for caption in app.caption)
    agreed(app)
    app = bring(opened(), "upload.file", "mine.csv", content)
    agreed(click(app, "Pairs that could not be compared are", "left-out"))
    found = [Run(own_store.folder(row.id)).pairs() for row in own_store.rows()]
    assert sorted((len(pairs.distances), pairs.failures) for pairs in found) == [
        (3, (2, "left-out")),
        (5, (2, "refused")),
    ]


def test_a_new_file_forgets_what_was_said_of_the_last_one(own_store: Store) -> None:
    app = bring(opened(), "upload.file", "mine.csv", b"is_same,score\n1,0.5\n0,0.25\n")
    app = click(app, "Closer are scores that are", "smaller")
    assert "as you said" in understood(app)
    app = bring(app, "upload.file", "other.csv", b"is_same,score\n1,0.5\n0,0.25\n")
    assert "similarity (larger is closer, a guess, for nothing says so)" in understood(app).replace("\\", "")


def test_scores_come_with_their_trials(own_store: Store) -> None:
    scores = "".join(f"s{row} u{row} {row}\n" for row in range(6))
    trials = "".join(f"s{row} u{row} {'target' if row > 2 else 'nontarget'}\n" for row in range(6))
    app = bring(opened(), "upload.pairs", "trials.txt", trials.encode())
    app = agreed(bring(app, "upload.file", "scores.txt", scores.encode()))
    assert Run(own_store.folder(own_store.rows()[0].id)).pairs().is_same.tolist() == [False] * 3 + [True] * 3


def scores(folder: Path) -> Path:
    """All pairs of 24 people with four images each, as similarities with ties."""
    generator = np.random.default_rng(0)
    labels = np.repeat(np.arange(24), 4)
    points = 2 * generator.normal(size=(24, 3))[labels] + generator.normal(size=(96, 3))
    lines = ["first,second,similarity"]
    for first, second in zip(*np.triu_indices(96, 1), strict=True):
        apart = float(np.linalg.norm(points[first] - points[second]))
        lines.append(f"*P{labels[first]}*,*P{labels[second]}*,{9 - apart:.2f}")
    path = folder / "mine.csv"
    path.write_text("\n".join(lines))
    return path


def handle_of(app: AppTest) -> dict[str, Any]:
    return component(app, "threshold to drag")["handles"][0]


def test_scores_are_told_as_embeddings_are(own_store: Store, tmp_path: Path) -> None:
    path = scores(tmp_path)
    agreed(bring(opened(), "upload.file", path.name, path.read_bytes()))
    name = measured(own_store)
    app = opened(run=name, far="2")
    assert not app.error
    card = verify([str(path), "--target-far", "0.02"])
    assert handle_of(app)["value"] == -card["threshold"] and card["protocol"] == "other-identities"
    assert "similarity is at least {value:" in handle_of(app)["sentence"]
    text = "\n".join(caption.value for caption in app.caption)
    assert "scores that you brought" in text and "12 identities" in text
    assert shown_pairs(app) == wrong_by_hand(load_scores(path), card["threshold"])


def wrong_by_hand(pairs: ScoredPairs, threshold: float) -> list[str]:
    """The first wrong pairs of either kind of the half that reports, the slow way."""
    assert pairs.first is not None and pairs.second is not None and pairs.identities is not None
    assert pairs.lines is not None
    sides = np.stack([pairs.first, pairs.second])

    def ends(pair: tuple[float, int, str]) -> list[int]:
        return sides[:, pair[1]].tolist()

    half, found = parts(np.repeat(np.arange(24), 2), 2)[::2], []
    for is_same in (False, True):
        wrong = []
        for row, apart in enumerate(pairs.distances.tolist()):
            first, second = pairs.first[row], pairs.second[row]
            if pairs.is_same[row] == is_same == (apart > threshold) and half[first] == half[second] == 1:
                names = dict.fromkeys((pairs.identities[first], pairs.identities[second]))
                said = f"{plain(' · '.join(names))} at similarity {-apart:.4g}"
                wrong.append((abs(apart - threshold), row, f"{said} line {pairs.lines[row]:,}"))
        assert len(wrong) > SHOWN_PAIRS
        found += [said for *_, said in spread(sorted(wrong), ends, SHOWN_PAIRS)]
    return found


def shown_pairs(app: AppTest) -> list[str]:
    return [
        caption.value.replace("**", "").replace("  \n", " ") for caption in app.caption if "\nline " in caption.value
    ]


def test_scores_of_nobody_say_that_intervals_are_too_narrow(own_store: Store) -> None:
    generator = np.random.default_rng(0)
    rows = [f"{row % 4 == 0:d},{generator.normal(row % 4 > 0):.1f}" for row in range(400)]
    agreed(bring(opened(), "upload.file", "mine.csv", "\n".join(["is_same,distance", *rows]).encode()))
    app = opened(run=measured(own_store))
    text = "\n".join(caption.value for caption in app.caption)
    assert not app.error and "take all pairs for independent" in text and "all pairs independent: too narrow" in text
    assert not [box for box in app.selectbox if box.key == "url.protocol"], "the same pairs alone can report"
    assert "line " in text and "100 genuine and 300 impostor pairs" in text


def test_a_threshold_of_scores_is_handed_over(own_store: Store) -> None:
    agreed(bring(opened(), "upload.file", "mine.csv", b"is_same,distance\n1,0.5\n0,0.75\n1,1\n0,1\n"))
    app = opened(run=measured(own_store), section="hand-over")
    assert not app.error and "The same card on the command line" in captions(app)
    assert any(code.value.startswith("python -m core verify mine.csv --") for code in app.code)


def test_a_section_that_needs_embeddings_says_so(own_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    agreed(bring(opened(), "upload.file", "mine.csv", b"is_same,distance\n1,0.5\n0,0.75\n1,1\n0,1\n"))
    monkeypatch.setattr("dashboard.verify.sections.OF_PAIRS", ())
    app = opened(run=measured(own_store))
    assert not app.error and app.caption[-1].value.startswith("This is told of embeddings")


def test_a_list_of_pairs_is_reported_over_its_folds(own_store: Store, tmp_path: Path) -> None:
    generator = np.random.default_rng(0)
    names = np.array([f"P{person:02d}_{number:04d}" for person in range(30) for number in (1, 2, 3)])
    labels = np.repeat(np.arange(30), 3)
    points = 2 * generator.normal(size=(30, 3))[labels] + generator.normal(size=(90, 3))
    lines = ["5 12"]
    for fold in range(5):
        people = [6 * fold + member % 6 for member in range(12)]
        lines += [f"P{person:02d} {1 + at // 6} 3" for at, person in enumerate(people)]
        lines += [f"P{people[at]:02d} 1 P{people[at + 1 + at // 6]:02d} 2" for at in range(0, 10)]
        lines += [f"P{people[0]:02d} 3 P{people[at]:02d} 2" for at in (1, 2)]
    np.savez(tmp_path / "faces.npz", embeddings=points, labels=labels, names=names)
    (tmp_path / "pairs.txt").write_text("\n".join(lines))
    app = bring(opened(), "upload.pairs", "pairs.txt", (tmp_path / "pairs.txt").read_bytes())
    agreed(bring(app, "upload.file", "faces.npz", (tmp_path / "faces.npz").read_bytes()))
    app = opened(run=measured(own_store), goal="accuracy")
    card = verify([str(tmp_path / "faces.npz"), "--pairs", str(tmp_path / "pairs.txt"), "--goal", "accuracy"])
    assert app.selectbox(key="url.protocol").value == card["protocol"] == "ten-folds" and len(card["folds"]) == 5
    assert handle_of(app)["value"] == card["threshold"]
    assert any("Means over 5 folds" in caption.value for caption in app.caption)
    assert len(load_pairs(tmp_path / "pairs.txt", tmp_path / "faces.npz").distances) == 120


MARKET = ROOT / "tests" / "core" / "market_junk.npz"


def captions(app: AppTest) -> str:
    return "\n".join(caption.value for caption in app.caption)


def test_a_label_that_dwarfs_the_others_is_asked_about_and_one_click_answers(own_store: Store) -> None:
    bring(opened(), "upload.file", "market.npz", MARKET.read_bytes())
    app = opened(run=measured(own_store))
    assert "Label 0 is on 60 of 122 points" in captions(app) and "1,936 genuine" in captions(app)
    assert "Recall@1" not in captions(app) and "12 of 122" not in captions(app)
    again = opened(run=named(app, "run") or "")
    again.button(key="asking.one").click().run()
    assert "60 of 122" not in captions(again) and "Label" in captions(again)  # and the next one is asked about
    app.button(key="asking.distractors").click().run()
    (row,) = [row for row in own_store.rows() if row.state != "finished"]
    train(own_store.folder(row.id), row.experiment, device="cpu", report=print, wanted=lambda: "run")
    own_store.set_state(row.id, "running")
    own_store.set_state(row.id, "finished")
    app = opened(run=row.id)
    assert f"Label {plain('-1')} is on 12 of 62 points" in captions(app)
    app.button(key="asking.junk").click().run()
    (row,) = [row for row in own_store.rows() if row.state != "finished"]
    train(own_store.folder(row.id), row.experiment, device="cpu", report=print, wanted=lambda: "run")
    own_store.set_state(row.id, "running")
    own_store.set_state(row.id, "finished")
    app = opened(run=row.id, goal="eer")
    assert "100 genuine and 4,125 impostor pairs" in captions(app) and "Label" not in captions(app)
    assert "Recall@1 **0.6400**, MAP@R **0.4996**" in captions(app) and "of 50 queries" in captions(app)
    card = verify([str(MARKET), "--junk", "-1", "--distractors", "0", "--goal", "eer"])
    assert handle_of(app)["value"] == card["threshold"]


def test_labels_and_groups_that_the_reader_names_are_heeded(own_store: Store) -> None:
    app = opened()
    app.text_input(key="upload.junk").input("-1").run()
    app.text_input(key="upload.distractors").input(" 0, ").run()
    bring(app, "upload.file", "market.npz", MARKET.read_bytes())
    assert not app.error and "4,225 pairs of 70 identities" in app.markdown[-1].value
    app = opened(run=measured(own_store), goal="eer", section="hand-over")
    assert not app.error and plain("points left out as junk: 12") in captions(app)
    command = next(code.value for code in app.code if "python -m core verify" in code.value)
    assert "--junk=-1 --distractors=0" in command
    app = opened()
    app.toggle(key="upload.across").set_value(True).run()
    bring(app, "upload.file", "market.npz", MARKET.read_bytes())
    assert "must have the array group in the archive" in app.error[0].value


def test_roles_are_not_ignored_where_they_cannot_be_used(own_store: Store) -> None:
    app = opened()
    app.text_input(key="upload.junk").input("x").run()
    bring(app, "upload.file", "mine.csv", b"is_same,distance\n1,0.5\n0,0.75\n")
    assert plain("must be left out for mine.csv, got both") in app.error[0].value and not own_store.rows()
    bring(app, "upload.file", "mine.npz", archive())
    assert plain("a label for junk must be one of the archive, got 'x'") in app.error[0].value


def test_wrong_pairs_of_embeddings_with_roles_name_their_rows(own_store: Store) -> None:
    role = np.array(["query", "gallery", "query", "gallery", "query", "gallery"])
    points = np.array([[0.0], [3.0], [1.0], [1.5], [6.0], [6.25]])
    bring(opened(), "upload.file", "mine.npz", archive(embeddings=points, role=role, names=None))
    app = opened(run=measured(own_store), goal="hand", threshold="2")
    assert "rows 0 and 3" in captions(app) and "rows 0 and 1" in captions(app)
    assert "3 genuine and 6 impostor pairs" in captions(app)


def test_a_request_is_taken_back_and_what_was_shown_before_comes_again(own_store: Store) -> None:
    bring(opened(), "upload.file", "first.npz", archive())
    first = measured(own_store)
    app = opened(run=first)
    bring(app, "upload.file", "second.npz", archive(embeddings=np.random.default_rng(1).normal(size=(6, 2))))
    row = own_store.rows()[0]
    assert row.id != first and row.id in app.query_params["run"]
    assert "Measuring **second" in " ".join(markdown.value for markdown in app.markdown)
    app.button(key="upload.cancel").click().run()
    assert not app.exception and first in app.query_params["run"]
    assert own_store.row(row.id).wanted == "stop"
    assert "embeddings that you brought" in captions(app)
    own_store.set_state(row.id, "stopped")
    app = opened(run=row.id)
    assert "second" in app.info[0].value and not app.error
    app.button(key="upload.again").click().run()
    assert not app.exception and own_store.row(row.id).wanted == "run"
    assert "Measuring **second" in " ".join(markdown.value for markdown in app.markdown)


def test_many_points_are_measured_in_blocks_and_looked_at_in_part(
    own_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if 96 points were many: the page counts the blocks, then says in what it looks for wrong pairs."""
    monkeypatch.setattr("core.statistics.samples.AT_ONCE", 50)
    monkeypatch.setattr("dashboard.verify.upload_panel.AT_ONCE", 50)
    monkeypatch.setattr("core.statistics.summary.PAIRS_AT_ONCE", 16 * 96)
    monkeypatch.setattr("dashboard.lookups.wrong_pairs.LOOKED_AT", 30)
    generator = np.random.default_rng(0)
    labels = np.repeat(np.arange(24), 4)
    points = generator.normal(size=(24, 3))[labels] + generator.normal(size=(96, 3))
    bring(opened(), "upload.file", "many.npz", archive(embeddings=points, labels=labels))
    (row,) = own_store.rows()
    folder, heard = own_store.folder(row.id), []

    def job(**part: str) -> str:
        return train(folder, row.experiment, device="cpu", report=heard.append, wanted=lambda: "run", **part)

    assert job() == "parts"
    first, *others = missing(folder)
    job(part=first)
    own_store.set_state(row.id, "running")
    own_store.progress(row.id, heard[-1]["epoch"], heard[-1]["epochs"], 0, 0.0)
    share, words = progress_of(own_store.row(row.id))
    assert share == 1 / (len(others) + 2) and words.startswith(f"1 of {len(others) + 1} blocks counted")
    for part in others:
        job(part=part)
    own_store.progress(row.id, heard[-1]["epoch"], heard[-1]["epochs"], 0, 0.0)
    assert progress_of(own_store.row(row.id))[1].startswith("Adding up, drawing the identities again")
    assert job() == "finished"
    own_store.set_state(row.id, "finished")
    app = opened(run=row.id, far="5")
    assert not app.error
    words = "Looked for in 24 of the 48 points that report, of 6 identities."
    assert any(words in caption.value for caption in app.caption), [caption.value for caption in app.caption]
    assert any("rows " in caption.value for caption in app.caption), "wrong pairs are found in these"
