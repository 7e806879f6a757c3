"""The Mine page: the triplets of one anchor. Looks at runs and core."""
