"""What is said of a configuration before it starts: what goes wrong, how to mend it, and what a batch holds."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from core.datasets import FashionMnist, Strokes
from core.encoders import CompactCnn
from core.experiment.experiment import Experiment
from core.experiment.options import command_line
from core.experiment.splits import ByIdentity
from core.linter import lint
from core.samplers import PByK, Shuffled
from dashboard.train import hints
from dashboard.wording import ENGLISH, KEPT

FEW = Experiment(dataset=Strokes(identities=20, samples_per_identity=2), split=ByIdentity(), sampler=Shuffled(4))


def drawn(page: Callable[[], None], experiment: Experiment, spoken: str = ENGLISH) -> AppTest:
    app = AppTest.from_function(page, default_timeout=60)
    app.session_state[KEPT] = spoken
    app.session_state["experiment"] = experiment.described()
    app.run()
    assert not app.exception, app.exception
    return app


def page_of_findings() -> None:
    import streamlit as st

    from core.experiment.experiment import Experiment
    from core.linter.findings import Finding
    from dashboard.train import hints

    def mend(finding: Finding) -> None:
        st.session_state["mended"] = finding.rule

    hints.show_findings(hints.findings(Experiment.from_described(st.session_state["experiment"])), mend)


def page_of_command() -> None:
    import streamlit as st

    from core.experiment.experiment import Experiment
    from dashboard.train import hints

    hints.show_command(Experiment.from_described(st.session_state["experiment"]))


def page_of_batches() -> None:
    import streamlit as st

    from dashboard.train import hints

    hints.show_batches(st.session_state["experiment"])


def test_the_rules_are_asked_with_the_classes_of_the_training_set() -> None:
    assert "batches without a triplet" in [finding.rule for finding in hints.findings(FEW)]
    classes = 20 - round(20 * FEW.split.evaluation_share)
    assert hints.findings(FEW) == lint(FEW, [2] * classes) != lint(FEW, [200] * classes)


def test_a_finding_is_shown_with_its_reason_and_mended_by_its_button() -> None:
    experiment = Experiment(encoder=CompactCnn(activation="relu"))
    (finding,) = hints.findings(experiment)
    app = drawn(page_of_findings, experiment)
    assert app.markdown[0].value == "**An activation on the embedding**" and app.caption[0].value == finding.reason
    assert app.button[0].label == finding.mend == "Leave the last layer as it is"
    app.button[0].click().run()
    assert app.session_state["mended"] == finding.rule


def test_a_finding_is_in_the_language_of_the_reader_and_so_is_what_does_not_fit() -> None:
    experiment = Experiment(encoder=CompactCnn(activation="relu"))
    app = drawn(page_of_findings, experiment, "zh")
    told = [app.markdown[0].value, app.caption[0].value, app.button[0].label]
    told.append(drawn(page_of_batches, Experiment(sampler=PByK(classes_per_batch=11)), "zh").caption[0].value)
    assert all(re.search("[\u4e00-\u9fff]", text) and not re.search("[a-z]{3,} [a-z]{2,}", text) for text in told)
    app.button[0].click().run()
    assert app.session_state["mended"] == "an activation on the embedding"


def test_nothing_is_shown_where_nothing_is_found() -> None:
    assert hints.findings(Experiment()) == []
    app = drawn(page_of_findings, Experiment())
    assert len(app.markdown) == len(app.button) == 0


def test_the_command_is_that_of_the_experiment() -> None:
    assert drawn(page_of_command, FEW).code[0].value == command_line(FEW)


def test_what_a_batch_holds_is_worked_out_on_the_chosen_data() -> None:
    (sentence,) = drawn(page_of_batches, Experiment()).caption
    assert "A batch holds 80 samples of 10 classes: 280 positive and 2,880 negative pairs" in sentence.value
    (sentence,) = drawn(page_of_batches, FEW.changed({"sampler": PByK(4, 2).described()})).caption
    assert "A batch holds 8 samples of 4 classes: 4 positive and 24 negative pairs" in sentence.value


def test_a_sampler_that_does_not_fit_the_classes_is_one_sentence() -> None:
    (problem,) = drawn(page_of_batches, Experiment(sampler=PByK(classes_per_batch=11))).caption
    assert "classes_per_batch must be at most the number of training classes (10), got 11" in problem.value


@pytest.mark.parametrize(
    "experiment",
    [
        Experiment(dataset=FashionMnist(source="full", folder="/nowhere")),
        Experiment(dataset=Strokes(identities=2), split=ByIdentity(evaluation_share=0.05)),
    ],
    ids=["not downloaded", "no split"],
)
def test_of_data_that_cannot_be_had_nothing_is_said(experiment: Experiment) -> None:
    assert len(drawn(page_of_batches, experiment).caption) == 0
    assert hints.findings(experiment) == lint(experiment, [])
