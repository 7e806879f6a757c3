"""The data sets. Looks at params, records and system.
To add one: write its file here, then name it below (the order is the menu's)."""

# What: a data set is a few declared parameters whose `load()` gives `Images`, the same ones on every machine; what
# somebody brought (core/datasets/brought.py) may also be `Vectors`, and lies in one store alone.
# Why numpy alone: pages show example images and name the data by its digest, and must never pay for torch or
# scikit-learn; so digits are read out of scikit-learn's folder without importing it, IDX files by our parser.
# Refused: torchvision's data sets. It only fetches the full Fashion-MNIST, where nothing else holds it.

from core.datasets.brought import Brought
from core.datasets.digits import Digits
from core.datasets.faces import Faces
from core.datasets.fashion_mnist import FashionMnist
from core.datasets.images import Dataset, Images, contact_sheet, example_rows
from core.datasets.pictograms import Pictograms
from core.datasets.strokes import Strokes
from core.params import table

__all__ = ["DATASETS", "Dataset", "Images", "contact_sheet", "example_rows"]

DATASETS: dict[str, type[Dataset]] = table(Digits, Faces, Pictograms, FashionMnist, Brought, Strokes)
