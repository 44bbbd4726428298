"""The card of one model: what it is good for, under which licence, where its files are, what can be done with it."""

from __future__ import annotations

from PySide6.QtCore import QLocale, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QRadioButton

from desktop.troubles import told
from desktop.views.parts import Role, button, column, label, line, paragraph
from engine.protocol import Model, ModelPlace, ModelStopped, Transfer, TransferStep

BAR_STEPS = 1000
LANGUAGES_NAMED = 4
GIGABYTE = 1_000_000_000


class ModelCard(QFrame):
    """Shows a model as it stands; says what the user wants of it."""

    chosen = Signal(object)
    download_wanted = Signal(object)
    import_wanted = Signal(object)
    stop_wanted = Signal(object)
    remove_wanted = Signal(object)
    drop_wanted = Signal(object)

    def __init__(self, model: Model, stopped: ModelStopped | None = None) -> None:
        """Show a model, and why its files did not arrive, where that is the last that was heard of them."""
        super().__init__()
        self.setObjectName("card")
        self.model = model
        self._transfer_words = label(role=Role.ACCENT)
        self._transfer_bar = _bar(self.tr("Transfer"))
        self._built_words = label(role=Role.ACCENT)
        self._built_bar = _bar(self.tr("Indexing"))
        stack = column(self, 5, (16, 12, 16, 12))
        stack.addLayout(self._head())
        for words in filter(None, (self._facts(), self._needs())):
            stack.addWidget(paragraph(words, Role.MUTED))
        if not model.commercial:
            stack.addWidget(paragraph(self.tr("The licence does not allow commercial use."), Role.WARNING))
        for words in filter(None, (self._in_our_language(model.note, model.note_zh), self._figures())):
            stack.addWidget(paragraph(words, Role.MUTED))
        stack.addLayout(self._files_row())
        if stopped is not None and stopped.code:
            what, remedy = told(stopped.code, stopped.message, stopped.hint)
            stack.addWidget(paragraph(f"{what} {remedy}", Role.WARNING))
        stack.addLayout(self._index_row())

    def show_transfer(self, transfer: Transfer) -> None:
        """Say how far the files are."""
        done, total = size_words(transfer.done_bytes), size_words(transfer.total_bytes)
        match transfer.step:
            case TransferStep.DOWNLOADING:
                words = self.tr("downloading: {0} of {1}").format(done, total)
            case TransferStep.COPYING:
                words = self.tr("copying: {0} of {1}").format(done, total)
            case TransferStep.CHECKING:
                words = self.tr("checking…")
        self._transfer_words.setText(words)
        self._transfer_bar.setValue(int(BAR_STEPS * transfer.done_bytes / max(1, transfer.total_bytes)))

    def show_built(self, share: float) -> None:
        """Say how far the index is."""
        self._built_words.setText(self.tr("being built: {0} %").format(QLocale().toString(int(share * 100))))
        self._built_bar.setValue(int(share * BAR_STEPS))

    def _head(self) -> QHBoxLayout:
        model = self.model
        choose = QRadioButton(model.title)
        choose.setChecked(model.in_use)
        choose.setEnabled((bool(model.spec) and model.place is not ModelPlace.CLOUD) or model.in_use)
        choose.clicked.connect(lambda: self.chosen.emit(model))
        row = line()
        row.addWidget(choose)
        row.addStretch(1)
        if model.disk_bytes:
            row.addWidget(label(size_words(model.disk_bytes), Role.MUTED))
        return row

    def _facts(self) -> str:
        languages = self.model.languages
        named = ", ".join(languages)
        if len(languages) > LANGUAGES_NAMED:
            named = self.tr("%Ln language(s)", "", len(languages))
            if "zh" in languages:
                named = self.tr("{0}, Chinese among them").format(named)
        return " · ".join(filter(None, (named, self.model.licence)))

    def _needs(self) -> str:
        speeds = {
            "fast": self.tr("fast on a processor"),
            "medium": self.tr("moderately fast on a processor"),
            "slow": self.tr("slow on a processor"),
        }
        memory = self.model.memory_bytes
        needed = self.tr("{0} of memory").format(size_words(memory)) if memory else ""
        return " · ".join(filter(None, (speeds.get(self.model.speed, ""), needed)))

    def _figures(self) -> str:
        return self._in_our_language(self.model.figures, self.model.figures_zh)

    def _in_our_language(self, english: str, chinese: str) -> str:
        return chinese if chinese and self.locale().language() == QLocale.Language.Chinese else english

    def _files_row(self) -> QHBoxLayout:
        """Return where the files are, and what can be done about it."""
        model, row = self.model, line()
        if model.transfer is not None:
            self.show_transfer(model.transfer)
            row.addWidget(self._transfer_words)
            row.addWidget(self._transfer_bar, 1)
            stop = button(self.tr("Stop"), Role.LINK)
            stop.clicked.connect(lambda: self.stop_wanted.emit(model))
            row.addWidget(stop)
            return row
        row.addWidget(label(self._place(), Role.MUTED))
        row.addStretch(1)
        if model.place is ModelPlace.ABSENT and model.files:
            go_on = self.tr("Go on downloading…") if model.arrived_bytes else self.tr("Download…")
            for words, wanted in ((go_on, self.download_wanted), (self.tr("Import…"), self.import_wanted)):
                made = button(words)
                made.clicked.connect(lambda _=False, wanted=wanted: wanted.emit(model))
                row.addWidget(made)
        unused = not model.searched and not model.in_use
        if unused and (model.place is ModelPlace.HERE or model.arrived_bytes):
            remove = button(self.tr("Delete its files…"), Role.LINK)
            remove.clicked.connect(lambda: self.remove_wanted.emit(model))
            row.addWidget(remove)
        return row

    def _place(self) -> str:
        if self.model.arrived_bytes and self.model.place is ModelPlace.ABSENT:
            return self.tr("{0} have arrived").format(size_words(self.model.arrived_bytes))
        return {
            ModelPlace.SHIPPED: self.tr("ships with Propmaster"),
            ModelPlace.HERE: self.tr("on this computer"),
            ModelPlace.SHARED: self.tr("on the studio's share"),
            ModelPlace.ABSENT: self.tr("not on this computer"),
            ModelPlace.CLOUD: self.tr("a paid service, for the quality index only"),
            ModelPlace.ELSEWHERE: "",
        }[self.model.place]

    def _index_row(self) -> QHBoxLayout:
        """Return what says how many vectors there are and what for, and offers to delete those that nothing needs."""
        model, row = self.model, line()
        if model.indexed:
            row.addWidget(label(self.tr("%Ln picture(s) indexed", "", model.indexed), Role.MUTED))
        if model.searched:
            row.addWidget(label(self.tr("answers searches"), Role.ACCENT))
        if model.built is not None:
            self.show_built(model.built)
            row.addWidget(self._built_words)
            row.addWidget(self._built_bar, 1)
        row.addStretch(1)
        if model.indexed and not model.searched and not model.in_use:
            delete = button(self.tr("Delete its index…"), Role.LINK)
            delete.clicked.connect(lambda: self.drop_wanted.emit(model))
            row.addWidget(delete)
        return row


def size_words(count: int) -> str:
    """Return a number of bytes as hubs and the table of models give it, in thousands."""
    decimals = 1 if count >= GIGABYTE else 0
    return QLocale().formattedDataSize(count, decimals, QLocale.DataSizeFormat.DataSizeSIFormat)


def _bar(name: str) -> QProgressBar:
    bar = QProgressBar()
    bar.setTextVisible(False)
    bar.setMaximum(BAR_STEPS)
    bar.setAccessibleName(name)
    return bar
