from __future__ import annotations

import torch

from core.samplers import ClassBalanced

LABELS = torch.cat([torch.zeros(900), torch.ones(60), torch.full((40,), 2.0)]).long()


def counts(sampler: ClassBalanced, labels: torch.Tensor, epochs: int = 1) -> torch.Tensor:
    """Samples of each class in each batch, (batches, C)."""
    generator = torch.Generator().manual_seed(1)
    batches = [rows for _ in range(epochs) for rows in sampler.batches(labels, generator)]
    return torch.stack([labels[rows].bincount(minlength=3) for rows in batches])


def test_every_class_is_equally_likely_however_large() -> None:
    """900 draws of each class expected in 2,700, with a deviation of 24.5."""
    drawn = counts(ClassBalanced(batch_size=30), LABELS, epochs=3)[:90]
    assert bool((drawn.sum(1) == 30).all())
    assert bool((drawn.sum(0) - 900).abs().max() < 100)
    assert 2 < float(drawn[:, 0].float().std()) < 3.2, "the deviation of a binomial: sqrt(30 x 1/3 x 2/3) = 2.6"


def test_a_small_class_gives_all_it_has_and_the_batch_is_shorter() -> None:
    labels = torch.tensor([0] * 50 + [1] * 2 + [2] * 48)
    drawn = counts(ClassBalanced(batch_size=40), labels, epochs=5)
    assert bool((drawn[:, 1] == 2).all()) and bool((drawn.sum(1) < 40).all())


def test_samples_come_back_from_batch_to_batch() -> None:
    rows = torch.cat(list(ClassBalanced(batch_size=50).batches(LABELS, torch.Generator().manual_seed(0))))
    of_small = rows[LABELS[rows] == 2]
    assert len(of_small) > 2 * len(of_small.unique()) and len(of_small.unique()) == 40
