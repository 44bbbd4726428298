"""`propmaster compose`: from words and references to a plan with its price, and on to pictures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from engine.cli.app import app
from engine.cli.context import HomeOption, JsonOption, common
from engine.cli.maker import Maker, open_maker
from engine.cli.output import print_json, printable, stderr, stdout
from engine.protocol import DEFAULT_CURRENCY
from engine.services.money import MICRO

if TYPE_CHECKING:
    from engine.cli.composing_parts import FoundPart
    from engine.compose.brief import Brief
    from engine.compose.plan import Plan
    from engine.library import Library

ONE = "picture"


class _OneUnlessNamed(TyperGroup):
    """Takes what is no command's name for the text of one picture."""

    def parse_args(self, context: Any, args: list[str]) -> list[str]:
        """Put the name of the usual command before a text, behind the options of every command."""
        first = 0
        while args[first : first + 1] in (["--json"], ["--home"]):
            first += 2 if args[first] == "--home" else 1
        if first < len(args) and args[first] not in (*self.commands, "-h", "--help"):
            args = [*args[:first], ONE, *args[first:]]
        return super().parse_args(context, args)


compose_app = typer.Typer(
    name="compose",
    cls=_OneUnlessNamed,
    no_args_is_help=True,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
    help="""Make a new picture out of words and the library's own references.

`propmaster compose "elf archer with a flaming crown" --dry-run` shows the parts, what was found for each, the prompt
and the price, and sends nothing.

`propmaster compose batch plan.toml` makes a whole matrix: persons × garments, products × scenes.
""",
)
app.add_typer(compose_app)


@dataclass(frozen=True, slots=True)
class _Sending:
    """Whether the user agreed already, and where to; `budget` in US dollars."""

    yes: bool
    to: Path | None
    budget: float | None

    @property
    def budget_micro_usd(self) -> int | None:
        """The cap as the ledger counts."""
        return None if self.budget is None else round(self.budget * MICRO)


ModelOption = Annotated[str, typer.Option("--model", metavar="NAME", help="Model; the table's first without it.")]
SizeOption = Annotated[str, typer.Option("--size", metavar="SIZE", help="1K, 2K or 4K, as the model offers.")]
RatioOption = Annotated[str, typer.Option("--ratio", metavar="W:H", help="1:1, 3:4, 16:9 …")]
CountOption = Annotated[int, typer.Option("--count", "-c", min=1, help="How many pictures of each combination.")]
CurrencyOption = Annotated[str, typer.Option("--currency", help="Shown beside US dollars.")]
ToOption = Annotated[
    Path | None, typer.Option("--to", metavar="DIR", help="Where pictures go; without it, the folder of the settings.")
]
BudgetOption = Annotated[
    float | None,
    typer.Option("--budget", metavar="USD", min=0, help="The most this may cost; that of the settings without it."),
]
DryRunOption = Annotated[bool, typer.Option("--dry-run", help="Show the plan and its price; send nothing.")]
YesOption = Annotated[bool, typer.Option("--yes", "-y", help="Send without asking; scripts need it.")]


@compose_app.callback()
def compose(home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Take the options of every command."""
    common.take(home, as_json)


@compose_app.command(ONE)
def compose_one(
    text: Annotated[str, typer.Argument(metavar="TEXT", help="What to make, in English or Chinese.")],
    refs: Annotated[
        list[str] | None,
        typer.Option(
            "--ref",
            metavar="ROLE=FILE",
            help="A picture for the part of a role: person, garment, accessory, prop, scene or style. Repeatable.",
        ),
    ] = None,
    style_from_library: Annotated[
        bool, typer.Option("--style-from-library", help="Take the best match of the whole text as the style.")
    ] = False,
    words_only: Annotated[bool, typer.Option("--words-only", help="Look for no references in the library.")] = False,
    mode: Annotated[
        str, typer.Option("--mode", help="dress, prop, scene or variation; found from the references without it.")
    ] = "",
    model: ModelOption = "",
    size: SizeOption = "",
    ratio: RatioOption = "",
    count: CountOption = 1,
    to: ToOption = None,
    budget: BudgetOption = None,
    currency: CurrencyOption = DEFAULT_CURRENCY,
    dry_run: DryRunOption = False,
    yes: YesOption = False,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make one picture of a description (the usual command: its name may be left out).

    The description is split into parts ("elf archer", "flaming crown"); for each part the library's best match is taken
    as its reference, unless --ref gives one. Nothing is sent before you agree, or without --yes in a script.
    """
    from engine.cli.composing_parts import brief_of, find_parts, read_refs

    common.take(home, as_json)
    given = read_refs(refs or ())
    with _opened(dry_run) as (library, maker):
        found = find_parts(library, text, given, style_from_library=style_from_library, words_only=words_only)
        brief = brief_of(text, found, mode, [role for role, _ in given], varies=style_from_library)
        plan = library.composer.plan(_with_options(brief, model, size, ratio, count), currency)
        _go_on(library, maker, plan, found, _Sending(yes, to, budget))


@compose_app.command("batch")
def compose_batch(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A plan.toml, as the guide shows.")],
    model: ModelOption = "",
    size: SizeOption = "",
    ratio: RatioOption = "",
    count: Annotated[int | None, typer.Option("--count", "-c", min=1, help="In place of the file's count.")] = None,
    to: ToOption = None,
    budget: BudgetOption = None,
    currency: CurrencyOption = DEFAULT_CURRENCY,
    dry_run: DryRunOption = False,
    yes: YesOption = False,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make every combination of a matrix whose groups are folders, searches, lists of files or words."""
    common.take(home, as_json)
    with _opened(dry_run) as (library, maker):
        read = library.composer.read_batch(file)
        plan = library.composer.plan(_with_options(read.brief, model, size, ratio, count), currency)
        for path in read.kept_back:
            stderr.print(f"Never sent, left out: {printable(path)}", markup=False, style="yellow")
        _go_on(library, maker, plan, (), _Sending(yes, to, budget))


@contextmanager
def _opened(dry_run: bool) -> Iterator[tuple[Library, Maker | None]]:
    """Yield the library, and who makes pictures unless none is to be made."""
    if dry_run:
        with common.open_to_read() as library:
            yield library, None
        return
    with open_maker() as maker:
        yield maker.library, maker


def _with_options(brief: Brief, model: str, size: str, ratio: str, count: int | None) -> Brief:
    from dataclasses import replace

    return replace(
        brief,
        model=model or brief.model,
        size=size or brief.size,
        ratio=ratio or brief.ratio,
        count=count or brief.count,
    )


def _go_on(library: Library, maker: Maker | None, plan: Plan, found: Sequence[FoundPart], sending: _Sending) -> None:
    """Show a plan and, unless that is all that is wanted, send it. Leaves with the exit status."""
    from engine.cli.making import make_pictures, require_consent
    from engine.cli.plans import plan_as_json, print_plan
    from engine.compose.origin import DRAFT

    if not common.as_json:
        print_plan(plan, found, library.composer.pictures)
    if maker is None:
        if common.as_json:
            print_json(plan_as_json(plan, found, library.composer.pictures))
        else:
            stdout.print("Nothing was sent.")
        return
    # A draft sends nothing anywhere, so that nobody needs to agree.
    if plan.model.generator != DRAFT:
        require_consent(f"Send this: {plan.price_in_words()}?", yes=sending.yes)
    make_pictures(maker, maker.add(plan, sending.to, sending.budget_micro_usd))
