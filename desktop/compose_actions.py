"""Keeps one window's compose page in step with what is put together, and leads on to the sheet of consent."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, QObject
from PySide6.QtWidgets import QWidget

from desktop.actions import ActionId
from desktop.carrying import with_carried
from desktop.desk import Desk
from desktop.models.page import Page
from desktop.views.compose.consent_sheet import ConsentSheet
from desktop.views.compose.slot_card import SlotCard
from desktop.views.main_window import MainWindow
from desktop.views.settings_dialog import SettingsDialog
from desktop.views.settings_pages import SettingsPage
from engine.protocol import BatchStarted


class ComposeActions(QObject):
    """Wires the compose page."""

    def __init__(self, desk: Desk, window: MainWindow) -> None:
        super().__init__(window)
        self._desk = desk
        self._window = window
        self._page = window.compose
        self._connect_page()
        composing, planning = desk.composing, desk.planning
        composing.changed.connect(self._show_sheet)
        composing.offers_known.connect(self._show_offers)
        planning.changed.connect(self._show_plan)
        desk.session.page_turned.connect(self._on_page)
        window.actions_table[ActionId.COMPOSE_WITH].triggered.connect(self.compose_with)
        self._show_sheet()
        self._show_offers()

    def compose_with(self) -> None:
        """Begin a composition with all that is selected."""
        self._desk.session.with_ids(self._window.grid.selected_positions(), self._compose_with)

    def review(self) -> None:
        """Show everything that would be sent, and ask for consent."""
        planned = self._desk.planning.planned
        if planned is not None:
            sheet = ConsentSheet(self._desk.client, planned, self._window)
            sheet.agreed.connect(lambda started: self._on_agreed(started, asks_again=sheet.asks_again))
            # Its own child, or the sheet would keep every key and click from it.
            sheet.settings_wanted.connect(lambda wanted: self.show_settings(wanted, sheet))
            sheet.open()

    def show_settings(self, page: SettingsPage, over: QWidget) -> None:
        """Open the settings where something can be mended that is in the way."""
        SettingsDialog(self._desk.client, self._desk.preferences, over, page).show()

    def listen_to(self, card: SlotCard) -> None:
        """Do what the user wants of a slot."""
        composing = self._desk.composing
        card.worded.connect(composing.word)
        card.entered.connect(composing.search)
        card.recast.connect(composing.recast)
        card.spread.connect(composing.spread)
        card.chosen.connect(composing.choose)
        card.offered.connect(composing.offer)
        card.file_taken.connect(composing.take_file)
        card.more_wanted.connect(composing.search_more)
        card.removed.connect(composing.remove_slot)
        card.dropped.connect(self.drop)
        card.tray_wanted.connect(lambda _key, card=card: self.show_tray(card))

    def drop(self, key: int, source: QObject | None, mime: QMimeData) -> None:
        """Let what was dropped stand for a part."""
        composing = self._desk.composing
        with_carried(
            self._desk,
            self._window,
            source,
            mime,
            lambda ids: composing.offer(key, ids),
            lambda files: composing.offer_files(key, files),
        )

    def drop_beside(self, source: QObject | None, mime: QMimeData) -> None:
        """Make what was dropped beside every part one more."""
        composing = self._desk.composing
        with_carried(
            self._desk,
            self._window,
            source,
            mime,
            lambda ids: composing.offer(composing.add_slot(), ids),
            lambda files: composing.offer_files(composing.add_slot(), files),
        )

    def show_tray(self, card: SlotCard) -> None:
        """Offer the pictures of the tray, those of the slot's role first."""
        slot = self._desk.composing.sheet.find(card.key)
        if slot is not None:
            tray = self._desk.tray
            first = tray.rows(slot.role)
            others = (row for role in tray.wells if role is not slot.role for row in tray.rows(role))
            card.show_tray(list({row.id: row for row in (*first, *others)}.values()))

    def _connect_page(self) -> None:
        page, composing = self._page, self._desk.composing
        page.card_made.connect(self.listen_to)
        page.way_chosen.connect(composing.turn_to)
        page.written.connect(composing.write)
        page.divided.connect(composing.divide)
        page.slot_added.connect(composing.add_slot)
        page.dropped.connect(self.drop_beside)
        page.foot.review_wanted.connect(self.review)
        page.foot.keys_wanted.connect(lambda: self.show_settings(SettingsPage.GENERATORS, self._window))
        page.foot.changed.connect(lambda name, value: composing.ask_for(**{name: value}))

    def _compose_with(self, ids: tuple[int, ...]) -> None:
        self._desk.session.turn_to(Page.COMPOSE)
        self._desk.composing.compose_with(ids)

    def _on_agreed(self, started: BatchStarted, *, asks_again: bool) -> None:
        if not asks_again:
            self._desk.consents.give(started.batch.id)
        self._desk.planning.renew()
        self._desk.session.turn_to(Page.BATCHES)

    def _on_page(self) -> None:
        """Plan anew where the page comes into sight: what is left of the budget may be another."""
        if self._desk.session.page is Page.COMPOSE:
            self._desk.planning.renew()

    def _show_sheet(self) -> None:
        self._page.show_sheet(self._desk.composing.sheet)
        self._show_plan()

    def _show_offers(self) -> None:
        composing = self._desk.composing
        self._page.foot.offer(composing.generators, composing.output, composing.model)
        self._show_plan()

    def _show_plan(self) -> None:
        composing, planning, foot = self._desk.composing, self._desk.planning, self._page.foot
        lack = composing.sheet.lack()
        model = composing.model
        excess = foot.excess_words(composing.sheet.excess(model)) if model is not None else ""
        planned = planning.planned if lack is None and not excess else None
        self._page.preview.show_job(planned.jobs[0] if planned is not None and planned.jobs else None)
        if lack is not None:
            foot.say(self._page.lack_words(lack))
        elif excess:
            foot.say("")
            foot.warn(excess)
        elif model is not None and model.retired:
            foot.say("")
            foot.warn_of_retired(model)
        elif planning.trouble:
            foot.say("")
            foot.warn(f"{planning.trouble} {planning.hint}".strip())
        foot.show_plan(planned.plan if planned is not None else None)
        foot.show_waiting(planning.waits or any(slot.waits for slot in composing.sheet.slots))
