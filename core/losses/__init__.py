"""The losses. To add one: write its file here, then name it below (the order is the menu's)."""

from core.losses.contrastive import Contrastive
from core.losses.softmax import Softmax
from core.losses.triplet import Triplet
from core.params import table

LOSSES = table(Triplet, Contrastive, Softmax)
