"""The compare view: one result large beside what it was made from; cell by cell, picked or rejected by key."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QPixmap
from PySide6.QtWidgets import QSplitter, QStackedWidget, QWidget

from desktop.batch_words import job_words, state_icon, state_words
from desktop.models.batch_matrix import BatchMatrix
from desktop.pictures import Picture, PictureLoader, Wish
from desktop.thumbnails import EDGES_PX, ThumbnailLoader
from desktop.views.batches.compare_foot import CompareFoot
from desktop.views.batches.job_facts import JobFacts
from desktop.views.batches.reference_column import ReferenceColumn
from desktop.views.empty_state import EmptyState
from desktop.views.parts import column, line
from desktop.views.picture_canvas import WHEEL_FACTOR, MovableCanvas
from engine.protocol import Currency, Job, JobDetails, JobReference, JobState, Verdict

VERDICT_KEYS = {
    Qt.Key.Key_P: Verdict.PICKED,
    Qt.Key.Key_X: Verdict.REJECTED,
    Qt.Key.Key_U: Verdict.NONE,
}
LEAVING = (Qt.Key.Key_Space, Qt.Key.Key_Escape)


class Compare(QWidget):
    """Walks through a BatchMatrix; `results` and `references` each read one picture at a time."""

    moved = Signal(int)
    """The place where the walk ended."""
    details_wanted = Signal(int)
    judged = Signal(int, object)
    redo_wanted = Signal(object, str)
    """A job and its prompt, where that is known."""

    def __init__(
        self,
        matrix: BatchMatrix,
        thumbnails: ThumbnailLoader,
        results: PictureLoader,
        references: PictureLoader,
        parent: QWidget,
    ) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.currency: Currency | None = None
        self._window = parent
        self._matrix = matrix
        self._thumbnails = thumbnails
        self._results, self._references = results, references
        self._place = -1
        self._job: Job | None = None
        self._details: JobDetails | None = None
        self._attempts: tuple[Job, ...] = ()
        self._attempt = 0
        self._reference: JobReference | None = None
        self._canvas, self._beside = MovableCanvas(), MovableCanvas()
        self._state = EmptyState()
        self._middle = QStackedWidget()
        self._column = ReferenceColumn(thumbnails)
        self._facts = JobFacts()
        self._foot = CompareFoot()
        self._lay_out()
        self._connect()

    def open_at(self, place: int) -> None:
        """Show one cell on the full screen."""
        self.setGeometry(self._window.screen().geometry())
        self._show(place)
        self.showFullScreen()
        self.activateWindow()
        self.setFocus()

    def show_details(self, details: JobDetails) -> None:
        """Show what had to be asked for of the job on show."""
        if self._job is None or details.job.id != self._job.id:
            return
        self._details = details
        if self._attempt == 0:
            self._attempts = (details.job, *details.earlier)
        self._facts.show_details(details, self.currency)
        self._facts.show_attempts(self._attempts, self._attempt)
        self._column.show_references(details.references)

    def show_changed(self, jobs: Sequence[Job]) -> None:
        """Show what became of the attempts on show."""
        changed = {job.id: job for job in jobs}
        if self._job is None or not changed.keys() & {one.id for one in (self._job, *self._attempts)}:
            return
        self._attempts = tuple(changed.get(one.id, one) for one in self._attempts)
        job = changed.get(self._job.id)
        if job is None or job.state is not self._job.state:
            return
        self._job = job
        self._foot.show_verdict(job)
        self._facts.show_cell(self._matrix.words_of(self._place), job)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Walk, judge, ask once more, zoom, compare, leave."""
        key = Qt.Key(event.key())
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        attempts = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}
        if key in steps:
            self._step(steps[key])
        elif key in attempts:
            self._show_attempt(self._attempt + attempts[key])
        elif key in VERDICT_KEYS:
            self._judge(VERDICT_KEYS[key])
        elif key == Qt.Key.Key_R:
            self._redo()
        elif key in LEAVING:
            self.close()
        elif Qt.Key.Key_1 <= key <= Qt.Key.Key_9:
            self._column.toggle(key - Qt.Key.Key_0)
        elif not self._zoom(key):
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        """Tell where the walk ended."""
        self.moved.emit(self._place)
        super().closeEvent(event)

    def _zoom(self, key: Qt.Key) -> bool:
        if key == Qt.Key.Key_Z:
            self._canvas.toggle()
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self._canvas.zoom_by(WHEEL_FACTOR)
        elif key == Qt.Key.Key_Minus:
            self._canvas.zoom_by(1 / WHEEL_FACTOR)
        else:
            return False
        return True

    def _lay_out(self) -> None:
        self.setObjectName("ground")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setWindowTitle(self.tr("Compare"))
        pictures = QSplitter(Qt.Orientation.Horizontal)
        for canvas in (self._canvas, self._beside):
            pictures.addWidget(canvas)
        pictures.setSizes([1, 1])
        self._beside.hide()
        self._state.setMinimumWidth(1)  # or small screens could not hold it all
        self._middle.addWidget(pictures)
        self._middle.addWidget(self._state)
        row = line(spacing=0)
        row.addWidget(self._column)
        row.addWidget(self._middle, 1)
        row.addWidget(self._facts)
        page = column(self, 0)
        page.addLayout(row, 1)
        page.addWidget(self._foot)

    def _connect(self) -> None:
        self._results.loaded.connect(self._on_result)
        self._references.loaded.connect(self._on_reference)
        self._foot.stepped.connect(self._step)
        self._foot.judged.connect(self._judge)
        self._foot.redo_pressed.connect(self._redo)
        self._foot.close_pressed.connect(self.close)
        self._column.chosen.connect(self._show_beside)
        self._facts.attempt_chosen.connect(self._show_attempt)
        self._matrix.dataChanged.connect(self._on_changed)
        self._canvas.looked.connect(lambda: self._beside.look(self._canvas.view))
        self._beside.looked.connect(lambda: self._canvas.look(self._beside.view))

    def _step(self, by: int) -> None:
        """Go to the next cell that the walk stops at; stay where there is none."""
        places = self._matrix.places()
        ahead = [place for place in places if (place - self._place) * by > 0]
        stops = (place for place in ahead[::by] if self._foot.walk.stops_at(self._matrix.job_at(place)))
        place = next(stops, -1)
        if place >= 0:
            self._show(place)

    def _show(self, place: int) -> None:
        self._place = place
        self._attempts, self._attempt = (), 0
        places = self._matrix.places()
        self._foot.show_count(sum(one <= place for one in places), len(places))
        self._show_job(self._matrix.job_at(place))
        self._facts.show_attempts((), 0)

    def _show_attempt(self, attempt: int) -> None:
        if 0 <= attempt < len(self._attempts) and attempt != self._attempt:
            self._attempt = attempt
            self._show_job(self._attempts[attempt])
            self._facts.show_attempts(self._attempts, attempt)

    def _show_job(self, job: Job | None) -> None:
        self._job, self._details = job, None
        caption = self._matrix.words_of(self._place)
        self.setAccessibleName(caption)
        self._facts.show_cell(caption, job)
        self._foot.show_verdict(job)
        if job is None:
            return
        self._show_picture(job)
        self.details_wanted.emit(job.id)

    def _show_picture(self, job: Job) -> None:
        if job.state is JobState.DONE and job.result is not None:
            self._middle.setCurrentIndex(0)
            self._canvas.show_pixmap(self._thumbnails.find(job.thumbnail, EDGES_PX[-1]) or QPixmap())
            self._results.want(Wish(0, job.result, self._thumbnails.path_of(job.thumbnail)))
        else:
            words = job_words(job).partition("\n")[2]
            self._state.say(state_icon(job.state), state_words(job.state), words)
            self._middle.setCurrentIndex(1)

    def _show_beside(self, reference: JobReference | None) -> None:
        self._reference = reference
        self._beside.setVisible(reference is not None)
        if reference is not None:
            self._beside.show_pixmap(self._thumbnails.find(reference.thumbnail, EDGES_PX[-1]) or QPixmap())
            thumbnail = self._thumbnails.path_of(reference.thumbnail)
            self._references.want(Wish(reference.asset_id or 0, reference.path, thumbnail))

    def _judge(self, verdict: Verdict) -> None:
        if self._job is not None and self._job.state is JobState.DONE:
            self.judged.emit(self._job.id, verdict)

    def _redo(self) -> None:
        if self._job is not None and self._attempt == 0:
            self.redo_wanted.emit(self._job, self._details.prompt if self._details else "")

    def _on_changed(self) -> None:
        """Follow the cell on show: it may be made by now, or be another attempt."""
        job = self._matrix.job_at(self._place)
        if not self.isVisible() or self._attempt or job is None:
            return
        if self._job is None or (job.id, job.state) != (self._job.id, self._job.state):
            self._show(self._place)

    def _on_result(self, picture: Picture) -> None:
        if (
            self.isVisible()
            and self._job is not None
            and picture.path == self._job.result
            and not picture.image.isNull()
        ):
            self._canvas.show_pixmap(QPixmap.fromImage(picture.image))
            self._canvas.look(self._beside.view if self._beside.isVisible() else None)

    def _on_reference(self, picture: Picture) -> None:
        if self._reference is not None and picture.path == self._reference.path and not picture.image.isNull():
            self._beside.show_pixmap(QPixmap.fromImage(picture.image))
            self._beside.look(self._canvas.view)
