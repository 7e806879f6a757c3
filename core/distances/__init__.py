"""The distances between embeddings. To add one: write its file here, then name it below (the order is the menu's)."""

from core.distances.euclidean import Euclidean
from core.distances.squared_euclidean import SquaredEuclidean
from core.params import table

DISTANCES = table(Euclidean, SquaredEuclidean)
