"""What the Verify page says of a threshold beside its curves, one section at a time. Looks at its own room, runs, core.
To add one: write its file with `TITLE`, a key of the catalogue, and `show`, then name it below (the order is the
menu's), and once more where it needs no embeddings, or heeds which pairs count."""

from __future__ import annotations

from types import ModuleType

from dashboard.verify.sections import calibration, hand_over, identities, over_epochs, wrong_pairs

SECTIONS: dict[str, ModuleType] = {
    module.__name__.rpartition(".")[2].replace("_", "-"): module
    for module in (wrong_pairs, identities, calibration, over_epochs, hand_over)
}
OF_PAIRS = (wrong_pairs, hand_over)  # these tell of pairs with scores, too; all others need embeddings
OF_CROSSED = (wrong_pairs, calibration, hand_over)  # and these where only some pairs count
