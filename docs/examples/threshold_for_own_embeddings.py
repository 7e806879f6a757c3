"""Choose a threshold for embeddings of your own, and say how far it can be trusted.

In a terminal, from the folder of this repository: `.venv/bin/python -m docs.examples.threshold_for_own_embeddings`. In
a notebook that was started there, paste what stands between two `# %%`. A line that begins with `# >` is printed.
"""

# %% Embeddings (N, D) and labels (N,). Take yours, say from `numpy.load("embeddings.npz")`; these are drawn.

import numpy as np

generator = np.random.default_rng(0)
labels = np.repeat(np.arange(200), 5)  # 200 people with five photographs each
people = generator.normal(size=(200, 32))
embeddings = (people[labels] + 0.8 * generator.normal(size=(1000, 32))).astype(np.float32)
embeddings /= np.linalg.norm(embeddings, axis=1, keepdims=True)

# %% Exact numbers: every pair and every triplet is counted.

from core.statistics.summary import summarise

statistics = summarise(embeddings, labels, margin=0.2)
numbers = statistics.numbers
print(f"Recall@1 {numbers['recall_at_1']:.3f}, EER {numbers['eer']:.3f}")
print(f"{numbers['positive_pairs']:,} pairs of one person, {numbers['negative_pairs']:,} of two")
# > Recall@1 0.934, EER 0.024
# > 2,000 pairs of one person, 497,500 of two

# %% A goal chooses the threshold on half of the people; the other half says what it does to strangers.

from core.evidence.appraisal import appraise
from core.thresholds.outcome import outcome
from core.verification.goals import Far
from core.verification.near_pairs import PointPairs
from core.verification.protocols import OTHERS

appraisal = appraise(embeddings, labels, statistics.thresholds)
goal = Far(0.01)  # let in at most 1 % of the impostors
chosen = outcome(appraisal, goal, OTHERS, PointPairs(embeddings, labels))
far, frr = chosen.false_accept, chosen.false_reject
print(f"accept when the distance is at most {chosen.threshold:.3f}")
print(f"of impostors {far.share:.2%} get in (95 %: {far.low:.2%} to {far.high:.2%})")
print(f"of genuine pairs {frr.share:.2%} are refused (95 %: {frr.low:.2%} to {frr.high:.2%})")
# > accept when the distance is at most 1.093
# > of impostors 1.00% get in (95 %: 0.80% to 1.26%)
# > of genuine pairs 5.80% are refused (95 %: 3.57% to 9.28%)

# %% A limit that is met just so is broken on new people about every other time. The safe side keeps a distance.

print(f"the limit holds with probability {chosen.promise:.0%}")
safe = outcome(appraisal, goal, OTHERS, PointPairs(embeddings, labels), safe_side=True)
print(f"on the safe side: {safe.threshold:.3f}, where it holds with probability {safe.promise:.0%}")
# > the limit holds with probability 49%
# > on the safe side: 1.082, where it holds with probability 93%

# %% The whole curve has a point for every distance: to plot, or to look up a threshold of your own.

from core.statistics.pair_distances import pair_distances
from core.statistics.roc import at, exact_curve

curve = exact_curve(pair_distances(embeddings, labels))
there = at(curve, 1.0)
print(f"{len(curve.thresholds):,} thresholds")
print(f"at 1.0 of all pairs {there.false_accept_rate:.2%} get in and {there.false_reject_rate:.2%} are refused")
# > 499,500 thresholds
# > at 1.0 of all pairs 0.15% get in and 17.10% are refused

# %% In other software use `chosen.elsewhere`: half way to the next distance, so that rounding changes no decision.
