"""How much an easier choice of pairs flatters, in words and numbers: the same on the Train and the Verify page."""

from __future__ import annotations

import streamlit as st

from core.experiment.splits import BySample
from core.records.main_numbers import AUC, EER, QUALITY, MainNumber
from core.records.protocol_record import ProtocolRecord
from core.records.snapshot_record import SnapshotRecord
from core.statistics.crossing import ALL, PairProtocol
from dashboard.lookups import pair_protocols, runs
from dashboard.markdown import table
from dashboard.wording import say

SHOWN = (*QUALITY, EER)


def choice_in_words(pairs: str) -> str:
    """A choice of pairs, for a menu and for the head of a column."""
    protocol = PairProtocol.named(pairs)
    if protocol.kind == ALL:
        return say("runs.pairs.all")
    return say(f"runs.pairs.{protocol.kind.replace('-', '_')}", column=say(f"runs.pairs.column.{protocol.column}"))


def flattery_in_words(record: ProtocolRecord, number: MainNumber = AUC) -> str:
    """What the number would read, were all pairs counted, with the difference and its interval."""
    protocol, gained = PairProtocol.named(record.name), record.gained(number.key)
    left_out = record.left_out_positive + record.left_out_negative
    column = say(f"runs.pairs.column.{protocol.column}")
    if not left_out:
        return say("runs.pairs.same", column=column, choice=choice_in_words(record.name))
    own = number.of(record.written())
    return say(
        "runs.pairs.flattery" if gained.is_clear else "runs.pairs.unclear",
        choice=choice_in_words(record.name),
        column=column,
        number=number.title,
        easy=own + gained.value,
        own=own,
        difference=_rounded(gained.value),
        low=_rounded(gained.low),
        high=_rounded(gained.high),
    )


def unknown_in_words(name: str) -> str:
    """What cannot be known of a run without groups and sessions, or whose points are too many or all of one."""
    columns = runs.run_of(name).crossed_columns()
    return say("runs.pairs.unmeasured" if columns else "runs.pairs.unknown")


def split_in_words(name: str, last: SnapshotRecord) -> str:
    """How much the easiest split would flatter a training that holds out more than samples: what it reads where it was
    tried, and else that nobody knows; nothing for other runs."""
    run = runs.run_of(name)
    if not run.record().kind.is_trained or run.experiment().split.name == BySample.name:
        return ""
    easier = pair_protocols.judged_by_sample(name)
    if easier is None:
        return say("runs.pairs.split_unknown")
    return say("runs.pairs.split", easy=easier.auc, own=last.auc, difference=_rounded(easier.auc - last.auc))


def _rounded(value: float) -> float:
    """To as many digits as are shown, and no minus before 0."""
    return round(value, 4) + 0.0


def acquaintance_in_words(name: str) -> list[str]:
    """Where some identities were met in training and others were not, how well each are found."""
    told = runs.run_of(name).result().get("seen", {})
    return [
        say(
            "runs.pairs.seen",
            kind=_acquaintance(kind),
            queries=of["queries"],
            recall=of["recall_at_1"],
            precision=of["map_at_r"],
        )
        for kind, of in told.items()
        if of["queries"]
    ]


def _acquaintance(kind: str) -> str:
    return say(f"runs.pairs.kind.{kind.replace(' ', '_')}")


def show(name: str, last: SnapshotRecord) -> None:
    """The numbers of a finished run under every choice of pairs, and what the easiest would flatter; one line where
    nothing is known of groups."""
    records = pair_protocols.records(name)
    if not runs.run_of(name).result():
        return
    by_split = split_in_words(name, last)
    if not records:
        said = [unknown_in_words(name), *acquaintance_in_words(name), by_split]
        st.caption("  \n".join(sentence for sentence in said if sentence))
        return
    titles = [number.title for number in SHOWN]
    rows = [[choice_in_words(ALL), *(number.shown(last) for number in SHOWN)]]
    rows += [[choice_in_words(one.name), *(number.shown(one.written()) for number in SHOWN)] for one in records]
    with st.container(key="running.protocols"):
        st.markdown(table([say("runs.pairs.title"), *titles], rows))
    said = [*(flattery_in_words(record) for record in records), *acquaintance_in_words(name), by_split]
    st.caption("  \n".join(sentence for sentence in said if sentence))
