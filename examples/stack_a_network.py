"""Stack a small network, look at its figures, break it and read what to do, and run it."""

import torch

from workbench.compiler import analyse, compile_graph
from workbench.graph import Builder, edits

builder = Builder((1, 28, 28))
builder.add("conv1", "Conv2d", out_channels=8, kernel_size=5)
builder.add("relu1", "ReLU")
builder.add("pool1", "MaxPool2d", kernel_size=2)
builder.add("flatten", "Flatten")
builder.add("fc", "Linear", out_features=10)
graph = builder.build("small")

for layer in analyse(graph).layers:
    print(f"{layer.name:8} {layer.kind:10} {layer.output!s:14} {layer.parameters:6,} parameters")

# An edit gives a new graph; the old one is untouched, so undo is keeping it.
broken = edits.set_argument(graph, "conv1", "kernel_size", 40)
for problem in analyse(broken).problems:
    print(f"{problem.node}: {problem.message} {problem.remedy}")

network = compile_graph(graph)
print(network(torch.rand(2, 1, 28, 28)).shape)
