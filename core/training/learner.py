"""What one run learns with: its encoder, its learned tensors and its optimiser, and what one update does."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from core.batch.mined import Band, Pairs, Triplets
from core.batch.triplet_sums import hardness_shares
from core.encoders import Linear
from core.experiment.experiment import Experiment
from core.experiment.prepared_data import PreparedData
from core.lazy import torch
from core.losses.base import Batch
from core.miners.base import Candidates
from core.records.step import Step
from core.statistics.learned_metric import MOST_NUMBERS
from core.training.first_map import first_map
from core.training.prototypes import Prototypes
from core.training.random_moves import moved
from core.training.scaling import as_tensor, scales_of
from core.training.state import LearnerState

if TYPE_CHECKING:
    from torch import Tensor, nn


EPOCH, UPDATE = 0, 1  # what is drawn for


class Learner:
    """The encoder, the learned tensors of the loss and the optimiser of one run."""

    def __init__(self, experiment: Experiment, data: PreparedData, device: str, *, is_blank: bool = False) -> None:
        """A blank one is to be given its weights by `restore` or `adopt`: none are fetched for it."""
        self.experiment, self.device = experiment, torch.device(device)
        self.generator = torch.Generator().manual_seed(experiment.schedule.seed)
        samples = data.samples
        training = as_tensor(samples.values[data.training_rows])
        self.mean, self.deviation = scales_of(training, samples, experiment.encoder)
        self.training_images = self.prepared(training)
        self.probe_images = self.prepared(as_tensor(samples.values[data.probe_rows]))
        self.classes, labels = np.unique(samples.labels[data.training_rows], return_inverse=True)
        self.labels = torch.from_numpy(labels.reshape(-1))
        channels, height, width = training.shape[1:]
        declared = experiment.encoder.blank() if is_blank else experiment.encoder
        self.encoder = declared.build(height, width, self.generator, channels).to(self.device)
        self._features: tuple[Tensor, Tensor] | None = None
        self._begin()
        learned = experiment.loss.learned(len(self.classes), experiment.encoder.dimension, self.generator)
        self.learned = {name: start.to(self.device).requires_grad_() for name, start in learned.items()}
        schedule = experiment.schedule
        self.rates = experiment.loss.learning_rates()
        groups = [
            {"params": weights, "weight_decay": schedule.weight_decay}
            | ({} if share == 1 else {"own_rate": share * schedule.learning_rate})
            for weights, share in experiment.encoder.rates(self.encoder)
        ]
        groups += [{"params": [tensor], "own_rate": self.rates.get(name)} for name, tensor in self._by_gradient()]
        self.optimiser = torch.optim.Adam(groups, lr=schedule.learning_rate, foreach=True)

    def _begin(self) -> None:
        """Have a linear encoder begin where it is told to."""
        encoder = self.experiment.encoder
        if isinstance(encoder, Linear):
            points = self.training_images.flatten(1).cpu().numpy()
            rows = first_map(encoder.begins, points, self.labels.numpy(), encoder.dimension)
            if rows is not None:
                encoder.set_map(self.encoder, torch.from_numpy(rows))

    def draw_apart(self, kind: int, number: int) -> None:
        """Where the schedule says so, have what is drawn next depend on the seed and this number of an epoch or update
        alone."""
        schedule = self.experiment.schedule
        if schedule.drawn_apart:
            drawn = np.random.SeedSequence([schedule.seed, kind, number]).generate_state(1, np.uint64)
            self.generator.manual_seed(int(drawn[0] >> 1))

    @property
    def _has_features(self) -> bool:
        """Whether what the fixed part of the encoder makes of an image is the same whenever it comes."""
        return not self.experiment.changes_images and self.experiment.encoder.fixed_part(self.encoder) is not None

    @property
    def _learning(self) -> nn.Module:
        """What embeds `_inputs`."""
        return self.experiment.encoder.learning_part(self.encoder) if self._has_features else self.encoder

    @property
    def _inputs(self) -> tuple[Tensor, Tensor]:
        """Training and probe images; or what the fixed part of the encoder makes of them, computed at the first use."""
        if not self._has_features:
            return self.training_images, self.probe_images
        if self._features is None:
            fixed = self.experiment.encoder.fixed_part(self.encoder)
            assert fixed is not None, "there are features of a fixed part alone"
            self._features = _through(fixed, self.training_images), _through(fixed, self.probe_images)
        return self._features

    def _by_gradient(self) -> list[tuple[str, Tensor]]:
        """The learned tensors that the gradient moves; the loss itself moves those whose own rate is 0."""
        return [(name, tensor) for name, tensor in self.learned.items() if self.rates.get(name) != 0]

    def prepared(self, pixels: Tensor) -> Tensor:
        """Pixels in [0, 1] -> each channel with zero mean and unit deviation over the training set, on the device;
        vectors -> as `scales_of` says."""
        scaled = (pixels - self.mean) / self.deviation
        return scaled.to(self.device, memory_format=torch.channels_last)

    def varied(self, images: Tensor) -> Tensor:
        """Each image moved as the schedule says, then changed by the augmentation, which works on pixels in [0, 1]."""
        augmentation = self.experiment.augmentation
        shifted = moved(images, self.experiment.schedule, self.generator)
        if not augmentation.changes:
            return shifted
        mean, deviation = self.mean.to(images.device), self.deviation.to(images.device)
        pixels = augmentation((shifted * deviation + mean).clamp(0, 1), self.generator)
        return ((pixels - mean) / deviation).contiguous(memory_format=torch.channels_last)

    def embed_probe(self) -> np.ndarray:
        """(N, D) float32 embeddings of the probe set, without a trace in the encoder's state."""
        return self._embedded(self._inputs[1]).numpy()

    def probe_features(self) -> np.ndarray | None:
        """(N, F) float32: what the part of the encoder that no training changes makes of the probe set; None where
        there is none."""
        fixed = self.experiment.encoder.fixed_part(self.encoder)
        if fixed is None:
            return None
        features = self._inputs[1] if self._has_features else _through(fixed, self.probe_images)
        return features.flatten(1).float().cpu().numpy()

    def prototypes(self) -> Prototypes | None:
        """A copy of what the loss has learned by class, if anything."""
        loss = self.experiment.loss
        points, boundaries = loss.class_points(self.learned), loss.class_boundaries(self.learned)
        if points is None and boundaries is None:
            return None
        copies = (None if one is None else one.detach().cpu().numpy().copy() for one in (points, boundaries))
        return Prototypes(self.classes, *copies)

    def linear_map(self) -> np.ndarray | None:
        """W (dimension, D) float32 of a linear encoder, of samples as the data set has them (pixels from 0 to 1); None
        of any other, and where a sample has more than MOST_NUMBERS numbers."""
        encoder, (channels, height, width) = self.experiment.encoder, self.training_images.shape[1:]
        if not isinstance(encoder, Linear) or channels * height * width > MOST_NUMBERS:
            return None
        scales = self.deviation.expand(channels, height, width).flatten()
        return (encoder.map_of(self.encoder) / scales).numpy()

    def class_centres(self) -> Tensor:
        """(C, D) float32, on the CPU: the mean embedding of each training class as the encoder is now."""
        embeddings = self._embedded(self._inputs[0])
        sums = torch.zeros(int(self.labels.max()) + 1, embeddings.shape[1]).index_add_(0, self.labels, embeddings)
        return sums / self.labels.bincount()[:, None]

    def _embedded(self, images: Tensor) -> Tensor:
        """`_inputs` (N, ...) -> (N, D) float32, on the CPU, without a trace in the encoder's state."""
        self.encoder.eval()
        with torch.no_grad():
            parts = [self.experiment.encoder.embed(self._learning, part) for part in images.split(512)]
        self.encoder.train()
        return torch.cat(parts).float().cpu()

    def state(self) -> LearnerState:
        """Copies of all that `restore` needs to go on bit for bit."""
        return {
            "encoder": {name: tensor.detach().clone() for name, tensor in self.encoder.state_dict().items()},
            "learned": {name: tensor.detach().clone() for name, tensor in self.learned.items()},
            "optimiser": _cloned(self.optimiser.state_dict()),
            "generator": self.generator.get_state(),
        }

    def adopt(self, state: LearnerState) -> None:
        """Take the weights of another training, and of what its loss learned the tensors that mean the same here."""
        self.encoder.load_state_dict(state["encoder"])
        self._features = None
        with torch.no_grad():
            for name, tensor in self.learned.items():
                other = state["learned"].get(name)
                if other is not None and other.shape == tensor.shape:
                    tensor.copy_(other)

    def restore(self, state: LearnerState) -> None:
        """Go on where `state` was taken."""
        self.encoder.load_state_dict(state["encoder"])
        self._features = None
        with torch.no_grad():
            for name, tensor in self.learned.items():
                tensor.copy_(state["learned"][name])
        self.optimiser.load_state_dict(state["optimiser"])
        self.generator.set_state(state["generator"])

    def update(self, rows: Tensor, step: int, epoch: float, rate: float) -> Step:
        """One batch: embed, mine, evaluate, step by the learning rate `rate`; where no term is above 0, no step."""
        started = time.monotonic()
        loss = self.experiment.loss
        labels = self.labels[rows].to(self.device)
        images = self.varied(self._inputs[0][rows.to(self.device)])
        embeddings = self.experiment.encoder.embed(self._learning, images)
        matrix = self.experiment.distance.matrix(embeddings)
        distances = matrix.detach()
        batch = Batch(embeddings, labels, matrix, self.learned, self.generator, step)
        taken = self.taken(distances, labels)
        terms = loss(batch, loss.as_consumed(taken, distances, labels))
        norm = 0.0
        self.optimiser.zero_grad()
        if terms.active:
            terms.objective.backward()
            norm = float(_gradient_norm(self.optimiser))
            self._step(rate)
            loss.follow(replace(batch, embeddings=embeddings.detach(), distances=distances))
        total = float(terms.total.detach())
        # A band takes no triplet of broken distances, so a loss of 0 does not say that all is well.
        if not (np.isfinite(total) and np.isfinite(norm) and bool(distances.isfinite().all())):
            raise ValueError(
                f"training must keep distances, loss and gradient finite, got loss {total:g} and gradient norm "
                f"{norm:g} at step {step}. Lower the learning rate (now {self.experiment.schedule.learning_rate:g})."
            )
        easy, semi_hard, hard = hardness_shares(distances, labels, loss.hardness_margin)
        return Step(
            step=step,
            epoch=epoch,
            loss=total / max(terms.count, 1),
            active_share=terms.active / max(terms.count, 1),
            active_mean=total / max(terms.active, 1),
            terms=terms.count,
            easy=easy,
            semi_hard=semi_hard,
            hard=hard,
            gradient_norm=norm,
            seconds=time.monotonic() - started,
            effective_negatives=taken.effective_negatives if isinstance(taken, Triplets) else 0.0,
        )

    def _step(self, rate: float) -> None:
        """Every tensor moves at its own rate, all of them slowed down alike as the schedule goes on."""
        slowed = rate / self.experiment.schedule.learning_rate
        for group in self.optimiser.param_groups:
            own = group.get("own_rate")
            group["lr"] = rate if own is None else own * slowed
        self.optimiser.step()

    def taken(self, distances: Tensor, labels: Tensor) -> Pairs | Triplets | Band | None:
        """What the miner takes of the batch; nothing for a loss that looks at the batch itself."""
        loss = self.experiment.loss
        if loss.consumes is None:
            return None
        margin, dimension = loss.hardness_margin, self.experiment.encoder.dimension
        return self.experiment.miner(Candidates(distances, labels, margin, dimension, self.generator))


def _through(fixed: nn.Module, images: Tensor) -> Tensor:
    """(N, channels, H, W) -> (N, features, 1, 1), without a gradient."""
    with torch.no_grad():
        return torch.cat([fixed(part) for part in images.split(64)])


def _gradient_norm(optimiser: Any) -> Tensor:
    """The Euclidean length of all gradients together."""
    gradients = [w.grad for group in optimiser.param_groups for w in group["params"] if w.grad is not None]
    return torch.linalg.vector_norm(torch.stack([torch.linalg.vector_norm(gradient) for gradient in gradients]))


def _cloned(state: Any) -> Any:
    """A copy of a nested state that later updates do not change."""
    if isinstance(state, dict):
        return {key: _cloned(value) for key, value in state.items()}
    if isinstance(state, (list, tuple)):
        return [_cloned(value) for value in state]
    return state.detach().clone() if hasattr(state, "detach") else state
