"""Offers and deliveries: two folders become alike, and whoever is cut short leaves what a run can go on from."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from core.jobs.train_run import record
from core.runs import deliveries
from core.runs.checkpoints import last_checkpoint, save_checkpoint
from core.runs.deliveries import Outbox, needed, offer, take_in, take_up
from core.runs.exchange import Exchange
from core.runs.record_digests import RecordDigests
from core.runs.run_folder import Run
from core.system.atomic_files import append_line, write_bytes, write_json
from tests.core.trainings import SMALL

RUN = "runs/" + "a" * 32
KEY = "a" * 32 + "-1-0"
OTHERS = {"state.json", "entry.json", "wanted"}


def content(folder: Path) -> dict[str, bytes]:
    found = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    return {name: of for name, of in found.items() if name not in OTHERS and not name.startswith(".")}


class Two:
    """The store of an engine, and that of a worker elsewhere."""

    def __init__(self, root: Path) -> None:
        self.exchange = Exchange((root / "exchange").as_uri())
        self.here, self.there = root / "here", root / "there"
        (self.here / RUN).mkdir(parents=True)
        self.taken = 0  # deliveries

    def begin(self, *folders: str) -> Outbox:
        offer(self.exchange, KEY, self.here, [RUN, *folders], set())
        take_up(self.exchange, KEY, self.there, [RUN, *folders])
        return Outbox(self.exchange, KEY, self.there / RUN)

    def deliver(self, outbox: Outbox) -> None:
        outbox.deliver()
        while self.taken < outbox.number:
            take_in(self.exchange, KEY, self.taken + 1, self.here / RUN)
            self.taken += 1


@pytest.fixture
def two(tmp_path: Path) -> Two:
    return Two(tmp_path)


def train(folder: Path, first: int, last: int) -> None:
    """Records, snapshots and a checkpoint after every second update, as a training writes them."""
    for name in ("snapshots", "checkpoints"):
        (folder / name).mkdir(exist_ok=True)
    digests = RecordDigests(folder)
    for step in range(first, last + 1):
        append_line(folder / "steps.jsonl", json.dumps({"step": step, "loss": 1 / step}))
        if step % 2 == 0:
            write_bytes(folder / f"snapshots/{step:06d}.npz", b"arrays of %d" % step)
            append_line(folder / "snapshots.jsonl", json.dumps({"step": step}))
            save_checkpoint(folder / "checkpoints", step, {"step": step}, digests.up_to(step))  # type: ignore[arg-type]


def test_a_run_needs_the_data_and_the_network_that_were_brought() -> None:
    ours = {"dataset": {"kind": "digits"}, "encoder": {"kind": "mlp", "width": 8}}
    brought = {"dataset": {"kind": "brought", "data": "d1"}, "encoder": {"kind": "brought-network", "model": "m1"}}
    assert needed(ours) == [] == needed({"upload": {}})
    assert needed(brought) == ["data/d1", "models/m1"]
    with pytest.raises(ValueError, match="must lie in its folder"):
        needed({"dataset": {"kind": "brought", "data": "../../etc"}})


def test_a_store_elsewhere_becomes_like_what_is_offered(two: Two) -> None:
    for name in (f"{RUN}/state.json", f"{RUN}/parts/plan.json", "data/d1/samples.npy", "data/d1/empty"):
        (two.here / name).parent.mkdir(parents=True, exist_ok=True)
        (two.here / name).write_bytes(b"" if name.endswith("empty") else name.encode())
    for name in (f"{RUN}/.lock", f"{RUN}/parts/0.lock", "data/d2"):
        (two.here / name).write_bytes(b"of others")
    (two.there / RUN / "snapshots").mkdir(parents=True)
    (two.there / RUN / "snapshots" / "1.npz").write_bytes(b"of an earlier attempt")
    (two.there / "data/d1").mkdir(parents=True)
    (two.there / "data/d1/samples.npy").write_bytes(b"half")
    two.begin("data/d1")
    found = {path.relative_to(two.there).as_posix() for path in two.there.rglob("*") if path.is_file()}
    assert found == {f"{RUN}/state.json", f"{RUN}/parts/plan.json", "data/d1/samples.npy", "data/d1/empty"}
    assert all((two.there / name).read_bytes() == (two.here / name).read_bytes() for name in found)


def test_a_run_that_has_not_begun_is_trained_elsewhere(two: Two) -> None:
    Run.create(two.here / RUN, SMALL)
    outbox = two.begin()
    assert record(Run.create(two.there / RUN, SMALL)) == "finished"
    two.deliver(outbox)
    assert Run(two.here / RUN).result() == Run(two.there / RUN).result() != {}


def test_what_is_there_is_neither_sent_nor_fetched_again(two: Two, monkeypatch: pytest.MonkeyPatch) -> None:
    (two.here / RUN / "run.json").write_bytes(b"{}")
    there: set[str] = set()
    offer(two.exchange, KEY, two.here, [RUN], there)
    take_up(two.exchange, KEY, two.there, [RUN])
    for name in ("put_file", "get_whole"):
        monkeypatch.setattr(Exchange, name, None)
    offer(two.exchange, KEY, two.here, [RUN], there)
    take_up(two.exchange, KEY, two.there, [RUN])


def test_nothing_is_taken_up_before_it_is_offered(two: Two) -> None:
    with pytest.raises(FileNotFoundError):
        take_up(two.exchange, KEY, two.there, [RUN])


def test_the_folder_of_the_engine_follows_and_goes_on_elsewhere(two: Two, tmp_path: Path) -> None:
    (two.here / RUN / "state.json").write_bytes(b"the engine's")
    outbox = two.begin()
    there = two.there / RUN
    assert not outbox.deliver() and outbox.number == 0, "nothing was written yet"
    for first in (1, 3, 6):
        train(there, first, {1: 2, 3: 5, 6: 10}[first])
        two.deliver(outbox)
        assert content(two.here / RUN) == content(there)
    assert not outbox.deliver() and outbox.number == 3
    assert sorted(path.name for path in (two.here / RUN / "checkpoints").glob("*.pt")) == ["000008.pt", "000010.pt"]
    write_json(there / "result.json", {"loss": 0.1})
    two.deliver(outbox)
    again = Two(tmp_path / "again")
    again.here = two.here
    again.begin()
    assert content(again.there / RUN) == content(two.here / RUN)
    assert (two.here / RUN / "state.json").read_bytes() == b"the engine's"


def test_records_go_out_by_what_was_added_and_anew_once_they_were_rewound(two: Two) -> None:
    outbox, sent = two.begin(), []
    steps = two.there / RUN / "steps.jsonl"

    def deliver() -> None:
        if outbox.deliver():
            delivery = two.exchange.get_json(f"jobs/{KEY}/{outbox.number}.json")
            sent.append([(piece["offset"], piece["bytes"]) for piece in delivery["pieces"]])
            take_in(two.exchange, KEY, outbox.number, two.here / RUN)

    append_line(steps, '{"step": 1}')
    deliver()
    append_line(steps, '{"step": 2}')
    with steps.open("ab") as file:
        file.write(b'{"ste')  # half of a line stays here until it is whole
    deliver()
    assert (two.here / RUN / "steps.jsonl").read_bytes() == b'{"step": 1}\n{"step": 2}\n'
    with steps.open("ab") as file:
        file.write(b'p": 3}\n')
    deliver()
    write_bytes(steps, b'{"step": 1}\n{"step": 9}\n')
    deliver()
    assert sent == [[(0, 12)], [(12, 12)], [(24, 12)], [(0, 24)]]
    assert (two.here / RUN / "steps.jsonl").read_bytes() == steps.read_bytes()


def test_a_delivery_taken_in_twice_comes_to_the_same(two: Two, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Exchange, "remove", lambda self, name: None)
    outbox = two.begin()
    train(two.there / RUN, 1, 4)
    two.deliver(outbox)
    train(two.there / RUN, 5, 8)
    two.deliver(outbox)
    take_in(two.exchange, KEY, 2, two.here / RUN)
    assert content(two.here / RUN) == content(two.there / RUN)


def test_a_file_that_grows_while_it_is_on_its_way_is_what_it_was(two: Two, monkeypatch: pytest.MonkeyPatch) -> None:
    outbox, put_file = two.begin(), Exchange.put_file
    growing = two.there / RUN / "notes"

    def grow_and_put(self: Exchange, name: str, source: Path) -> None:
        with growing.open("ab") as file:
            file.write(b"more")
        put_file(self, name, source)

    growing.write_bytes(b"begun")
    with monkeypatch.context() as patch:
        patch.setattr(Exchange, "put_file", grow_and_put)
        two.deliver(outbox)
    assert (two.here / RUN / "notes").read_bytes() == b"begun"
    two.deliver(outbox)
    assert (two.here / RUN / "notes").read_bytes() == b"begunmore"


class Cut(OSError):
    """The file system is gone."""


def cut_after(monkeypatch: pytest.MonkeyPatch, calls: int, name: str) -> None:
    """After so many files of a kind half of the next one, and then no more."""
    whole, done = getattr(Exchange, name), []

    def half(self: Exchange, file: str, *what: object) -> object:
        done.append(file)
        if len(done) == calls + 1 and name == "put":
            whole(self, file, what[0][: len(what[0]) // 2])  # type: ignore[index]
        if len(done) > calls:
            raise Cut
        return whole(self, file, *what)

    monkeypatch.setattr(Exchange, name, half)


def assert_it_can_go_on(folder: Path, least: int) -> None:
    """Each line has its snapshot, and there is a checkpoint no earlier than `least` that its records agree with."""
    found = last_checkpoint(folder / "checkpoints")
    assert found is not None and found[0] >= least and found[1] == {"step": found[0]}
    for line in (folder / "snapshots.jsonl").read_text().splitlines():
        assert (folder / f"snapshots/{json.loads(line)['step']:06d}.npz").exists()


@pytest.mark.parametrize("name", ["put", "put_file", "get", "get_whole", "get_piece", "remove"])
@pytest.mark.parametrize("calls", range(8))
def test_whoever_is_cut_short_at_whichever_file_loses_what_came_after_the_last_delivery(
    name: str, calls: int, two: Two
) -> None:
    outbox = two.begin()
    train(two.there / RUN, 1, 4)
    two.deliver(outbox)
    train(two.there / RUN, 5, 9)
    with pytest.MonkeyPatch.context() as patch:
        cut_after(patch, calls, name)
        with suppress(Cut):
            two.deliver(outbox)
    assert_it_can_go_on(two.here / RUN, least=4)
    two.deliver(outbox)
    assert content(two.here / RUN) == content(two.there / RUN), "and tried again it comes to the same"


def test_checkpoints_that_change_while_they_are_looked_at_are_looked_at_again(
    two: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    outbox, there, steps = two.begin(), two.there / RUN, iter(range(5, 17))
    train(there, 1, 4)
    put_aside = Outbox._put_aside

    def meanwhile(self: Outbox, name: str, known: object) -> object:
        if name == "checkpoints/manifest.json":  # what it names is gone before it is looked for
            for step in (next(steps, 0) for _ in range(6)):
                if step:
                    train(there, step, step)
        return put_aside(self, name, known)  # type: ignore[arg-type]

    monkeypatch.setattr(Outbox, "_put_aside", meanwhile)
    two.deliver(outbox)
    assert_it_can_go_on(two.here / RUN, least=16)
    assert content(two.here / RUN) == content(there)
    monkeypatch.setattr(deliveries, "MOST_LOOKS", 0)
    with pytest.raises(OSError, match="changed each time"):
        outbox.deliver()


NAMES = some.sampled_from(["result.json", "probe.npz", "snapshots/1.npz", "parts/0.npz", "steps.jsonl", "maps.jsonl"])
CHANGE = some.tuples(some.sampled_from(["write", "append", "remove", "deliver"]), NAMES, some.binary(max_size=20))


@settings(max_examples=30)
@given(some.lists(CHANGE, max_size=12))
def test_whatever_is_written_the_folders_are_alike_after_a_delivery(
    tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[str, str, bytes]]
) -> None:
    two = Two(tmp_path_factory.mktemp("two"))
    outbox = two.begin()
    for what, name, written in changes:
        change(two.there / RUN / name, what, written + b"\n")
        if what == "deliver":
            two.deliver(outbox)
    two.deliver(outbox)
    assert content(two.here / RUN) == content(two.there / RUN)
    shutil.rmtree(two.here.parent)


def change(path: Path, what: str, written: bytes) -> None:
    path.parent.mkdir(exist_ok=True)
    if what == "remove":
        path.unlink(missing_ok=True)
    elif what == "write" or (what == "append" and path.suffix != ".jsonl"):
        write_bytes(path, written)
    elif what == "append":
        with path.open("ab") as file:
            file.write(written)


OUTSIDE = ["../other/run.json", "/etc/passwd", "state.json", "entry.json"]
DISGUISED = ["./state.json", "state.json/", "entry.json/.", ".//wanted", "state.json/within", "snapshots//1.npz"]


@pytest.mark.parametrize("name", OUTSIDE + DISGUISED)
def test_a_worker_cannot_write_elsewhere(name: str, two: Two) -> None:
    def delivery(**what: object) -> Mapping[str, object]:
        return {"pieces": [], "gone": []} | what

    piece = {"name": name, "offset": 0, "bytes": 1, "sha256": ""}
    for number, told in enumerate([delivery(pieces=[piece]), delivery(gone=[name])], start=1):
        two.exchange.put_json(f"jobs/{KEY}/{number}.json", told)
        with pytest.raises(ValueError, match="must"):
            take_in(two.exchange, KEY, number, two.here / RUN)
    assert content(two.here / RUN) == {} and not any((two.here / RUN / name).exists() for name in OTHERS)


PIECE = {"name": "probe.npz", "offset": 0, "bytes": 0, "sha256": ""}


@pytest.mark.parametrize(
    "told",
    [{}, {"pieces": []}, {"pieces": {}, "gone": []}, {"pieces": [1], "gone": []}, {"pieces": [], "gone": [None]}]
    + [{"pieces": [PIECE | {name: None}], "gone": []} for name in PIECE]
    + [{"pieces": [PIECE | {"offset": -1}], "gone": []}],
)
def test_what_is_no_delivery_is_refused_in_a_sentence(told: Mapping[str, object], two: Two) -> None:
    two.exchange.put_json(f"jobs/{KEY}/1.json", told)
    with pytest.raises(ValueError, match="a delivery must list its pieces"):
        take_in(two.exchange, KEY, 1, two.here / RUN)
    assert content(two.here / RUN) == {}


def test_a_record_that_lacks_what_is_added_to_is_left_alone(two: Two) -> None:
    outbox = two.begin()
    train(two.there / RUN, 1, 2)
    two.deliver(outbox)
    (two.here / RUN / "steps.jsonl").write_bytes(b"")
    train(two.there / RUN, 3, 4)
    outbox.deliver()
    with pytest.raises(OSError, match="shorter"):
        take_in(two.exchange, KEY, 2, two.here / RUN)
    assert (two.here / RUN / "steps.jsonl").read_bytes() == b""
