"""Where a run stands, among those that wait for the same workers."""

from __future__ import annotations

from core.runs.queue_places import Place, place_of
from core.runs.store import Store


def test_trainings_and_what_is_awaited_wait_apart(store: Store) -> None:
    rows = [store.submit({}, f"{number:032x}", f"training {number}") for number in range(3)]
    uploads = [store.submit({"upload": {}}, f"{number:032x}", f"upload {number}") for number in range(3, 6)]
    training, upload = store.set_state(rows[0].id, "running"), store.set_state(uploads[0].id, "running")
    assert place_of(store, rows[2]) == Place(2, 2, (training,), (rows[1],), (upload,))
    assert place_of(store, uploads[1]) == Place(1, 2, (upload,), (), (training,))
    assert place_of(store, rows[0]) is None and place_of(store, upload) is None
