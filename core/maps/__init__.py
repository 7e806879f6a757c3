"""Maps of embeddings in the plane: UMAP that holds still from epoch to epoch, and PCA. Looks at the kernels."""
