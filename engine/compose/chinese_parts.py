"""The Chinese rules of `parts`: verbs with 着 and their like cut a phrase, 的 tells a description from its head.

Both orders are known: 戴着皇冠的弓箭手 (what is worn comes first) and 骑士拿着长剑和盾牌 (the head comes first).
"""

from __future__ import annotations

import re
from dataclasses import replace

from engine.compose.generators.generator import Role
from engine.compose.parts import Link, Part, Segment, cut, role_of_unknown_head, role_under
from engine.compose.words import find_chinese_role, find_english_role, load_words

_LINKS = (
    (
        Link.WORN,
        "头戴着?|佩戴着?|戴着|戴了|戴有|(?<![佩爱拥])戴|身穿着?|身着|脚穿着?|脚踏|穿着|穿了|(?<!贯)穿(?![越过透行])|身披|披着|系着|围着|打着(?=领)|裹着",
    ),
    (
        Link.HELD,
        "手持着?|手拿着?|手握着?|手捧着?|手提着?|手里拿着|手中握着|拿着|握着|紧握着?|持着|持有|举着|高举着?|捧着|抱着|怀抱着?|提着|拎着"
        "|扛着|肩扛|牵着|挥舞着?|背负着?|背着|挎着|撑着|弹着|吹着|(?<![手保支坚维主秉])持(?![续久有着])",
    ),
    (Link.RIDDEN, "骑着|骑在|身骑|跨着|驾着|驾驶着?"),
    (
        Link.PLACE,
        "(?:站立|站|坐|躺|走|跑|跪|立|漂浮|飞翔|飞|行走|漫步|奔跑|矗立|摆放|放置|放|摆|停|靠|位|置身)(?:在|于)|身处|正?在(?=.+?(?:里|中|上|下|前|后|旁|边|外|内))",
    ),
    (
        Link.WITH,
        "带着|带有|具有|拥有|配有|配着|装备着?|镶着|镶有|镶嵌着?|装饰着|缠绕着|长着|留着|有着|里面装满|装满|盛满|装有|以及|并且",
    ),
)
_LINK = re.compile("|".join(rf"(?P<{link.name}>{words})" for link, words in _LINKS))
_LIST = re.compile(r"\s*(?:、|，|,|；|;|/|以及|并且|还有|和(?![服平风尚谐田])|与|及|跟|且|并)\s*")
_NUMBER = re.compile(
    r"^[一这那某](?:个|位|名|只|把|件|条|顶|双|副|块|张|枚|支|根|匹|头|套|幅|座|面|柄|束|朵|瓶|杯|本|辆|艘|台)"
)
_LEAD = re.compile(r"^(?:请|帮我|给我|生成|制作|画|创作|设计|做|来)*(?:一(?:张|幅|个))?(?:图片|图)?(?=.)")
_PLACE_END = re.compile(r"(?:的?(?:里面|上面|下面|前面|后面|旁边|里|中|上|下|前|后|旁|边|外|内))$")
_PLACE_FIRST = re.compile(r"^([^的]+?(?:里|中|上|下|前|旁|边|内))的(.+)$")
_BACKGROUND = re.compile(r"[、，,]?\s*(?:背景(?:是|为|在)([^、，,]+)|(?:以)?([^、，,]+?)(?:为背景|作背景|做背景|背景))")
_STYLE = re.compile(r"(?:采用|使用|以|用)?([^、，,的]+?(?:风格|画风|风))(?:的|来表现|呈现)?(?=[、，,]|$|.)")


def split_chinese(text: str) -> list[Part]:
    """Return the parts of a tidy Chinese description, the head first, then in the order of the words."""
    text, aside = _without_aside(text)
    segments = _with_features(_with_head_first(cut(text, _LINK, _phrase)))
    if not segments:
        return aside
    head = _head_role(segments)
    parts = [part for segment in segments for part in _parts(segment, head)]
    return list(dict.fromkeys([*parts, *aside]))


def _without_aside(text: str) -> tuple[str, list[Part]]:
    """Take the style and the background out of a text."""
    aside: list[Part] = []

    def style(match: re.Match[str]) -> str:
        name = match[1]
        stem = name.removesuffix("风格").removesuffix("画风").removesuffix("风")
        if not name.endswith(("风格", "画风")) and stem not in load_words("zh").styles:
            return match[0]
        aside.append(Part(name, Role.STYLE))
        return ""

    def background(match: re.Match[str]) -> str:
        aside.append(Part(_bare(match[1] or match[2]), Role.SCENE))
        return ""

    text = _STYLE.sub(style, text)
    text = _BACKGROUND.sub(background, text)
    return text.strip(" 、，,的"), aside


def _phrase(text: str) -> str:
    phrase = text.strip(" 、，,；;").rstrip("并且和与正")
    return phrase if _items(phrase) else ""


