"""Vectors that were admitted as a data set, measured as they are: a run of one snapshot, as embeddings that a user
brings in a file are (measure_embeddings.py)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

import numpy as np

from core.datasets.admitted import folder_of, read_admitted
from core.datasets.vectors import Vectors
from core.distances.base import Distance
from core.jobs.measure_embeddings import MEASURED, check_size, files_of
from core.records.fields import JsonObject
from core.records.kinds import Kind
from core.records.run_record import DataRecord, RunRecord

NAMES = "names"


@dataclass(frozen=True)
class AdmittedUpload:
    """The vectors of an admitted set, what it is called, and what compares them. Equal vectors with equal labels,
    columns and names of points, compared alike, are one run."""

    name: str
    vectors: Vectors
    distance: Distance

    def __post_init__(self) -> None:
        check_size(self.name, self.vectors.count, self.vectors.class_count)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of all that the set says of its points."""
        names = self.vectors.names
        said = "" if names is None else "\n".join(names.tolist())
        return sha256(f"{self.vectors.digest} {said}".encode()).hexdigest()

    @property
    def run_id(self) -> str:
        """The same for the same content and distance."""
        return sha256(f"{MEASURED} admitted {self.digest} {self.distance.described()}".encode()).hexdigest()[:32]

    def request(self) -> JsonObject:
        """What the queue shows of it in place of an experiment."""
        upload = {"name": self.name, "digest": self.digest, "admitted": self.vectors.digest[:32]}
        return {"kind": Kind.EMBEDDINGS.value, "upload": upload, "distance": self.distance.described()}

    def files(self) -> dict[str, dict[str, np.ndarray]]:
        """The arrays of a run folder by file and name: copies, so that the run outlives the set."""
        columns = self.vectors.columns(np.arange(self.vectors.count))
        names = columns.pop(NAMES, None)
        point_names = () if names is None else tuple(names.tolist())
        return files_of(np.asarray(self.vectors.values), self.vectors.labels, point_names, columns)

    def record(self) -> RunRecord:
        """The description that run.json holds."""
        return RunRecord(
            id=self.run_id,
            kind=Kind.EMBEDDINGS,
            title=self.name,
            experiment={"distance": self.distance.described()},
            data=DataRecord(
                digest=self.digest,
                class_names=self.vectors.class_names,
                training_count=0,
                evaluation_count=self.vectors.count,
                probe_count=self.vectors.count,
                protocol=Kind.EMBEDDINGS.protocol,
                admitted=self.vectors.digest[:32],
            ),
        )


def admitted_upload(data_id: str, title: str, distance: Distance) -> AdmittedUpload:
    """The vectors of a set of the store. Raises ValueError for images, for too many, and where there is no such set."""
    samples = read_admitted(folder_of(data_id))
    if not isinstance(samples, Vectors):
        raise ValueError(
            f"what is measured as it is must be vectors, got the images of {title}. Train an encoder on them first."
        )
    return AdmittedUpload(title, samples, distance)
