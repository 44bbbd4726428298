"""One generator in the settings: what it is, its key, its addresses, whether it answers, its models and prices."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QFormLayout, QFrame, QHBoxLayout

from desktop.generator_words import generator_note, generator_word
from desktop.reasons import told_reason
from desktop.views.key_row import KeyRow
from desktop.views.model_table import ModelTable
from desktop.views.parts import Role, button, column, label, line, paragraph
from desktop.views.setting_fields import SettingFields
from engine.protocol import ConnectionTried, Currency, Generator

WORKFLOW = "comfyui_workflow"


class GeneratorCard(QFrame):
    """Emits what is to be done; the page asks the engine."""

    key_entered = Signal(str)
    key_forgotten = Signal()
    test_wanted = Signal()

    def __init__(self, generator: Generator, currency: Currency | None, fields: SettingFields) -> None:
        super().__init__()
        self.setObjectName("card")
        self.generator = generator
        self._fields = fields
        self._keys: KeyRow | None = None
        self._test = button(self.tr("Test connection"))
        self._test.clicked.connect(self._on_test)
        self._outcome = paragraph()
        self._outcome.hide()
        stack = column(self, 8, (16, 14, 16, 14))
        stack.addLayout(self._head())
        stack.addWidget(paragraph(generator_note(generator.name), Role.MUTED))
        if generator.needs_key or generator.key is not None:
            self._keys = KeyRow(generator.key)
            self._keys.entered.connect(self.key_entered)
            self._keys.forgotten.connect(self.key_forgotten)
            stack.addWidget(self._keys)
        stack.addLayout(self._addresses())
        stack.addWidget(self._outcome)
        stack.addWidget(ModelTable(generator.models, currency))

    def show_trouble(self, words: str) -> None:
        """Say why its key could not be kept."""
        if self._keys is not None:
            self._keys.show_trouble(words)

    def show_outcome(self, tried: ConnectionTried) -> None:
        """Tell whether its service answers, and what to do where it does not."""
        self._test.setEnabled(True)
        if tried.works:
            works = self.tr("The connection works.")
            # An untranslated text is English, and then the engine's own words say more.
            words = tried.said if works == "The connection works." else works
        else:
            words = " ".join(filter(None, told_reason(tried.reason, tried.said, tried.hint)))
        self._tell(words, None if tried.works else Role.WARNING)

    def stop_waiting(self, words: str) -> None:
        """Say why it could not be tested."""
        self._test.setEnabled(True)
        self._tell(words, Role.WARNING)

    def _head(self) -> QHBoxLayout:
        row = line(spacing=10)
        row.addWidget(label(generator_word(self.generator.name), Role.HEADING))
        if self.generator.lacks_key:
            row.addWidget(label(self.tr("needs a key"), Role.WARNING))
        row.addStretch(1)
        row.addWidget(self._test)
        return row

    def _addresses(self) -> QFormLayout:
        form = QFormLayout()
        form.setContentsMargins(0, 0, 0, 0)
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(8)
        for name, title, hint in self._settings():
            field = self._fields.text(name, title, hint)
            if name != WORKFLOW:
                form.addRow(title, field)
                continue
            choose = button(self.tr("Choose…"))
            choose.clicked.connect(self._choose_workflow)
            row = line()
            row.addWidget(field, 1)
            row.addWidget(choose)
            form.addRow(title, row)
        return form

    def _settings(self) -> tuple[tuple[str, str, str], ...]:
        """Return name, title and hint of the settings that this generator has of its own."""
        usual = self.tr("the usual one")
        return {
            "gemini": (
                ("gemini_base_url", self.tr("Address"), usual),
                ("gemini_api_version", self.tr("Version"), self.tr("found by trying")),
                ("vertex_project", self.tr("Vertex project"), self.tr("none: a key is used")),
                ("vertex_location", self.tr("Vertex region"), "global"),
            ),
            "openai": (("openai_base_url", self.tr("Address"), usual),),
            "stable_diffusion": (("stable_diffusion_url", self.tr("Address"), ""),),
            "comfyui": (
                ("comfyui_url", self.tr("Address"), ""),
                (WORKFLOW, self.tr("Workflow"), self.tr("a file that ComfyUI exported with “Export (API)”")),
            ),
        }.get(self.generator.name, ())

    def _choose_workflow(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(self, self.tr("Workflow of ComfyUI"), "", "JSON (*.json)")
        if chosen:
            self._fields.change(WORKFLOW, chosen)

    def _on_test(self) -> None:
        self._test.setEnabled(False)
        self._tell(self.tr("Asking…"), Role.MUTED)
        self.test_wanted.emit()

    def _tell(self, words: str, role: Role | None) -> None:
        self._outcome.setProperty("role", None if role is None else role.value)
        self._outcome.style().polish(self._outcome)
        self._outcome.setText(words)
        self._outcome.show()
