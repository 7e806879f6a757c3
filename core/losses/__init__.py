"""The losses, in the order of the menus. To add one: write its file here, then import it below."""

# ruff: noqa: F401, I001

from core.losses.base import Loss
from core.params import members, table

from core.losses.triplet import Triplet
from core.losses.contrastive import Contrastive
from core.losses.margin_based import MarginBased
from core.losses.lifted_structured import LiftedStructured
from core.losses.generalised_lifted import GeneralisedLifted
from core.losses.ranked_list import RankedList
from core.losses.multi_similarity import MultiSimilarity
from core.losses.circle import Circle
from core.losses.quadruplet import Quadruplet
from core.losses.n_pair import NPair
from core.losses.angular import Angular
from core.losses.softmax import Softmax
from core.losses.center import Center
from core.losses.triplet_center import TripletCenter
from core.losses.a_softmax import ASoftmax
from core.losses.arc_face import ArcFace
from core.losses.cos_face import CosFace
from core.losses.proxy_anchor import ProxyAnchor
from core.losses.info_nce import InfoNce

LOSSES = table(*members(globals(), Loss))
