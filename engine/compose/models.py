"""The table of the generators' models, their limits and prices: the shipped one, and the user's rows over it.

A model is chosen by its name. Invariant: a model that `Models.find` returns can still be used on the day asked for.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, Decimal
from pathlib import Path
from typing import Any, TypeVar

from engine.compose.generators.generator import Role
from engine.errors import PropmasterError
from engine.services.money import USD, Currency, micro_usd
from engine.services.service import Usage
from engine.updates.tables import newest_table

FILE_NAME = "generators.toml"
_REQUIRED = ("name", "generator", "prices", "references", "ratios", "date", "source")
_Row = TypeVar("_Row")
_KNOWN = frozenset({*_REQUIRED, "title", "successor", "retired", "tokens"})


class ModelTableDamaged(PropmasterError):
    """The table of models cannot be used as it is written."""

    code = "model_table_damaged"


class ModelUnknown(PropmasterError):
    """No generator has such a model."""

    code = "model_unknown"


class ModelRetired(PropmasterError):
    """The service no longer runs the model; `successor` names another."""

    code = "model_retired"

    def __init__(self, message: str, hint: str = "", successor: str = "") -> None:
        super().__init__(message, hint)
        self.successor = successor


@dataclass(frozen=True, slots=True)
class Capacity:
    """How many references a request may hold; kinds with no room of their own count as objects."""

    objects: int
    persons: int = 0
    styles: int = 0

    def kind_of(self, role: Role) -> str:
        """Return which room a role takes: "persons", "styles" or "objects"."""
        if role is Role.PERSON and self.persons:
            return "persons"
        return "styles" if role is Role.STYLE and self.styles else "objects"


@dataclass(frozen=True, slots=True)
class TokenPrices:
    """What a service bills beside or instead of the picture: micro-USD for a token, by what the token is of.

    `reference` is how many tokens of input one reference counts at most.
    """

    input: Decimal
    picture: Decimal
    text: Decimal
    reference: int

    def most_of_input(self, references: int, prompt: str) -> int:
        """Return the most that the input may cost, in micro-USD; no token is shorter than a character."""
        return _whole(self.input * (references * self.reference + len(prompt)))

    def cost(self, usage: Usage) -> int | None:
        """Return what an answer cost, in micro-USD; None where it does not count its tokens."""
        if usage.input_tokens is None or usage.output_tokens is None:
            return None
        of_picture = usage.output_tokens - usage.text_tokens
        return _whole(self.input * usage.input_tokens + self.picture * of_picture + self.text * usage.text_tokens)


@dataclass(frozen=True, slots=True)
class Model:
    """A row of the table. `prices` are micro-USD a picture by size; `as_of` is when the row's figures were read."""

    name: str
    generator: str
    title: str
    prices: Mapping[str, int]
    references: Capacity
    ratios: tuple[str, ...]
    as_of: date
    source: str
    successor: str = ""
    retired: date | None = None
    tokens: TokenPrices | None = None

    def most_for(self, size: str, references: int, prompt: str) -> int:
        """Return the most that one picture may cost, in micro-USD."""
        return self.prices[size] + (self.tokens.most_of_input(references, prompt) if self.tokens else 0)

    @property
    def sizes(self) -> tuple[str, ...]:
        """The sizes on offer, as the table orders them."""
        return tuple(self.prices)


@dataclass(frozen=True, slots=True)
class Models:
    """The whole table, rows in order; the first one is the default."""

    rows: tuple[Model, ...]
    currencies: tuple[Currency, ...]

    @property
    def default(self) -> Model:
        """The model that is used where nobody says."""
        return self.rows[0]

    def find(self, name: str, today: date | None = None) -> Model:
        """Return a model that can be used. Raises ModelUnknown, or ModelRetired that names the successor."""
        model = next((row for row in self.rows if row.name == name), None)
        if model is None:
            known = ", ".join(row.name for row in self.usable(today))
            raise ModelUnknown(f"no generator has a model “{name}”", f"known are: {known}")
        if _is_retired(model, today):
            raise ModelRetired(
                f"{model.name} is retired since {model.retired}",
                f"use {model.successor} instead" if model.successor else "choose another model",
                model.successor,
            )
        return model

    def usable(self, today: date | None = None) -> list[Model]:
        """Return the models that are not retired."""
        return [row for row in self.rows if not _is_retired(row, today)]

    def cost(self, model: str, usage: Usage) -> int | None:
        """Return what an answer cost by the tokens that it counts, in micro-USD; None where nobody can tell."""
        tokens = next((row.tokens for row in self.rows if row.name == model), None)
        return tokens.cost(usage) if tokens is not None else None

    def currency(self, code: str) -> Currency:
        """Return a currency of the table, or US dollars. Raises ModelTableDamaged for one that it lacks."""
        known = {currency.code: currency for currency in (USD, *self.currencies)}
        if code.upper() not in known:
            raise ModelTableDamaged(
                f"the table has no rate for {code}", f"known are: {', '.join(known)}; add it to your {FILE_NAME}"
            )
        return known[code.upper()]


