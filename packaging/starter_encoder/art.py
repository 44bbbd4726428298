"""Reads clip art, stamps and the art of games: names from titles, captions, file names and translations.

Each reader yields the pictures of one source. FreeCol stays out of training as a whole, a fifth of the concepts of Tux
Paint and Crawl too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from starter_encoder.naming import first_chinese_sentence, first_sentence, is_kept_apart, title_of, words_of
from starter_encoder.pictures import Drawing, Picture, Split, Style

HELD_ONE_IN = 5
_LARGEST_SVG_BYTES = 350_000

Pictures = Iterator[tuple[Picture, Drawing]]

_NO_NAMES = frozenset(
    "clip art,clipart,clip,art,image,media,public domain,png,svg,unsorted,externalsource,icon,icons,theme,vector,"
    "drawing,unchecked,cartoon,color,graphic,symbol,contour,silhouette,outline,black and white,line art,lineart,flat,"
    "flat theme,lemon theme,remix,and,the,of,a,openclipart,computer,by,use,for,signs and symbols,sign,shapes,colour,"
    "coloring book,black,white,tile,tiles,items".split(",")
)
_ARTISTS = re.compile(
    r"\b(clip ?art|svg|png|architetto|francesco rollandin|gerald g|johnny automatic|ganson|nicu buculei|remix|icon"
    r"|mimooh|lemmling|jean victor balin|machovka|ben|simon)\b"
)
_NO_THINGS = re.compile(
    "computer/icons|shapes/stars|flags|special/gradients|special/patterns|cards/|led/|shapes/jigsaw|mimetypes"
    "|computer/buttons|shapes/arrows"
)


def read_openclipart(folder: Path) -> Pictures:
    """Yield clip arts called by their title and file name, tagged by their keywords."""
    root = folder / "usr/share/openclipart/svg"
    for path in sorted(root.rglob("*.svg")):
        relative = path.relative_to(root).as_posix()
        if _NO_THINGS.search(relative) or path.stat().st_size > _LARGEST_SVG_BYTES:
            continue
        text = path.read_text(encoding="utf-8", errors="ignore")
        work = re.search(r"<(?:cc:)?Work.*?</(?:cc:)?Work>", text, re.DOTALL)
        about = work.group(0) if work else ""
        title = re.search(r"<dc:title>(.*?)</dc:title>", about, re.DOTALL)
        keywords = [_clip_art_name(word) for word in re.findall(r"<rdf:li[^>]*>(.*?)</rdf:li>", about, re.DOTALL)]
        keywords = [word for word in dict.fromkeys(keywords) if _names_a_thing(word) and len(word.split()) <= 3]
        names = [_clip_art_name(title.group(1)) if title else "", _clip_art_name(path.stem)]
        names = [name for name in dict.fromkeys(names) if _names_a_thing(name) and len(name.split()) <= 7]
        names = names or keywords[:1]
        if names:
            tags = tuple(word for word in keywords if word not in names)[:8]
            yield Picture("openclipart", relative, Style.DRAWN, tuple(names), (), tags), Drawing(path=str(path))


def read_tuxpaint(folder: Path) -> Pictures:
    """Yield stamps with the first sentence of their captions."""
    root = folder / "usr/share/tuxpaint/stamps"
    for path in sorted(root.rglob("*")):
        relative = path.relative_to(root).as_posix()
        caption = path.with_suffix(".txt")
        if path.suffix not in (".png", ".svg") or not caption.is_file() or re.search("alphabets|math/", relative):
            continue
        if path.suffix == ".png" and path.with_suffix(".svg").is_file():
            continue
        lines = caption.read_text(encoding="utf-8", errors="ignore").split("\n")
        name = first_sentence(lines[0])
        chinese = [first_chinese_sentence(line[11:]) for line in lines if line.startswith("zh_CN.utf8=")]
        if name and len(name) <= 70:
            drawn = path.suffix == ".svg" or "cartoon" in relative
            yield (
                Picture(
                    "tuxpaint",
                    relative,
                    Style.DRAWN if drawn else Style.PHOTO,
                    (name,),
                    tuple(text for text in chinese if text and len(text) < 16),
                    (path.parent.name.rstrip("s"),) if path.parent.name not in ("cartoon", "symbols") else (),
                    Split.HELD if is_kept_apart(name, HELD_ONE_IN) else Split.TRAIN,
                ),
                Drawing(path=str(path)),
            )


_FREECIV_CATEGORIES = {"u": "unit", "b": "building", "ts": "terrain", "gov": "government", "specialist": "person"}
_GRID = re.compile(r"\[grid_\w+\](.*?)(?=\n\[|\Z)", re.DOTALL)
_TILE = re.compile(r"^\s*(\d+)\s*,\s*(\d+)\s*,\s*((?:\"[^\"]+\"\s*,?\s*)+)", re.MULTILINE)


def read_freeciv(folder: Path) -> Pictures:
    """Yield the sprites that the tile sets' tables name, and the pictures of buildings and wonders."""
    root = folder / "usr/share/games/freeciv"
    for spec in sorted(root.rglob("*.spec")):
        text = re.sub(r";[^\"\n]*$", "", spec.read_text(encoding="utf-8", errors="ignore"), flags=re.MULTILINE)
        sheet = re.search(r'gfx\s*=\s*"([^"]+)"', text)
        path = root / f"{sheet.group(1)}.png" if sheet else root
        if path.is_file():
            for grid in _GRID.findall(text):
                yield from _read_freeciv_grid(grid, path, spec.relative_to(root).as_posix())
    for part in ("buildings", "wonders"):
        for path in sorted((root / part).glob("*.png")):
            name = re.sub(r"\s+i+$", "", words_of(path.stem))
            yield (
                Picture("freeciv", f"{part}/{path.name}", Style.PAINTED, (name,), (), ("building",)),
                Drawing(path=str(path)),
            )


