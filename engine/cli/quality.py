"""`propmaster models plan` and `fill`: what a budget buys of the quality encoder, and showing it the pictures."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from engine.cli.app import models_app
from engine.cli.context import HomeOption, JsonOption, common
from engine.cli.indexing import stopped_by_signals
from engine.cli.output import print_json, printable, progress_bar, stderr, stdout
from engine.cli.remote import RunningEngine, running_engine
from engine.errors import EncoderInUse, EncoderUnknown, InvalidSetting, LibraryBusy
from engine.protocol import BuyQuality, HoldQuality, PlanQuality, QualityPlanned

if TYPE_CHECKING:
    from engine.catalogue.worth import Reason
    from engine.library import Library
    from engine.quality import QualityPlan, Wish

SHARES_SHOWN = 12
_REASONS = {"chosen_folder": "chosen folders", "used": "in use", "newest": "newest"}

EncoderArgument = Annotated[
    str | None, typer.Argument(metavar="[ENCODER]", help="As in the setting quality_encoder, which it stands in for.")
]
BudgetOption = Annotated[float | None, typer.Option("--budget", metavar="USD", min=0, help="What it may cost at most.")]
ImagesOption = Annotated[int | None, typer.Option("--images", metavar="N", min=0, help="How many pictures at most.")]
FolderOption = Annotated[
    list[Path] | None, typer.Option("--folder", metavar="DIR", help="Pictures below it come first. Repeatable.")
]


@models_app.command("plan")
def plan(
    encoder: EncoderArgument = None,
    budget: BudgetOption = None,
    images: ImagesOption = None,
    folder: FolderOption = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say what a budget buys of an encoder: how many pictures, which, at what price, in what time.

    Pictures of chosen folders come first, then those in use (stars, tags, notes, references, picked results), then
    the newest. Nothing is sent and nothing is paid.
    """
    common.take(home, as_json)
    with common.open_to_read() as library:
        planned = library.quality.plan(_wish(budget, images, folder), encoder or "")
    if common.as_json:
        print_json(_as_json(planned))
    else:
        _print(planned)


