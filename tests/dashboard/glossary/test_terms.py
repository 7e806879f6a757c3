"""The glossary is complete: every term of the field that a page or a table of core names has its entry."""

from __future__ import annotations

import re

import pytest

from core.distances import DISTANCES
from core.encoders import ENCODERS
from core.losses import LOSSES
from core.miners import MINERS
from core.records.main_numbers import AUC, EER, MAP_AT_R, RECALL_AT_1
from core.samplers import SAMPLERS
from core.verification.goals import GOALS
from dashboard.glossary.entries import names_in
from dashboard.glossary.terms import PARTS, TERMS, Term, of_page
from dashboard.wording import ENGLISH, catalogue

SENTENCES = {key: text for key, text in catalogue(ENGLISH).items() if not key.startswith("glossary.")}
FORMS = {form.lower() for term in TERMS for form in names_in(term, ENGLISH)} | {
    term.replace("_", "-") for term in TERMS
}
# Members of core's tables whose term has another name than they.
CALLED = {
    ("loss", "triplet"): "triplet_loss",
    ("miner", "all"): "all_triplets",
    ("miner", "random"): "random_triplets",
    ("miner", "multi-similarity"): "multi_similarity_miner",
    ("goal", "hand"): "threshold",
}
TABLES = {
    "loss": LOSSES,
    "miner": MINERS,
    "sampler": SAMPLERS,
    "distance": DISTANCES,
    "encoder": ENCODERS,
    "goal": GOALS,
    "number": [one.key for one in (RECALL_AT_1, MAP_AT_R, AUC, EER)],
}
# Words of the field, from METHODS.md and textbooks of retrieval, verification and learning; many are on no page yet.
FIELD = (
    """
accuracy, active, Adam, adjusted mutual information, adjusted Rand index, anchor, anchors, angular, ArcFace,
augmentation, average linkage, average precision, backbone, baseline, batch, batch-all, batch-hard, BCubed, beta,
bootstrap, Brier, calibration, center loss, checkpoint, Chebyshev, circle loss, closed-set, clustering, CMC,
collapse, contrastive, convolution, CosFace, cosine, cross-entropy, DET, dimension, dimensions, distance, distances,
distance-weighted, distractor, distractors, dropout, duplicates, EER, eigenvalue, eigenvalues, embedding,
embeddings, encoder, enrolment, enrollment, episode, epoch, epochs, equal error rate, expected calibration error,
F-beta, false accept, false accepts, false accept rate, false reject, false rejects, false reject rate, FAR, few-
shot, fold, folds, fork, FRR, gallery, genuine, genuine pairs, goat, goats, gradient, gradients, head, held-out,
histogram, hub, hubs, humps, identification, identities, identity, idle, impostor, impostors, interval, intervals,
isotonic, junk, k-means, lamb, lambs, learned boundary, learned metric, learning rate, leaks, lifted, linkage, local
AUC, log loss, logit, logits, Mahalanobis, mAP, MAP@R, margin, margins, metric, mINP, miner, mining, momentum,
N-pair, negative, negative pair, negative pairs, nearest, NMI, one-shot, open-set, optimiser, optuna, outlier,
outliers, overfitting, p-value, PCA, perplexity, Platt, positive, positive pair, positive pairs, precision,
predicted probability, principal axes, prior, protocol, prototype, quadruplet, queries, query, rank, recall,
Recall@1, residual, ROC, sampler, samplers, seed, seeds, semi-hard, session, SGD, sheep, silhouette, similarity,
similarities, snapshot, snapshots, softmax, split, standard deviation, standard deviations, strategies, strategy,
suspect, suspects, sweep, t-SNE, TAR, temperature, threshold, thresholds, TPE, triplet, triplets, trial, trials,
true accept rate, Trustworthiness, UMAP, underfitting, unit length, update, updates, vector, vectors, warm-up,
weight decay, weights, wolf, wolves, Youden
""".replace("\n", " ")
    .strip()
    .split(", ")
)


def has_entry(word: str) -> bool:
    """Whether the word, or what it is the plural of, is in the name of an entry."""
    plain = word.lower()
    singular = {plain, re.sub(r"ies$", "y", plain), re.sub(r"ves$", "f", plain), re.sub(r"s$", "", plain)}
    return any(re.search(rf"(?<![a-z]){re.escape(one)}(?![a-z])", form) for one in singular for form in FORMS)


def on_pages(word: str) -> str:
    """The first sentence that has the word, an abbreviation as it is written, and no place to be filled in."""
    is_abbreviation = re.search(r"[A-Z]{2}|[a-z][A-Z]", word)
    pattern = re.compile(rf"(?<![\w{{.]){re.escape(word)}(?![\w}}:])", 0 if is_abbreviation else re.IGNORECASE)
    return next((key for key, text in SENTENCES.items() if pattern.search(text)), "")


@pytest.mark.parametrize("word", FIELD)
def test_a_word_of_the_field_that_a_page_says_is_in_the_glossary(word: str) -> None:
    where = on_pages(word)
    assert not where or has_entry(word), f"{where} says {word!r}, which the glossary does not explain"


def test_most_words_of_the_field_are_said_somewhere_and_some_are_not() -> None:
    said = [word for word in FIELD if on_pages(word)]
    assert len(said) > 90 and "overfitting" not in said and not has_entry("overfitting")


@pytest.mark.parametrize(("family", "name"), [(family, name) for family, table in TABLES.items() for name in table])
def test_every_member_of_a_table_of_core_is_in_the_glossary(family: str, name: str) -> None:
    assert CALLED.get((family, name), name.replace("-", "_")) in TERMS


def test_every_term_is_on_a_page_and_leads_to_others() -> None:
    views = {key.split(".")[1] for key in catalogue(ENGLISH) if key.startswith("pages.") and key.endswith(".icon")}
    for term in TERMS.values():
        assert views & set(term.pages), term.name
        assert term.related and set(term.related) <= TERMS.keys() - {term.name}, term.name
    linked = {other for term in TERMS.values() for other in term.related}
    assert {"triplet", "margin", "threshold", "collapse"} <= linked


def test_the_parts_and_the_order_of_learning_are_those_of_the_catalogue() -> None:
    written = [key.split(".")[2] for key in catalogue(ENGLISH) if re.fullmatch(r"glossary\.term\.\w+\.name", key)]
    assert written == list(TERMS)
    assert [key.split(".")[2] for key in catalogue(ENGLISH) if key.startswith("glossary.part.")] == list(PARTS)
    order = list(TERMS)
    assert order.index("embedding") < order.index("triplet") < order.index("semi_hard") < order.index("batch_hard")


def test_a_page_has_its_own_terms_and_one_that_nothing_is_said_of_has_all() -> None:
    def names(page: str) -> set[str]:
        return {term.name for terms in of_page(page).values() for term in terms}

    assert {"anchor", "margin", "semi_hard"} <= names("mine") and "eer" not in names("mine")
    assert {"far", "frr", "calibration", "wolf"} <= names("verify") and "arc_face" not in names("verify")
    assert names("of tomorrow") == set(TERMS) and Term("a", (), ()).is_common is False
