"""The settings page of the quality model: which one, what it sees first, what that takes, and whether it runs."""

from __future__ import annotations

from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QFileDialog, QFormLayout, QListWidget, QMessageBox, QWidget

from desktop.amounts import MICRO, amount_words
from desktop.engine_client import EngineClient
from desktop.generator_words import generator_word
from desktop.troubles import told
from desktop.views.parts import Role, button, column, line, paragraph
from desktop.views.quality_plan import PlanView, short_date
from desktop.views.service_key import ServiceKey
from engine import protocol
from engine.protocol import (
    ModelsListed,
    QualityActivity,
    QualityChanged,
    QualityPlan,
    QualityPlanned,
    RequestCompleted,
    RequestFailed,
    SettingsFetched,
)

ENCODER = "quality_encoder"
FOLDERS = "quality_folders"
FOLDERS_PX = 60
USUAL_BUDGET_USD = 5.0
MOST_USD = 100_000.0


class QualityPage(QWidget):
    """What is chosen holds at once; what costs money is asked for first."""

    def __init__(self, client: EngineClient) -> None:
        super().__init__()
        self._client = client
        self._plan: QualityPlan | None = None
        self._activity = QualityActivity.IDLE
        self._reason = ""
        self._pending = self._planning = 0
        self._titles: dict[str, str] = {}
        self._sheet_waits = False
        self._encoder = QComboBox()
        self._encoder.setAccessibleName(self.tr("Quality model"))
        self._folders = QListWidget()
        self._folders.setFixedHeight(FOLDERS_PX)
        self._folders.setAccessibleName(self.tr("Folders to begin with"))
        self._remove = button(self.tr("Remove"), Role.LINK)
        self._budget = QDoubleSpinBox()
        self._budget.setRange(0, MOST_USD)
        self._budget.setPrefix("$")
        self._budget.setValue(USUAL_BUDGET_USD)
        self._key = ServiceKey(client)
        self._view = PlanView()
        self._state = paragraph(role=Role.ACCENT)
        self._run = button("", Role.PRIMARY)
        self._form = QFormLayout()
        self._lay_out()
        self._connect()
        self._ask()

    def _lay_out(self) -> None:
        add = button(self.tr("Add folder…"), Role.LINK)
        add.clicked.connect(self._add_folder)
        self._remove.clicked.connect(self._remove_folder)
        words = self.tr(
            "A better model may see some of your pictures and have a say in every search."
            " Pictures that it has not seen are found by the other model as before."
        )
        page = column(self, 12)
        page.addWidget(paragraph(words, Role.MUTED))
        self._form.setHorizontalSpacing(20)
        self._form.addRow(self.tr("Quality model"), self._encoder)
        self._form.addRow(self.tr("Its key"), self._key)
        first = QWidget()
        stack = column(first, 4)
        stack.addWidget(self._folders)
        row = line()
        row.addWidget(add)
        row.addWidget(self._remove)
        row.addStretch(1)
        stack.addLayout(row)
        self._form.addRow(self.tr("Begin with"), first)
        self._form.addRow(self.tr("It may cost"), self._budget)
        page.addLayout(self._form)
        order = self.tr("Then come pictures in use (stars, tags, notes, references, picked results), then the newest.")
        page.addWidget(paragraph(order, Role.MUTED))
        page.addWidget(self._view)
        foot = line()
        foot.addWidget(self._run)
        foot.addWidget(self._state, 1)
        page.addLayout(foot)
        page.addStretch(1)
        self._show_folders()
        self._show()

    def _connect(self) -> None:
        client = self._client
        self._encoder.activated.connect(self._choose)
        self._budget.editingFinished.connect(self._ask_plan)
        self._run.clicked.connect(self._press)
        client.connected.connect(self._ask)
        client.models_listed.connect(self._on_models)
        client.settings_fetched.connect(self._on_settings)
        client.quality_planned.connect(self._on_planned)
        client.quality_changed.connect(self._on_changed)
        client.request_completed.connect(self._on_completed)
        client.request_failed.connect(self._on_failed)

    def _ask(self) -> None:
        for question in (protocol.ListModels, protocol.FetchSettings):
            self._client.send(question)

    def _ask_plan(self) -> None:
        if self._encoder.currentData():
            self._planning = self._client.send(protocol.PlanQuality, budget=round(self._budget.value() * MICRO))
        else:
            self._forget_plan()

    def _forget_plan(self) -> None:
        self._plan, self._planning, self._sheet_waits = None, 0, False
        self._show()

    def _on_models(self, event: ModelsListed) -> None:
        chosen = self._encoder.currentData()
        self._encoder.clear()
        self._titles = {model.spec: model.title for model in event.models}
        self._encoder.addItem(self.tr("None"), "")
        for model in event.models:
            if model.spec and not model.in_use:
                self._encoder.addItem(model.title, model.spec)
        self._select(chosen or "")

    def _on_settings(self, event: SettingsFetched) -> None:
        values = {setting.name: setting for setting in event.settings}
        if ENCODER not in values:
            return
        self._select(values[ENCODER].value)
        self._encoder.setEnabled(not values[ENCODER].fixed_by)
        self._encoder.setToolTip(values[ENCODER].fixed_by)
        self._folders.clear()
        self._folders.addItems(values[FOLDERS].value.splitlines())
        self._show_folders()
        self._ask_plan()

    def _select(self, spec: str) -> None:
        if self._encoder.findData(spec) < 0:
            self._encoder.addItem(self._titles.get(spec, spec), spec)
        self._encoder.setCurrentIndex(self._encoder.findData(spec))

    def _on_planned(self, event: QualityPlanned) -> None:
        if event.request_id != self._planning:
            return
        self._plan, self._activity, self._planning = event.plan, event.activity, 0
        self._show()
        if self._sheet_waits:
            self._press()

    def _on_failed(self, event: RequestFailed) -> None:
        if event.request_id == self._planning:
            self._forget_plan()

    def _on_changed(self, event: QualityChanged) -> None:
        self._activity = event.activity
        self._reason = " ".join(told(event.code, event.message, event.hint))
        self._show()
        if event.activity is not QualityActivity.RUNS:
            self._ask_plan()

    def _on_completed(self, event: RequestCompleted) -> None:
        if event.request_id == self._pending:
            self._ask_plan()

    def _show(self) -> None:
        plan = self._plan
        paid = plan is not None and plan.terms is not None
        self._form.setRowVisible(self._budget, paid)
        self._key.show_service(plan.terms.service if plan is not None and plan.terms is not None else "")
        self._form.setRowVisible(self._key, paid)
        self._view.show_plan(plan)
        runs = self._activity is QualityActivity.RUNS
        self._run.setVisible(plan is not None and (runs or plan.waiting > 0))
        self._run.setText(self._verb(paid=paid))
        self._run.setEnabled(runs or not paid or (plan is not None and plan.images > 0))
        self._state.setText(self._state_words())

    def _verb(self, *, paid: bool) -> str:
        if self._activity is QualityActivity.RUNS:
            return self.tr("Pause")
        return self.tr("Send and pay…") if paid else self.tr("Go on")

    def _state_words(self) -> str:
        if self._plan is None:
            return ""
        if not self._plan.waiting:
            return self.tr("It has seen everything that it may see.")
        return {
            QualityActivity.IDLE: "",
            QualityActivity.RUNS: self.tr("It is being shown pictures."),
            QualityActivity.HELD: self.tr("Paused"),
            QualityActivity.STOPPED: self._reason or self.tr("It stopped by itself."),
        }[self._activity]

    def _choose(self) -> None:
        self._forget_plan()
        self._change(ENCODER, str(self._encoder.currentData()))

    def _change(self, name: str, value: str) -> None:
        self._pending = self._client.send(protocol.ChangeSettings, ((name, value),))

    def _add_folder(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, self.tr("Begin with this folder"))
        if chosen:
            self._folders.addItem(chosen)
            self._keep_folders()

    def _remove_folder(self) -> None:
        self._folders.takeItem(self._folders.currentRow())
        self._keep_folders()

    def _show_folders(self) -> None:
        for widget in (self._folders, self._remove):
            widget.setVisible(self._folders.count() > 0)

    def _keep_folders(self) -> None:
        self._show_folders()
        rows = range(self._folders.count())
        self._change(FOLDERS, "\n".join(self._folders.item(row).text() for row in rows))

    def _press(self) -> None:
        if self._activity is QualityActivity.RUNS:
            self._client.send(protocol.HoldQuality, True)
        elif self._plan is not None and self._plan.terms is not None:
            # What was typed a moment ago is planned first: the sheet tells what that buys.
            self._sheet_waits = bool(self._planning)
            if not self._sheet_waits:
                self._ask_consent(self._plan)
        else:
            self._client.send(protocol.HoldQuality, False)

    def _ask_consent(self, plan: QualityPlan) -> None:
        """Say what is sent where and for how much, before anything is."""
        assert plan.terms is not None
        budget, service = round(self._budget.value() * MICRO), generator_word(plan.terms.service)
        box = QMessageBox(self)
        box.setWindowTitle(self.tr("Send pictures to {0}").format(service))
        box.setText(
            self.tr("Send %Ln picture(s) to {0}, for {1} at most?", "", plan.images).format(
                service, amount_words(plan.price)
            )
        )
        told_more = self.tr(
            "Each is made smaller and costs at most {0} (prices of {1}). Today {2} may be spent. The run never spends"
            " more than {3}. From now on the words of your searches are sent there as well, each once. Names, places"
            " and camera data are not sent; pictures marked “never send” stay here."
        )
        each, left, most = (amount_words(amount) for amount in (plan.terms.per_image, plan.day_left, budget))
        box.setInformativeText(told_more.format(each, short_date(plan.terms.as_of), left, most))
        send = box.addButton(self.tr("Send and pay"), QMessageBox.ButtonRole.AcceptRole)
        box.addButton(QMessageBox.StandardButton.Cancel)
        box.setDefaultButton(QMessageBox.StandardButton.Cancel)
        send.clicked.connect(lambda: self._client.send(protocol.BuyQuality, budget))
        box.open()
