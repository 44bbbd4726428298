"""The English rules of `parts`: linking words cut a phrase, lists are cut at "and" and commas, nouns tell roles."""

from __future__ import annotations

import re
from dataclasses import replace

from engine.compose.generators.generator import Role
from engine.compose.parts import Link, Part, Segment, cut, role_of_unknown_head, role_under
from engine.compose.words import find_english_role, head_words, load_words, singular

_BE = r"(?:(?:who|that|which)\s+)?(?:(?:is|are)\s+)?"
_POSTURE = (
    r"(?:standing|stands|sitting|sits|lying|lies|walking|walks|running|runs|kneeling|floating|flying|posing|posed|resting"
    r"|leaning|smoking|waiting|working|reading|looking|staring|hanging|placed|set|swimming|dancing|sleeping|fighting)"
)
_PLACES = "in front of|next to|on top of|on|at|inside|near|beside|behind|under|against|among|across|through"
_LINKS = (
    (Link.WORN, r"wearing|wears|dressed(?: up)? in|clad in|clothed in"),
    (
        Link.HELD,
        r"holding|holds|carrying|carries|wielding|wields|gripping|grasping|brandishing|armed with|equipped with"
        r"|swinging|raising|lifting|playing",
    ),
    (Link.RIDDEN, r"riding(?: on)?|rides|mounted on|astride"),
    (
        Link.PLACE,
        rf"{_POSTURE}(?: (?:up|down))?(?: (?:{_PLACES}|in|by|over|before))|{_PLACES}|beneath|amid|surrounded by|above",
    ),
    # "A staff topped with a crystal" is one thing.
    (
        Link.WITH,
        "".join(
            rf"(?<!{joins} )"
            for joins in ("topped", "filled", "covered", "decorated", "adorned", "inlaid", "encrusted")
        )
        + "(?:with|having|featuring)",
    ),
    (Link.IN, r"in(?! (?:the|his|her|its|their) other\b)"),
)
_LINK = re.compile(
    r"(?<![\w-])(?:" + "|".join(rf"(?P<{link.name}>{_BE}(?:{words}))" for link, words in _LINKS) + r")(?![\w-])",
    re.IGNORECASE,
)
_LIST = re.compile(r"\s*(,\s*and|,|;|&|\band\b|\bplus\b|\bas well as\b|\balong with\b)\s*", re.IGNORECASE)
_DETERMINERS = re.compile(r"^(?:(?:a|an|the|his|her|their|its|my|your|some|any)\s+)+", re.IGNORECASE)
_DANGLING = re.compile(
    r"(?:[\s,;]+(?:who|that|which|is|are|he|she|and|plus|while|also|both|&))+$|[\s,;]+$", re.IGNORECASE
)
_BACKGROUND = re.compile(r"\bwith\s+([^,]+?)\s+(?:in|as)\s+(?:the|a)?\s*background\b", re.IGNORECASE)
_IN_STYLE = re.compile(
    r"[\s,]*\bin\s+(?:the\s+style\s+of\s+(?P<of>[^,]+)|(?:an?\s+|the\s+)?(?P<named>[^,]+?[\s-]style)\b)", re.IGNORECASE
)


def split_english(text: str) -> list[Part]:
    """Return the parts of a tidy English description, the head first, places and styles where they stand."""
    text, styles = _without_styles(text)
    segments = _joined(cut(_BACKGROUND.sub(r"against \1", text), _LINK, _phrase))
    if not segments:
        return styles
    head = _head_role(segments)
    parts = [part for segment in segments for part in _parts(segment, head)]
    return list(dict.fromkeys([*parts, *styles]))


def _without_styles(text: str) -> tuple[str, list[Part]]:
    """Take "in the style of …", "… style" and "oil painting of" out of a text."""
    styles: list[Part] = []

    def taken(match: re.Match[str]) -> str:
        styles.append(Part(_bare(match["of"] or match["named"]), Role.STYLE))
        return " "

    text = _IN_STYLE.sub(taken, text).strip()
    nouns = "|".join(load_words("en").style_nouns)
    painted = re.match(rf"(?:an?\s+|the\s+)?((?:[\w-]+\s+){{0,3}}(?:{nouns}))\s+of\s+(?=\S)", text, re.IGNORECASE)
    if painted is not None:
        styles.append(Part(_bare(painted[1]), Role.STYLE))
        text = text[painted.end() :]
    return _without_leading_style(text, styles), styles


