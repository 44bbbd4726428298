"""Words that pictures are composed and captions are made with, in English and Chinese.

Data only. A colour's hue is in degrees; None means that saturation or lightness makes the colour.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Colour:
    """A colour as a picture can be given it: target hue, saturation and lightness factors in 0 … 1 and around."""

    en: str
    zh: str
    hue: float | None
    saturation: float = 0.75
    lightness: float | None = None


COLOURS = (
    Colour("red", "红色", 0.0),
    Colour("orange", "橙色", 28.0, 0.9),
    Colour("yellow", "黄色", 54.0, 0.9),
    Colour("green", "绿色", 120.0, 0.6),
    Colour("blue", "蓝色", 222.0),
    Colour("purple", "紫色", 278.0, 0.6),
    Colour("pink", "粉色", 332.0, 0.6, 0.72),
    Colour("brown", "棕色", 25.0, 0.5, 0.32),
    Colour("black", "黑色", None, 0.0, 0.14),
    Colour("white", "白色", None, 0.0, 0.9),
    Colour("gray", "灰色", None, 0.0, 0.5),
    Colour("golden", "金色", 44.0, 0.8, 0.52),
    Colour("cyan", "青色", 184.0, 0.7),
)

ADJECTIVES = (
    ("silver", "银色"), ("wooden", "木制"), ("metal", "金属"), ("stone", "石头"), ("glass", "玻璃"), ("iron", "铁"),
    ("crystal", "水晶"), ("old", "旧"), ("broken", "破碎"), ("ancient", "古老"), ("magic", "魔法"), ("flaming", "火焰"),
    ("burning", "燃烧"), ("frozen", "冰冻"), ("poisonous", "有毒"), ("glowing", "发光"), ("small", "小"), ("big", "大"),
    ("giant", "巨大"), ("cute", "可爱"), ("leather", "皮革"), ("dark", "黑暗"), ("holy", "神圣"), ("rusty", "生锈"),
)  # fmt: skip

GAME_NOUNS = (
    ("sword", "剑"), ("shield", "盾牌"), ("potion", "药水"), ("potion bottle", "药水瓶"),
    ("treasure chest", "宝箱"), ("helmet", "头盔"), ("armor", "盔甲"), ("bow", "弓"), ("arrow", "箭"),
    ("archer", "弓箭手"), ("elf", "精灵"), ("wizard", "巫师"), ("dragon", "龙"), ("castle", "城堡"),
    ("axe", "斧头"), ("hammer", "锤子"), ("ring", "戒指"), ("necklace", "项链"), ("scroll", "卷轴"),
    ("book", "书"), ("coin", "金币"), ("gem", "宝石"), ("key", "钥匙"), ("skull", "骷髅"), ("skeleton", "骷髅"),
    ("zombie", "僵尸"), ("knight", "骑士"), ("king", "国王"), ("queen", "王后"), ("warrior", "战士"),
    ("mage", "法师"), ("goblin", "哥布林"), ("orc", "兽人"), ("monster", "怪物"), ("slime", "史莱姆"),
    ("crown", "皇冠"), ("watch", "手表"), ("pocket watch", "怀表"), ("clock", "钟"), ("barrel", "木桶"),
    ("crate", "箱子"), ("torch", "火把"), ("lantern", "灯笼"), ("candle", "蜡烛"), ("staff", "法杖"),
    ("wand", "魔杖"), ("dagger", "匕首"), ("spear", "长矛"), ("gun", "枪"), ("bomb", "炸弹"), ("tree", "树"),
    ("mushroom", "蘑菇"), ("flower", "花"), ("chest", "箱子"), ("door", "门"), ("gate", "大门"),
    ("bridge", "桥"), ("tank", "坦克"), ("spaceship", "飞船"), ("robot", "机器人"), ("alien", "外星人"),
    ("heart", "心"), ("star", "星星"), ("cloak", "斗篷"), ("boots", "靴子"), ("gloves", "手套"),
    ("bag", "背包"), ("map", "地图"), ("bottle", "瓶子"), ("cup", "杯子"), ("meat", "肉"), ("bread", "面包"),
    ("fish", "鱼"), ("rope", "绳子"), ("anvil", "铁砧"), ("pickaxe", "镐"), ("shovel", "铲子"),
    ("cannon", "大炮"), ("throne", "王座"), ("statue", "雕像"), ("altar", "祭坛"), ("tombstone", "墓碑"),
    ("spell book", "魔法书"), ("health potion", "生命药水"), ("mana potion", "魔法药水"), ("fireball", "火球"),
    ("lightning", "闪电"), ("robe", "长袍"), ("hat", "帽子"), ("demon", "恶魔"), ("ghost", "幽灵"),
    ("spider", "蜘蛛"), ("wolf", "狼"), ("ship", "船"), ("tower", "塔"), ("house", "房子"), ("musket", "火枪"),
    ("soldier", "士兵"), ("farmer", "农夫"), ("blacksmith", "铁匠"), ("priest", "牧师"), ("cloth", "布"),
    ("ore", "矿石"), ("fur", "毛皮"),
)  # fmt: skip

WEARERS = (
    ("man", "男人"), ("woman", "女人"), ("person", "人"), ("boy", "男孩"), ("girl", "女孩"), ("elf", "精灵"),
    ("knight", "骑士"), ("cat", "猫"), ("skeleton", "骷髅"), ("wizard", "巫师"), ("dog", "狗"),
)  # fmt: skip
RELATIONS = (("wearing", "穿着"), ("wearing", "戴着"), ("holding", "拿着"), ("with", "带着"))
FRAMES = (
    ("{} icon", "{}图标"), ("a picture of a {}", "{}的图片"), ("a photo of a {}", "一张{}的照片"),
    ("a 3d render of a {}", "{}的3D渲染"), ("{} sprite", "{}精灵图"), ("game prop: {}", "游戏道具：{}"),
    ("an illustration of a {}", "{}插图"), ("pixel art of a {}", "{}像素画"),
)  # fmt: skip
