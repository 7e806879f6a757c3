"""The Mine page: the triplets of one anchor."""
