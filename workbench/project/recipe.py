"""The recipe: everything that decides how a network is trained, as an immutable value."""

from __future__ import annotations

from dataclasses import dataclass

from workbench.graph import FieldError
from workbench.project.settings import Settings, setting

MOST_FACTOR = 1000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe(Settings):
    """How a network is trained."""

    epochs: int = setting(10, "passes over the training images", low=1, high=1_000_000)
    batch_size: int = setting(64, "images per step", low=1, high=65_536)
    accumulate: int = setting(1, "batches whose gradients are summed to one step", low=1, high=65_536)
    optimizer: str = setting("sgd", "how gradients move weights", choices=("sgd", "adam", "adamw", "rmsprop"))
    learning_rate: float = setting(0.05, "length of a step", low=0, high=1000)
    momentum: float = setting(0.9, "share of the last step kept (sgd, rmsprop)", low=0, high=0.9999)
    nesterov: bool = setting(False, "look ahead along the momentum (sgd)")
    beta2: float = setting(0.999, "memory of squared gradients (adam, adamw; alpha of rmsprop)", low=0, high=0.999999)
    weight_decay: float = setting(0.0, "pull of every weight towards zero at each step", low=0, high=10)
    decay_norms_and_biases: bool = setting(True, "weight decay also holds for norms and biases")
    l1: float = setting(0.0, "λ of the penalty Σ|w| in J = Loss + λ·Penalty(W)", low=0, high=10)
    l2: float = setting(0.0, "λ of the penalty Σw² in J = Loss + λ·Penalty(W)", low=0, high=10)
    schedule: str = setting(
        "constant",
        "how the learning rate changes",
        choices=("constant", "step", "multistep", "cosine", "onecycle", "plateau"),
    )
    warmup_epochs: float = setting(0.0, "epochs over which the learning rate rises from near 0", low=0, high=10_000)
    step_epochs: int = setting(30, "epochs between two drops (step)", low=1, high=1_000_000)
    milestones: tuple[int, ...] = setting((), "epochs at which the rate drops (multistep)", low=1, high=1_000_000)
    factor: float = setting(0.1, "what a drop multiplies the rate by (step, multistep, plateau)", low=0, high=1)
    plateau_patience: int = setting(5, "epochs without progress before a drop (plateau)", low=0, high=1_000_000)
    loss: str = setting("cross_entropy", "what is made small", choices=("cross_entropy", "mse"))
    label_smoothing: float = setting(0.0, "share of the target spread over all classes", low=0, high=0.999)
    mixup: float = setting(0.0, "α of mixup; 0 is off", low=0, high=100)
    cutmix: float = setting(0.0, "α of CutMix; 0 is off", low=0, high=100)
    input_noise: float = setting(0.0, "standard deviation of noise added to normalized images", low=0, high=100)
    crop_padding: int = setting(0, "pixels of padding for random crops; 0 is off", low=0, high=4096)
    flip: bool = setting(False, "mirror images left to right, half of the time")
    rotation: float = setting(0.0, "largest rotation in degrees", low=0, high=180)
    cutout: int = setting(0, "side of a square that is blanked; 0 is off", low=0, high=4096)
    colour: float = setting(0.0, "largest relative change of brightness, contrast and saturation", low=0, high=1)
    discard_outliers: float = setting(
        0.0, "share of each batch with the highest loss that is left out", low=0, high=0.9
    )
    clip_norm: float = setting(0.0, "longest gradient allowed; 0 is off", low=0, high=1_000_000)
    early_stopping: int = setting(
        0, "epochs without a better validation loss before stopping; 0 is off", low=0, high=1_000_000
    )
    min_delta: float = setting(0.0, "how much lower a validation loss must be to count as better", low=0, high=100)
    restore_best: bool = setting(True, "end with the weights of the best epoch when stopped early")
    ema: float = setting(
        0.0, "decay of an averaged copy of the weights that is evaluated; 0 is off", low=0, high=0.99999
    )
    init: str = setting(
        "pytorch",
        "how weights begin",
        choices=("pytorch", "lecun", "xavier", "he", "gaussian_0.01", "alexnet", "nin"),
    )
    seed: int = setting(0, "where all chance begins", low=0, high=2**63 - 1)
    device: str = setting("auto", "auto, cpu, cuda, cuda:1 or mps")
    precision: str = setting("auto", "arithmetic of the forward pass", choices=("auto", "fp32", "bf16", "fp16"))
    channels_last: str = setting("auto", "memory layout", choices=("auto", "on", "off"))
    compile: bool = setting(False, "torch.compile the network first (a slow start, then faster)")
    checkpoint_seconds: float = setting(30.0, "longest time between two checkpoints", low=0, high=86_400)
    weights: str = setting("", "a run, or a file (.safetensors, .pt, .pth), whose weights it starts from; empty: none")
    weights_sha256: str = setting("", "checksum of these weights when they were chosen; empty: whatever they are then")
    all_but_head: bool = setting(False, "the last layers begin anew, also where weights for them would fit")
    frozen: tuple[str, ...] = setting((), "layers and blocks that do not learn; they run in evaluation mode")
    rate_factors: tuple[str, ...] = setting((), "layers and blocks whose learning rate is multiplied, as in layer1=0.1")

    def __post_init__(self) -> None:
        # A dataclass with slots is made twice: super() would name the first one.
        Settings.__post_init__(self)
        for text in self.rate_factors:
            rate_factor(text)


def rate_factor(text: str) -> tuple[str, float]:
    """``layer1=0.1`` as a path and a factor; raises `FieldError`."""
    path, _, number = text.partition("=")
    try:
        factor = float(number)
    except ValueError:
        factor = -1.0
    if not path.strip() or not 0 <= factor <= MOST_FACTOR:
        raise FieldError(
            f"rate_factors: expected NAME=FACTOR with a factor from 0 to {MOST_FACTOR:g}, received {text[:60]!r}"
        )
    return path.strip(), factor
