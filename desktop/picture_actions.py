"""What is done with the selected pictures: one small method for each action of the table's group."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QMimeData, QObject, QPoint, QRectF
from PySide6.QtWidgets import QFileDialog

from desktop.actions import ActionId
from desktop.carrying import with_carried
from desktop.desk import Desk
from desktop.models.search import UNLIKE_WEIGHT, LikePicture, Search
from desktop.models.sidebar_tree import Place, PlaceKind
from desktop.notifications import Offer
from desktop.pictures import Wish
from desktop.views.asset_menu import AssetMenu
from desktop.views.main_window import MainWindow
from desktop.views.preview import Preview
from engine import protocol
from engine.protocol import AssetRow, AssetTerm, Part

RATINGS = (
    ActionId.RATE_0,
    ActionId.RATE_1,
    ActionId.RATE_2,
    ActionId.RATE_3,
    ActionId.RATE_4,
    ActionId.RATE_5,
)


def like(row: AssetRow, weight: float = 1.0, part: Part | None = None) -> LikePicture:
    """Return an asset as part of a search."""
    return LikePicture(AssetTerm(row.id, weight, part), row.path.name, row.thumbnail)


class PictureActions(QObject):
    """Acts on what is selected in one window's grid."""

    def __init__(self, desk: Desk, window: MainWindow) -> None:
        super().__init__(window)
        self._desk = desk
        self._window = window
        self._preview = Preview(desk.session.assets, desk.pictures, desk.thumbnails, window)
        self._connect()

    def find_similar(self) -> None:
        """Search by all that is selected."""
        self._find_like([like(row) for row in self._rows()])

    def find_like_row(self, row: AssetRow) -> None:
        """Search by one picture."""
        self._find_like([like(row)])

    def find_like_part(self, row: AssetRow, part: QRectF) -> None:
        """Search by a rectangle of a picture."""
        self._find_like([like(row, part=Part(part.x(), part.y(), part.width(), part.height()))])

    def add_to_search(self) -> None:
        """Put the selected pictures beside what is searched for."""
        self._extend([like(row) for row in self._rows()])

    def not_like_this(self) -> None:
        """Push away what looks like the selected pictures."""
        self._extend([like(row, UNLIKE_WEIGHT) for row in self._rows()])

    def preview(self) -> None:
        """Show the current picture on the full screen."""
        self._preview.open_at(max(self._window.grid.currentIndex().row(), 0))

    def open(self) -> None:
        """Open the files in their programs."""
        self._desk.hand_over.open(self._paths())

    def open_with_other(self) -> None:
        """Ask for a program, remember it, and open the files in it."""
        chosen, _ = QFileDialog.getOpenFileName(self._window, self.tr("Open with"))
        if chosen:
            others = tuple(one for one in self._desk.preferences.current.programs if one != chosen)
            self._desk.preferences.update(programs=(chosen, *others)[:8])
            self._open_with(Path(chosen))

    def reveal(self) -> None:
        """Show the current file in the file manager."""
        row = self._window.grid.current_row()
        if row is not None:
            self._desk.hand_over.reveal(row.path)

    def copy_image(self) -> None:
        """Put the current picture on the clipboard."""
        row = self._window.grid.current_row()
        if row is not None:
            self._desk.hand_over.copy_image(Wish(row.id, row.path, self._desk.thumbnails.path_of(row.thumbnail)))

    def copy_path(self) -> None:
        """Put the paths on the clipboard."""
        self._desk.hand_over.copy_paths(self._paths())

    def tag(self) -> None:
        """Let the user type a tag."""
        self._desk.preferences.update(inspector_shown=True)
        self._window.inspector.edit_tags()

    def add_tag(self, tag: str) -> None:
        """Give all that is selected a tag."""
        self._on_ids(lambda ids: self._desk.client.send(protocol.TagAssets, ids, add=(tag,)))

    def remove_tag(self, tag: str) -> None:
        """Take a tag from all that is selected."""
        self._on_ids(lambda ids: self._desk.client.send(protocol.TagAssets, ids, remove=(tag,)))

    def rate(self, rating: int) -> None:
        """Rate all that is selected."""
        self._on_ids(lambda ids: self._desk.client.send(protocol.RateAssets, ids, rating))

    def note(self, row: AssetRow, text: str) -> None:
        """Keep a note."""
        self._desk.client.send(protocol.SetNote, row.id, text)

    def describe(self, row: AssetRow, text: str) -> None:
        """Keep a description."""
        self._desk.client.send(protocol.SetDescription, row.id, text)

    def drop_selection(self, place: Place) -> None:
        """Put all that is selected into the tray, or under a tag."""
        self._on_ids(lambda ids: self._put(place, ids))

    def drop_files(self, place: Place, mime: QMimeData) -> None:
        """Put those of the files that are in the library into the tray, or under a tag."""
        with_carried(self._desk, self._window, None, mime, lambda ids: self._put(place, ids))

    def never_send(self) -> None:
        """Keep the pictures on this machine whatever is asked for later; can be undone at once."""
        self._on_ids(self._set_never_send)

    def retry(self) -> None:
        """Read the failed files of the selection again."""
        self._desk.client.send(protocol.RetryFailed, tuple(row.id for row in self._rows() if row.failed))

    def open_menu(self, place: QPoint) -> None:
        """Open the menu of the selection."""
        if self._rows():
            programs = [Path(program) for program in self._desk.preferences.current.programs]
            menu = AssetMenu(self._window.actions_table, programs, self._window)
            menu.program_chosen.connect(self._open_with)
            menu.aboutToHide.connect(menu.deleteLater)
            menu.popup(place)

    def _connect(self) -> None:
        for action, act in self._deeds().items():
            self._window.actions_table[action].triggered.connect(act)
        for rating, action in enumerate(RATINGS):
            self._window.actions_table[action].triggered.connect(lambda _=False, rating=rating: self.rate(rating))
        inspector = self._window.inspector
        inspector.tag_added.connect(self.add_tag)
        inspector.tag_removed.connect(self.remove_tag)
        inspector.rated.connect(self.rate)
        inspector.noted.connect(self.note)
        inspector.described.connect(self.describe)
        inspector.near_chosen.connect(self.find_like_row)
        inspector.use_chosen.connect(lambda row: self._desk.session.show_assets([row.id]))
        self._window.sidebar.selection_dropped.connect(self.drop_selection)
        self._window.sidebar.files_dropped.connect(self.drop_files)
        self._window.grid.menu_wanted.connect(self.open_menu)
        self._window.grid.opened.connect(self.open)
        self._preview.moved.connect(self._window.grid.go_to)
        self._preview.similar_wanted.connect(self.find_like_row)
        self._preview.part_wanted.connect(self.find_like_part)

    def _deeds(self) -> dict[ActionId, Callable[[], None]]:
        return {
            ActionId.FIND_SIMILAR: self.find_similar,
            ActionId.ADD_TO_SEARCH: self.add_to_search,
            ActionId.NOT_LIKE_THIS: self.not_like_this,
            ActionId.PREVIEW: self.preview,
            ActionId.OPEN: self.open,
            ActionId.OPEN_WITH: self.open_with_other,
            ActionId.REVEAL: self.reveal,
            ActionId.COPY_IMAGE: self.copy_image,
            ActionId.COPY_PATH: self.copy_path,
            ActionId.TAG: self.tag,
            ActionId.NEVER_SEND: self.never_send,
            ActionId.RETRY: self.retry,
        }

    def _rows(self) -> list[AssetRow]:
        return self._window.grid.selected_rows()

    def _paths(self) -> list[Path]:
        return [row.path for row in self._rows()]

    def _on_ids(self, act: Callable[[tuple[int, ...]], object]) -> None:
        self._desk.session.with_ids(self._window.grid.selected_positions(), act)

    def _put(self, place: Place, ids: tuple[int, ...]) -> None:
        if place.kind is PlaceKind.TAG:
            self._desk.client.send(protocol.TagAssets, ids, add=(place.name,))
        else:
            self._desk.tray.put(ids)

    def _find_like(self, pictures: Sequence[LikePicture]) -> None:
        if pictures:
            self._desk.session.go(Search(pictures=tuple(pictures), order=self._desk.session.search.order))

    def _extend(self, pictures: Sequence[LikePicture]) -> None:
        search = self._desk.session.search
        for picture in pictures:
            search = search.with_picture(picture)
        self._desk.session.go(search)

    def _open_with(self, program: Path) -> None:
        self._desk.hand_over.open_with(program, self._paths())

    def _set_never_send(self, ids: tuple[int, ...]) -> None:
        send = self._desk.client.send
        send(protocol.SetNeverSend, ids, True)
        undo = Offer(self.tr("Undo"), lambda: send(protocol.SetNeverSend, ids, False))
        self._desk.notifications.news(self.tr("%Ln picture(s) will never be sent anywhere.", "", len(ids)), undo)
