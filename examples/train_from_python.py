"""Train LeNet-5 on the embedded digits and read the events as they come."""

from pathlib import Path
from tempfile import TemporaryDirectory

from workbench import presets, runs
from workbench.project import DataChoice, Project, Recipe
from workbench.training import Epoch, Finished

project = Project(presets.build("lenet5"), DataChoice(source="digits"), Recipe(epochs=3))

with TemporaryDirectory() as folder:
    for event in runs.start(project, Path(folder) / "run"):
        if isinstance(event, Epoch):
            print(
                f"epoch {event.epoch}: validation accuracy {event.validation_accuracy:.1%}. {event.diagnosis.sentence}"
            )
        elif isinstance(event, Finished):
            print(event.sentence)
