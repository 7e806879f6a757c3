"""How much of the pairs one identity carries, and whether their interval can be vouched for; numpy alone."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np

DOMINANT = 0.5  # a share of all pairs from which one identity is named
LEAST_INFORMING = 5.0  # identities that tell how far identities differ; fewer leave a dominant one without measure


@dataclass(frozen=True)
class Vouching:
    """Of one kind of pairs: Kish's effective number of identities, the identity with the largest share of them (its
    place among all identities in order of their labels), that share, and how many identities tell how far they differ.
    """

    effective_identities: float
    largest: int
    share: float
    informing: float

    @property
    def is_dominated(self) -> bool:
        """Whether half or more of the pairs are of one identity: to be named, whether or not the interval covers."""
        return self.share >= DOMINANT

    @property
    def is_vouched(self) -> bool:
        """Where one identity makes the rate, its own deviation must be told from the others', which takes some."""
        return not (self.is_dominated and self.informing < LEAST_INFORMING)

    def array(self) -> np.ndarray:
        """The values in the order of the fields, to keep."""
        return np.array(list(asdict(self).values()))

    @classmethod
    def from_array(cls, array: np.ndarray) -> Vouching:
        """What `array` has written down."""
        effective, largest, share, informing = array.tolist()
        return cls(effective, int(largest), share, informing)
