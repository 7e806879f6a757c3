"""What a threshold is chosen for: a goal chooses among a curve's own thresholds, and says all that page, command line
and card say of it. Looks at statistics and params.
To add a goal: write its file here, then name it below (the order is the menu's)."""

from core.params import table
from core.verification.goals.accuracy import Accuracy
from core.verification.goals.base import Goal
from core.verification.goals.cost import Cost
from core.verification.goals.eer import Eer
from core.verification.goals.f_beta import FBeta
from core.verification.goals.far import Far
from core.verification.goals.frr import Frr
from core.verification.goals.hand import Hand
from core.verification.goals.youden import Youden

GOALS: dict[str, type[Goal]] = table(
    Far,
    Frr,
    Eer,
    Accuracy,
    Youden,
    FBeta,
    Cost,
    Hand,
)
