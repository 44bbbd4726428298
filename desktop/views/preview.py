"""The full-screen preview: one picture large, the next by arrow keys, and a rectangle to find what is like a part."""

from __future__ import annotations

from PySide6.QtCore import QLocale, QRectF, Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from desktop.models.asset_list import AssetList
from desktop.pictures import Picture, PictureLoader, Wish
from desktop.thumbnails import EDGES_PX, ThumbnailLoader
from desktop.views.parts import Role, button, column, label, line, tool
from desktop.views.picture_canvas import WHEEL_FACTOR, PictureCanvas
from engine.protocol import AssetRow

STEPS = {
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_PageUp: -10,
    Qt.Key.Key_PageDown: 10,
}
ASK_GAP_PX = 10


class Preview(QWidget):
    """Walks through an AssetList."""

    moved = Signal(int)
    similar_wanted = Signal(object)
    part_wanted = Signal(object, QRectF)

    def __init__(
        self, assets: AssetList, pictures: PictureLoader, thumbnails: ThumbnailLoader, parent: QWidget
    ) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self._window = parent
        self._assets = assets
        self._pictures = pictures
        self._thumbnails = thumbnails
        self._position = 0
        self._canvas = PictureCanvas()
        self._name = label()
        self._facts = label(role=Role.MUTED)
        self._place = label(role=Role.MUTED)
        self._zoom = label(role=Role.MUTED)
        self._ask = button(self.tr("Find similar to this part"), Role.PRIMARY)
        self._ask.setParent(self._canvas)
        self._ask.hide()
        self.setObjectName("ground")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setWindowTitle(self.tr("Preview"))
        page = column(self, 0)
        page.addWidget(self._canvas, 1)
        page.addLayout(self._foot())
        self._canvas.zoomed.connect(self._on_zoomed)
        self._canvas.part_drawn.connect(self._on_part)
        self._ask.clicked.connect(self._ask_for_part)
        pictures.loaded.connect(self._on_picture)
        assets.dataChanged.connect(self._on_rows)

    @property
    def position(self) -> int:
        """Which asset of the list is shown."""
        return self._position

    def open_at(self, position: int) -> None:
        """Show one asset on the full screen."""
        # Where no window manager enlarges it, and so that it covers the screen that the window is on.
        self.setGeometry(self._window.screen().geometry())
        self._show(position)
        self.showFullScreen()
        self.activateWindow()
        self.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Walk, zoom, search, leave."""
        key = Qt.Key(event.key())
        if key in STEPS:
            self._step(STEPS[key])
        elif key in (Qt.Key.Key_Space, Qt.Key.Key_Escape):
            self._leave()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._ask_for_part()
        elif key == Qt.Key.Key_Z:
            self._canvas.toggle()
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self._canvas.zoom_by(WHEEL_FACTOR)
        elif key == Qt.Key.Key_Minus:
            self._canvas.zoom_by(1 / WHEEL_FACTOR)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Keep the question beside the rectangle."""
        super().resizeEvent(event)
        self._place_question()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        """Tell where the walk ended."""
        self.moved.emit(self._position)
        super().closeEvent(event)

    def _foot(self) -> QHBoxLayout:
        back = tool("back", self.tr("Previous"))
        forward = tool("forward", self.tr("Next"))
        similar = tool("similar", self.tr("Find similar"))
        close = tool("close", self.tr("Close"))
        back.clicked.connect(lambda: self._step(-1))
        forward.clicked.connect(lambda: self._step(1))
        similar.clicked.connect(self._ask_for_whole)
        close.clicked.connect(self._leave)
        for one in (back, forward, similar, close, self._ask):
            one.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        foot = line(spacing=14, margins=(18, 10, 12, 10))
        for widget in (back, self._place, forward, self._name, self._facts):
            foot.addWidget(widget)
        foot.addStretch(1)
        foot.addWidget(label(self.tr("Draw a rectangle to search by a part · Z: pixels"), Role.MUTED))
        for widget in (self._zoom, similar, close):
            foot.addWidget(widget)
        return foot

    def _row(self) -> AssetRow | None:
        return self._assets.find_row(self._position)

    def _step(self, by: int) -> None:
        self._show(min(max(self._position + by, 0), self._assets.rowCount() - 1))

    def _show(self, position: int) -> None:
        self._position = position
        self._assets.look_at(position, position)
        locale = QLocale()
        self._place.setText(f"{locale.toString(position + 1)} / {locale.toString(self._assets.rowCount())}")
        row = self._row()
        if row is None:
            return
        self._name.setText(row.path.name)
        self._facts.setText(f"{row.width} × {row.height}" if row.width else "")
        self.setAccessibleName(row.path.name)
        self._canvas.show_pixmap(self._thumbnails.find(row.thumbnail, EDGES_PX[-1]) or QPixmap())
        self._pictures.want(Wish(row.id, row.path, self._thumbnails.path_of(row.thumbnail)))

    def _on_rows(self) -> None:
        if self.isVisible() and not self._name.text():
            self._show(self._position)

    def _on_picture(self, picture: Picture) -> None:
        row = self._row()
        if row is not None and row.path == picture.path and not picture.image.isNull():
            self._canvas.show_pixmap(QPixmap.fromImage(picture.image))
            if not picture.whole:
                self._facts.setText(self.tr("{0}  (shown by its thumbnail)").format(self._facts.text()))

    def _on_zoomed(self, zoom: float) -> None:
        self._zoom.setText(f"{zoom:.0%}")
        self._place_question()

    def _on_part(self, part: QRectF) -> None:
        self._ask.setVisible(not part.isEmpty())
        self._place_question()

    def _place_question(self) -> None:
        if self._canvas.part.isEmpty():
            return
        self._ask.adjustSize()
        part = self._canvas.part_on_widget()
        x = int(part.center().x() - self._ask.width() / 2)
        y = int(min(part.bottom() + ASK_GAP_PX, self._canvas.height() - self._ask.height() - ASK_GAP_PX))
        self._ask.move(min(max(x, 0), self._canvas.width() - self._ask.width()), y)
        self._ask.raise_()

    def _ask_for_part(self) -> None:
        row, part = self._row(), self._canvas.part
        if row is None or part.isEmpty():
            return
        self._leave()
        self.part_wanted.emit(row, part)

    def _ask_for_whole(self) -> None:
        row = self._row()
        if row is not None:
            self._leave()
            self.similar_wanted.emit(row)

    def _leave(self) -> None:
        self._canvas.clear_part()
        self.close()
