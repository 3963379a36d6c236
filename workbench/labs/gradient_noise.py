"""How much the gradients of single batches differ from that of all images together."""

from __future__ import annotations

import torch
from torch.nn import functional as F

from workbench.compiler import compile_graph, weights_of_seed
from workbench.data import Dataset, evaluation_batches
from workbench.graph import Graph
from workbench.training.chance import own_chance


def gradient_noise(graph: Graph, dataset: Dataset, batch_size: int, batches: int = 32, seed: int = 0) -> float:
    """Mean of ``|g − G|² / |G|²`` over batches drawn at random: g is a batch's gradient, G that of all images.

    Of an untrained network, on the training part. It falls as one over the batch size (McCandlish et al. 2018).
    """
    chance = torch.Generator().manual_seed(seed)
    with weights_of_seed(seed):
        network = compile_graph(graph)
    everything = list(evaluation_batches(dataset, "train", 512))
    images, labels = torch.cat([b.images for b in everything]), torch.cat([b.labels for b in everything])
    parameters = [parameter for parameter in network.parameters() if parameter.requires_grad]

    def gradient(chosen: torch.Tensor) -> torch.Tensor:
        with own_chance(images.device):  # dropout draws as well, perhaps beside a training
            torch.manual_seed(seed)
            loss = F.cross_entropy(network(images[chosen]), labels[chosen])
        return torch.cat([part.flatten() for part in torch.autograd.grad(loss, parameters)])

    whole = gradient(torch.arange(len(images)))
    drawn = [torch.randint(len(images), (batch_size,), generator=chance) for _ in range(batches)]
    return float(
        torch.stack([(gradient(chosen) - whole).square().sum() for chosen in drawn]).mean() / whole.square().sum()
    )
