"""Descriptions in English and Chinese are split into parts with roles."""

from __future__ import annotations

import random

import pytest

from engine.compose.generators.generator import Role
from engine.compose.parts import Part, split_parts

SHORT = {
    "p": Role.PERSON, "g": Role.GARMENT, "a": Role.ACCESSORY, "o": Role.PROP, "s": Role.SCENE, "y": Role.STYLE,
}  # fmt: skip


def expected(written: str) -> list[Part]:
    """Read "p:elf archer | a:flaming crown"."""
    pairs = [part.strip().split(":", 1) for part in written.split("|")]
    return [Part(text, SHORT[letter]) for letter, text in pairs]


ENGLISH = {
    "elf archer with a flaming crown": "p:elf archer | a:flaming crown",
    "European male model wearing suit with gold watch": "p:European male model | g:suit | a:gold watch",
    "A knight holding a golden longsword and a shield": "p:knight | o:golden longsword | o:shield",
    "a dwarf blacksmith, carrying an iron hammer": "p:dwarf blacksmith | o:iron hammer",
    "orc with an axe in one hand and a shield in the other": "p:orc | o:axe in one hand | o:shield in the other",
    "woman in a red dress": "p:woman | g:red dress",
    "woman in red": "p:woman | g:red",
    "girl in a forest": "p:girl | s:forest",
    "a wizard in a dark tower holding a crystal orb": "p:wizard | s:dark tower | o:crystal orb",
    "pirate captain with a parrot on his shoulder": "p:pirate captain | o:parrot on his shoulder",
    "princess with long golden hair wearing a blue gown": "p:princess with long golden hair | g:blue gown",
    "robot riding a motorcycle through a neon city": "p:robot | o:motorcycle | s:neon city",
    "a ceramic mug on a wooden table": "o:ceramic mug | s:wooden table",
    "treasure chest with a rusty lock": "o:treasure chest | o:rusty lock",
    "a black and white dress": "g:black and white dress",
    "sword and shield": "o:sword | o:shield",
    "red potion, blue potion and green potion": "o:red potion | o:blue potion | o:green potion",
    "a tall, dark elf wearing leather boots": "p:tall, dark elf | a:leather boots",
    "old monk who is wearing an orange robe and carries a wooden staff": "p:old monk | g:orange robe | o:wooden staff",
    "samurai with a katana, a straw hat and a red scarf": "p:samurai | o:katana | a:straw hat | a:red scarf",
    "oil painting of a castle": "s:castle | y:oil painting",
    "cat in the style of ukiyo-e": "o:cat | y:ukiyo-e",
    "dragon in pixel art style": "o:dragon | y:pixel art style",
    "low-poly sword with glowing runes": "o:sword with glowing runes | y:low-poly",
    "viking berserker armed with two axes": "p:viking berserker | o:two axes",
    "a tavern keeper wearing an apron": "p:tavern keeper | g:apron",
    "gold crown": "a:gold crown",
    "knight on a white horse": "p:knight | o:white horse",
    "king sitting on a stone throne": "p:king | o:stone throne",
    "boy wearing a pair of red sneakers": "p:boy | a:pair of red sneakers",
    "a perfume bottle standing on a marble pedestal in front of pink flowers": (
        "o:perfume bottle | s:marble pedestal | s:pink flowers"
    ),
    "woman with mountains in the background": "p:woman | s:mountains",
    "crown of fire": "a:crown of fire",
    "a man and a woman wearing raincoats": "p:man | p:woman | g:raincoats",
    "dress with floral pattern": "g:dress with floral pattern",
    "model in Paris": "p:model | s:Paris",
    "old wizard with a long white beard holding a wooden staff topped with a blue crystal": (
        "p:old wizard with a long white beard | o:wooden staff topped with a blue crystal"
    ),
    "man with glasses, a beard and a blue tie": "p:man with a beard | a:glasses | a:blue tie",
    "Sports watch on white background": "a:Sports watch | s:white background",
    "male orc warrior, green skin, big axe, fur armor": "p:male orc warrior, green skin | o:big axe | g:fur armor",
    "a cyberpunk samurai holding a katana in the rain": "p:samurai | o:katana | s:rain | y:cyberpunk",
    "goblin merchant with a huge backpack full of potions": "p:goblin merchant | a:huge backpack full of potions",
    "gnome wearing a mushroom": "p:gnome | a:mushroom",
}
CHINESE = {
    "身着黑色西装的男模特，佩戴金色手表，背景是城市夜景": "p:男模特 | g:黑色西装 | a:金色手表 | s:城市夜景",
    "一位身穿汉服、手拿团扇的少女坐在竹林里": "p:少女 | g:汉服 | o:团扇 | s:竹林里",
    "手持奇物的旅人站在古老的木屋前": "p:旅人 | o:奇物 | s:古老的木屋前",
    "戴着火焰皇冠的精灵弓箭手": "p:精灵弓箭手 | a:火焰皇冠",
    "骑士拿着金色长剑和盾牌": "p:骑士 | o:金色长剑 | o:盾牌",
    "穿着红色长袍、戴着金色面具的法师": "p:法师 | g:红色长袍 | a:金色面具",
    "女孩穿着白色的裙子，手持一束花": "p:女孩 | g:白色的裙子 | o:花",
    "戴着红色的帽子的女孩": "p:女孩 | a:红色的帽子",
    "一位身穿铠甲的女战士": "p:女战士 | g:铠甲",
    "骑着白马的骑士拿着长剑": "p:骑士 | o:白马 | o:长剑",
    "穿着西装戴着金表的欧洲男模": "p:欧洲男模 | g:西装 | a:金表",
    "背着箭袋的猎人": "p:猎人 | a:箭袋",
    "穿着和服的少女": "p:少女 | g:和服",
    "黑色和白色的裙子": "g:黑色和白色的裙子",
    "金色长剑和盾牌": "o:金色长剑 | o:盾牌",
    "红色药水瓶": "o:红色药水瓶",
    "站在城墙上的弓箭手": "p:弓箭手 | s:城墙上",
    "雪地里的狼": "o:狼 | s:雪地里",
    "像素风格的长剑": "o:长剑 | y:像素风格",
    "赛博朋克风格的女战士，手持步枪": "p:女战士 | o:步枪 | y:赛博朋克风格",
    "国王坐在王座上": "p:国王 | s:王座上",
    "精灵法师，森林背景": "p:精灵法师 | s:森林",
    "戴着皇冠的美丽的公主": "p:美丽的公主 | a:皇冠",
    "一个戴墨镜的男人": "p:男人 | a:墨镜",
    "骑士": "p:骑士",
    "一把镶着红宝石的匕首": "o:匕首 | o:红宝石",
    "海盗船长带着一只鹦鹉": "p:海盗船长 | o:鹦鹉",
    "穿着红色的裙子": "g:红色的裙子",
    "长着翅膀的白色独角兽": "o:长着翅膀的白色独角兽",
    "带有金色花纹的蓝色花瓶": "o:带有金色花纹的蓝色花瓶",
    "持剑的骷髅战士": "p:骷髅战士 | o:剑",
    "森林里穿着绿色斗篷的精灵": "p:精灵 | g:绿色斗篷 | s:森林里",
    "沙滩上的女模特穿着比基尼，戴着草帽": "p:女模特 | s:沙滩上 | g:比基尼 | a:草帽",
    "一个拿着盾牌和战斧、穿着毛皮盔甲的矮人": "p:矮人 | o:盾牌 | o:战斧 | g:毛皮盔甲",
    "请画一个戴着红色围巾的雪人": "p:雪人 | a:红色围巾",
    "香水瓶放在大理石台面上": "o:香水瓶 | s:大理石台面上",
    "女巫骑着扫帚": "p:女巫 | o:扫帚",
    "头戴花环、身穿白色连衣裙、手捧玫瑰的新娘": "p:新娘 | a:花环 | g:白色连衣裙 | o:玫瑰",
}


