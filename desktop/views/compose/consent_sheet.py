"""The sheet before anything is sent: every job, the exact pixels that leave, the price, and what may go wrong.

Only its Send button runs the plan; whoever opens it is told by `agreed`.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QDialog, QHBoxLayout, QListView, QPlainTextEdit, QSplitter, QWidget

from desktop.amounts import amount_words
from desktop.engine_client import EngineClient
from desktop.generator_words import generator_word
from desktop.models.planned_jobs import PlannedJobs, PlannedRole
from desktop.thumbnails import FileThumbnails
from desktop.troubles import told
from desktop.views.compose.outgoing_view import LargePicture, OutgoingView
from desktop.views.compose.planned_job_delegate import PlannedJobDelegate
from desktop.views.compose.price_panel import PricePanel
from desktop.views.compose.role_words import role_word
from desktop.views.parts import Role, button, column, label, line, paragraph, rule
from desktop.views.settings_pages import SettingsPage
from engine import protocol
from engine.protocol import (
    BatchStarted,
    Caution,
    CompositionPlanned,
    GeneratorsListed,
    LedgerFetched,
    OutgoingPicture,
    PlannedJob,
    PlannedJobsFetched,
    RequestFailed,
)

USUAL_SIZE = (1060, 780)
PROMPT_PX = 140
PICTURES_PX = 500
MARGIN_PX = 24
PLAN_UNKNOWN = "plan_unknown"


class ConsentSheet(QDialog):
    """Asks for consent to one plan."""

    agreed = Signal(object)
    """The BatchStarted of a plan that the user agreed to."""
    settings_wanted = Signal(object)
    """The SettingsPage where something can be mended that is in the way."""

    def __init__(self, client: EngineClient, planned: CompositionPlanned, parent: QWidget) -> None:
        super().__init__(parent)
        self._client = client
        self._plan_id, self._plan = planned.request_id, planned.plan
        self._budget = planned.plan.budget
        self._lacks_key = Caution.NO_KEY in planned.plan.cautions
        self._running = 0
        self._refusal = ""
        self._lost = False
        self._thumbnails = FileThumbnails()
        self._jobs = PlannedJobs(planned.plan.total, planned.jobs)
        files = {picture.source: picture.path for picture in planned.plan.outgoing}
        self._delegate = PlannedJobDelegate(self._thumbnails, files)
        self._list = QListView()
        self._prompt = QPlainTextEdit()
        self._price = PricePanel(planned.plan)
        self._again = QCheckBox(self.tr("Do not ask again for this batch"))
        self._over_day = paragraph(
            self.tr(
                "This may cost more than is left today. The batch stops when the budget of the day is used up,"
                " and can be resumed later."
            ),
            Role.WARNING,
        )
        self._reason = paragraph(role=Role.WARNING)
        self._mend = button("", Role.LINK)
        self._send = button("", Role.PRIMARY)
        self._cancel = button(self.tr("Cancel"))
        self.setWindowTitle(self.tr("Review and send"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(*USUAL_SIZE)
        self._dress()
        self._lay_out()
        self._connect()
        self._judge()
        self._list.setCurrentIndex(self._jobs.index(0))

    @property
    def asks_again(self) -> bool:
        """Whether the user wants a sheet before jobs of this batch are sent again."""
        return not self._again.isChecked()

    def done(self, result: int) -> None:
        """Stop reading pictures."""
        self._thumbnails.close()
        super().done(result)

    def _dress(self) -> None:
        total = self._plan.total
        self._send.setText(self.tr("Make %Ln draft(s)", "", total) if self._plan.local else self._send_words(total))
        self._send.setDefault(True)
        self._list.setModel(self._jobs)
        self._list.setItemDelegate(self._delegate)
        self._list.setUniformItemSizes(True)
        self._list.setMouseTracking(True)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self._list.setAccessibleName(self.tr("Pictures to make"))
        self._prompt.setReadOnly(True)
        self._prompt.setTabChangesFocus(True)
        self._prompt.setFixedHeight(PROMPT_PX)
        self._prompt.setAccessibleName(self.tr("Prompt of the chosen picture"))
        self._again.setToolTip(
            self.tr("Pictures of this batch that you ask for once more are sent without this sheet, within its budget.")
        )
        self._again.setVisible(not self._plan.local)

    def _send_words(self, total: int) -> str:
        return self.tr("Send %Ln request(s)", "", total)

    def _lay_out(self) -> None:
        whole = column(self, 0)
        head = column(spacing=4, margins=(MARGIN_PX, 20, MARGIN_PX, 12))
        head.addWidget(label(self._title(), Role.HEADING))
        head.addWidget(paragraph(self._facts(), Role.MUTED))
        if Caution.RETIRING in self._plan.cautions:
            words = self.tr("{0} will be retired; {1} follows it.")
            head.addWidget(paragraph(words.format(self._plan.model, self._plan.successor), Role.WARNING))
        head.addWidget(self._over_day)
        whole.addLayout(head)
        panes = QSplitter(Qt.Orientation.Horizontal)
        panes.setChildrenCollapsible(False)
        panes.setHandleWidth(1)
        panes.addWidget(self._jobs_pane())
        panes.addWidget(self._outgoing_pane())
        panes.setSizes([USUAL_SIZE[0] - PICTURES_PX, PICTURES_PX])
        whole.addWidget(panes, 1)
        whole.addWidget(rule())
        whole.addLayout(self._foot())

    def _jobs_pane(self) -> QWidget:
        pane = QWidget()
        stack = column(pane, 8, (MARGIN_PX - 8, 4, 12, 14))
        heading = label(self.tr("%Ln picture(s) to make", "", self._plan.total), Role.SECTION)
        heading.setContentsMargins(8, 0, 0, 0)
        stack.addWidget(heading)
        stack.addWidget(self._list, 1)
        stack.addWidget(self._prompt)
        return pane

    def _outgoing_pane(self) -> QWidget:
        pane, outgoing = QWidget(), self._plan.outgoing
        stack = column(pane, 8, (12, 4, MARGIN_PX - 8, 14))
        stack.addWidget(label(self._outgoing_title(outgoing), Role.SECTION))
        if not outgoing:
            stack.addWidget(paragraph(self.tr("No picture is sent, only the words of the prompts."), Role.MUTED))
            stack.addStretch(1)
            return pane
        if not self._plan.local:
            words = self.tr(
                "These very files are sent, made smaller where needed. Place, camera, names and all other data"
                " about the originals are left out. Press one to see every pixel."
            )
            stack.addWidget(paragraph(words, Role.MUTED))
        view = OutgoingView(outgoing, self._thumbnails)
        view.opened.connect(self._show_large)
        stack.addWidget(view, 1)
        return pane

    def _foot(self) -> QHBoxLayout:
        buttons = line(spacing=10)
        buttons.addStretch(1)
        buttons.addWidget(self._cancel)
        buttons.addWidget(self._send)
        right = column(spacing=8)
        right.addWidget(self._reason)
        right.addWidget(self._mend, alignment=Qt.AlignmentFlag.AlignLeft)
        right.addStretch(1)
        right.addWidget(self._again, alignment=Qt.AlignmentFlag.AlignRight)
        right.addLayout(buttons)
        foot = line(spacing=28, margins=(MARGIN_PX, 14, MARGIN_PX, 16))
        foot.addWidget(self._price, 3)
        foot.addLayout(right, 2)
        return foot

    def _connect(self) -> None:
        client = self._client
        self._jobs.page_wanted.connect(lambda offset: client.send(protocol.FetchPlannedJobs, self._plan_id, offset))
        self._jobs.dataChanged.connect(self._show_prompt)
        self._list.selectionModel().currentChanged.connect(self._show_prompt)
        self._thumbnails.arrived.connect(lambda _: self._list.viewport().update())
        self._price.cap_changed.connect(self._judge)
        self._mend.clicked.connect(lambda: self.settings_wanted.emit(self._page_that_mends()))
        self._cancel.clicked.connect(self.reject)
        self._send.clicked.connect(self._run)
        client.planned_jobs_fetched.connect(self._on_jobs)
        client.batch_started.connect(self._on_started)
        client.request_failed.connect(self._on_failed)
        client.generators_listed.connect(self._on_generators)
        client.ledger_fetched.connect(self._on_ledger)

    # Words

    def _title(self) -> str:
        if self._plan.local:
            return self.tr("Make drafts on this computer?")
        return self.tr("Send this to {0}?").format(generator_word(self._plan.generator))

    def _facts(self) -> str:
        plan = self._plan
        into = self.tr("into {0}").format(plan.results_folder)
        return " · ".join((plan.title, plan.size, plan.ratio, into))

    def _outgoing_title(self, outgoing: Sequence[OutgoingPicture]) -> str:
        if self._plan.local:
            return self.tr("Nothing leaves this computer")
        return self.tr("%Ln picture(s) leave this computer", "", len(outgoing))

    def _obstacle(self) -> str:
        """Return why sending could not succeed, nothing where it can."""
        plan = self._plan
        if self._lost:
            return self._refusal
        if self._lacks_key:
            return self.tr("There is no key for {0}.").format(generator_word(plan.generator))
        if plan.price > self._price.cap:
            return self.tr("All of it may cost {0}, more than this batch may.").format(amount_words(plan.price))
        if plan.price_each > self._budget.left_today:
            return self.tr("One picture may cost more than is left today.")
        return ""

    def _page_that_mends(self) -> SettingsPage:
        return SettingsPage.GENERATORS if self._lacks_key else SettingsPage.SPENDING

    def _judge(self) -> None:
        obstacle = self._obstacle()
        self._over_day.setVisible(self._plan.price > self._budget.left_today)
        self._reason.setText(obstacle or self._refusal)
        self._reason.setVisible(bool(obstacle or self._refusal))
        short = self._plan.price_each > self._budget.left_today
        self._mend.setVisible(not self._lost and (self._lacks_key or short))
        self._mend.setText(self.tr("Enter a key…") if self._lacks_key else self.tr("Change the budget of the day…"))
        self._send.setEnabled(not obstacle and not self._running)
        self._send.setToolTip(obstacle)
        self._send.setAccessibleDescription(obstacle)

    def _show_prompt(self, *_: object) -> None:
        job: PlannedJob | None = self._list.currentIndex().data(PlannedRole.JOB)
        words = "" if job is None else _prompt_words(job)
        if words != self._prompt.toPlainText():
            self._prompt.setPlainText(words)

    def _show_large(self, picture: OutgoingPicture) -> None:
        LargePicture(picture, self._thumbnails, self).open()

    # What happens

    def _run(self) -> None:
        self._refusal = ""
        self._running = self._client.send(protocol.RunPlan, self._plan_id, self._price.cap)
        self._judge()

    def _on_jobs(self, event: PlannedJobsFetched) -> None:
        if event.plan_id == self._plan_id:
            self._jobs.fill(event.offset, event.jobs)

    def _on_started(self, event: BatchStarted) -> None:
        if event.request_id == self._running:
            self.agreed.emit(event)
            self.accept()

    def _on_failed(self, event: RequestFailed) -> None:
        if event.request_id == self._running:
            self._running = 0
            self._lost = event.code == PLAN_UNKNOWN
            self._refusal = " ".join(filter(None, told(event.code, event.message, event.hint)))
            self._judge()

    def _on_generators(self, event: GeneratorsListed) -> None:
        """Look again whether there is a key: the settings ask for the generators after every change."""
        for generator in event.generators:
            if generator.name == self._plan.generator:
                self._lacks_key = generator.lacks_key
        self._judge()

    def _on_ledger(self, event: LedgerFetched) -> None:
        self._budget = event.budget
        self._price.show_budget(event.budget)
        self._judge()


def _prompt_words(job: PlannedJob) -> str:
    """Return what each reference is by its number, then the prompt."""
    listed = [f"{one.number}  {role_word(one.role)}  {one.path.name}" for one in job.references]
    return "\n".join((*listed, "", job.prompt)).strip()
