"""What comes of a goal under a protocol, over epochs and for every identity: from the distances of pairs to a threshold
that can be defended. Looks at evidence and verification; numpy alone, so that a page can ask.
"""
