"""Colours and type of the window: two calm tones and one accent, so that the pictures are the colour.

Owned by `desktop.app`. Widgets never ask for a theme: they read the palette, whose roles mean what `_palette` says.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from string import Template

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication

from desktop.resources import resource
from desktop.settings import ThemeChoice

FONT_FAMILIES = ("Inter", "Segoe UI Variable Text", "Segoe UI", "SF Pro Text", "Noto Sans", "Noto Sans CJK SC")
FONT_PT = 9.75


@dataclass(frozen=True, slots=True)
class Tone:
    """One palette; `ground` lies under the pictures, `panel` beside them, `raised` on top of either."""

    ground: str
    panel: str
    raised: str
    hover: str
    line: str
    text: str
    muted: str
    accent: str
    on_accent: str
    warning: str


DARK = Tone(
    ground="#17181a",
    panel="#1e1f22",
    raised="#292b2f",
    hover="#303338",
    line="#2f3136",
    text="#e4e5e8",
    muted="#92969e",
    accent="#6f9bff",
    on_accent="#0e1013",
    warning="#e0a458",
)
LIGHT = Tone(
    ground="#fafafa",
    panel="#f1f1f2",
    raised="#ffffff",
    hover="#e6e7e9",
    line="#dcdde0",
    text="#1f2124",
    muted="#6a6e76",
    accent="#2f62d9",
    on_accent="#ffffff",
    warning="#a8640c",
)

_SCHEMES = {
    ThemeChoice.SYSTEM: Qt.ColorScheme.Unknown,
    ThemeChoice.LIGHT: Qt.ColorScheme.Light,
    ThemeChoice.DARK: Qt.ColorScheme.Dark,
}


class Theme(QObject):
    """Dresses the application and follows the system while it is asked to."""

    def __init__(self, application: QApplication) -> None:
        super().__init__(application)
        self._application = application
        self._choice = ThemeChoice.SYSTEM
        application.setStyle("Fusion")
        application.setFont(_font())
        application.styleHints().colorSchemeChanged.connect(self._dress)
        self._dress()

    def choose(self, choice: ThemeChoice) -> None:
        """Wear this theme from now on."""
        if choice is self._choice:
            # To set a style sheet costs a glance at every widget, and every preference that changes leads here.
            return
        self._choice = choice
        self._application.styleHints().setColorScheme(_SCHEMES[choice])
        self._dress()

    def _dress(self) -> None:
        tone = self._tone()
        self._application.setPalette(_palette(tone))
        self._application.setStyleSheet(_style_sheet(tone))

    def _tone(self) -> Tone:
        if self._choice is ThemeChoice.SYSTEM:
            return DARK if self._application.styleHints().colorScheme() == Qt.ColorScheme.Dark else LIGHT
        return DARK if self._choice is ThemeChoice.DARK else LIGHT


def _font() -> QFont:
    font = QFont()
    font.setFamilies([*FONT_FAMILIES, *font.families()])
    font.setPointSizeF(FONT_PT)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font


def _palette(tone: Tone) -> QPalette:
    roles = QPalette.ColorRole
    palette = QPalette()
    for role, colour in (
        (roles.Window, tone.panel),
        (roles.Base, tone.ground),
        (roles.AlternateBase, tone.raised),
        (roles.Button, tone.raised),
        (roles.Midlight, tone.hover),
        (roles.Mid, tone.line),
        (roles.WindowText, tone.text),
        (roles.Text, tone.text),
        (roles.ButtonText, tone.text),
        (roles.PlaceholderText, tone.muted),
        (roles.Highlight, tone.accent),
        (roles.Accent, tone.accent),
        (roles.HighlightedText, tone.on_accent),
        (roles.BrightText, tone.warning),
        (roles.Link, tone.accent),
        (roles.ToolTipBase, tone.raised),
        (roles.ToolTipText, tone.text),
    ):
        palette.setColor(role, QColor(colour))
    for role in (roles.WindowText, roles.Text, roles.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(tone.muted))
    return palette


def _style_sheet(tone: Tone) -> str:
    return Template(resource("window.qss").read_text("utf-8")).substitute(
        asdict(tone), icons=resource("icons").as_posix()
    )
