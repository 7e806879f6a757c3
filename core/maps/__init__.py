"""Maps of embeddings in the plane: UMAP that holds still from epoch to epoch, PCA, and others to lay over them. Looks
at the kernels."""
