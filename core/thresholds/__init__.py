"""From the distances of pairs to a threshold that can be defended.

The way through: verification.py makes curves of pairs, identity_pairs.py knows which pairs share an identity,
protocols.py says whose pairs choose and whose report, goals.py chooses, outcome.py joins these, threshold_card.py hands
the threshold over. appraisal.py is what a worker keeps of a snapshot; all that pages need of it is numpy alone.
"""
