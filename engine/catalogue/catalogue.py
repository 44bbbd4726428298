"""The open catalogue: one database and the tables' owners over it."""

from __future__ import annotations

from pathlib import Path

from engine.catalogue.asset_lists import AssetLists
from engine.catalogue.assets import Assets
from engine.catalogue.compositions import Compositions
from engine.catalogue.consents import Consents
from engine.catalogue.contents import Contents
from engine.catalogue.database import Database
from engine.catalogue.descriptions import Descriptions
from engine.catalogue.encoders import Encoders
from engine.catalogue.filters import Filters
from engine.catalogue.folders import Folders
from engine.catalogue.kept_searches import KeptSearches
from engine.catalogue.ledger import Ledger
from engine.catalogue.marks import Marks
from engine.catalogue.names import Names
from engine.catalogue.shown_assets import ShownAssets
from engine.catalogue.worth import Worth

FILE_NAME = "catalogue.sqlite"


class Catalogue:
    """Opens the catalogue of a data directory; raises what `Database` raises."""

    def __init__(self, home: Path) -> None:
        self.database = Database(home / FILE_NAME)
        self.folders = Folders(self.database)
        self.names = Names(self.database)
        self.assets = Assets(self.database, self.names)
        self.shown = ShownAssets(self.database)
        self.descriptions = Descriptions(self.database)
        self.contents = Contents(self.database)
        self.encoders = Encoders(self.database)
        self.filters = Filters(self.database)
        self.worth = Worth(self.database, self.filters)
        self.lists = AssetLists(self.database, self.filters)
        self.marks = Marks(self.database)
        self.kept_searches = KeptSearches(self.database)
        self.compositions = Compositions(self.database)
        self.ledger = Ledger(self.database)
        self.consents = Consents(self.database)

    def close(self) -> None:
        """Close every connection."""
        self.database.close()
