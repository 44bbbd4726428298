"""The page where a composition is put together: four ways, the words for the whole, slots, and the foot."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLineEdit, QScrollArea, QWidget

from desktop.models.composition import Lack, Sheet, Way
from desktop.thumbnails import ThumbnailLoader
from desktop.views.compose.output_foot import OutputFoot
from desktop.views.compose.prompt_preview import PromptPreview
from desktop.views.compose.slot_card import SlotCard
from desktop.views.drops import carries_files
from desktop.views.parts import Role, button, column, line, paragraph


class ComposePage(QWidget):
    """Shows one Sheet; emits what the user does to it."""

    way_chosen = Signal(object)
    written = Signal(str)
    divided = Signal()
    slot_added = Signal()
    dropped = Signal(object, QMimeData)
    """The widget that a drag comes from or None, and what is carried, beside every slot."""
    card_made = Signal(object)
    """A SlotCard that is new, to be listened to."""

    def __init__(self, thumbnails: ThumbnailLoader) -> None:
        super().__init__()
        self.setObjectName("ground")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAcceptDrops(True)
        self._thumbnails = thumbnails
        self._way: Way | None = None
        self.ways = QButtonGroup(self)
        self.text = QLineEdit()
        self.divide = button("")
        self.preview = PromptPreview(thumbnails)
        self.foot = OutputFoot()
        self.cards: list[SlotCard] = []
        self._words = paragraph(role=Role.MUTED)
        self._add = button(self.tr("Add a part"), Role.LINK)
        self._area = QScrollArea()
        self._slots = column(spacing=10)
        self._lay_out()
        self._connect()

    def show_sheet(self, sheet: Sheet) -> None:
        """Show a sheet; slots that stay are changed in place, so that nothing loses the keyboard."""
        if sheet.way is not self._way:
            self._way = sheet.way
            self._show_way(sheet.way)
        if self.text.text() != sheet.text:
            self.text.setText(sheet.text)
        self._words.setVisible(not sheet.slots)
        self._match(sheet)

    def lack_words(self, lack: Lack) -> str:
        """Return what is missing, and what to do about it."""
        return {
            Lack.ANYTHING: self.tr("Say what you want to see, or choose pictures."),
            Lack.WORDS: self.tr("Say in words what the picture shows; only its style comes from the reference."),
            Lack.PERSON: self.tr("Choose a picture of the person to dress: lay it in the tray, or drop it here."),
            Lack.CLOTHES: self.tr("Choose a garment or an accessory, or say in words what to wear."),
            Lack.SUBJECT: self.tr("Choose a picture of what is to be set into the scene."),
            Lack.PLACE: self.tr("Choose a scene, or say in words where it is."),
            Lack.STYLE: self.tr("Choose a picture whose style is taken; Return finds some for your words."),
        }[lack]

    def take_focus(self) -> None:
        """Let the user describe what is wanted."""
        self.text.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.text.selectAll()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802
        """Take pictures of the grid, of the tray, or files."""
        if carries_files(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802
        """Tell what was dropped."""
        event.acceptProposedAction()
        self.dropped.emit(event.source(), event.mimeData())

    def _lay_out(self) -> None:
        inside = QWidget()
        inside.setObjectName("ground")
        stack = column(inside, 12, (20, 4, 20, 16))
        stack.addWidget(self._words)
        stack.addLayout(self._slots)
        stack.addWidget(self._add, alignment=Qt.AlignmentFlag.AlignLeft)
        stack.addWidget(self.preview)
        stack.addStretch(1)
        self._area.setObjectName("ground")
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setWidget(inside)
        whole = column(self, 0)
        whole.addLayout(self._head())
        whole.addWidget(self._area, 1)
        whole.addWidget(self.foot)

    def _head(self) -> QHBoxLayout:
        ways = line(spacing=4)
        for way, words in self._way_names():
            press = button(words, Role.TAB)
            press.setCheckable(True)
            self.ways.addButton(press, list(Way).index(way))
            ways.addWidget(press)
        ways.addStretch(1)
        self.text.setAccessibleName(self.tr("What to make"))
        self.text.setObjectName("description")
        said = line(spacing=8)
        said.addWidget(self.text, 1)
        said.addWidget(self.divide)
        head = column(spacing=10, margins=(20, 14, 20, 10))
        head.addLayout(ways)
        head.addLayout(said)
        framed = line()
        framed.addLayout(head)
        return framed

    def _connect(self) -> None:
        self.ways.idClicked.connect(lambda at: self.way_chosen.emit(list(Way)[at]))
        self.text.textEdited.connect(self.written)
        self.text.returnPressed.connect(self.divided)
        self.divide.clicked.connect(self.divided)
        self._add.clicked.connect(self.slot_added)

    def _show_way(self, way: Way) -> None:
        self.ways.button(list(Way).index(way)).setChecked(True)
        self.text.setPlaceholderText(self._placeholders()[way])
        searches = {Way.DESCRIBE: self.tr("Find its parts"), Way.STYLE: self.tr("Find a style")}
        self.divide.setText(searches.get(way, ""))
        self.divide.setVisible(way in searches)
        self._words.setText(
            self.tr(
                "Describe a character or a prop and press Return. Each part is looked for in your library;"
                " swap what does not fit, add what is missing."
            )
        )
        for card in self.cards:
            _remove(card)
        self.cards = []

    def _match(self, sheet: Sheet) -> None:
        keys = [slot.key for slot in sheet.slots]
        for card in [one for one in self.cards if one.key not in keys]:
            self.cards.remove(card)
            _remove(card)
        by_key = {card.key: card for card in self.cards}
        for at, slot in enumerate(sheet.slots):
            if slot.key in by_key:
                by_key[slot.key].show_slot(slot)
            else:
                by_key[slot.key] = SlotCard(slot, sheet.way, self._thumbnails)
                self.card_made.emit(by_key[slot.key])
            if self._slots.indexOf(by_key[slot.key]) != at:
                self._slots.insertWidget(at, by_key[slot.key])
        self.cards = [by_key[key] for key in keys]

    def _way_names(self) -> Sequence[tuple[Way, str]]:
        return (
            (Way.DESCRIBE, self.tr("Describe")),
            (Way.DRESS, self.tr("Dress up")),
            (Way.SCENE, self.tr("Scene")),
            (Way.STYLE, self.tr("Variation in style")),
        )

    def _placeholders(self) -> dict[Way, str]:
        return {
            Way.DESCRIBE: self.tr("elf archer with a flaming crown"),
            Way.DRESS: self.tr("anything else to say, such as: rolled-up sleeves, evening light"),
            Way.SCENE: self.tr("anything else to say, such as: seen from above, soft shadows"),
            Way.STYLE: self.tr("European male model wearing a suit with a gold watch"),
        }


def _remove(card: SlotCard) -> None:
    card.hide()
    card.setParent(None)
    card.deleteLater()