def _read_freeciv_grid(grid: str, path: Path, spec: str) -> Pictures:
    number = {name: int(value) for name, value in re.findall(r"(\w+)\s*=\s*(\d+)", grid)}
    if not {"dx", "dy"} <= number.keys():
        return
    gap = number.get("pixel_border", 0)
    for row, column, quoted in _TILE.findall(grid):
        tag = re.findall(r'"([^"]+)"', quoted)[0]
        kind, _, rest = tag.partition(".")
        if kind not in _FREECIV_CATEGORIES or not rest:
            continue
        name = re.sub(r"\s+i+$", "", words_of(rest.partition(":")[0]))
        left = number.get("x_top_left", 0) + int(column) * (number["dx"] + gap)
        top = number.get("y_top_left", 0) + int(row) * (number["dy"] + gap)
        if len(name) > 2:
            yield (
                Picture(
                    "freeciv", f"{spec}:{tag}", Style.PAINTED, (name,), (), (_FREECIV_CATEGORIES[kind],)
                ),
                Drawing(path=str(path), box=(left, top, left + number["dx"], top + number["dy"])),
            )  # fmt: skip


_CRAWL_SKIPPED = re.compile(
    r"^(dngn/(wall|floor|water|vaults)|effect|misc/(blood|icons|brands)|gui/(startup|tutorial|commands|backgrounds|tab)"
    r"|.*(segments|brands|ego|UNUSED/(floor|other|gui|features))|player/(base|felids|ench|halo|mutations|drcwing))"
)
_CRAWL_NOUNS = {
    "potion": "potion", "ring": "ring", "amulet": "amulet", "wand": "wand", "staff": "staff", "scroll": "scroll",
    "book": "book", "rod": "rod", "altars": "altar", "statues": "statue", "trees": "tree", "traps": "trap",
    "zombies": "zombie", "skeletons": "skeleton", "simulacra": "ice statue", "hair": "hair", "beard": "beard",
    "cloak": "cloak", "boots": "boots", "gloves": "gloves", "doors": "door", "gateways": "gate", "shops": "shop",
}  # fmt: skip
_CRAWL_CATEGORIES = {
    "animals": "animal", "demons": "demon", "dragons": "dragon", "undead": "undead monster", "unique": "person",
    "weapon": "weapon", "hand1": "weapon", "hand2": "shield", "head": "hat", "body": "clothes", "legs": "trousers",
    "fungi_plants": "plant", "food": "food", "armour": "armor", "monsters": "monster", "eyes": "monster eye",
    "humanoids": "monster", "nonliving": "monster", "aquatic": "sea monster", "spells": "magic spell",
    "weapons": "weapon", "holy": "angel", "aberrations": "monster", "invocations": "magic spell",
    "demihumanoids": "monster", "amorphous": "slime monster", "shields": "shield", "headgear": "hat",
}  # fmt: skip


def read_crawl(folder: Path) -> Pictures:
    """Yield the tiles of things and creatures, called by file and folder."""
    root = folder / "source/rltiles"
    for path in sorted(root.rglob("*.png")):
        relative = path.relative_to(root).as_posix()
        if _CRAWL_SKIPPED.match(relative):
            continue
        name = words_of(re.sub(r"^i-", "", path.stem))
        name = re.sub(r"\b(old|new|art|artefact|lit|unused|left|right|top|bottom|big|ego)\b", " ", name)
        name = " ".join(word for word in re.sub(r"\d+", "", name).split() if len(word) > 1)
        folders = path.relative_to(root).parts[:-1]
        noun = _innermost(_CRAWL_NOUNS, folders)
        name = name if not noun or noun.split()[-1] in name else f"{name} {noun}".strip()
        kind = _innermost(_CRAWL_CATEGORIES, folders)
        if len(name) > 2:
            split = Split.HELD if is_kept_apart(name, HELD_ONE_IN) else Split.TRAIN
            yield (
                Picture("crawl", relative, Style.PIXEL, (name,), (), (kind,) if kind else (), split),
                Drawing(path=str(path)),
            )