def _without_leading_style(text: str, styles: list[Part]) -> str:
    words = _bare(text).split()
    for width in (2, 1):
        leading = "-".join(words[:width]).lower()
        if len(words) > width and leading in load_words("en").styles:
            styles.append(Part(" ".join(words[:width]), Role.STYLE))
            return " ".join(words[width:])
    return text


def _phrase(text: str) -> str:
    phrase = _DANGLING.sub("", text).strip(" ,;")
    return phrase if _items(phrase) else ""


def _joined(segments: list[Segment]) -> list[Segment]:
    """Put features of a body or a thing, and what lies on one, back to what they belong to."""
    joined: list[Segment] = []
    for segment in segments:
        items = _items(segment.text)
        features = [item for item in items if _is_feature(item)]
        if not joined or not features or segment.link not in (Link.WITH, Link.IN, Link.PLACE):
            joined.append(segment)
            continue
        said = f"{joined[-1].text} {segment.word} {' and '.join(features)}"
        joined[-1] = replace(joined[-1], text=said)
        rest = ", ".join(item for item in items if item not in features)
        if rest:
            joined.append(Segment(Link.WITH if segment.link is Link.WITH else joined[-1].link, segment.word, rest))
    return joined


def _is_feature(phrase: str) -> bool:
    words = head_words(_LIST.split(phrase)[-1])
    features = load_words("en").features
    return bool(words) and (words[-1] in features or words[-1].removesuffix("s") in features)


def _head_role(segments: list[Segment]) -> Role:
    first = _items(segments[0].text)[0]
    known = _role_of(first)
    if known is not None:
        return known
    nouns = load_words("en").nouns
    if any(nouns.get(singular(word)) is Role.PERSON for word in head_words(first)):
        return Role.PERSON
    return role_of_unknown_head(segments)


def _parts(segment: Segment, head: Role) -> list[Part]:
    parts: list[Part] = []
    for number, item in enumerate(_items(segment.text)):
        known = _role_of(item)
        if segment.link is Link.HEAD and number and known is None:
            parts[-1] = Part(f"{parts[-1].text}, {item}", parts[-1].role)
            continue
        parts.append(Part(_bare(item), _role(segment, item, known, head)))
    return parts


def _role(segment: Segment, item: str, known: Role | None, head: Role) -> Role:
    if segment.link is Link.IN and known is None and _may_be_clothes(item):
        return Role.GARMENT
    if (
        segment.link is Link.PLACE
        and head is Role.PERSON
        and known is Role.PROP
        and segment.word.lower().endswith("on")
    ):
        return Role.PROP  # on a horse, on a throne
    return role_under(segment.link, known, head)


def _may_be_clothes(phrase: str) -> bool:
    """Tell "in red", "in sequins" from "in a storm" and "in Paris"."""
    return _DETERMINERS.match(phrase) is None and phrase[:1].islower()


def _role_of(phrase: str) -> Role | None:
    words = head_words(phrase)
    lists = load_words("en")
    if "-".join(words) in lists.styles or (words and words[-1] in lists.style_nouns):
        return Role.STYLE
    return find_english_role(phrase)


def _items(text: str) -> list[str]:
    """Cut a list, but not between adjectives ("black and white dress")."""
    pieces = _LIST.split(text)
    items = [pieces[0]]
    for separator, right in zip(pieces[1::2], pieces[2::2], strict=True):
        if not right:
            continue
        if items[-1] and _is_adjective(items[-1], right):
            gap = " " if separator[0] not in ",;" else ""
            items[-1] += f"{gap}{separator} {right}"
        else:
            items.append(right)
    return [item for item in items if _bare(item)]


def _is_adjective(left: str, right: str) -> bool:
    words = head_words(_bare(left))
    if not words or words[-1] in load_words("en").colours:
        return True
    unknown = len(words) == 1 and find_english_role(left) is None and not _is_feature(left)
    return unknown and _DETERMINERS.match(right) is None and len(right.split()) > 1


def _bare(phrase: str) -> str:
    return _DETERMINERS.sub("", phrase.strip(" ,;"))
