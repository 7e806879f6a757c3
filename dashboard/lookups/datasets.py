"""Images of a data set, or how many vectors it has, and how many its classes have to train on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import streamlit as st

from core.augmentations.base import Augmentation
from core.datasets import DATASETS, Images, contact_sheet, example_rows
from core.datasets.vectors import Vectors
from core.experiment.experiment import FAMILIES, Experiment
from core.experiment.prepared_data import lack_of_pixels
from core.experiment.splits import SPLITS, Splitter
from core.params import build
from dashboard.figures.images import as_data_url
from dashboard.lookups.admitted_data import is_hidden
from dashboard.worded import worded
from dashboard.wording import say

SHOWN_CLASSES = 10


def example_strip(described: Mapping[str, Any]) -> str:
    """One row of images of a data set, one per class for the first classes, as a data URL; empty for vectors, and for
    what is not there for who asks."""
    return "" if is_hidden(described) else _example_strip(described)


@st.cache_data(max_entries=16, show_spinner=False)
def _example_strip(described: Mapping[str, Any]) -> str:
    images = Experiment.from_described({"dataset": described}).dataset.load()
    if not isinstance(images, Images):
        return ""
    rows = example_rows(images, per_class=1, classes=SHOWN_CLASSES)
    return as_data_url(contact_sheet(images.pixels[rows], SHOWN_CLASSES))


def vectors_in_words(described: Mapping[str, Any]) -> str:
    """How many vectors a data set has, of which length and of how many classes; empty for images, and for what is not
    there for who asks."""
    return "" if is_hidden(described) else _vectors_in_words(described)


@worded(st.cache_data(max_entries=16, show_spinner=False))
def _vectors_in_words(described: Mapping[str, Any]) -> str:
    vectors = Experiment.from_described({"dataset": described}).dataset.load()
    if not isinstance(vectors, Vectors):
        return ""
    classes = len(np.unique(vectors.labels))
    return say("train.vectors", count=vectors.count, dimension=vectors.dimension, classes=classes)


def lacks(dataset: Mapping[str, Any], family: str, described: Mapping[str, Any]) -> str:
    """Why a data set does not allow a split, because it does not say the group, session or time of its samples, or an
    augmentation, because it has no images; empty where it does, and where its samples are not here."""
    return "" if is_hidden(dataset) else _lacks(dataset, family, described)


@st.cache_data(max_entries=32, show_spinner=False)
def _lacks(dataset: Mapping[str, Any], family: str, described: Mapping[str, Any]) -> str:
    source, member = build("dataset", DATASETS, dataset), build(family, FAMILIES[family], described)
    if source.needs_download or source.absence:
        return ""
    try:
        if isinstance(member, Splitter) and member.needs:
            return member.lack(source.load().known)
        if isinstance(member, Augmentation) and member.changes:
            return lack_of_pixels(member, source.load())
    except ValueError:  # the start says it
        return ""
    return ""


def class_counts(dataset: Mapping[str, Any], split: Mapping[str, Any]) -> list[int]:
    """The number of training samples of each class; none where the images have yet to be downloaded, do not load or are
    not there for who asks."""
    return [] if is_hidden(dataset) else _class_counts(dataset, split)


@st.cache_data(max_entries=32, show_spinner=False)
def _class_counts(dataset: Mapping[str, Any], split: Mapping[str, Any]) -> list[int]:
    source = build("dataset", DATASETS, dataset)
    if source.needs_download:
        return []
    try:
        labels = source.labels()
        rows = build("split", SPLITS, split).split_of(source).training_rows
    except ValueError:  # the start says it
        return []
    return np.unique(labels[rows], return_counts=True)[1].tolist()
