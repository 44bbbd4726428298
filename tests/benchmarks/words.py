"""Words that benchmarks name files with and search for."""

from __future__ import annotations

from collections.abc import Iterator

WORDS = (
    "crown sword potion chest key shield archer knight ship tree rock coin book gem helmet bow door lamp cat".split()
)
COLOURS = "red golden blue green black white silver purple old broken large small".split()


def distinct_queries(count: int) -> Iterator[str]:
    """Yield texts that were never asked before, a third of them Chinese."""
    chinese = "皇冠 宝剑 药水 宝箱 钥匙 盾牌 弓箭手 骑士 帆船 大树".split()
    for number in range(count):
        if number % 3 == 2:
            yield f"{chinese[number % len(chinese)]} {number}"
        else:
            yield f"{COLOURS[number % len(COLOURS)]} {WORDS[number * 7 % len(WORDS)]} {number}"
