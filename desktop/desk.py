"""What a window works with; made once by `desktop.app`, and handed to each window and its controllers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from desktop.batches import Batches
from desktop.choosing import Choosing
from desktop.composing import Composing
from desktop.consents import Consents
from desktop.engine_client import EngineClient
from desktop.engine_process import EngineProcess
from desktop.engine_state import EngineHealth
from desktop.hand_over import HandOver
from desktop.inspection import Inspection
from desktop.models.sidebar_tree import SidebarTree
from desktop.notifications import Notifications
from desktop.pictures import PictureLoader
from desktop.places import Places
from desktop.planning import Planning
from desktop.session import Session
from desktop.settings import PreferenceStore
from desktop.thumbnails import ThumbnailLoader
from desktop.trash import TrashBin
from desktop.tray import TrayKeeper


@dataclass(frozen=True, slots=True)
class Desk:
    """The collaborators of a window; they outlive it."""

    home: Path
    preferences: PreferenceStore
    notifications: Notifications
    process: EngineProcess
    client: EngineClient
    health: EngineHealth
    session: Session
    places: Places
    tree: SidebarTree
    batches: Batches
    inspection: Inspection
    thumbnails: ThumbnailLoader
    pictures: PictureLoader
    references: PictureLoader
    """What stands beside another picture."""
    hand_over: HandOver
    trash: TrashBin
    choosing: Choosing
    tray: TrayKeeper
    consents: Consents
    planning: Planning
    composing: Composing
