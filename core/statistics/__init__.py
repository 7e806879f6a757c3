"""Exact numbers of embeddings with labels: distances, retrieval, the triplet census, histograms of pairs, ROC and AUC.
Looks at kernels, distances and system."""
