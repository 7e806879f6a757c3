"""The losses. Looks at batch and params.
To add one: write its file here, then name it below (the order is the menu's)."""

from core.losses.a_softmax import ASoftmax
from core.losses.angular import Angular
from core.losses.arc_face import ArcFace
from core.losses.base import Loss
from core.losses.center import Center
from core.losses.circle import Circle
from core.losses.contrastive import Contrastive
from core.losses.cos_face import CosFace
from core.losses.generalised_lifted import GeneralisedLifted
from core.losses.info_nce import InfoNce
from core.losses.lifted_structured import LiftedStructured
from core.losses.lmnn import Lmnn
from core.losses.margin_based import MarginBased
from core.losses.mmc import Mmc
from core.losses.multi_similarity import MultiSimilarity
from core.losses.n_pair import NPair
from core.losses.nca import Nca
from core.losses.proxy_anchor import ProxyAnchor
from core.losses.quadruplet import Quadruplet
from core.losses.ranked_list import RankedList
from core.losses.softmax import Softmax
from core.losses.triplet import Triplet
from core.losses.triplet_center import TripletCenter
from core.losses.tuplet_margin import TupletMargin
from core.params import table

LOSSES: dict[str, type[Loss]] = table(
    Triplet,
    Contrastive,
    MarginBased,
    LiftedStructured,
    GeneralisedLifted,
    RankedList,
    MultiSimilarity,
    Circle,
    Quadruplet,
    NPair,
    TupletMargin,
    Angular,
    Softmax,
    Center,
    TripletCenter,
    ASoftmax,
    ArcFace,
    CosFace,
    ProxyAnchor,
    InfoNce,
    Nca,
    Lmnn,
    Mmc,
)
