"""One set of embeddings measured: statistics, the evidence on its thresholds, and what deepens that.

A block is some identities' rows against all points, and the number of blocks is all that small and large sets differ
in. Workers, or threads of one process, make blocks in any order; what they find is put together in the order of rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import add
from typing import NamedTuple

import numpy as np

from core.evidence.appraisal import Appraisal, appraised, deepened_by, groupings_of
from core.evidence.identity_counts import IdentityCounter
from core.evidence.identity_sums import IdentitySums
from core.statistics.bin_rows import HeldBins
from core.statistics.local_auc import TwoAucs
from core.statistics.pair_histogram import PairCounter, PairHistogram, PairTaker
from core.statistics.row_scan import Scan
from core.statistics.summary import PairSummary, Prepared, Statistics


class Block(NamedTuple):
    """What some rows have found among all points: triplets and neighbours, pairs by fine bins, and pairs by identity
    and threshold; None for what was not asked for, or is known of all pairs otherwise."""

    scanned: Scan | None
    counted: PairHistogram | None
    sums: IdentitySums

    def arrays(self) -> dict[str, np.ndarray]:
        """The arrays to keep; `Measurement.from_arrays` makes the block of them again."""
        arrays = self.sums.arrays()
        if self.scanned:
            arrays |= {name: getattr(self.scanned, name) for name in ("closer", "scores", "local_aucs")}
        if self.counted:
            arrays |= {name: getattr(self.counted, name) for name in ("positive_counts", "negative_counts")}
            arrays["error"] = np.array(self.counted.error)
        return arrays


@dataclass(frozen=True)
class Measurement:
    """All that is measured of one set. Of sets of many blocks `for_thresholds` leaves out the triplets and neighbours,
    and `is_rough` lets the fine histogram of their pairs be, as it is for thresholds."""

    prepared: Prepared
    for_thresholds: bool = False
    is_rough: bool = False

    @cached_property
    def identities(self) -> IdentityCounter:
        """Counts pairs by identity and threshold, for the rows of a block."""
        work, groupings = self.prepared, groupings_of(self.prepared.labels)
        settled = work.points, work.labels, work.thresholds, groupings[:1], groupings[1:], work.distance, work.distances
        return IdentityCounter(*settled, holds_bins=work.is_one_block)

    @property
    def counter(self) -> PairCounter:
        """Counts pairs by fine bins, for the rows of a block."""
        return self.prepared.rough_counter if self.for_thresholds or self.is_rough else self.prepared.counter

    def block(self, rows: tuple[int, int], *, threads: int = 1) -> Block:
        """What one of the `ranges` of what is prepared finds. Where all is one block and there are several threads, one
        of them counts the identities."""
        work = self.prepared
        if not work.is_one_block:
            return self._block_of_many(rows, threads)
        if threads == 1:
            return Block(work.scanner.of(rows), None, self.identities.of(rows))
        work.points, work.distances  # before threads, of which each would make them  # noqa: B018
        with ThreadPoolExecutor(1) as pool:
            scan = pool.submit(lambda: work.scanner.of(rows, threads - 1))
            sums = self.identities.of(rows)
            return Block(scan.result(), None, sums)

    def _block_of_many(self, rows: tuple[int, int], threads: int) -> Block:
        """Identities are counted from products, and what can be found from the same ones takes them as they come."""
        work, is_shared = self.prepared, self.identities.bins.is_rough
        of_pairs = self.counter.taker() if is_shared else None
        of_rows = work.scanner.taker(rows) if is_shared and not self.for_thresholds else None
        takers = [taker for taker in (of_pairs, of_rows) if taker]

        def hand_on(products: np.ndarray, first: int, left: int) -> None:
            for taker in takers:
                taker(products, first, left)

        sums = self.identities.of(rows, hand_on, of_rows.rows_at_once if of_rows else None)
        counted = of_pairs.found() if of_pairs else self.counter.of(rows, threads)
        if of_rows:
            return Block(of_rows.found(), counted, sums)
        return Block(None if self.for_thresholds else work.scanner.of(rows, threads), counted, sums)

    def from_arrays(self, rows: tuple[int, int], arrays: Mapping[str, np.ndarray]) -> Block:
        """A block of many that was kept."""
        work = self.prepared
        triplets = int(((work.sizes - 1) * work.sizes * (len(work.labels) - work.sizes)).sum())
        return Block(
            Scan(arrays["closer"], triplets, arrays["scores"], arrays["local_aucs"]),
            PairHistogram(
                work.fine_edges, arrays["positive_counts"], arrays["negative_counts"], error=float(arrays["error"])
            ),
            self.identities.empty(rows).with_arrays(arrays),
        )

    def whole(self, *, threads: int = 1, done: Callable[[int], None] = lambda rows: None) -> Block:
        """All blocks together, several at a time; `done` is told the number of rows of each when it is made."""
        ranges = self.prepared.ranges()
        if len(ranges) == 1:
            found = self.block(ranges[0], threads=threads)
            done(len(self.prepared.labels))
            return found

        def made(pool: ThreadPoolExecutor) -> Iterator[Block]:
            for rows, block in zip(ranges, pool.map(self.block, ranges), strict=True):
                done(rows[1] - rows[0])
                yield block

        self._make_shared()
        if of_pairs := self._taker_of_pairs_met_once():
            sums = self.identities.once(threads, of_pairs, done)
            self.let_go()
            return Block(None, of_pairs.found(), sums)
        with ThreadPoolExecutor(threads) as pool:
            whole = self.together(made(pool))
        self.let_go()
        return whole

    def _taker_of_pairs_met_once(self) -> PairTaker | None:
        """Where only pairs are asked for, and those of two identities may be counted for both at a time."""
        if self.for_thresholds and self.identities.meets_once and self.identities.bins.is_rough:
            return self.counter.taker()
        return None

    def _make_shared(self) -> None:
        """Make what all of many blocks share before the threads that make them, of which each would make its own."""
        self.identities.bins  # noqa: B018
        self.counter  # noqa: B018
        if not self.for_thresholds:
            self.prepared.scanner  # noqa: B018

    def let_go(self) -> None:
        """Let go of what only blocks need, which takes several times the memory of the points."""
        vars(self).pop("identities", None)
        for name in ("scanner", "counter", "rough_counter"):
            vars(self.prepared).pop(name, None)

    def together(self, blocks: Iterable[Block]) -> Block:
        """What the blocks of all rows, in their order, have found."""
        sums = self.identities.empty()
        scans: list[Scan] = []
        counts: list[PairHistogram] = []
        for block in blocks:
            sums.put(block.sums)
            scans += [block.scanned] if block.scanned else []
            counts = [reduce(add, [*counts, block.counted])] if block.counted else []
        return Block(reduce(add, scans) if scans else None, counts[0] if counts else None, sums)

    def statistics(self, whole: Block) -> Statistics:
        """From all blocks together."""
        assert whole.scanned is not None, "a measurement for thresholds has no statistics"
        return self.prepared.statistics(whole.scanned, whole.counted)

    def pairs(self, whole: Block) -> PairSummary:
        """What all pairs come to."""
        return self.prepared.pairs(whole.counted)

    def two_aucs(self, whole: Block) -> TwoAucs | None:
        """The overall one as exact as that of the pairs; None where no triplets were asked for."""
        if whole.scanned is None:
            return None
        return TwoAucs(float(whole.scanned.local_aucs.mean()), float(self.pairs(whole).numbers["auc"]))

    def appraisal(self, whole: Block, *, with_folds: bool = True) -> Appraisal:
        """The evidence of all pairs and of the halves, and that of the ten folds."""
        return appraised(whole.sums, with_folds=with_folds)

    def deepened(self, whole: Block, appraisal: Appraisal | None = None) -> Appraisal:
        """The appraisal of the whole, made here where it is not at hand, with the replicates and the calibration."""
        work = self.prepared
        held = self.identities.bins if work.is_one_block else None
        return deepened_by(
            appraisal or self.appraisal(whole),
            work.points,
            work.labels,
            work.thresholds,
            distance=work.distance,
            aucs=self.two_aucs(whole),
            bins=held if isinstance(held, HeldBins) else None,
        )
