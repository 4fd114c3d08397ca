"""What kind of help a project wants, and what kinds of help a grant offers, by words alone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from assistant.grants.quotes import Quote
from assistant.grants.rules import Grant
from assistant.japanese.text import normalise

# (kind, words of a project that want it, words of a grant's document that offer it); on normalised text.
_KINDS: Final = tuple(
    (kind, re.compile(wanted), re.compile(offered))
    for kind, wanted, offered in (
        (
            "facility",
            r"改修|直し(?:たい|て)|建て?替え|建て直|新築|増築|建設|建て(?:たい|る|て)|整備し|リノベ"
            r"|(?:廃校|校舎|空き家|空き店舗|古民家|庁舎|図書館|公民館|施設|道の駅|診療所|加工場|倉庫|拠点|住宅)(?:を|に|の)",
            r"施設整備|ハード事業|拠点整備|拠点施設|施設の整備|整備・改修|改修|倉庫の整備",
        ),
        (
            "equipment",
            r"買(?:い|う|って)|購入|備品|車両|機械|設備|機材|リース|そろえ|パソコン|(?<![a-z])pc(?![a-z])|タブレット",
            r"備品|機械装置|車両|資機材|購入",
        ),
        (
            "digital",
            r"アプリ|システム|オンライン|デジタル|スマホ|ネットで|(?<![a-z])ai(?![a-z])|電子|データ|ソフトウェア|(?<![a-z])dx(?![a-z])|キャッシュレス",
            r"デジタル|アプリ",
        ),
        (
            "people",
            r"人材|人手|担い手|働き手|任用|来てもら|派遣|雇|隊員|右腕|専門家|人を置|助言|職員の|受け入れ",
            r"任用|委嘱|派遣|受け入れ|助言",
        ),
        (
            "persons",
            r"支援金|給付|配り|交通費|お金を出|肩代わり|返済|手当|奨学金",
            r"支給|給付|返還を支援|奨学金",
        ),
        (
            "transport",
            r"バス|タクシー|運行|航路|フェリー|船|鉄道|送迎|乗合|ライドシェア",
            r"運行|公共交通|生活交通|航路|バス|オンデマンド交通",
        ),
        (
            "soft",
            r"講座|イベント|(?<![a-z])pr(?![a-z])|相談会|見守り|配食|売り込|販路|ブランド|ツアー|移動販売|売りに|観光|商品|産業|特産|集客|交流",
            r"ソフト事業|産業振興|地場産業|独自の取組",
        ),
    )
)
_REFUSES: Final = re.compile(
    r"できません|対象外|なりません|受けられません|補助されるとは確認でき|補助はありません|ではありません"
)
GOOD_HEADINGS: Final = frozenset(
    ("概要", "対象となる団体", "対象となる事業・経費", "補助率と上限", "要件", "活用例と組合せ")
)
TELLING_HEADINGS: Final = ("対象となる事業・経費", "概要", "対象となる団体", "要件")  # the more telling first
BAD_HEADINGS: Final = frozenset(("対象外",))


def wanted_kinds(text: str) -> frozenset[str]:
    """The kinds of help that a project's words want: facility, equipment, digital, people …"""
    folded = normalise(text)
    return frozenset(kind for kind, wanted, _ in _KINDS if wanted.search(folded))


def speaks_for(quote: Quote) -> bool:
    """Whether a sentence of a grant's document says what the grant is for, rather than what it is not."""
    return (
        quote.heading in GOOD_HEADINGS
        and not quote.is_row
        and not quote.tells_unknown
        and not _REFUSES.search(quote.text)
    )


def offered_kinds(grant: Grant, quotes: Sequence[Quote]) -> frozenset[str]:
    """The kinds of help that a grant's document speaks of, without those that it refuses."""

    def find() -> frozenset[str]:
        summary = grant.summary or ""
        told = " ".join(
            (
                grant.name,
                *grant.themes,
                *("" if _REFUSES.search(s) else s for s in summary.split("。")),
                *(quote.text for quote in quotes if speaks_for(quote)),
            )
        )
        refused = " ".join(
            quote.text
            for quote in quotes
            if quote.heading in (*BAD_HEADINGS, "概要")
            and _REFUSES.search(quote.text)
            and not quote.tells_unknown
        )
        return frozenset(
            kind
            for kind, _, offered in _KINDS
            if offered.search(normalise(told)) and not offered.search(normalise(refused))
        )

    return grant.once("kinds offered", find)


def offers(kind: str, text: str) -> bool:
    """Whether a sentence speaks of a kind of help."""
    return any(name == kind and offered.search(text) for name, _, offered in _KINDS)