@pytest.mark.parametrize("text", ENGLISH)
def test_english(text: str) -> None:
    assert split_parts(text) == expected(ENGLISH[text])


@pytest.mark.parametrize("text", CHINESE)
def test_chinese(text: str) -> None:
    assert split_parts(text) == expected(CHINESE[text])


@pytest.mark.parametrize("text", [*ENGLISH, *CHINESE])
def test_words_of_parts_come_from_the_text(text: str) -> None:
    for part in split_parts(text):
        assert part.text
        assert all(word.strip(",") in text for word in part.text.split())


@pytest.mark.parametrize("text", ["", "  ", "。", ",,,"])
def test_nothing_has_no_parts(text: str) -> None:
    assert split_parts(text) == []


def test_words_in_any_order_give_parts_with_words() -> None:
    chance = random.Random(3)
    english = "a the elf with and in on holding wearing crown of red , ; style pixel art his who is sword &".split()
    chinese = "戴着穿拿的和一个红色骑士、，风格背景在里剑森林与且手持骑把水彩"
    for _ in range(2000):
        for words, gap in ((english, " "), (chinese, "")):
            text = gap.join(chance.choices(words, k=chance.randrange(1, 12)))
            assert all(part.text.strip() for part in split_parts(text)), text


def test_unknown_words_are_one_part() -> None:
    assert split_parts("zorblax") == [Part("zorblax", Role.PROP)]
    assert split_parts("zorblax wearing a frumious snood") == [
        Part("zorblax", Role.PERSON),
        Part("frumious snood", Role.GARMENT),
    ]
