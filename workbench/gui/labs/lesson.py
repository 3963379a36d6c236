"""The question beside a lab: predict first, then try, then compare."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QLabel, QPushButton, QRadioButton, QVBoxLayout, QWidget

from workbench.gui.labs.lab import told
from workbench.labs.lessons import Lesson


class LessonView(QWidget):
    """One lesson. ``measured`` says what the lab itself has found by now, or nothing; ``report_wanted`` when it is to
    be written down."""

    report_wanted = Signal()

    def __init__(self, lesson: Lesson, measured: Callable[[], str]) -> None:
        super().__init__()
        self._lesson, self._measured = lesson, measured
        title = QLabel("Predict")
        title.setProperty("role", "heading")
        question = told("Question")
        question.setText(lesson.question)
        self.answers = QButtonGroup(self)
        self.compare = QPushButton("Compare")
        self.compare.setEnabled(False)
        self.compare.clicked.connect(self.show_claim)
        self.do = told("What to do", "muted")
        self.claim = told("Claim")
        self.export = QPushButton("Export a report …")
        self.export.setToolTip("Question, prediction, claim and what came out, as one HTML page (Ctrl+Alt+X)")
        self.export.clicked.connect(self.report_wanted)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 4, 14, 14)
        layout.addWidget(title)
        layout.addWidget(question)
        for number, answer in enumerate(lesson.answers):
            button = QRadioButton(answer)
            self.answers.addButton(button, number)
            layout.addWidget(button)
        self.answers.idClicked.connect(lambda _: self._predicted())
        for widget in (self.do, self.compare, self.claim, self.export):
            layout.addWidget(widget)
        layout.addStretch(1)

    @property
    def lesson(self) -> Lesson:
        return self._lesson

    @property
    def predicted(self) -> int | None:
        """The number of the answer that was chosen."""
        return self.answers.checkedId() if self.answers.checkedId() >= 0 else None

    @property
    def measured(self) -> str:
        """What the lab has found by now."""
        return self._measured()

    def _predicted(self) -> None:
        self.compare.setEnabled(True)
        self.do.setText(f"Now try it. {self._lesson.do}")

    def show_claim(self) -> None:
        """The claim beside the prediction and what the lab has measured."""
        chosen, right = self.answers.checkedId(), self._lesson.right
        if chosen < 0:
            return
        verdict = "As you predicted." if chosen == right else f"You predicted: {self._lesson.answers[chosen]}."
        here = f"<br><i>Here: {found}</i>" if (found := self._measured()) else ""
        self.claim.setText(f"<b>{verdict}</b><br>What holds: {self._lesson.answers[right]}. {self._lesson.claim}{here}")
