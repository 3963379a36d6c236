"""Run directories: everything that happened in a training, enough to go on from."""

from workbench.runs.checkpoint_file import read_state, write_state
from workbench.runs.ending import mark_as_failed
from workbench.runs.hardest import Hard, find_hardest
from workbench.runs.layout import RunError
from workbench.runs.metrics import read_records
from workbench.runs.naming import new_directory, rename
from workbench.runs.recording import resume, start
from workbench.runs.reel import Reel
from workbench.runs.review import Review, review
from workbench.runs.run import Run, compare, list_runs, state_in_words
from workbench.runs.starting import Start, discord, expected, matched, read_source, start_of, starting_from
from workbench.runs.using import (
    EvaluationReport,
    Exported,
    attribute_picture,
    evaluate_run,
    export_project,
    export_run,
    predict_pictures,
)

__all__ = [
    "EvaluationReport",
    "Exported",
    "Hard",
    "Reel",
    "Review",
    "Run",
    "RunError",
    "Start",
    "attribute_picture",
    "compare",
    "discord",
    "evaluate_run",
    "expected",
    "export_project",
    "export_run",
    "find_hardest",
    "list_runs",
    "state_in_words",
    "mark_as_failed",
    "matched",
    "new_directory",
    "predict_pictures",
    "read_source",
    "read_records",
    "read_state",
    "rename",
    "resume",
    "review",
    "start",
    "start_of",
    "starting_from",
    "write_state",
]
