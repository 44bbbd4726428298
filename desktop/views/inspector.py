"""The inspector: everything known about what is selected, and what can be changed of it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QDateTime, QLocale, QSize, Qt, Signal, SignalInstance
from PySide6.QtWidgets import (
    QFormLayout,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from desktop.thumbnails import EDGES_PX, ThumbnailLoader
from desktop.troubles import told_of
from desktop.views.asset_delegate import badges_of
from desktop.views.made_from import MadeFrom
from desktop.views.parts import Role, column, label, paragraph
from desktop.views.picture_strip import PictureStrip
from desktop.views.rating import RatingStars
from desktop.views.settled_text import SettledText
from desktop.views.swatches import Swatches
from desktop.views.tag_editor import TagEditor
from desktop.views.thumbnail_view import ThumbnailView
from engine.protocol import AssetDetails, AssetRow, Description

WIDTH_PX = 288
PICTURE_PX = 230
NOTE_PX = 72
DESCRIPTION_PX = 104
NS_PER_MS = 1_000_000

translate = QCoreApplication.translate


class Inspector(QScrollArea):
    """Shows one asset in full, several by what they share."""

    colour_chosen = Signal(str)
    tag_added = Signal(str)
    tag_removed = Signal(str)
    rated = Signal(int)
    noted = Signal(object, str)
    described = Signal(object, str)
    near_chosen = Signal(object)
    use_chosen = Signal(object)

    def __init__(self, thumbnails: ThumbnailLoader) -> None:
        super().__init__()
        self._thumbnails = thumbnails
        self._rows: tuple[AssetRow, ...] = ()
        self._details: AssetDetails | None = None
        self._pages = QStackedWidget()
        self._page = QWidget()
        self._hint = paragraph(self.tr("Select a picture to see what is known of it."), Role.MUTED)
        self._picture = ThumbnailView()
        self._picture.setFixedHeight(PICTURE_PX)
        self._name = paragraph(role=Role.HEADING)
        self._trouble = paragraph(role=Role.WARNING)
        self._facts = QFormLayout()
        self._swatches = Swatches()
        self._rating = RatingStars()
        self._tags = TagEditor()
        self._note = SettledText(self.tr("Note"), self.tr("A note for yourself"), NOTE_PX)
        self._description = SettledText(
            self.tr("Description"), self.tr("What it shows, in words that searches find"), DESCRIPTION_PX
        )
        self._author = paragraph(role=Role.MUTED)
        self.origin = MadeFrom(thumbnails)
        self._near = PictureStrip(self.tr("Looks almost the same"), thumbnails)
        self._uses = PictureStrip(self.tr("Used in"), thumbnails)
        self._one_only: list[QWidget] = []
        self._lay_out()
        self._connect()
        self.show_rows(())

    def show_rows(self, rows: Sequence[AssetRow]) -> None:
        """Show what is selected, as far as the grid knows it."""
        same = [row.id for row in rows] == [row.id for row in self._rows]
        if not same:
            self._note.settle()
            self._description.settle()
        self._rows = tuple(rows)
        self._pages.setCurrentWidget(self._page if rows else self._hint)
        if not rows:
            return
        one = rows[0] if len(rows) == 1 else None
        self._name.setText(one.path.name if one else self.tr("%Ln picture(s)", "", len(rows)))
        self._rating.show_rating(rows[0].rating if len({row.rating for row in rows}) == 1 else 0)
        self._tags.show_tags(_shared_tags(rows))
        self._show_trouble(one)
        self._show_picture()
        for widget in self._one_only:
            widget.setVisible(one is not None)
        if same:
            self._show_facts(rows, self._details)
        else:
            self.show_details(None)
            self.origin.show_origin(None)
            self._near.show_pictures(())
            self._uses.show_pictures(())

    def show_details(self, details: AssetDetails | None) -> None:
        """Show what had to be asked for; None while it is on its way."""
        self._details = details
        self._swatches.show_colours([(one.hex, one.share) for one in details.palette] if details else [])
        self._note.show_text(details.note if details else "")
        self._show_description(details.description if details else None)
        self._show_facts(self._rows, details)

    def show_near(self, rows: Sequence[AssetRow]) -> None:
        """Show other files of almost the same picture."""
        self._near.show_pictures(rows)

    def show_uses(self, rows: Sequence[AssetRow]) -> None:
        """Show the pictures that were made with this one."""
        self._uses.show_pictures(rows)

    def offer_tags(self, tags: Sequence[str]) -> None:
        """Offer the library's tags."""
        self._tags.offer(tags)

    def edit_tags(self) -> None:
        """Let the user type a tag."""
        self._tags.take_focus()

    def sizeHint(self) -> QSize:  # noqa: N802
        """Be as wide as a thumbnail wants."""
        return QSize(WIDTH_PX, 400)

    def _lay_out(self) -> None:
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumWidth(220)
        self._facts.setHorizontalSpacing(14)
        self._facts.setVerticalSpacing(5)
        self._facts.setContentsMargins(0, 0, 0, 0)
        stack = column(self._page, 12, (16, 16, 16, 20))
        for widget in (self._picture, self._name, self._trouble, self._rating, self._swatches):
            stack.addWidget(widget)
        stack.addLayout(self._facts)
        self._add_section(stack, self.tr("Tags"), self._tags)
        self._one_only = [
            self._add_section(stack, self.tr("Description"), self._description),
            self._description,
            self._add_section(stack, self.tr("Note"), self._note),
            self._note,
        ]
        stack.insertWidget(stack.indexOf(self._description) + 1, self._author)
        stack.addWidget(self.origin)
        stack.addWidget(self._near)
        stack.addWidget(self._uses)
        stack.addStretch(1)
        self._hint.setContentsMargins(16, 18, 16, 16)
        self._hint.setAlignment(Qt.AlignmentFlag.AlignTop)
        for page in (self._hint, self._page):
            self._pages.addWidget(page)
        self.setWidget(self._pages)

    def _add_section(self, stack: QVBoxLayout, title: str, widget: QWidget) -> QWidget:
        heading = label(title, Role.SECTION)
        stack.addSpacing(4)
        stack.addWidget(heading)
        stack.addWidget(widget)
        return heading

    def _connect(self) -> None:
        self._note.settled.connect(lambda text: self._on_written(self.noted, text))
        self._description.settled.connect(lambda text: self._on_written(self.described, text))
        self._swatches.chosen.connect(self.colour_chosen)
        self._rating.rated.connect(self.rated)
        self._tags.added.connect(self.tag_added)
        self._tags.removed.connect(self.tag_removed)
        self._near.chosen.connect(self.near_chosen)
        self._uses.chosen.connect(self.use_chosen)
        self._thumbnails.arrived.connect(self._on_thumbnail)

    def _show_trouble(self, row: AssetRow | None) -> None:
        words = ""
        if row is not None and row.failed:
            words = " ".join(told_of(row)).strip()
        elif row is not None and row.offline:
            words = self.tr("Its drive is not connected. It stays in the library and can be searched.")
        self._trouble.setText(words)
        self._trouble.setVisible(bool(words))

    def _show_facts(self, rows: Sequence[AssetRow], details: AssetDetails | None) -> None:
        while self._facts.rowCount():
            self._facts.removeRow(0)
        locale = QLocale()
        size = locale.formattedDataSize(sum(row.size for row in rows), 1)
        facts = [(self.tr("Size"), size)]
        if len(rows) == 1:
            facts = [*_facts_of(rows[0], locale), (self.tr("Size"), size), *_place_of(rows[0], locale)]
        facts.extend(_more_facts(details) if details else ())
        for name, value in facts:
            self._facts.addRow(label(name, Role.MUTED), paragraph(value))

    def _show_picture(self) -> None:
        key = self._rows[0].thumbnail
        self._picture.setVisible(bool(key))
        found = self._thumbnails.find(key, EDGES_PX[1]) if key else None
        self._picture.show_pixmap(found, self._rows[0].has_alpha or False)

    def _show_description(self, said: Description | None) -> None:
        self._description.show_text(said.text if said else "")
        self._author.setVisible(said is not None and bool(said.author))
        if said is not None:
            by_model = self.tr("Written by %1").replace("%1", said.author)
            by_both = self.tr("Written by %1, edited by you").replace("%1", said.author)
            self._author.setText(by_both if said.edited else by_model)

    def _on_written(self, told: SignalInstance, text: str) -> None:
        if len(self._rows) == 1:
            told.emit(self._rows[0], text)

    def _on_thumbnail(self, key: str) -> None:
        if self._rows and self._rows[0].thumbnail == key:
            self._show_picture()


