"""Names of regions and prefectures as people say them."""

from __future__ import annotations

from assistant.errors import UnknownName
from assistant.knowledge.nearness import nearest

PREFECTURES = (
    "北海道", "青森県", "岩手県", "宮城県", "秋田県", "山形県", "福島県", "茨城県", "栃木県", "群馬県", "埼玉県", "千葉県",
    "東京都", "神奈川県", "新潟県", "富山県", "石川県", "福井県", "山梨県", "長野県", "岐阜県", "静岡県", "愛知県", "三重県",
    "滋賀県", "京都府", "大阪府", "兵庫県", "奈良県", "和歌山県", "鳥取県", "島根県", "岡山県", "広島県", "山口県", "徳島県",
    "香川県", "愛媛県", "高知県", "福岡県", "佐賀県", "長崎県", "熊本県", "大分県", "宮崎県", "鹿児島県", "沖縄県",
)  # fmt: skip
_REGIONS: dict[str, tuple[int, int]] = {  # first and last prefecture, by JIS number
    "東北": (2, 7), "関東": (8, 14), "首都圏": (11, 14), "北陸": (16, 18), "甲信越": (15, 20), "中部": (15, 23), "東海": (21, 24),
    "近畿": (25, 30), "関西": (25, 30), "中国地方": (31, 35), "山陰": (31, 32), "四国": (36, 39), "九州": (40, 46),
}  # fmt: skip
REGIONS = {name: PREFECTURES[first - 1 : last] for name, (first, last) in _REGIONS.items()}
REGIONS["甲信越"] = ("新潟県", "山梨県", "長野県")
REGIONS["東海"] = ("岐阜県", "静岡県", "愛知県", "三重県")
REGIONS["九州・沖縄"] = PREFECTURES[39:]


def bare(prefecture: str) -> str:
    """「奈良」 of 「奈良県」; 北海道 stays."""
    return prefecture if prefecture == "北海道" else prefecture[:-1]


def read_prefectures(word: str) -> tuple[str, ...]:
    """The prefectures that a word means: a prefecture with or without its ending, or a region.

    Raises ``UnknownName`` with near names.
    """
    wanted = word.strip()
    if wanted in PREFECTURES:
        return (wanted,)
    for name in (wanted, wanted.removesuffix("地方"), wanted + "地方"):
        if name in REGIONS:
            return REGIONS[name]
    named = tuple(p for p in PREFECTURES if bare(p) == wanted)
    if named:
        return named
    near = nearest(wanted, PREFECTURES)
    raise UnknownName(
        f"「{word}」という都道府県はありません。",
        near=near,
        remedy="" if near else "「奈良県」「北海道」「東北」のように入力してください。",
    )


def named_regions(text: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Regions and prefectures that a text names, each with its prefectures."""
    found: list[tuple[str, tuple[str, ...]]] = [(p, (p,)) for p in PREFECTURES if p in text]
    for name, members in REGIONS.items():
        if name.removesuffix("地方") in text and (name != "中国地方" or name in text):
            found.append((name, members))
    return tuple(found)
