"""The foot of the compare view: which cell it is, a way to the next one, its verdict, and the keys for all that."""

from __future__ import annotations

from enum import Enum, auto

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtWidgets import QComboBox, QSizePolicy, QWidget

from desktop.batch_words import verdict_icon
from desktop.views.parts import Role, label, line, tool
from engine.protocol import Job, JobState, Verdict


class Walk(Enum):
    """Which cells the arrow keys stop at."""

    ALL = auto()
    PICTURES = auto()
    UNJUDGED = auto()

    def stops_at(self, job: Job | None) -> bool:
        """Return whether a cell is one of them."""
        if self is Walk.ALL:
            return True
        made = job is not None and job.state is JobState.DONE
        return made and (self is Walk.PICTURES or (job is not None and job.verdict is Verdict.NONE))


class CompareFoot(QWidget):
    """Takes no focus: the keys are those of the view above it."""

    stepped = Signal(int)
    judged = Signal(object)
    redo_pressed = Signal()
    close_pressed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._count = label(role=Role.MUTED)
        self._walk = QComboBox()
        self._verdicts = {
            Verdict.PICKED: tool(verdict_icon(Verdict.PICKED), self.tr("Pick (P)")),
            Verdict.REJECTED: tool(verdict_icon(Verdict.REJECTED), self.tr("Reject (X)")),
        }
        self._back, self._forward = tool("back", self.tr("Previous")), tool("forward", self.tr("Next"))
        self._redo, self._close = tool("retry", self.tr("Redo… (R)")), tool("close", self.tr("Close"))
        self._lay_out()
        self._connect()

    @property
    def walk(self) -> Walk:
        """Which cells the user wants to stop at."""
        chosen: Walk = self._walk.currentData()
        return chosen

    def show_count(self, nth: int, count: int) -> None:
        """Say which of the cells it is, from 1."""
        locale = QLocale()
        self._count.setText(f"{locale.toString(nth)} / {locale.toString(count)}")

    def show_verdict(self, job: Job | None) -> None:
        """Show how the job on show is judged, if it can be."""
        for verdict, press in self._verdicts.items():
            press.setChecked(job is not None and job.verdict is verdict)
            press.setEnabled(job is not None and job.state is JobState.DONE)

    def _lay_out(self) -> None:
        for walk, words in (
            (Walk.ALL, self.tr("Every cell")),
            (Walk.PICTURES, self.tr("Pictures only")),
            (Walk.UNJUDGED, self.tr("Pictures not judged yet")),
        ):
            self._walk.addItem(words, walk)
        self._walk.setAccessibleName(self.tr("What the arrow keys stop at"))
        before = (self._back, self._count, self._forward, self._walk)
        after = (*self._verdicts.values(), self._redo, self._close)
        for one in (*before, *after):
            one.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        keys = self.tr("P: pick · X: reject · U: undo that · 1–9: a reference beside it · ↑ ↓: attempts · Z: pixels")
        hints = label(keys, Role.MUTED)
        hints.setAlignment(Qt.AlignmentFlag.AlignCenter)
        # On a narrow screen they are cut; the keys work all the same.
        hints.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        foot = line(spacing=12, margins=(18, 8, 12, 8))
        for widget in before:
            foot.addWidget(widget)
        foot.addWidget(hints, 1)
        for widget in after:
            foot.addWidget(widget)
        self.setLayout(foot)

    def _connect(self) -> None:
        self._back.clicked.connect(lambda: self.stepped.emit(-1))
        self._forward.clicked.connect(lambda: self.stepped.emit(1))
        self._redo.clicked.connect(self.redo_pressed)
        self._close.clicked.connect(self.close_pressed)
        for verdict, press in self._verdicts.items():
            press.setCheckable(True)
            press.clicked.connect(lambda on, verdict=verdict: self.judged.emit(verdict if on else Verdict.NONE))
