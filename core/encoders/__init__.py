"""The encoders. Looks at params, lazy, system and models.
To add one: write its file here, then name it below (the order is the menu's)."""

from core.encoders.backbone import Backbone
from core.encoders.brought_network import BroughtNetwork
from core.encoders.compact_cnn import CompactCnn
from core.encoders.linear import Linear
from core.encoders.mlp import Mlp
from core.encoders.residual_cnn import ResidualCnn
from core.params import table

ENCODERS = table(CompactCnn, Mlp, ResidualCnn, Linear, Backbone, BroughtNetwork)
