"""Puts compositions together: the sheets of the four ways, candidates for their slots, and how pictures should be.

Owned by `desktop.app`; survives a rebuilt window. Answers are matched by their ids; the newest of a slot wins.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from desktop.choosing import Choosing
from desktop.engine_client import EngineClient
from desktop.generator_words import DRAFT
from desktop.models.composition import FROM_TRAY, Output, Sheet, Slot, Way
from desktop.planning import Planning
from desktop.settings import PreferenceStore
from desktop.tray import TrayKeeper
from desktop.troubles import told
from engine import protocol
from engine.protocol import (
    AssetRow,
    Band,
    CandidatesFound,
    DescriptionSplit,
    GeneratorsListed,
    RequestFailed,
    Role,
)

CANDIDATES = 12
PRESELECTED = {
    Way.DESCRIBE: (Band.STRONG, Band.LIKELY),
    Way.DRESS: (),
    Way.SCENE: (),
    Way.STYLE: tuple(Band),
}
"""How well the best candidate of a slot has to fit to be chosen before the user does."""


class Composing(QObject):
    """Holds what is put together; the compose page shows it."""

    changed = Signal()
    """The sheet on show."""
    offers_known = Signal()
    """The generators, or how pictures should be."""

    def __init__(
        self,
        client: EngineClient,
        choosing: Choosing,
        tray: TrayKeeper,
        planning: Planning,
        preferences: PreferenceStore,
    ) -> None:
        super().__init__()
        self.way = Way.DESCRIBE
        self.generators: tuple[protocol.Generator, ...] = ()
        self.output = _output_of(preferences)
        self._keys = count(1)
        self._sheets = {way: Sheet(way, slots=self._first_slots(way)) for way in Way}
        self._client = client
        self._choosing = choosing
        self._tray = tray
        self._planning = planning
        self._preferences = preferences
        self._split_id = 0
        self._searches: dict[int, int] = {}
        """The newest request of each slot."""
        client.connected.connect(self.ask_generators)
        client.key_kept.connect(self.ask_generators)
        client.generators_listed.connect(self._on_generators)
        client.description_split.connect(self._on_split)
        client.candidates_found.connect(self._on_candidates)
        client.request_failed.connect(self._on_failed)
        tray.changed.connect(self._on_tray)
        planning.stale.connect(self._check_chosen)
        self._on_tray()

    @property
    def sheet(self) -> Sheet:
        """The sheet on show."""
        return self._sheets[self.way]

    @property
    def model(self) -> protocol.GeneratorModel | None:
        """The model that is asked; None until it is known which there are."""
        models = [model for generator in self.generators for model in generator.models]
        chosen = next((one for one in models if one.name == self.output.model), None)
        return chosen or (self._usual_model() if models else None)

    def ask_generators(self) -> None:
        """Ask which generators there are, and which of them have a key."""
        self._client.send(protocol.ListGenerators)

    def turn_to(self, way: Way) -> None:
        """Show the sheet of another way."""
        if way is not self.way:
            self.way = way
            self._tell()

    def write(self, text: str) -> None:
        """Change the words for the whole."""
        self._keep(replace(self.sheet, text=text))

    def divide(self) -> None:
        """Find what the words for the whole call for: the parts of a description, or a picture of that style."""
        if self.way is Way.DESCRIBE and self.sheet.text.strip():
            self._split_id = self._client.send(protocol.SplitDescription, self.sheet.text)
        elif self.way is Way.STYLE and self.sheet.text.strip():
            for slot in self.sheet.slots:
                if slot.role is Role.STYLE:
                    self._search(slot)

    def add_slot(self) -> int:
        """Add an empty slot, and return its key."""
        slot = Slot(next(self._keys), Role.PROP)
        self._keep(self.sheet.with_slot(slot))
        return slot.key

    def remove_slot(self, key: int) -> None:
        """Remove a slot."""
        self._searches.pop(key, None)
        self._keep(self.sheet.without_slot(key))

    def word(self, key: int, text: str) -> None:
        """Change the words of a slot."""
        self._change(key, text=text)

    def recast(self, key: int, role: Role) -> None:
        """Change the role of a slot."""
        slot = self.sheet.find(key)
        if slot is not None:
            self._keep(self.sheet.with_slot(self._fed(self.way, replace(slot, role=role))))

    def spread(self, key: int, in_turn: bool) -> None:
        """Make a picture with each of the chosen ones in turn, or one with all."""
        self._change(key, in_turn=in_turn)

    def choose(self, key: int, asset_ids: Sequence[int]) -> None:
        """Let these candidates stand for a part, and no others."""
        self._change(key, chosen=tuple(asset_ids), settled=True)

    def offer(self, key: int, asset_ids: Sequence[int]) -> None:
        """Let pictures from elsewhere stand for a part too, if they may be sent."""
        self._choosing.choose(asset_ids, lambda rows: self._take_in(key, rows))

    def offer_files(self, key: int, files: Sequence[Path]) -> None:
        """Let files from outside the library stand for a part too."""
        slot = self.sheet.find(key)
        if slot is not None:
            self._change(key, files=tuple(dict.fromkeys((*slot.files, *files))))

    def take_file(self, key: int, file: Path) -> None:
        """Let a file from outside stand for a part no more."""
        slot = self.sheet.find(key)
        if slot is not None:
            self._change(key, files=tuple(one for one in slot.files if one != file))

    def search(self, key: int) -> None:
        """Look for candidates by the words of a slot."""
        slot = self.sheet.find(key)
        if slot is not None:
            self._search(slot)

    def search_more(self, key: int) -> None:
        """Look for more of them."""
        slot = self.sheet.find(key)
        if slot is not None:
            self._search(slot, slot.asked + CANDIDATES)

    def compose_with(self, asset_ids: Sequence[int]) -> None:
        """Begin with these pictures, all in one."""
        self.turn_to(Way.DESCRIBE)
        key = self.add_slot()
        self.spread(key, in_turn=False)
        self.offer(key, asset_ids)

    def ask_for(self, **changes: Any) -> None:
        """Change how pictures should be, by the names of `Output`."""
        output = replace(self.output, **changes)
        if output != self.output:
            self.output = output
            self._preferences.update(
                model=output.model, picture_size=output.size, ratio=output.ratio, results=str(output.folder or "")
            )
            self.offers_known.emit()
            self._plan()

    def _usual_model(self) -> protocol.GeneratorModel:
        """Return the first model, or that of drafts as long as the first one lacks its key."""
        usual = self.generators[0]
        draft = next((one for one in self.generators if one.name == DRAFT), usual)
        return (draft if usual.lacks_key else usual).models[0]

    def _first_slots(self, way: Way) -> tuple[Slot, ...]:
        roles = (Role.STYLE,) if way is Way.STYLE else FROM_TRAY.get(way, ())
        return tuple(Slot(next(self._keys), role) for role in roles)

    def _fed(self, way: Way, slot: Slot) -> Slot:
        return slot.fed_with(self._tray.rows(slot.role)) if way in FROM_TRAY else slot

    def _on_tray(self) -> None:
        for way in FROM_TRAY:
            slots = tuple(self._fed(way, slot) for slot in self._sheets[way].slots)
            self._sheets[way] = replace(self._sheets[way], slots=slots)
        self._tell()

    def _search(self, slot: Slot, wanted: int = CANDIDATES) -> None:
        text = " ".join(slot.lines) or (self.sheet.text.strip() if self.way is Way.STYLE else "")
        if not text:
            return
        request_id = self._client.send(protocol.FindCandidates, text, wanted)
        self._searches[slot.key] = self._client.mind(request_id)
        self._change(slot.key, asked=wanted, waits=True, trouble="")

    def _on_split(self, event: DescriptionSplit) -> None:
        if event.request_id != self._split_id:
            return
        sheet = self._sheets[Way.DESCRIBE]
        former = {(slot.role, slot.text): slot for slot in sheet.slots if slot.described}
        parts = [
            former.get((part.role, part.text)) or Slot(next(self._keys), part.role, part.text, described=True)
            for part in event.parts
        ]
        own = [slot for slot in sheet.slots if not slot.described]
        self._sheets[Way.DESCRIBE] = replace(sheet, slots=(*parts, *own))
        for slot in parts:
            if not slot.asked:
                self._search(slot)
        self._tell()

    def _on_candidates(self, event: CandidatesFound) -> None:
        key = self._answered(event.request_id)
        found = None if key is None else self._find(key)
        if found is not None:
            sheet, slot = found
            self._keep(sheet.with_slot(slot.answered_with(event.rows, PRESELECTED[sheet.way])))

    def _on_failed(self, event: RequestFailed) -> None:
        key = self._answered(event.request_id)
        if key is not None:
            words, hint = told(event.code, event.message, event.hint)
            self._change(key, waits=False, trouble=f"{words} {hint}".strip())

    def _answered(self, request_id: int) -> int | None:
        """Return the slot whose newest search was answered."""
        key = next((key for key, asked in self._searches.items() if asked == request_id), None)
        if key is not None:
            del self._searches[key]
        return key

    def _on_generators(self, event: GeneratorsListed) -> None:
        self.generators = event.generators
        self.offers_known.emit()
        self._plan()
        self._planning.renew()

    def _take_in(self, key: int, rows: Sequence[AssetRow]) -> None:
        found = self._find(key)
        if found is not None and rows:
            sheet, slot = found
            self._keep(sheet.with_slot(slot.offering(rows)))

    def _check_chosen(self) -> None:
        ids = tuple(dict.fromkeys(row.id for slot in self.sheet.slots for row in slot.candidates))
        self._choosing.choose(ids, lambda rows: self._leave_out({*ids} - {row.id for row in rows}))

    def _leave_out(self, asset_ids: Collection[int]) -> None:
        for sheet in list(self._sheets.values()):
            self._keep(replace(sheet, slots=tuple(slot.without(asset_ids) for slot in sheet.slots)))

    def _change(self, key: int, **changes: Any) -> None:
        found = self._find(key)
        if found is not None:
            sheet, slot = found
            self._keep(sheet.with_slot(replace(slot, **changes)))

    def _find(self, key: int) -> tuple[Sheet, Slot] | None:
        """Return a slot and the sheet it stands on, which need not be on show; None if it was removed."""
        found = ((sheet, sheet.find(key)) for sheet in self._sheets.values())
        return next(((sheet, slot) for sheet, slot in found if slot is not None), None)

    def _keep(self, sheet: Sheet) -> None:
        if sheet != self._sheets[sheet.way]:
            self._sheets[sheet.way] = sheet
            self._tell()

    def _tell(self) -> None:
        self.changed.emit()
        self._plan()

    def _plan(self) -> None:
        sheet, model = self.sheet, self.model
        hopeless = sheet.lack() is not None or (model is not None and bool(model.retired or sheet.excess(model)))
        output = self.output if model is None else replace(self.output, model=model.name)
        self._planning.want(None if hopeless else sheet.brief(output), output.folder)


def _output_of(preferences: PreferenceStore) -> Output:
    kept = preferences.current
    return Output(kept.model, kept.picture_size, kept.ratio, folder=Path(kept.results) if kept.results else None)
