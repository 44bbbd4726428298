"""Brings news of the engine to one window's foot: its state, its device, how indexing goes."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication

from desktop.desk import Desk
from desktop.troubles import told
from desktop.views.main_window import MainWindow
from desktop.views.status_bar import Pace
from engine import protocol
from engine.protocol import (
    Activity,
    EncoderSwitched,
    IndexingFailed,
    IndexingState,
    QualityActivity,
    QualityChanged,
    SearchCompleted,
    Stage,
    StageChanged,
    StatusFetched,
    Throttle,
)

FAILURES_TOLD = 3


class EngineNews(QObject):
    """Wires the status bar of one window."""

    def __init__(self, desk: Desk, window: MainWindow) -> None:
        super().__init__(window)
        self._desk = desk
        self._lost_encoder = ""
        self._silence = ""
        self._refusal = ""
        self._status = window.status
        self._status.show_engine(desk.health.state)
        desk.health.changed.connect(self._status.show_engine)
        desk.process.refused.connect(self._on_refused)
        desk.process.ended.connect(self._on_ended)
        desk.client.connected.connect(self._on_connected)
        desk.client.stage_changed.connect(self._on_stage)
        desk.client.status_fetched.connect(self._on_status)
        desk.health.indexing_changed.connect(self._show_indexing)
        desk.client.indexing_failed.connect(self._on_indexing_failed)
        desk.client.encoder_switched.connect(self._on_switched)
        desk.client.search_completed.connect(self._on_searched)
        desk.client.quality_changed.connect(self._on_quality)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.applicationStateChanged.connect(self._on_front)
        self._show_indexing(desk.health.indexing)
        self._ask()

    def _on_connected(self) -> None:
        self._refusal = ""
        self._ask()

    def _ask(self) -> None:
        self._desk.client.send(protocol.FetchStatus)

    def _on_stage(self, event: StageChanged) -> None:
        if event.stage is Stage.FAILED:
            self._desk.notifications.trouble(*told(event.code, event.message, event.hint))
        self._ask()

    def _on_status(self, event: StatusFetched) -> None:
        words = " · ".join(filter(None, (event.status.encoder, event.status.device)))
        self._status.show_device(words)
        if event.status.lost_encoder not in ("", self._lost_encoder):
            self._desk.notifications.trouble(
                self.tr(
                    "The files of the model {0} are gone; {1} takes its place while its index is being built."
                ).format(event.status.lost_encoder, event.status.encoder),
                self.tr("Put the files back and start Propmaster again, or wait until all pictures are indexed."),
            )
        self._lost_encoder = event.status.lost_encoder

    def _show_indexing(self, state: IndexingState) -> None:
        if state.activity is Activity.IDLE:
            self._status.show_idle()
            self._desk.thumbnails.look_again()
        elif state.activity is Activity.LISTING or (state.activity is Activity.INDEXING and not state.total):
            self._status.show_listing()
        else:
            paused = state.activity is Activity.PAUSED
            done = state.done + state.failed
            self._status.show_pace(
                Pace(done, state.total, state.rate, state.seconds_left, paused, state.building, state.built)
            )

    def _on_switched(self, event: EncoderSwitched) -> None:
        self._desk.notifications.news(self.tr("{0} answers searches from now on.").format(event.encoder))
        self._ask()

    def _on_searched(self, event: SearchCompleted) -> None:
        """Tell once why the quality model has no say, and again only after it had one or for another reason."""
        silence = event.silence
        code = "" if silence is None else silence.code
        if silence is not None and code != self._silence:
            self._desk.notifications.trouble(*told(silence.code, silence.message, silence.hint))
        self._silence = code

    def _on_quality(self, event: QualityChanged) -> None:
        if event.activity is QualityActivity.STOPPED:
            self._desk.notifications.trouble(*told(event.code, event.message, event.hint))

    def _on_indexing_failed(self, event: IndexingFailed) -> None:
        self._desk.notifications.trouble(*told(event.code, event.message, event.hint))

    def _on_refused(self, code: str, message: str, hint: str) -> None:
        """Say it once, though the engine is tried again and again in case the user does something about it."""
        if code != self._refusal:
            self._refusal = code
            self._desk.notifications.trouble(*told(code, message, hint))

    def _on_ended(self) -> None:
        if self._desk.process.failures == FAILURES_TOLD and not self._refusal:
            self._desk.notifications.trouble(
                self.tr("The search engine stopped {0} times.").format(FAILURES_TOLD), self._desk.process.last_words
            )

    def _on_front(self, state: Qt.ApplicationState) -> None:
        """Work gently while another program is in front."""
        if self._desk.preferences.current.throttled:
            front = state == Qt.ApplicationState.ApplicationActive
            self._desk.client.send(protocol.ThrottleIndexing, Throttle.FULL if front else Throttle.GENTLE)