@models_app.command("fill")
def fill(
    encoder: EncoderArgument = None,
    budget: BudgetOption = None,
    images: ImagesOption = None,
    folder: FolderOption = None,
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help="Agree beforehand to what is sent and what it costs.")
    ] = False,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show the quality encoder the pictures that it has not seen, the worthiest first.

    A paid service gets nothing before you agreed to the plan, and costs no more than --budget. Stop it at any moment
    with Ctrl-C; the next run goes on where this one was, and nothing is paid for twice.
    """
    common.take(home, as_json)
    wish = _wish(budget, images, folder)
    with running_engine(common.data_directory()) as engine:
        if engine is not None:
            _fill_remotely(engine, encoder or "", wish, yes=yes)
            return
    with _open_with(encoder) as library, stopped_by_signals() as control:
        _agree(library, wish, yes=yes)
        with progress_bar("Quality") as update:
            report = library.quality.fill(control, update, wish=wish)
        left, is_day_spent = library.quality.count_waiting(), _is_day_spent(library)
    if common.as_json:
        print_json({"indexed": report.indexed, "failed": report.failed, "left": left, "cancelled": report.cancelled})
    else:
        stdout.print(f"{report.indexed} pictures seen, {left} left")
        if report.failed:
            stdout.print(f"{report.failed} gave no vector; the next run tries them again")
        if left and is_day_spent:
            stdout.print("Today's budget is used up; `propmaster budget set --day USD` raises it")
    if control.cancelled:
        raise typer.Exit(130)


def _is_day_spent(library: Library) -> bool:
    """Return whether a service could not be paid for one more picture today."""
    space = library.spaces.quality
    terms = None if space is None else space.profile.terms
    return terms is not None and library.studio.accounts.budget().left_today < terms.per_image


def _agree(library: Library, wish: Wish, *, yes: bool) -> None:
    """Have the user agree to what a service gets and costs; an encoder on this machine needs no word."""
    space = library.spaces.quality
    if space is None or space.profile.terms is None:
        return
    budget = _require_budget(space.profile.name, wish)
    if not yes:
        planned = library.quality.plan(wish)
        _print(planned)
        _confirm(planned.images, space.profile.terms.service)
    library.quality.allow(budget)


def _confirm(images: int, service: str) -> None:
    typer.confirm(f"Send {images} pictures, and from now on the words of searches, to {service}?", abort=True, err=True)


def _fill_remotely(engine: RunningEngine, encoder: str, wish: Wish, *, yes: bool) -> None:
    """Have the engine of an open window show the pictures, which it does beside its other work."""
    if wish.images is not None or wish.folders:
        raise LibraryBusy(
            "the open window shows pictures in the order of its settings, as long as the budget lasts",
            "close it first, or leave out --images and --folder",
        )
    answer = engine.ask(PlanQuality, encoder, wish.budget)
    assert isinstance(answer, QualityPlanned)
    plan = answer.plan
    if not plan.chosen:
        raise EncoderInUse(
            "the open window has another quality encoder, or none", "choose this one in its settings, or close it first"
        )
    if plan.terms is None:
        engine.ask(HoldQuality, False)
    else:
        budget = _require_budget(plan.encoder, wish)
        if not yes:
            from engine.catalogue.ledger import dollars

            price = f"At most {dollars(plan.price)} in all, {dollars(plan.terms.per_image)} each."
            stderr.print(price)
            _confirm(plan.images, plan.terms.service)
        engine.ask(BuyQuality, budget)
    if common.as_json:
        print_json({"left_to_the_window": plan.images})
    else:
        stdout.print(f"Propmaster is open; its engine shows {plan.images} pictures whenever it has nothing to index.")


def _require_budget(encoder: str, wish: Wish) -> int:
    if wish.budget is None:
        raise InvalidSetting(f"{encoder} costs money", "say how much it may be: --budget USD")
    return wish.budget


def _open_with(encoder: str | None) -> Library:
    """Open the library to write, with this encoder as its quality encoder; without one, with that of the settings."""
    from engine.library import Library
    from engine.settings import load_settings

    home = common.data_directory()
    settings = load_settings(home)
    if encoder:
        settings = replace(settings, quality_encoder=encoder)
    if not settings.quality_encoder:
        raise EncoderUnknown("no quality encoder is chosen", "name one that `propmaster models` lists")
    return Library(home, settings=settings)


def _wish(budget: float | None, images: int | None, folders: list[Path] | None) -> Wish:
    from engine.catalogue.ledger import MICRO
    from engine.quality import Wish

    chosen = tuple(folder.expanduser().resolve() for folder in folders or ())
    return Wish(None if budget is None else round(budget * MICRO), images, chosen)


def _as_json(plan: QualityPlan) -> dict[str, Any]:
    terms = plan.terms
    return {
        "encoder": plan.encoder,
        "seen": plan.seen,
        "waiting": plan.waiting,
        "never_sent": plan.kept_back,
        "images": plan.images,
        "reasons": {reason.value: plan.count(reason) for reason in _reasons()},
        "folders": [
            {"folder": str(share.folder), "reason": share.reason, "images": share.images} for share in plan.shares
        ],
        "service": None if terms is None else terms.service,
        "usd_each": None if terms is None else terms.per_image / 1e6,
        "usd": plan.price / 1e6,
        "price_of": None if terms is None else terms.as_of.isoformat(),
        "price_source": None if terms is None else terms.source,
        "seconds": None if plan.seconds is None else round(plan.seconds, 1),
    }


def _print(plan: QualityPlan) -> None:
    stdout.print(f"{plan.encoder} has seen {plan.seen} pictures; {plan.waiting} wait", markup=False)
    if plan.kept_back:
        stdout.print(f"{plan.kept_back} are marked never to be sent, and stay")
    stdout.print(f"This buys [bold]{plan.images}[/] of them:" if plan.images else "This buys none of them.")
    for reason in _reasons():
        shares = [share for share in plan.shares if share.reason is reason]
        if not shares:
            continue
        stdout.print(f"  [bold]{plan.count(reason):8}[/]  {_REASONS[reason]}")
        for share in shares[:SHARES_SHOWN]:
            stdout.print(f"  {share.images:8}    {printable(share.folder)}", markup=False, style="dim")
        if len(shares) > SHARES_SHOWN:
            stdout.print(f"            and {len(shares) - SHARES_SHOWN} more folders", style="dim")
    _print_price(plan)


def _print_price(plan: QualityPlan) -> None:
    from engine.catalogue.ledger import dollars

    if plan.terms is not None:
        terms = plan.terms
        stdout.print(
            f"At most {dollars(plan.price)} in all, {dollars(terms.per_image)} each, to {terms.service};"
            f" prices of {terms.as_of.isoformat()}: {terms.source}",
            markup=False,
        )
    elif plan.seconds is not None:
        stdout.print(f"It costs nothing but time: about {_duration(plan.seconds)} on this machine, as measured here.")


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    if seconds < 90 * 60:
        return f"{round(seconds / 60)} min"
    return f"{seconds / 3600:.1f} h"


def _reasons() -> list[Reason]:
    from engine.catalogue.worth import Reason

    return list(Reason)
