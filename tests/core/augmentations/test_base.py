from __future__ import annotations

import pytest
import torch

from core.augmentations.base import Augmentation


def test_who_says_nothing_of_what_it_does_cannot_be_called() -> None:
    with pytest.raises(NotImplementedError):
        Augmentation()(torch.zeros(1, 1, 2, 2), torch.Generator())
