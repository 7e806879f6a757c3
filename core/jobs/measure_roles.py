"""Embeddings of which somebody says who asks and who may be found: a run of the pairs that count, as of pairs with
scores (measure_scores.py), with the embeddings and the roles kept beside them.

Equal embeddings with equal labels and roles, compared by the same distance, are one run.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

import numpy as np

from core.distances.base import Distance
from core.jobs.measure_embeddings import Upload, files_of
from core.jobs.measure_scores import MOST_IDENTITIES, MOST_PAIRS, named_without
from core.readers.embeddings_file import load_crossed, load_embeddings, load_point_names, load_roles
from core.records.fields import JsonObject
from core.records.kinds import Kind
from core.records.run_record import DataRecord, RunRecord, Withdrawal
from core.reidentification.pairs import listed_pairs
from core.reidentification.roles import Roles, roles_of
from core.runs.run_folder import Run
from core.verification.scored_pairs import ScoredPairs


class RoleWords(NamedTuple):
    """Labels that name junk and distractors, and whether pairs of one identity and one group are left out."""

    junk: Sequence[str] = ()
    distractors: Sequence[str] = ()
    across_groups: bool = False


NOTHING = RoleWords()


@dataclass(frozen=True)
class RoleUpload:
    """Checked embeddings (N, D), the names of their labels, what compares them, the roles of the points, what was left
    out before that, and what the points are called, where that is known."""

    name: str
    embeddings: np.ndarray
    class_names: tuple[str, ...]
    distance: Distance
    roles: Roles
    without: Withdrawal | None = None
    point_names: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        counts = self.roles.counts
        pairs = counts["positive_pairs"] + counts["negative_pairs"]
        identities = self.roles.identities + counts["distractors"]
        for what, count, most in (("pairs", pairs, MOST_PAIRS), ("identities", identities, MOST_IDENTITIES)):
            if count > most:
                raise ValueError(
                    f"{self.name} must have at most {most:,} {what} that count to be measured here, got {count:,}. "
                    "Use `python -m core statistics` and `verify`, or take fewer."
                )

    @cached_property
    def pairs(self) -> ScoredPairs:
        """Every query with every point of the gallery that it is judged by."""
        return listed_pairs(self.embeddings, self.roles, self.class_names, self.distance)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the embeddings, the labels, the roles, the groups and the names of the classes."""
        roles = self.roles
        content = sha256(f"{self.embeddings.dtype} {self.embeddings.shape} {self.class_names}".encode())
        for array in (self.embeddings, roles.labels, roles.numbers, roles.groups):
            content.update(b"" if array is None else np.ascontiguousarray(array).tobytes())
        content.update("\n".join(self.point_names).encode())
        return content.hexdigest()

    @property
    def run_id(self) -> str:
        """The same for the same content and distance."""
        text = f"roles {self.digest} {self.distance.described()}"
        return sha256(f"{text}{named_without(self.without)}".encode()).hexdigest()[:32]

    def request(self) -> JsonObject:
        """What the queue shows of it in place of an experiment."""
        upload = {"name": self.name, "digest": self.digest, "roles": self.roles.on_card}
        request = {"kind": Kind.ROLES.value, "upload": upload, "pairs": len(self.pairs.distances)}
        return request | {"distance": self.distance.described()}

    def files(self) -> dict[str, dict[str, np.ndarray]]:
        """The arrays of a run folder by file and name."""
        roles = self.roles
        files = files_of(self.embeddings, roles.labels, self.point_names)
        files["probe.npz"] |= {"roles": roles.numbers} | ({} if roles.groups is None else {"groups": roles.groups})
        return files | {"pairs.npz": self.pairs.arrays()}

    def record(self) -> RunRecord:
        """The description that run.json holds."""
        return RunRecord(
            id=self.run_id,
            kind=Kind.ROLES,
            title=self.name,
            experiment={"distance": self.distance.described()},
            data=DataRecord(
                digest=self.digest,
                class_names=tuple(self.pairs.identities or ()),
                label_names=self.class_names,
                roles=self.roles.on_card,
                training_count=0,
                evaluation_count=0,
                probe_count=0,
                pair_count=len(self.pairs.distances),
                protocol=Kind.ROLES.protocol,
            ),
            without=self.without,
        )


def upload_of(name: str, path: Path, distance: Distance, words: RoleWords = NOTHING) -> Upload | RoleUpload:
    """What an .npz holds, with roles where it says them or they are asked for. Raises ValueError where it is wrong."""
    embeddings, labels, class_names = load_embeddings(path)
    role, group = load_roles(path, len(labels))
    roles = roles_of(labels, class_names, role, group, **words._asdict())
    names = load_point_names(path, len(labels))
    if roles is None:
        return Upload(name, embeddings, labels, class_names, distance, names, load_crossed(path, len(labels)))
    return RoleUpload(name, embeddings, class_names, distance, roles, point_names=names)


def answered(run: Run, *, junk: Sequence[str] = (), distractors: Sequence[str] = ()) -> RoleUpload:
    """The brought embeddings of a run, with or without roles, once these labels, too, are known to name nobody."""
    record, probe = run.record(), run.probe()
    data = record.known_data
    before = data.roles or {"junk_labels": (), "distractor_labels": ()}
    roles = roles_of(
        probe["labels"],
        data.names,
        probe.get("roles"),
        probe.get("groups"),
        junk=(*before["junk_labels"], *junk),
        distractors=(*before["distractor_labels"], *distractors),
        across_groups="groups" in probe,
    )
    assert roles is not None, "a label must be named"
    names = tuple(probe["names"].tolist()) if "names" in probe else ()
    distance = run.experiment().distance
    return RoleUpload(record.title, run.embeddings(), data.names, distance, roles, record.without, names)
