"""The line at the foot of the window: what is on show, how indexing goes, how the engine is, how large pictures are."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtWidgets import QProgressBar, QSlider, QWidget

from desktop.engine_state import EngineState
from desktop.icons import icon
from desktop.views.asset_grid import LEAST_EDGE_PX, MOST_EDGE_PX
from desktop.views.parts import Role, button, label, line, tool

BAR_PX = 120
BAR_STEPS = 1000
SLIDER_PX = 110
MINUTE_S = 60
HOUR_S = 3600


@dataclass(frozen=True, slots=True)
class Pace:
    """How far indexing is: files done of all, files a second, seconds left or None, and whether it is held.

    `building` names the model whose index is built beside the searched one, and `built` (0…1) says how much of it is.
    """

    done: int
    total: int
    rate: float
    seconds_left: float | None
    paused: bool = False
    building: str = ""
    built: float = 0.0

    @property
    def share(self) -> float:
        """How much is done, 0…1."""
        return self.built if self.building else self.done / max(self.total, 1)


class StatusBar(QWidget):
    """Shows; the session tells it what."""

    pause_pressed = Signal()
    failed_pressed = Signal()
    restart_pressed = Signal()
    edge_chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._shown = label(role=Role.MUTED)
        self._pace = label(role=Role.MUTED)
        self._bar = QProgressBar()
        self._pause = tool("pause", self.tr("Pause indexing"))
        self._failed = button("", Role.LINK)
        self._device = label(role=Role.MUTED)
        self._engine = label(role=Role.MUTED)
        self._restart = button(self.tr("Start again now"), Role.LINK)
        self._slider = QSlider(Qt.Orientation.Horizontal)
        self._lay_out()
        self._pause.clicked.connect(self.pause_pressed)
        self._failed.clicked.connect(self.failed_pressed)
        self._restart.clicked.connect(self.restart_pressed)
        self._slider.valueChanged.connect(self.edge_chosen)
        self.show_idle()
        self.show_failed(0)
        self.show_engine(EngineState.STARTING)

    def show_shown(self, words: str) -> None:
        """Show how many pictures are on show and selected."""
        self._shown.setText(words)

    def show_pace(self, pace: Pace) -> None:
        """Show how indexing goes."""
        self._bar.setValue(int(pace.share * BAR_STEPS))
        self._pace.setText(self._pace_words(pace))
        self._pause.setIcon(icon("resume" if pace.paused else "pause"))
        self._pause.setToolTip(self.tr("Resume indexing") if pace.paused else self.tr("Pause indexing"))
        self._pause.setAccessibleName(self._pause.toolTip())
        for widget in (self._bar, self._pause):
            widget.show()

    def show_listing(self) -> None:
        """Show that folders are being looked through."""
        self.show_idle()
        self._pace.setText(self.tr("Looking for new pictures…"))

    def show_idle(self) -> None:
        """Show that everything is indexed."""
        self._pace.clear()
        for widget in (self._bar, self._pause):
            widget.hide()

    def show_failed(self, count: int) -> None:
        """Show how many files gave no picture."""
        self._failed.setText(self.tr("%Ln file(s) without a picture", "", count))
        self._failed.setVisible(count > 0)

    def show_device(self, words: str) -> None:
        """Show what the encoder runs on."""
        self._device.setText(words)

    def show_engine(self, state: EngineState) -> None:
        """Show how the engine is, unless all is well."""
        words = {
            EngineState.STARTING: self.tr("Search is starting…"),
            EngineState.READY: "",
            EngineState.BUSY: "",
            EngineState.GONE: self.tr("The search engine stopped; it starts again in a moment."),
        }[state]
        self._engine.setText(words)
        self._engine.setVisible(bool(words))
        self._restart.setVisible(state is EngineState.GONE)

    def show_edge(self, edge_px: int) -> None:
        """Show how large pictures are."""
        self._slider.blockSignals(True)
        self._slider.setValue(edge_px)
        self._slider.blockSignals(False)

    def _lay_out(self) -> None:
        self._bar.setFixedWidth(BAR_PX)
        self._bar.setMaximum(BAR_STEPS)
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(self.tr("Indexing"))
        self._slider.setRange(LEAST_EDGE_PX, MOST_EDGE_PX)
        self._slider.setFixedWidth(SLIDER_PX)
        self._slider.setAccessibleName(self.tr("Size of pictures"))
        self._slider.setToolTip(self.tr("Size of pictures"))
        row = line(self, 10, (14, 3, 14, 3))
        left: list[QWidget] = [self._shown, self._bar, self._pause, self._pace, self._failed]
        right: list[QWidget] = [self._engine, self._restart, self._device, self._slider]
        for widget in left:
            row.addWidget(widget)
        row.addStretch(1)
        for widget in right:
            row.addWidget(widget)
        self.setFixedHeight(34)

    def _pace_words(self, pace: Pace) -> str:
        locale = QLocale()
        if pace.building:
            percent = locale.toString(int(pace.built * 100))
            progress = self.tr("Building the index of {0}: {1} %").format(pace.building, percent)
        elif pace.paused and not pace.total:
            return self.tr("Paused")
        else:
            progress = self.tr("{0} of {1}").format(locale.toString(pace.done), locale.toString(pace.total))
        if pace.paused:
            return self.tr("{0} · paused").format(progress)
        rate = self.tr("{0}/s").format(locale.toString(float(pace.rate), "f", 0 if pace.rate >= 10 else 1))
        left = "" if pace.seconds_left is None else self._time_words(pace.seconds_left)
        return " · ".join(filter(None, (progress, "" if pace.building else rate, left)))

    def _time_words(self, seconds: float) -> str:
        if seconds < MINUTE_S:
            return self.tr("less than a minute left")
        if seconds < HOUR_S:
            return self.tr("%Ln minute(s) left", "", round(seconds / MINUTE_S))
        return self.tr("%Ln hour(s) left", "", round(seconds / HOUR_S))
