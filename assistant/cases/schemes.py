"""What a case was paid with, as a few groups read from its own words; what no source tells is 「未確認」."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.domain import Case
from assistant.errors import UnknownName
from assistant.japanese.text import normalise

UNKNOWN = "財源は未確認"
NO_SUBSIDY = "補助金に頼らない"
_AWARD = "表彰・コンテストの出典"
# Group → what its words look like in ``scheme``. Order is the order of the list people see.
_GROUPS: tuple[tuple[str, str], ...] = (
    ("地方創生の交付金", r"地方創生[^、。]*交付金|第2世代交付金|デジ(?:タル)?田(?:園都市国家構想)?[^、。]*交付金|拠点整備交付金|地域未来交付金|内閣府の交付金"),
    ("企業版ふるさと納税", r"企業版ふるさと納税"),
    ("ふるさと納税", r"(?<!企業版)ふるさと納税"),
    ("地域おこし協力隊・地域活性化起業人", r"地域おこし協力隊|地域活性化起業人"),
    ("定住自立圏・連携中枢都市圏", r"定住自立圏|連携中枢都市圏"),
    ("広域リージョン連携", r"広域リージョン連携"),
    ("総務省の事業", r"総務省(?! ?ふるさとづくり)"),
    ("国土交通省の事業", r"国土交通省|国交省"),
    ("経済産業省の事業", r"経済産業省|経産省|RoAD to the L4"),
    ("農林水産省の事業", r"農林水産省|GFP|中山間地域等直接支払|農商工連携"),
    ("環境省・脱炭素", r"環境省|脱炭素先行地域|固定価格買取|バイオマス産業都市|低炭素"),
    ("厚生労働省の事業", r"厚生労働省|生活困窮者自立支援|一体的実施"),
    ("観光庁の事業", r"観光庁|DMO|観光圏"),
    ("文部科学省の事業", r"文部科学省|区域外就学"),
    ("都道府県・市町村の財源", r"(?:県|市|町|村)の(?:補助|一般財源|補正|地方創生事業|高校魅力化)|補正予算|補正の|当初予算|年度予算|一般財源|町予算|県・[市町]|市の地域づくり|基金"),
    ("民間の資金・自主財源", r"クラウドファンディング|加盟店負担|NFT|株主制度|寄付|捻出|コンセッション|貸付け|指定管理|固定価格買取|PPP|ソーシャル・インパクト"),
    (NO_SUBSIDY, r"公費を投じて(?:い|お)?(?:ない|ません)|補助金に頼らな?|補助金(?:な|無)し|公費(?:負担|投入)?な[しく]"),
    (_AWARD, r"甲子園|大賞|表彰|グランプリ"),
)  # fmt: skip
_PATTERNS = tuple((name, re.compile(pattern)) for name, pattern in _GROUPS)
LABELS = (*(name for name, _ in _GROUPS), UNKNOWN)
_OTHER_NAMES = {
    "補助金なし": NO_SUBSIDY, "補助金無し": NO_SUBSIDY, "公費なし": NO_SUBSIDY, "補助なし": NO_SUBSIDY,
    "未確認": UNKNOWN, "不明": UNKNOWN, "表彰": _AWARD, "交付金": "地方創生の交付金", "地方創生交付金": "地方創生の交付金",
    "総務省": "総務省の事業", "国交省": "国土交通省の事業", "国土交通省": "国土交通省の事業",
    "経産省": "経済産業省の事業", "経済産業省": "経済産業省の事業", "農林水産省": "農林水産省の事業", "農水省": "農林水産省の事業",
    "環境省": "環境省・脱炭素", "厚生労働省": "厚生労働省の事業", "厚労省": "厚生労働省の事業", "観光庁": "観光庁の事業",
    "文部科学省": "文部科学省の事業", "文科省": "文部科学省の事業", "自主財源": "民間の資金・自主財源", "民間資金": "民間の資金・自主財源",
}  # fmt: skip


def schemes_of(case: Case) -> tuple[str, ...]:
    """The groups a case belongs to; ``UNKNOWN`` alone (or beside an award) where no source names what paid.

    Only ``scheme`` is read, and for ``NO_SUBSIDY`` also the title, because a body that mentions
    subsidies in passing does not say what this case was paid with.
    """
    text = (case.scheme or "").translate(str.maketrans("０１２３４５６７８９", "0123456789"))
    found = [name for name, pattern in _PATTERNS if pattern.search(text)]
    no_subsidy = dict(_PATTERNS)[NO_SUBSIDY]
    if NO_SUBSIDY not in found and no_subsidy.search(case.title):
        found.append(NO_SUBSIDY)
    if not [name for name in found if name != _AWARD]:
        # Words that fall under no group are still a known scheme, found by their own words.
        if text and _AWARD not in found:
            return ("その他の制度",)
        found.append(UNKNOWN)
    return tuple(found)


def read_scheme(word: str, cases: Sequence[Case]) -> tuple[str, str]:
    """What a person's word for a scheme means: ``("group", label)`` or ``("text", words in the case)``.

    Raises ``UnknownName`` with the groups where the word is neither a group nor in any case's scheme.
    """
    bare = word.strip()
    plain = normalise(bare)
    for label in (*LABELS, "その他の制度"):
        if plain == normalise(label):
            return "group", label
    if bare in _OTHER_NAMES:
        return "group", _OTHER_NAMES[bare]
    if plain and any(plain in normalise(case.scheme or "") for case in cases):
        return "text", plain
    raise UnknownName(
        f"「{word}」という財源・制度の事例は見つかりません。",
        remedy="次の中から選ぶか、制度名の一部を入力してください: " + "、".join(LABELS),
    )
