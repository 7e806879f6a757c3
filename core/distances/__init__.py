"""The distances between embeddings. Looks at batch and params.
To add one: write its file here, then name it below (the order is the menu's)."""

from core.distances.angle import Angle
from core.distances.chebyshev import Chebyshev
from core.distances.cosine import Cosine
from core.distances.dot_product import DotProduct
from core.distances.euclidean import Euclidean
from core.distances.hamming import Hamming
from core.distances.mahalanobis import Mahalanobis
from core.distances.manhattan import Manhattan
from core.distances.minkowski import Minkowski
from core.distances.squared_euclidean import SquaredEuclidean
from core.distances.standardised_euclidean import StandardisedEuclidean
from core.params import table

DISTANCES = table(
    Euclidean,
    SquaredEuclidean,
    Cosine,
    Angle,
    DotProduct,
    Manhattan,
    Chebyshev,
    Minkowski,
    StandardisedEuclidean,
    Mahalanobis,
    Hamming,
)

EUCLIDEAN, SQUARED_EUCLIDEAN = Euclidean(), SquaredEuclidean()
