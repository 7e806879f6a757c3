"""Twenty-one rules that find a configuration which cannot do what it seems to ask for, before it costs an hour.
Looks at experiments. To add one: write it into the file it belongs to, then name it below, in the order of the list.
"""

from __future__ import annotations

from collections.abc import Sequence

from core.experiment.experiment import Experiment
from core.linter import of_batches, of_distances, of_gradients, of_training
from core.linter.findings import Finding, Rule

# Each is one function, from an experiment and the number of training samples of each class to a finding, or to None
# where all is well.
RULES: tuple[Rule, ...] = (
    of_gradients.empty_band,
    of_gradients.no_gap_beyond,
    of_gradients.no_weight,
    of_gradients.no_pull,
    of_distances.margin_out_of_reach,
    of_distances.two_margins,
    of_distances.two_distances,
    of_distances.angles_judged_by_lengths,
    of_distances.unit_length,
    of_batches.batches_without_a_triplet,
    of_batches.batches_without_two_pairs,
    of_batches.nothing_to_compare,
    of_distances.upper_cut,
    of_training.centre_loss_alone,
    of_training.no_annealing,
    of_training.activation,
    of_batches.more_than_one_pair,
    of_batches.known_identities,
    of_training.own_rate,
    of_distances.squared_and_hardest,
    of_training.hardest_at_full_speed,
)


def lint(experiment: Experiment, class_counts: Sequence[int]) -> list[Finding]:
    """What the rules find, in their order."""
    return [finding for rule in RULES if (finding := rule(experiment, class_counts))]
