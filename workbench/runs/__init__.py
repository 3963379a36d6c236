"""Run directories: everything that happened in a training, enough to go on from."""

from workbench.runs.checkpoint_file import read_state, write_state
from workbench.runs.ending import mark_as_failed
from workbench.runs.layout import RunError
from workbench.runs.metrics import read_records
from workbench.runs.naming import new_directory, rename
from workbench.runs.recording import resume, start
from workbench.runs.run import Run, compare, list_runs
from workbench.runs.using import EvaluationReport, evaluate_run, export_project, export_run, predict_pictures

__all__ = [
    "EvaluationReport",
    "Run",
    "RunError",
    "compare",
    "evaluate_run",
    "export_project",
    "export_run",
    "list_runs",
    "mark_as_failed",
    "new_directory",
    "predict_pictures",
    "read_records",
    "read_state",
    "rename",
    "resume",
    "start",
    "write_state",
]
