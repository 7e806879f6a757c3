from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from core.losses import LOSSES, Triplet
from core.losses.base import Loss
from core.makers import loss_curves as maker
from core.makers.loss_curves import curves_of, loss_curves, write
from tests.imports import ROOT

FILE = ROOT / "assets" / "curves.json"


def test_the_file_holds_what_the_losses_give_today() -> None:
    """`make format` writes it again."""
    kept, today = json.loads(FILE.read_text()), {name: curves_of(name) for name in LOSSES}
    assert list(kept) == list(today) == list(LOSSES)
    for name, curves in today.items():
        assert kept[name].keys() == curves.keys()
        for part, values in curves.items():
            np.testing.assert_allclose(kept[name][part], values, rtol=2e-3, atol=1e-6, err_msg=f"{name}: {part}")


def test_one_loss_is_written_anew_and_the_others_stay(tmp_path: Path) -> None:
    kept = json.loads(FILE.read_text())
    file = tmp_path / "curves.json"
    file.write_text(json.dumps(kept | {"triplet": {}, "circle": {"kept": [1]}}))
    write(file, ["triplet"])
    written = json.loads(file.read_text())
    assert list(written) == list(LOSSES) and written["circle"] == {"kept": [1]}
    assert written["triplet"] == {"collapsed": pytest.approx(0.2)}


@dataclass(frozen=True)
class Plain(Triplet):
    """A loss whose formula is not written a second time."""

    curve = Loss.curve


def test_curves_are_recorded_of_a_loss_without_a_formula_for_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(maker.LOSSES, "plain", Plain)
    assert curves_of("plain") == {"collapsed": pytest.approx(0.2), **loss_curves(Triplet())}
    assert Triplet().has_curve and not Plain().has_curve


@pytest.mark.parametrize(
    "kind", [kind for kind in LOSSES.values() if not kind.holds_weights], ids=lambda kind: kind.name
)
def test_gradients_are_the_slopes_of_the_curves(kind: type) -> None:
    curves = {name: np.array(values) for name, values in loss_curves(kind()).items()}
    for name in ("pull", "push"):
        steps = np.diff(curves[name]) / np.diff(curves["distance"])
        middle = (curves[f"{name}_gradient"][1:] + curves[f"{name}_gradient"][:-1]) / 2
        scale = max(1.0, np.abs(middle).max())
        assert np.median(np.abs(steps - middle)) < 0.02 * scale, "kinks apart, the slope is the gradient"
    assert np.ptp(curves["push"]) > 0 and np.ptp(curves["pull"]) > 0
