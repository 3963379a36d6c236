"""LeNet-5 at batch 128 against what people use today, each written as its own users write it, on the same images."""

from __future__ import annotations

import importlib
import importlib.util
import time
from collections.abc import Callable
from statistics import harmonic_mean

import torch
from torch.nn import functional as F
from torch.utils.data import DataLoader
from torch.utils.data import Dataset as TorchDataset

from tests.benchmarks.measuring import Row, compared, interleaved
from tests.benchmarks.networks import lenet
from tests.benchmarks.throughput import ours, tensors
from workbench.compiler import compile_graph
from workbench.data import Dataset, load
from workbench.project import DataChoice, Recipe

_BATCH = 128
_RATE = 0.02


class _Samples(TorchDataset):
    """One image at a time through torchvision's transforms, as its tutorials do it."""

    def __init__(self, dataset: Dataset, augmented: bool) -> None:
        from torchvision.transforms import v2

        self._images = dataset.train.take(torch.arange(len(dataset.train)))
        self._labels = dataset.train.labels.tolist()
        steps = [v2.RandomCrop(28, padding=2), v2.RandomHorizontalFlip()] if augmented else []
        steps += [v2.ToDtype(torch.float32, scale=True), v2.Normalize(dataset.mean, dataset.std)]
        self._transform = v2.Compose(steps)

    def __len__(self) -> int:
        return len(self._labels)

    def __getitem__(self, index: int):  # type: ignore[no-untyped-def]
        return self._transform(self._images[index]), self._labels[index]


def _by_loader(dataset: Dataset, augmented: bool, epochs: int) -> float:
    network = compile_graph(lenet()).train()
    optimizer = torch.optim.SGD(network.parameters(), lr=_RATE, momentum=0.9)
    loader = DataLoader(_Samples(dataset, augmented), batch_size=_BATCH, shuffle=True)
    seen, began = 0, time.perf_counter()
    for _ in range(epochs):
        for images, labels in loader:
            loss = F.cross_entropy(network(images), labels)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            seen += len(labels)
    return seen / (time.perf_counter() - began)


def _by_lightning(dataset: Dataset, augmented: bool, epochs: int) -> float:
    import logging
    import warnings

    import lightning

    class Module(lightning.LightningModule):
        def __init__(self) -> None:
            super().__init__()
            self.network = compile_graph(lenet())

        def training_step(self, batch, _number):  # type: ignore[no-untyped-def]
            return F.cross_entropy(self.network(batch[0]), batch[1])

        def configure_optimizers(self):  # type: ignore[no-untyped-def]
            return torch.optim.SGD(self.parameters(), lr=_RATE, momentum=0.9)

    class Clock(lightning.Callback):
        began = 0.0

        def on_train_epoch_start(self, trainer, module) -> None:  # type: ignore[no-untyped-def]
            if trainer.current_epoch == 1:
                self.began = time.perf_counter()

    logging.getLogger("lightning.pytorch").setLevel(logging.ERROR)
    warnings.simplefilter("ignore")
    clock = Clock()
    trainer = lightning.Trainer(
        max_epochs=epochs + 1, accelerator="cpu", logger=False, enable_checkpointing=False, enable_progress_bar=False,
        enable_model_summary=False, callbacks=[clock],
    )  # fmt: skip
    trainer.fit(Module(), DataLoader(_Samples(dataset, augmented), batch_size=_BATCH, shuffle=True))
    return epochs * len(dataset.train) / (time.perf_counter() - clock.began)


def _by_keras(dataset: Dataset, augmented: bool, epochs: int) -> float:
    import os

    os.environ["KERAS_BACKEND"] = "torch"
    import keras

    layers = keras.layers
    images, labels = tensors(dataset, dataset.train)
    augmentation = (
        [layers.RandomTranslation(2 / 28, 2 / 28, "constant"), layers.RandomFlip("horizontal")] if augmented else []
    )
    network = keras.Sequential(
        [
            keras.Input((28, 28, 1)), *augmentation, layers.Conv2D(6, 5, padding="same", activation="relu"),
            layers.MaxPooling2D(), layers.Conv2D(16, 5, activation="relu"), layers.MaxPooling2D(), layers.Flatten(),
            layers.Dense(120, activation="relu"), layers.Dense(84, activation="relu"), layers.Dense(10),
        ]
    )  # fmt: skip
    assert network.count_params() == 61_706
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    network.compile(keras.optimizers.SGD(_RATE, momentum=0.9), loss)
    x, y = images.permute(0, 2, 3, 1).numpy(), labels.numpy()
    with torch.device("cpu"):
        network.fit(x, y, batch_size=_BATCH, epochs=1, verbose=0)
        began = time.perf_counter()
        network.fit(x, y, batch_size=_BATCH, epochs=epochs, verbose=0)
    return epochs * len(x) / (time.perf_counter() - began)


def _by_fastai(dataset: Dataset, augmented: bool, epochs: int) -> float:
    from fastai.data.core import DataLoaders
    from fastai.data.load import DataLoader as FastaiLoader
    from fastai.learner import Learner
    from fastai.optimizer import SGD

    importlib.import_module("fastai.callback.progress")  # gives Learner its no_bar
    train = FastaiLoader(_Samples(dataset, augmented), bs=_BATCH, shuffle=True, num_workers=0, device="cpu")
    learner = Learner(
        DataLoaders(train, train, device="cpu"), compile_graph(lenet()), loss_func=torch.nn.CrossEntropyLoss(),
        opt_func=SGD, lr=_RATE, train_bn=False,
    )  # fmt: skip
    with learner.no_bar(), learner.no_logging():
        learner.validate = lambda *_, **__: None
        learner._do_epoch_validate = lambda *_, **__: None
        learner.fit(1)
        began = time.perf_counter()
        learner.fit(epochs)
    return epochs * len(dataset.train) / (time.perf_counter() - began)


ALTERNATIVES: tuple[tuple[str, str, Callable[[Dataset, bool, int], float]], ...] = (
    ("DataLoader per sample", "torch", _by_loader),
    ("Lightning", "lightning", _by_lightning),
    ("Keras 3 on torch", "keras", _by_keras),
    ("fastai", "fastai", _by_fastai),
)


def measure(runs: int = 5, epochs: int = 10) -> list[Row]:
    graph = lenet()
    dataset = load(DataChoice(), graph.shape)
    rows = []
    for augmented in (False, True):
        recipe = Recipe(epochs=epochs, batch_size=_BATCH, learning_rate=_RATE, precision="fp32")
        recipe = recipe.changed(crop_padding=2, flip=True) if augmented else recipe
        what = "with crop and flip" if augmented else "without augmentation"
        for name, package, train in ALTERNATIVES:
            title = f"LeNet-5, batch {_BATCH}, {what}: {name}"
            if importlib.util.find_spec(package) is None:
                rows.append(Row(title, "", "not installed", f"pip install {package}", "> 1"))
                continue
            first, second = interleaved(
                lambda r=recipe: harmonic_mean(epoch.images_per_second for epoch in ours(graph, dataset, r)),
                lambda a=augmented, t=train: t(dataset, a, epochs),
                runs,
            )
            rows.append(compared(title, first, second, "images/s", "> 1"))
    return rows
