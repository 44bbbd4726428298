"""What is searched for, as the user sees it: typed words, pictures, a filter and an order. One value, never changed.

The search bar edits it, the history keeps it, the session turns it into the engine's query and back.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from desktop.models.query_text import parse_query
from engine.protocol import AssetQuery, AssetTerm, FileTerm, Filter, Order, TextTerm

UNLIKE_WEIGHT = -0.5
NO_FILTER = Filter()
BY_RELEVANCE = Order()


@dataclass(frozen=True, slots=True)
class LikePicture:
    """A picture that results should be like, or unlike if its weight is negative; `thumbnail` is its key, if known."""

    term: FileTerm | AssetTerm
    name: str = ""
    thumbnail: str = ""

    def weighing(self, weight: float) -> LikePicture:
        """Return the same picture with another weight."""
        return replace(self, term=replace(self.term, weight=weight))

    def shows_what(self, other: LikePicture) -> bool:
        """Return whether the other is of the same picture, or of the same part of it."""
        return self.weighing(1.0).term == other.weighing(1.0).term


@dataclass(frozen=True, slots=True)
class Search:
    """A search; the default shows everything."""

    text: str = ""
    pictures: tuple[LikePicture, ...] = ()
    filter: Filter = NO_FILTER
    order: Order = BY_RELEVANCE

    @property
    def asks(self) -> bool:
        """Whether there is something to be like, so that results have a relevance."""
        return any(term.weight > 0 for term in self.query().terms)

    @property
    def shows_everything(self) -> bool:
        """Whether nothing is asked and nothing filtered."""
        return not self.text.strip() and not self.pictures and self.filter == NO_FILTER

    def query(self) -> AssetQuery:
        """Return it as the engine takes it. Words that only say what not to find are a list of everything so far."""
        typed = parse_query(self.text)
        wanted = (TextTerm(typed.wanted),) if typed.wanted else ()
        unwanted = tuple(TextTerm(text, UNLIKE_WEIGHT) for text in typed.unwanted)
        terms = (*wanted, *unwanted, *(picture.term for picture in self.pictures))
        if not any(term.weight > 0 for term in terms):
            terms = ()
        return AssetQuery(terms, self.filter, self.order)

    def with_picture(self, picture: LikePicture) -> Search:
        """Return this search with one more picture; one that is in it already takes the new weight, in its place."""
        if any(picture.shows_what(one) for one in self.pictures):
            pictures = tuple(picture if picture.shows_what(one) else one for one in self.pictures)
        else:
            pictures = (*self.pictures, picture)
        return replace(self, pictures=pictures)

    def without_picture(self, picture: LikePicture) -> Search:
        """Return this search with a picture less."""
        return replace(self, pictures=tuple(one for one in self.pictures if one != picture))


def search_of(query: AssetQuery) -> Search:
    """Return what the engine kept, as the user wrote it."""
    texts = [term for term in query.terms if isinstance(term, TextTerm)]
    words = [term.text if term.weight > 0 else f"-{_quoted(term.text)}" for term in texts]
    pictures = tuple(
        LikePicture(term, term.path.name if isinstance(term, FileTerm) else "")
        for term in query.terms
        if not isinstance(term, TextTerm)
    )
    return Search(" ".join(words), pictures, query.filter, query.order)


def _quoted(text: str) -> str:
    return f'"{text}"' if " " in text else text