def _with_head_first(segments: list[Segment]) -> list[Segment]:
    """Find the head: before the first verb, or behind the 的 that ends a description."""
    if segments and _is_place(segments[0]) and len(segments) > 1:
        place = replace(segments[0], link=Link.PLACE)
        return [*_with_head_first(segments[1:]), place]
    if not segments or segments[0].link is Link.HEAD:
        return _place_apart(segments)
    at = _find_head(segments)
    if at is None:
        return segments
    number, cut = at
    described = replace(segments[number], text=segments[number].text[:cut])
    head = Segment(Link.HEAD, "", segments[number].text[cut + 1 :])
    return [head, *segments[:number], described, *segments[number + 1 :]]


def _find_head(segments: list[Segment]) -> tuple[int, int] | None:
    """Return in which segment the head is, and where the 的 before it stands: a sure one, else the last likely one."""
    numbered = list(enumerate(segments))
    cuts = [(number, _sure_cut(segment)) for number, segment in numbered]
    cuts += [(number, _likely_cut(segment)) for number, segment in reversed(numbered)]
    return next(((at, cut) for at, cut in cuts if cut is not None and _items(segments[at].text[cut + 1 :])), None)


def _with_features(segments: list[Segment]) -> list[Segment]:
    """Put features of the head (长着翅膀) back before it."""
    features = [one for one in segments if one.link is Link.WITH and _is_feature(one.text)]
    if not features or segments[0].link is not Link.HEAD:
        return segments
    said = "".join(f"{one.word}{one.text}的" for one in features)
    head = replace(segments[0], text=said + _bare(segments[0].text))
    return [head, *(one for one in segments[1:] if one not in features)]


def _place_apart(segments: list[Segment]) -> list[Segment]:
    """Cut 雪地里的狼 into the wolf and its place."""
    found = _PLACE_FIRST.match(segments[0].text) if segments else None
    if found is None:
        return segments
    return [Segment(Link.HEAD, "", found[2]), Segment(Link.PLACE, "", found[1]), *segments[1:]]


def _is_place(segment: Segment) -> bool:
    inside = _PLACE_END.sub("", segment.text)
    return segment.link is Link.HEAD and inside != segment.text and find_chinese_role(inside) is Role.SCENE


def _sure_cut(segment: Segment) -> int | None:
    """Return where the 的 stands behind which the head must begin."""
    return next((at for at in _cuts(segment.text) if _ends_description(segment, segment.text[:at])), None)


def _likely_cut(segment: Segment) -> int | None:
    """Return where the last 的 stands, None where the text is only what the verb is about."""
    cuts = _cuts(segment.text)
    after = segment.text[cuts[-1] + 1 :] if cuts else ""
    if not cuts or (segment.link is Link.PLACE and _PLACE_END.search(after)):
        return None
    # 穿着红色的裙子 has no head; 戴着奇异的旅人 has one.
    known = find_chinese_role(after)
    if known in (None, Role.PERSON) or role_under(segment.link, known, Role.PERSON) is not known:
        return cuts[-1]
    return None


def _cuts(text: str) -> list[int]:
    return [at for at, letter in enumerate(text) if letter == "的" and 0 < at < len(text) - 1]


def _ends_description(segment: Segment, before: str) -> bool:
    if segment.link is Link.PLACE:
        return _PLACE_END.search(before) is not None or find_chinese_role(before) is Role.SCENE
    return find_chinese_role(before) is not None or _is_feature(before)


def _head_role(segments: list[Segment]) -> Role:
    known = _role_of(_items(segments[0].text)[0]) if segments[0].link is Link.HEAD else None
    if known is not None:
        return known
    return role_of_unknown_head(segments)


def _parts(segment: Segment, head: Role) -> list[Part]:
    parts: list[Part] = []
    for number, item in enumerate(_items(segment.text)):
        known = _role_of(item)
        link = segment.link
        if link is Link.HEAD and number and known is None and parts:
            parts[-1] = Part(f"{parts[-1].text}，{item}", parts[-1].role)
        else:
            parts.append(Part(_bare(item), role_under(link, known, head)))
    return parts


def _role_of(phrase: str) -> Role | None:
    return find_chinese_role(phrase) or find_chinese_role(_PLACE_END.sub("", phrase)) or find_english_role(phrase)


def _is_feature(phrase: str) -> bool:
    return find_chinese_role(phrase) is None and phrase.endswith(tuple(load_words("zh").features))


def _items(text: str) -> list[str]:
    """Cut a list, but not between colours (黑色和白色的裙子)."""
    items: list[str] = []
    rest = text
    while rest:
        cut = next(
            (match for match in _LIST.finditer(rest) if not rest[: match.start()].endswith("色") and match.start()),
            None,
        )
        if cut is None:
            items.append(rest)
            break
        items.append(rest[: cut.start()])
        rest = rest[cut.end() :]
    return [item for item in items if _bare(item)]


def _bare(phrase: str) -> str:
    return _NUMBER.sub("", _LEAD.sub("", phrase.strip(" 、，,；;的"))).strip()