def load_models(home: Path) -> Models:
    """Return the newest table with the rows of the data directory's copy over it. Raises ModelTableDamaged."""
    newest = _parse(Path(FILE_NAME), newest_table(FILE_NAME, home))
    copy = home / FILE_NAME
    own = _read(copy) if copy.exists() else Models((), ())
    rows = {row.name: row for row in (*newest.rows, *own.rows)}
    currencies = {currency.code: currency for currency in (*newest.currencies, *own.currencies)}
    models = Models(tuple(rows.values()), tuple(currencies.values()))
    _check_successors(copy, models)
    return models


def check_table(text: str) -> None:
    """Raise ModelTableDamaged unless the text can stand in for the shipped table."""
    models = _parse(Path(FILE_NAME), text)
    _check_successors(Path(FILE_NAME), models)
    if not models.rows:
        raise _damaged(Path(FILE_NAME), "it has no model")


def _check_successors(path: Path, models: Models) -> None:
    names = {row.name for row in models.rows}
    for row in models.rows:
        if row.successor and row.successor not in names:
            raise _damaged(path, f"the successor of {row.name}, {row.successor}, is not in the table")


def _is_retired(model: Model, today: date | None) -> bool:
    return model.retired is not None and model.retired <= (today or date.today())  # noqa: DTZ011 - the user's calendar


def _read(path: Path) -> Models:
    try:
        text = path.read_text("utf-8")
    except (OSError, ValueError) as error:
        raise _damaged(path, str(error)) from error
    return _parse(path, text)


def _parse(path: Path, text: str) -> Models:
    try:
        table = tomllib.loads(text, parse_float=Decimal)
    except ValueError as error:
        raise _damaged(path, str(error)) from error
    unknown = set(table) - {"model", "currency"}
    if unknown:
        raise _damaged(path, f"“{min(unknown)}” is neither [[model]] nor [[currency]]")
    return Models(_rows(path, table, "model", _model), _rows(path, table, "currency", _currency))


def _rows(path: Path, table: Mapping[str, Any], kind: str, parse: Callable[[dict[str, Any]], _Row]) -> tuple[_Row, ...]:
    written = table.get(kind, [])
    if not isinstance(written, list):
        raise _damaged(path, f"{kind} should stand in double brackets: [[{kind}]]")
    rows = []
    for number, row in enumerate(written, 1):
        try:
            rows.append(parse(row))
        except KeyError as error:
            raise _damaged(path, f"{kind} {number} lacks “{error.args[0]}”") from error
        except (TypeError, ValueError, AttributeError) as error:
            raise _damaged(path, f"{kind} {number}: {error}") from error
    return tuple(rows)


def _model(row: dict[str, Any]) -> Model:
    for key in _REQUIRED:
        row[key]
    if unknown := set(row) - _KNOWN:
        raise ValueError(f"“{min(unknown)}” is no part of a row")
    prices = {size: micro_usd(_number(price)) for size, price in row["prices"].items()}
    if not prices or not row["ratios"]:
        raise ValueError("a model needs at least one price and one ratio")
    return Model(
        name=_text(row["name"]),
        generator=_text(row["generator"]),
        title=_text(row.get("title", row["name"])),
        prices=prices,
        references=Capacity(**{kind: _count(many) for kind, many in row["references"].items()}),
        ratios=tuple(_text(ratio) for ratio in row["ratios"]),
        as_of=_date(row["date"]),
        source=_text(row["source"]),
        successor=row.get("successor", ""),
        retired=_date(row["retired"]) if "retired" in row else None,
        tokens=_tokens(row["tokens"]) if "tokens" in row else None,
    )


def _tokens(row: dict[str, Any]) -> TokenPrices:
    # US dollars for a million of them are micro-USD for one.
    return TokenPrices(_number(row["input"]), _number(row["picture"]), _number(row["text"]), _count(row["reference"]))


def _whole(micro_usd: Decimal) -> int:
    return int(micro_usd.to_integral_value(ROUND_CEILING))


def _currency(row: dict[str, Any]) -> Currency:
    rate = _number(row["per_usd"])
    if not rate:
        raise ValueError("a rate of 0 is none")
    return Currency(
        _text(row["code"]).upper(), row.get("symbol", f"{row['code']} "), rate, _date(row["date"]), _text(row["source"])
    )


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError(f"{value!r} should be text in quotes")
    return value


def _number(value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | Decimal) or not 0 <= value < 1_000_000:
        raise ValueError(f"{value!r} should be a number, 0 or more")
    return Decimal(value)


def _count(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError(f"{value!r} should be a whole number, 0 or more")
    return value


def _date(value: Any) -> date:
    if type(value) is not date:
        raise ValueError(f"{value!r} should be a date such as 2026-11-22, without quotes")
    return value


def _damaged(path: Path, what: str) -> ModelTableDamaged:
    return ModelTableDamaged(
        f"the table of models {path} cannot be used: {what}",
        "mend the file, or delete it to go back to the shipped one",
    )
