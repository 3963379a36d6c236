"""What is chosen of the curves: their scale, how smooth they are, what stands beside the losses."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLabel, QSlider, QToolButton, QWidget

from workbench.gui.in_rows import InRows
from workbench.gui.one_line import OneLine
from workbench.gui.training.curve_lines import SHOWN


class CurvesBar(InRows):
    """The controls above the plots, and between them whose curves these are."""

    def __init__(self, smoothing: float) -> None:
        self.log_scale = QCheckBox("log scale")
        self.smoothing = QSlider(Qt.Orientation.Horizontal)
        self.smoothing.setRange(0, 99)
        self.smoothing.setValue(round(smoothing * 100))
        self.smoothing.setFixedWidth(90)
        self.smoothing.setAccessibleName("Smoothing")
        self.smoothing.setToolTip("How much the training line is smoothed; the pale line behind it is the raw one")
        self.run = OneLine("muted")
        self.run.setAccessibleName("Whose curves these are")
        self.second = QComboBox()
        self.second.setAccessibleName("Second plot")
        self.second.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.second.setMinimumContentsLength(12)
        for title in SHOWN:
            self.second.addItem(title, SHOWN[title])
        self.reset = QToolButton()
        self.reset.setText("Reset zoom")
        self.reset.setToolTip("Show the whole of both plots again")
        smoothed = QWidget()
        beside = QHBoxLayout(smoothed)
        beside.setContentsMargins(6, 0, 0, 0)
        beside.setSpacing(6)
        beside.addWidget(QLabel("smoothing"))
        beside.addWidget(self.smoothing)
        super().__init__(self.log_scale, smoothed, self.reset, self.run, self.second)
