"""The page of a lesson that somebody has played."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from workbench.labs.lessons import Lesson
from workbench.runs.page.frame import Html, paragraph, safe, whole

Section = tuple[str, Html]
"""A heading, and what stands below it."""


@dataclass(frozen=True)
class Played:
    """A lesson of the lab ``title``, which explains itself by ``text``.

    ``predicted`` is the number of the answer that was chosen, None where none was; ``measured`` says in words what the
    lab has found, and ``sections`` show it.
    """

    title: str
    text: str
    lesson: Lesson
    predicted: int | None = None
    measured: str = ""
    sections: Sequence[Section] = ()


def lesson_page(played: Played) -> str:
    """The whole page."""
    lesson = played.lesson
    parts = [
        f"<h1>{safe(played.title)}</h1>",
        "<h2>Question</h2>",
        paragraph(lesson.question, "question"),
        _answers(lesson, played.predicted),
        paragraph(_verdict(lesson, played.predicted), "state"),
        "<h2>Claim</h2>",
        paragraph(f"What holds: {lesson.answers[lesson.right]}. {lesson.claim}"),
        paragraph(f"To see it: {lesson.do}", "muted"),
    ]
    if played.measured:
        parts += ["<h2>Here</h2>", paragraph(f"{played.measured[0].upper()}{played.measured[1:]}.")]
    for heading, content in played.sections:
        parts += [f"<h2>{safe(heading)}</h2>", content]
    parts += ["<h2>The idea</h2>", *(paragraph(part) for part in played.text.split("\n\n"))]
    return whole(f"{played.title}: a lesson", parts)


def _answers(lesson: Lesson, predicted: int | None) -> str:
    lines = []
    for number, answer in enumerate(lesson.answers):
        tags = '<span class="tag">predicted</span>' if number == predicted else ""
        if number == lesson.right:
            tags += '<span class="tag holds">holds</span>'
        lines.append(f'<li class="{"holds" if number == lesson.right else ""}">{safe(answer)}{tags}</li>')
    return f'<ul class="answers">{"".join(lines)}</ul>'


def _verdict(lesson: Lesson, predicted: int | None) -> str:
    if predicted is None:
        return "Nothing was predicted."
    return "As predicted." if predicted == lesson.right else f"Predicted: {lesson.answers[predicted]}."
