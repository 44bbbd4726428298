"""The foot of the compose page: how pictures should be, what they come to, and the way on."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QComboBox, QFileDialog, QHBoxLayout, QSizePolicy, QSpinBox, QWidget

from desktop.amounts import amount_words
from desktop.models.composition import Excess, Kind, Output
from desktop.views.parts import Role, button, column, label, line, number_box, paragraph
from engine.protocol import Caution, CompositionPlan, Generator, GeneratorModel

MOST_TAKES = 100
MODEL_PX = 270


class OutputFoot(QWidget):
    """Shows an Output and a plan's price; emits changes and the wish to go on."""

    changed = Signal(str, object)
    """A field of Output, and its value."""
    keys_wanted = Signal()
    review_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("foot")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.model = QComboBox()
        self.size_box = QComboBox()
        self.ratio = QComboBox()
        self.takes = number_box(QSpinBox())
        self.folder = button("", Role.LINK)
        self.price = paragraph()
        self.warning = paragraph(role=Role.WARNING)
        self.remedy = button("", Role.LINK)
        self.review = button(self.tr("Review and send…"), Role.PRIMARY)
        self._models: list[GeneratorModel] = []
        self._remedy_model = ""
        self._folder: Path | None = None
        self._lay_out()
        self._connect()

    def offer(self, generators: Sequence[Generator], output: Output, model: GeneratorModel | None) -> None:
        """Show which models there are, and what was chosen of one."""
        self._models = [one for generator in generators for one in generator.models]
        self.model.clear()
        for generator in generators:
            for one in generator.models:
                self.model.addItem(self._model_words(one, lacks_key=generator.lacks_key))
        if model is None:
            return
        self.model.setCurrentIndex(self._models.index(model))
        self._disable_retired()
        _fill(self.size_box, [size for size, _ in model.prices], output.size)
        _fill(self.ratio, model.ratios, output.ratio)
        self.takes.blockSignals(True)
        self.takes.setValue(output.count)
        self.takes.blockSignals(False)
        self._folder = output.folder

    def show_plan(self, plan: CompositionPlan | None) -> None:
        """Show what a plan comes to, and what should be known of it."""
        self.review.setEnabled(plan is not None)
        if plan is None:
            self._show_folder(self._folder)
            return
        self.price.setText(self._price_words(plan))
        self._show_folder(plan.results_folder)
        self._show_cautions(plan)

    def show_waiting(self, waits: bool) -> None:
        """Show that the price is being worked out anew."""
        self.price.setEnabled(not waits)
        if waits:
            self.warn("")
            self.review.setEnabled(False)

    def say(self, words: str) -> None:
        """Show words in place of a price."""
        self.price.setText(words)
        self.warn("")

    def warn(self, words: str, remedy: str = "", model: str = "") -> None:
        """Show what stands in the way, and a press that helps; with `model` it changes to that one."""
        self.warning.setText(words)
        self.warning.setVisible(bool(words))
        self.remedy.setText(remedy)
        self.remedy.setVisible(bool(remedy))
        self._remedy_model = model

    def warn_of_retired(self, model: GeneratorModel) -> None:
        """Show that a model is not offered any more, and offer its successor."""
        words = self.tr("{0} is not offered any more.").format(model.title)
        self.warn(words, self.tr("Use {0}").format(self._title_of(model.successor)), model.successor)

    def excess_words(self, excess: Sequence[Excess]) -> str:
        """Return in words where a model takes fewer references."""
        names = {
            Kind.OBJECTS: self.tr("at most {0} references a picture, here are {1}"),
            Kind.PERSONS: self.tr("at most {0} persons a picture, here are {1}"),
            Kind.STYLES: self.tr("at most {0} styles a picture, here are {1}"),
        }
        if not excess:
            return ""
        parts = "; ".join(names[one.kind].format(one.most, one.many) for one in excess)
        return self.tr("This model takes {0}. Choose fewer, use them in turn, or choose another model.").format(parts)

    def _lay_out(self) -> None:
        self.model.setFixedWidth(MODEL_PX)
        self.model.setAccessibleName(self.tr("Image model"))
        self.size_box.setAccessibleName(self.tr("Size"))
        self.ratio.setAccessibleName(self.tr("Aspect ratio"))
        self.takes.setRange(1, MOST_TAKES)
        self.takes.setPrefix("× ")
        self.takes.setAccessibleName(self.tr("Pictures of each combination"))
        self.takes.setToolTip(self.tr("Pictures of each combination"))
        self.folder.setAccessibleName(self.tr("Folder for new pictures"))
        stack = column(self, 6, (16, 10, 16, 10))
        stack.addLayout(self._choices())
        self.price.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        said = line()
        words = column(spacing=2)
        warned = line(spacing=10)
        warned.addWidget(self.warning, 1)
        warned.addWidget(self.remedy)
        words.addWidget(self.price)
        words.addLayout(warned)
        said.addLayout(words, 1)
        said.addWidget(self.review, alignment=Qt.AlignmentFlag.AlignBottom)
        stack.addLayout(said)
        self.warn("")
        self.review.setEnabled(False)
        self.review.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def _choices(self) -> QHBoxLayout:
        row = line(spacing=6)
        for widget in (self.model, self.size_box, self.ratio, self.takes):
            row.addWidget(widget)
        row.addSpacing(8)
        row.addWidget(label(self.tr("into"), Role.MUTED))
        row.addWidget(self.folder)
        row.addStretch(1)
        return row

    def _connect(self) -> None:
        self.model.activated.connect(lambda at: self.changed.emit("model", self._models[at].name))
        self.size_box.activated.connect(lambda: self.changed.emit("size", self.size_box.currentText()))
        self.ratio.activated.connect(lambda: self.changed.emit("ratio", self.ratio.currentText()))
        self.takes.valueChanged.connect(lambda count: self.changed.emit("count", count))
        self.folder.clicked.connect(self._choose_folder)
        self.remedy.clicked.connect(self._on_remedy)
        self.review.clicked.connect(self.review_wanted)

    def _choose_folder(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, self.tr("Folder for new pictures"), self.folder.toolTip())
        if chosen:
            self.changed.emit("folder", Path(chosen))

    def _show_folder(self, folder: Path | None) -> None:
        self.folder.setText(folder.name if folder else self.tr("the usual folder"))
        self.folder.setToolTip(str(folder or ""))

    def _model_words(self, model: GeneratorModel, *, lacks_key: bool) -> str:
        if model.retired:
            return self.tr("{0} — retired, use {1}").format(model.title, self._title_of(model.successor))
        return self.tr("{0} — needs a key").format(model.title) if lacks_key else model.title

    def _title_of(self, name: str) -> str:
        return next((one.title for one in self._models if one.name == name), name)

    def _disable_retired(self) -> None:
        items = self.model.model()
        if isinstance(items, QStandardItemModel):
            for at, model in enumerate(self._models):
                items.item(at).setEnabled(not model.retired)

    def _price_words(self, plan: CompositionPlan) -> str:
        parts = [self.tr("%Ln picture(s)", "", plan.total)]
        if plan.price:
            parts.append(amount_words(plan.price, plan.currency))
            parts.append(self.tr("prices of {0}").format(plan.as_of))
            parts.append(self.tr("{0} left today").format(amount_words(plan.budget.left_today)))
        else:
            parts.append(self.tr("free"))
        if plan.local:
            parts.append(self.tr("nothing leaves this computer"))
        return " · ".join(parts)

    def _show_cautions(self, plan: CompositionPlan) -> None:
        if Caution.NO_KEY in plan.cautions:
            self.warn(self.tr("{0} needs a key before anything can be sent.").format(plan.title), self.tr("Enter it…"))
        elif Caution.OVER_DAY in plan.cautions:
            left = amount_words(plan.budget.left_today)
            self.warn(self.tr("This costs more than the {0} that are left of today's budget.").format(left))
        elif Caution.OVER_BATCH in plan.cautions:
            most = amount_words(plan.budget.batch)
            self.warn(self.tr("This costs more than the {0} that a batch may cost.").format(most))
        elif Caution.RETIRING in plan.cautions:
            words = self.tr("{0} will be retired.").format(plan.title)
            successor = self._title_of(plan.successor)
            self.warn(words, self.tr("Use {0}").format(successor), plan.successor)
        else:
            self.warn("")

    def _on_remedy(self) -> None:
        if self._remedy_model:
            self.changed.emit("model", self._remedy_model)
        else:
            self.keys_wanted.emit()


def _fill(box: QComboBox, offered: Sequence[str], chosen: str) -> None:
    box.clear()
    box.addItems(list(offered))
    box.setCurrentText(chosen if chosen in offered else ("1K" if "1K" in offered else offered[0]))