def _innermost(words: Mapping[str, str], folders: tuple[str, ...]) -> str:
    """Return the word of the innermost folder that has one."""
    return next((words[folder] for folder in reversed(folders) if folder in words), "")


_KENNEY_SKIPPED = re.compile("test_textures|spritesheets|cybercity|miami|backgrounds|pinball|cards")
_KENNEY_PARTS = re.compile(
    r"\b(mid|top|test|ul|ur|ll|lr|outline|tile|big|med|tiny|large|rounded|round|alt|back|left|right|center|corner|half"
    r"|cliff|hill|road|transition|single|small|narrow|horizontal|vertical)\b"
)
_KENNEY_GROUND = re.compile(r"^(dirt|grass|sand|snow|stone|planet|castle|lava|water|bridge)?( [a-z])?$")


def read_kenney(folder: Path) -> Pictures:
    """Yield Kenney's characters, items and vehicles."""
    root = folder / "arcade/resources/assets/images"
    for path in sorted(root.rglob("*.png")):
        relative = path.relative_to(root).as_posix()
        name = " ".join(_KENNEY_PARTS.sub(" ", words_of(path.stem)).split())
        if (
            "/" in relative
            and not _KENNEY_SKIPPED.search(relative)
            and len(name) > 2
            and not _KENNEY_GROUND.match(name)
        ):
            kind = words_of(path.parent.name)
            yield Picture("kenney", relative, Style.FLAT, (name,), (), (kind,)), Drawing(path=str(path))


_FREECOL_NAME = re.compile(r"^model\.(goods|resource|building|unit|role)\.([\w.]+?)\.name=(.*)$")
_FREECOL_ART = (
    "goods", "bonus", "buildings", "units/civilian", "units/ship", "units/wagon", "units/scout", "units/soldier",
    "units/dragoon", "units/pioneer", "units/missionary", "units/cavalry", "units/infantry", "units/armedBrave",
    "units/mountedBrave", "units/nativeDragoon", "settlements", "monarch", "coat-of-arms",
)  # fmt: skip
# What the game calls its pictures of people at work is their role, not the name of the file.
_FREECOL_ROLES = {"scout", "soldier", "dragoon", "pioneer", "missionary", "cavalry", "infantry"}


def read_freecol(folder: Path) -> Pictures:
    """Yield FreeCol's painted goods, buildings and units, named by the game's own English and Chinese messages."""
    root = folder / "usr/share/games/freecol"
    english = _read_messages(root / "strings/FreeColMessages.properties")
    chinese = _read_messages(root / "strings/FreeColMessages_zh_CN.properties")
    art = root / "default/resources/images"
    for path in sorted(art.rglob("*.png")):
        relative = path.relative_to(art).as_posix()
        # Names such as `rum.size2.png` are the same picture at another zoom.
        if path.parent.relative_to(art).as_posix() not in _FREECOL_ART or ".size" in path.name:
            continue
        role = path.parent.name if path.parent.name in _FREECOL_ROLES else path.stem
        key = next((key for key in (_freecol_key(path.stem), _freecol_key(role)) if key in english), "")
        yield (
            Picture(
                "freecol",
                relative,
                Style.PAINTED,
                (english.get(key, words_of(path.stem)).lower(),),
                (chinese[key],) if key in chinese else (),
                # Only what the game itself names is asked for; the rest is there to be told apart.
                ("named",) if key else (),
                Split.APART,
            ),
            Drawing(path=str(path)),
        )


def _read_messages(path: Path) -> Mapping[str, str]:
    """Return names by the squashed last part of their key, singular."""
    names: dict[str, str] = {}
    for line in path.read_text(encoding="utf-8", errors="ignore").splitlines():
        found = _FREECOL_NAME.match(line)
        if found:
            plural = re.search(r"default=([^}|]*)", found.group(3))
            name = re.sub(r"[{}%|].*", "", plural.group(1) if plural else found.group(3)).strip()
            if name:
                names.setdefault(_freecol_key(found.group(2)), name)
    return names


def _freecol_key(name: str) -> str:
    """`blacksmiths_house` and `model.building.blacksmithHouse` are the same thing."""
    words = words_of(name.rpartition(".")[2] or name).split()
    return "".join(word.rstrip("s") for word in words)


def _clip_art_name(text: str) -> str:
    return " ".join(_ARTISTS.sub(" ", title_of(text)).split()).strip(" .,!\"'")


def _names_a_thing(name: str) -> bool:
    return (
        2 < len(name) < 50
        and name not in _NO_NAMES
        and re.search("[a-z]{3}", name) is not None
        and not re.search("[0-9a-f]{8}|untitled|unknown|hash|^clip|inkscape", name)
    )
