"""A person who answers every question of the window at once, in place of one who would have to be waited for."""

from __future__ import annotations

import random
import shutil
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from PySide6.QtCore import QFile
from PySide6.QtGui import QDesktopServices, QImage
from PySide6.QtWidgets import QFileDialog, QInputDialog, QMessageBox

_BUTTONS = QMessageBox.StandardButton


class Answers:
    """What is answered: files stand in one folder, and what is not saved is given up, kept or saved at random."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder, self.random = folder, random.Random(seed)
        self.asked: list[str] = []
        folder.mkdir(parents=True, exist_ok=True)
        picture = QImage(28, 28, QImage.Format.Format_RGB888)
        picture.fill(0x336699)
        picture.save(str(folder / "picture.png"))

    def about_changes(self, *arguments: object) -> QMessageBox.StandardButton:
        self.asked.append("changes")
        return self.random.choice((_BUTTONS.Save, _BUTTONS.Discard, _BUTTONS.Discard, _BUTTONS.Cancel))

    def a_box(self, box: QMessageBox) -> int:
        self.asked.append(box.text())
        self.random.choice(box.buttons()).click()
        return 0

    def a_message(self, *arguments: object) -> None:
        self.asked.append("message")

    def a_file(self, parent: object, title: str, *arguments: object) -> tuple[str, str]:
        """One that is there: a project, a picture, sometimes one of a wrong kind, sometimes none."""
        self.asked.append(title)
        found = sorted(self.folder.iterdir())
        return (str(self.random.choice(found)), "") if self.random.random() < 0.8 else ("", "")

    def a_new_file(self, parent: object, title: str, name: str, kinds: str) -> tuple[str, str]:
        """One of a few names, so that some are there already, of the kind that is suggested."""
        self.asked.append(title)
        if self.random.random() < 0.1:
            return "", ""
        suffix = Path(name).suffix
        kind = next(kind for kind in kinds.split(";;") if f"*{suffix}" in kind)
        return str(self.folder / f"{self.random.choice('abc')}{suffix}"), kind

    def a_folder(self, *arguments: object) -> str:
        self.asked.append("folder")
        return self.random.choice(("", str(self.folder)))

    def a_name(self, *arguments: object, **others: object) -> tuple[str, bool]:
        self.asked.append("name")
        return self.random.choice(("block1", "stem", "a.b", "no good", "")), self.random.random() < 0.8


@contextmanager
def answered(folder: Path, seed: int) -> Iterator[Answers]:
    """No dialog waits for anybody, no page is opened in a browser, and nothing is downloaded."""
    answers = Answers(folder, seed)

    def away(*arguments: object, **others: object) -> None:
        raise OSError("there is no network here")

    def to_trash(file: QFile) -> bool:
        """The trash of whoever runs the tests stays as it is."""
        shutil.rmtree(file.fileName(), ignore_errors=True)
        return not Path(file.fileName()).exists()

    stand_ins: tuple[tuple[type, str, Callable[..., object]], ...] = (
        (QMessageBox, "question", staticmethod(answers.about_changes)),
        (QMessageBox, "about", staticmethod(answers.a_message)),
        (QMessageBox, "warning", staticmethod(answers.a_message)),
        (QMessageBox, "information", staticmethod(answers.a_message)),
        (QMessageBox, "exec", lambda box: answers.a_box(box)),
        (QFileDialog, "getOpenFileName", staticmethod(answers.a_file)),
        (QFileDialog, "getSaveFileName", staticmethod(answers.a_new_file)),
        (QFileDialog, "getExistingDirectory", staticmethod(answers.a_folder)),
        (QInputDialog, "getText", staticmethod(answers.a_name)),
        (QFile, "moveToTrash", to_trash),
        (QDesktopServices, "openUrl", staticmethod(answers.a_message)),
    )
    with patch.object(urllib.request, "urlopen", away):
        patches = [patch.object(kind, name, stand_in) for kind, name, stand_in in stand_ins]
        for each in patches:
            each.start()
        try:
            yield answers
        finally:
            for each in patches:
                each.stop()
