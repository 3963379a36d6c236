"""A lesson as one HTML page that needs nothing else: what was asked, predicted and claimed, and what came out."""

from workbench.labs.report.lesson import Played, Section, lesson_page

__all__ = ["Played", "Section", "lesson_page"]
