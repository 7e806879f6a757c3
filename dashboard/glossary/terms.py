"""The terms in the order of learning, in parts: on which pages each stands, and what to look up beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

# Pages by what they show.
EVERYWHERE = ("learn", "playground", "train", "mine", "verify", "identify", "compare", "explore")
SETTINGS = ("playground", "train", "compare")
TRAINED = ("learn", "playground", "train", "compare")
TRIPLETS = ("learn", "playground", "train", "mine", "compare")
COMPARED = ("compare",)
SEARCHED = ("explore", "identify")
VERIFIED = ("verify", "identify")
MAPPED = ("learn", "train", "mine", "compare", "explore")
RUNNING = ("status",)


@dataclass(frozen=True)
class Term:
    """A word of the field, by its key in words/*/glossary.toml."""

    name: str
    pages: tuple[str, ...]
    related: tuple[str, ...]
    is_common: bool = False
    """Whether everyday speech has the word as well: in a text it is the term only where it stands out there."""


PARTS: Mapping[str, tuple[Term, ...]] = MappingProxyType(
    {
        "spaces": (
            Term("sample", EVERYWHERE, ("class", "embedding"), is_common=True),
            Term("class", EVERYWHERE, ("identity", "sample"), is_common=True),
            Term("identity", EVERYWHERE, ("class", "open_set"), is_common=True),
            Term("embedding", EVERYWHERE, ("encoder", "distance", "dimension")),
            Term("vector", SETTINGS + VERIFIED, ("embedding", "dimension")),
            Term("encoder", EVERYWHERE, ("embedding", "head")),
            Term("weights", TRAINED, ("encoder", "update"), is_common=True),
            Term("dimension", SETTINGS, ("embedding", "unit_length"), is_common=True),
            Term("unit_length", SETTINGS, ("euclidean", "cosine")),
            Term("distance", EVERYWHERE, ("similarity", "euclidean", "metric")),
            Term("histogram", TRAINED + VERIFIED, ("distance", "positive_pair", "negative_pair")),
            Term("similarity", VERIFIED, ("distance", "threshold")),
            Term("metric", SETTINGS, ("squared_euclidean", "cosine"), is_common=True),
            Term("euclidean", SETTINGS, ("squared_euclidean", "mahalanobis")),
            Term("squared_euclidean", SETTINGS, ("euclidean", "metric")),
            Term("cosine", SETTINGS, ("angle", "unit_length")),
            Term("angle", SETTINGS, ("cosine", "angular"), is_common=True),
            Term("dot_product", SETTINGS, ("cosine", "n_pair")),
            Term("manhattan", SETTINGS, ("minkowski", "chebyshev")),
            Term("chebyshev", SETTINGS, ("minkowski", "manhattan")),
            Term("minkowski", SETTINGS, ("manhattan", "euclidean", "chebyshev")),
            Term("standardised_euclidean", SETTINGS, ("mahalanobis", "standard_deviation")),
            Term("mahalanobis", SETTINGS, ("learned_metric", "standardised_euclidean")),
            Term("hamming", SETTINGS, ("distance",)),
            Term("learned_metric", SETTINGS, ("linear", "eigenvalue", "mahalanobis")),
            Term("eigenvalue", SETTINGS, ("learned_metric", "pca")),
            Term("class_centre", SETTINGS, ("proxy", "center")),
        ),
        "data": (
            Term("split", SETTINGS, ("held_out", "fold"), is_common=True),
            Term("held_out", EVERYWHERE, ("split", "snapshot")),
            Term("closed_set", TRAINED + VERIFIED, ("open_set", "softmax")),
            Term("open_set", TRAINED + VERIFIED, ("closed_set", "identity")),
            Term("fold", SETTINGS, ("split", "held_out"), is_common=True),
            Term("group", SETTINGS + VERIFIED, ("split", "protocol"), is_common=True),
            Term("protocol", SETTINGS + VERIFIED, ("split", "interval"), is_common=True),
            Term("leak", SETTINGS + VERIFIED, ("split", "group"), is_common=True),
            Term("augmentation", SETTINGS, ("batch",)),
        ),
        "triplets": (
            Term("positive_pair", TRIPLETS + VERIFIED + SEARCHED, ("negative_pair", "positive")),
            Term("negative_pair", TRIPLETS + VERIFIED + SEARCHED, ("positive_pair", "negative")),
            Term("triplet", TRIPLETS, ("anchor", "positive", "negative", "margin")),
            Term("anchor", TRIPLETS + SEARCHED, ("triplet", "positive", "negative")),
            Term("positive", TRIPLETS + SEARCHED, ("anchor", "negative", "positive_pair")),
            Term("negative", TRIPLETS + SEARCHED, ("anchor", "positive", "negative_pair")),
            Term("margin", TRIPLETS, ("triplet", "semi_hard", "triplet_loss")),
            Term("easy", TRIPLETS, ("semi_hard", "hard", "margin"), is_common=True),
            Term("semi_hard", TRIPLETS, ("easy", "hard", "margin")),
            Term("hard", TRIPLETS, ("semi_hard", "easy", "batch_hard", "collapse"), is_common=True),
        ),
        "training": (
            Term("run", EVERYWHERE + RUNNING, ("snapshot", "seed"), is_common=True),
            Term("loss", TRAINED + TRIPLETS, ("gradient", "active_share")),
            Term("gradient", TRAINED, ("loss", "update")),
            Term("batch", TRAINED, ("sampler", "update", "epoch")),
            Term("update", TRAINED, ("batch", "learning_rate")),
            Term("epoch", EVERYWHERE, ("batch", "update")),
            Term("snapshot", EVERYWHERE, ("held_out", "run")),
            Term("fork", TRIPLETS, ("run", "weights"), is_common=True),
            Term("seed", TRAINED, ("interval",)),
            Term("active_share", TRAINED, ("mean_active", "idle", "easy")),
            Term("mean_active", TRAINED, ("active_share", "loss")),
            Term("idle", TRAINED, ("active_share", "miner")),
            Term("collapse", TRAINED, ("batch_hard", "learning_rate")),
            Term("learning_rate", SETTINGS, ("update", "warm_up")),
            Term("warm_up", SETTINGS, ("learning_rate", "epoch")),
            Term("weight_decay", SETTINGS, ("optimiser",)),
            Term("optimiser", SETTINGS, ("gradient", "learning_rate")),
            Term("miner", TRAINED, ("sampler", "semi_hard", "batch_hard")),
            Term("sampler", TRAINED, ("batch", "miner")),
            Term("strategy", COMPARED, ("baseline", "seed")),
            Term("baseline", COMPARED, ("strategy",)),
            Term("sweep", COMPARED, ("trial", "seed")),
            Term("trial", COMPARED, ("sweep", "held_out"), is_common=True),
            Term("tuner", COMPARED, ("trial", "learning_rate")),
        ),
        "losses": (
            Term("triplet_loss", SETTINGS + ("learn",), ("triplet", "margin")),
            Term("contrastive", SETTINGS + ("learn",), ("positive_pair", "negative_pair", "margin")),
            Term("margin_based", SETTINGS, ("boundary", "contrastive")),
            Term("boundary", SETTINGS + VERIFIED, ("margin_based", "threshold")),
            Term("lifted_structured", SETTINGS, ("generalised_lifted", "triplet_loss")),
            Term("generalised_lifted", SETTINGS, ("lifted_structured", "batch_hard")),
            Term("ranked_list", SETTINGS, ("margin_based", "contrastive")),
            Term("multi_similarity", SETTINGS, ("circle", "multi_similarity_miner")),
            Term("circle", SETTINGS, ("multi_similarity", "scale"), is_common=True),
            Term("quadruplet", SETTINGS, ("triplet_loss", "negative_pair")),
            Term("n_pair", SETTINGS, ("n_pairs", "info_nce")),
            Term("tuplet_margin", SETTINGS, ("n_pair", "angle")),
            Term("angular", SETTINGS, ("angle", "triplet_loss")),
            Term("softmax", SETTINGS + ("learn",), ("closed_set", "arc_face")),
            Term("center", SETTINGS, ("class_centre", "softmax")),
            Term("triplet_center", SETTINGS, ("center", "triplet_loss")),
            Term("a_softmax", SETTINGS, ("arc_face", "softmax")),
            Term("arc_face", SETTINGS, ("a_softmax", "cos_face")),
            Term("cos_face", SETTINGS, ("arc_face", "softmax")),
            Term("proxy", SETTINGS, ("proxy_anchor", "class_centre")),
            Term("proxy_anchor", SETTINGS, ("proxy",)),
            Term("info_nce", SETTINGS, ("temperature", "n_pair")),
            Term("nca", SETTINGS, ("neighbour", "temperature")),
            Term("lmnn", SETTINGS, ("neighbour", "triplet_loss")),
            Term("mmc", SETTINGS, ("learned_metric", "contrastive")),
            Term("temperature", SETTINGS, ("scale", "info_nce")),
            Term("scale", SETTINGS, ("temperature", "arc_face"), is_common=True),
        ),
        "samplers": (
            Term("p_by_k", SETTINGS + ("learn",), ("sampler", "positive")),
            Term("shuffled", SETTINGS, ("sampler", "epoch")),
            Term("n_pairs", SETTINGS, ("n_pair",)),
            Term("class_balanced", SETTINGS, ("sampler", "class")),
            Term("hard_classes", SETTINGS, ("sampler", "class_centre")),
            Term("ratio", SETTINGS, ("positive_pair", "negative_pair"), is_common=True),
        ),
        "miners": (
            Term("batch_hard", SETTINGS + ("learn",), ("hard", "collapse")),
            Term("all_triplets", SETTINGS, ("triplet", "active_share"), is_common=True),
            Term("random_triplets", SETTINGS + ("learn",), ("easy", "semi_hard")),
            Term("hard_negative", SETTINGS, ("hard", "batch_hard")),
            Term("batch_sample", SETTINGS, ("batch_hard", "temperature")),
            Term("distance_weighted", SETTINGS, ("margin_based",)),
            Term("soft_weighting", SETTINGS, ("temperature",)),
            Term("lifted_hard_negative", SETTINGS, ("lifted_structured",)),
            Term("multi_similarity_miner", SETTINGS, ("multi_similarity",)),
        ),
        "encoders": (
            Term("compact_cnn", SETTINGS, ("encoder", "residual_cnn")),
            Term("mlp", SETTINGS, ("encoder", "linear")),
            Term("residual_cnn", SETTINGS, ("compact_cnn",)),
            Term("linear", SETTINGS, ("learned_metric", "mlp"), is_common=True),
            Term("backbone", SETTINGS, ("head",)),
            Term("brought_network", SETTINGS, ("head",)),
            Term("head", SETTINGS, ("backbone", "linear"), is_common=True),
        ),
        "retrieval": (
            Term("query", SEARCHED + VERIFIED, ("gallery", "rank")),
            Term("gallery", SEARCHED + VERIFIED, ("query", "distractor")),
            Term("neighbour", SEARCHED, ("query", "rank"), is_common=True),
            Term("rank", SEARCHED, ("query", "recall_at_1", "cmc"), is_common=True),
            Term("precision", SEARCHED + VERIFIED, ("average_precision", "f_beta")),
            Term("recall_at_1", TRAINED + SEARCHED + VERIFIED, ("cmc", "map_at_r")),
            Term("cmc", SEARCHED, ("recall_at_1", "rank")),
            Term("average_precision", SEARCHED + VERIFIED, ("map_at_r", "rank")),
            Term("map_at_r", TRAINED + SEARCHED + VERIFIED, ("average_precision", "recall_at_1")),
            Term("minp", SEARCHED, ("average_precision", "rank")),
            Term("auc", TRAINED + SEARCHED + VERIFIED, ("roc", "local_auc")),
            Term("local_auc", VERIFIED, ("auc", "anchor")),
            Term("distractor", SEARCHED + VERIFIED, ("gallery",)),
            Term("junk", VERIFIED, ("distractor", "gallery")),
            Term("suspect", SEARCHED + VERIFIED, ("label_error", "duplicate", "hub", "outlier")),
            Term("label_error", SEARCHED + VERIFIED, ("suspect", "class")),
            Term("duplicate", SEARCHED + VERIFIED, ("suspect",)),
            Term("hub", SEARCHED, ("neighbour", "suspect")),
            Term("outlier", SEARCHED, ("neighbour", "suspect")),
            Term("clustering", SEARCHED, ("average_linkage", "ami", "bcubed_f")),
            Term("average_linkage", SEARCHED, ("clustering",)),
            Term("ami", SEARCHED, ("ari", "clustering")),
            Term("ari", SEARCHED, ("ami", "clustering")),
            Term("bcubed_f", SEARCHED, ("clustering", "ami")),
        ),
        "decisions": (
            Term("verification", VERIFIED, ("threshold", "positive_pair", "negative_pair"), is_common=True),
            Term("threshold", VERIFIED + COMPARED + SEARCHED, ("far", "frr", "distance")),
            Term("false_accept", VERIFIED, ("far", "threshold")),
            Term("false_reject", VERIFIED, ("frr", "threshold")),
            Term("far", VERIFIED + COMPARED + SEARCHED, ("frr", "false_accept", "roc")),
            Term("frr", VERIFIED + COMPARED + SEARCHED, ("far", "false_reject", "det")),
            Term("tar", VERIFIED + COMPARED, ("frr", "roc")),
            Term("accuracy", VERIFIED, ("threshold", "cost")),
            Term("eer", VERIFIED + COMPARED + SEARCHED, ("far", "frr", "threshold")),
            Term("youden", VERIFIED, ("tar", "far")),
            Term("f_beta", VERIFIED, ("tar", "accuracy")),
            Term("cost", VERIFIED, ("false_accept", "false_reject", "genuine_share"), is_common=True),
            Term("genuine_share", VERIFIED, ("cost", "calibration")),
            Term("roc", VERIFIED + COMPARED, ("auc", "det", "far")),
            Term("det", VERIFIED, ("roc", "frr")),
            Term("calibration", VERIFIED, ("platt", "isotonic")),
            Term("platt", VERIFIED, ("calibration", "isotonic")),
            Term("isotonic", VERIFIED, ("calibration", "platt")),
            Term("calibration_error", VERIFIED, ("calibration", "brier")),
            Term("brier", VERIFIED, ("log_loss", "calibration_error")),
            Term("log_loss", VERIFIED, ("brier",)),
            Term("interval", VERIFIED + COMPARED, ("bootstrap", "standard_deviation"), is_common=True),
            Term("bootstrap", VERIFIED, ("interval", "identity")),
            Term("standard_deviation", COMPARED + VERIFIED, ("interval", "seed")),
            Term("not_distinguishable", COMPARED, ("interval", "seed")),
            Term("false_discovery", VERIFIED, ("not_distinguishable",)),
            Term("goat", VERIFIED, ("frr", "sheep")),
            Term("wolf", VERIFIED, ("lamb", "far")),
            Term("lamb", VERIFIED, ("wolf", "far")),
            Term("sheep", VERIFIED, ("goat", "wolf", "lamb")),
        ),
        "maps": (
            Term("map", MAPPED, ("umap", "pca", "trustworthiness"), is_common=True),
            Term("umap", MAPPED, ("map", "pca")),
            Term("pca", MAPPED, ("map", "umap")),
            Term("trustworthiness", MAPPED, ("continuity", "map")),
            Term("continuity", SEARCHED, ("trustworthiness", "map")),
        ),
        "machine": (
            Term("engine", RUNNING, ("worker", "run"), is_common=True),
            Term("worker", RUNNING, ("engine",), is_common=True),
            Term("store", RUNNING, ("run", "snapshot"), is_common=True),
        ),
    }
)
TERMS: Mapping[str, Term] = MappingProxyType({term.name: term for terms in PARTS.values() for term in terms})


def of_page(page: str) -> dict[str, list[Term]]:
    """The terms of a page in their parts; all of them where nothing is said of the page."""
    is_known = any(page in term.pages for term in TERMS.values())
    parts = {part: [term for term in terms if page in term.pages or not is_known] for part, terms in PARTS.items()}
    return {part: terms for part, terms in parts.items() if terms}