Facts = list[tuple[str, str]]


def _shared_tags(rows: Sequence[AssetRow]) -> list[str]:
    return [tag for tag in rows[0].tags if all(tag in row.tags for row in rows)]


def _facts_of(row: AssetRow, locale: QLocale) -> Facts:
    facts = [(translate("Inspector", "Format"), " · ".join(reversed(badges_of(row))))]
    if row.width and row.height:
        pixels = f"{locale.toString(row.width)} × {locale.toString(row.height)}"
        facts.append((translate("Inspector", "Pixels"), pixels))
    return facts


def _place_of(row: AssetRow, locale: QLocale) -> Facts:
    changed = QDateTime.fromMSecsSinceEpoch(row.mtime_ns // NS_PER_MS)
    return [
        (translate("Inspector", "Changed"), locale.toString(changed, QLocale.FormatType.ShortFormat)),
        (translate("Inspector", "Folder"), str(row.path.parent)),
    ]


def _more_facts(details: AssetDetails) -> Facts:
    facts = [
        (translate("Inspector", "Taken"), details.captured_at),
        (translate("Inspector", "Camera"), details.camera),
        (translate("Inspector", "Sending"), translate("Inspector", "never") if details.never_send else ""),
        (translate("Inspector", "Copies"), "\n".join(str(copy.path) for copy in details.copies)),
    ]
    return [(name, value) for name, value in facts if value]
