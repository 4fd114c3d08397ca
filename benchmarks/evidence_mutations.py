"""True sentences made false, one fact at a time. Kept apart from the check's own word lists on purpose."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator

KINDS = ("amount", "number", "unit", "year", "date", "comparison", "polarity", "class", "entity")

_AMOUNT = re.compile(r"(?<![0-9])([0-9][0-9,.]*)((?:億|万|千|百万|兆)?円)")
_COUNTS = "人|名|件|団体|か所|市町村|市区町村|都道府県|道府県|%|割|倍|回|社|か年度|か年|年間|年以|か月|日間|事業|つ|類型|台|地域|世帯|自治体|歳|校|店"
_COUNT = re.compile(rf"(?<![0-9/第])([0-9][0-9,.]*)({_COUNTS})")
_FRACTION = re.compile(r"(?<![0-9])([0-9]+)/([0-9]+)(?![0-9])")
_YEAR = re.compile(r"(令和|平成)([0-9]+)(年|・|補正|当初)|(20[0-9]{2})(年)")
_MONTH = re.compile(r"(?<![0-9])(1[0-2]|[1-9])月(?!間)")
_DAY = re.compile(r"(?<=月)([0-9]{1,2})日")
_UNITS = {
    "億円": ("万円", "千円"), "万円": ("億円", "千円"), "千円": ("円", "万円"), "兆円": ("億円",),
    "%": ("割", "倍"), "割": ("%",), "倍": ("%",), "人": ("件", "世帯"), "名": ("件",), "件": ("人", "団体"),
    "団体": ("件", "人"), "か所": ("人", "団体"), "か年度": ("か月",), "か年": ("か月",), "年間": ("か月",), "年以": ("か月以",),
    "か月": ("年",), "日間": ("か月間",), "市町村": ("都道府県", "件"), "市区町村": ("都道府県", "件"), "都道府県": ("市町村",),
    "道府県": ("市町村",), "回": ("人",), "社": ("人",), "台": ("人",), "世帯": ("人",), "歳": ("人",),
}  # fmt: skip
_COMPARISON = (
    ("以上", ("未満", "以下")), ("未満", ("以上", "超")), ("以内", ("以上", "を超える期間")), ("以下", ("以上", "超")),
    ("を超える", ("以下の", "未満の")), ("を超え", ("以下で",)), ("以降", ("以前",)), ("以前", ("以降",)), ("最長", ("最短",)), ("最大", ("最低",)),
    ("上限", ("下限",)), ("下限", ("上限",)), ("までに", ("以降に",)), ("を上回る", ("を下回る",)), ("まで", ("以上",)),
)  # fmt: skip
_POLARITY = (
    ("確認できていません", "確認できています"), ("確認できていない", "確認できている"), ("できません", "できます"), ("できます", "できません"), ("できず、", "でき、"),
    ("対象外とされ", "対象とされ"), ("対象外です", "対象です"), ("対象外", "対象"), ("対象としています", "対象としていません"), ("対象です", "対象外です"), ("対象とします", "対象外とします"), ("対象となります", "対象となりません"),
    ("対象とする", "対象としない"), ("認められません", "認められます"), ("認められ", "認められず"), ("必要です", "不要です"), ("必要があります", "必要はありません"), ("が必要", "が不要"),
    ("求められます", "求められません"), ("義務でした", "任意でした"), ("義務とされて", "任意とされて"), ("義務", "任意"), ("必須", "任意"), ("任意", "必須"), ("充てられない", "充てられる"),
    ("ならない", "よい"), ("支援します", "支援しません"), ("含む", "含まない"), ("含みます", "含みません"), ("増加", "減少"), ("減少", "増加"), ("拡大", "縮小"), ("増え", "減り"), ("引き上げ", "引き下げ"),
    ("延長", "短縮"), ("原則として", "例外として"), ("原則", "例外"), ("できる", "できない"), ("できない", "できる"), ("禁止", "許可"), ("不要", "必要"), ("可能", "不可能"),
    ("受け付けます", "受け付けません"), ("公表します", "公表しません"), ("異なります", "同じです"), ("されました。", "されませんでした。"), ("しました。", "しませんでした。"), ("されています。", "されていません。"),
    ("しています。", "していません。"), ("なりました。", "なりませんでした。"), ("あります。", "ありません。"), ("います。", "いません。"), ("ました。", "ませんでした。"), ("ます。", "ません。"), ("です。", "ではありません。"),
)  # fmt: skip
_CLASS = (
    ("中枢中核都市", ("指定都市", "町村")), ("指定都市", ("町村", "中核市")), ("中核市", ("特別区",)), ("特別区", ("町村",)), ("都道府県", ("市町村", "市区町村")),
    ("市区町村", ("都道府県",)), ("市町村", ("都道府県",)), ("道府県", ("市町村",)), ("町村", ("指定都市",)), ("県", ("市",)), ("市", ("県",)), ("町", ("県",)), ("村", ("県",)),
    ("一部事務組合", ("特別区",)), ("広域連合", ("都道府県",)),
)  # fmt: skip
_OFFICES = ("内閣府", "総務省", "国土交通省", "農林水産省", "厚生労働省", "環境省", "経済産業省", "デジタル庁", "文部科学省", "財務省", "会計検査院", "林野庁", "水産庁", "内閣官房")  # fmt: skip
_PLACE = re.compile(r"[一-龠々ヶケ]{2,3}(?:県|府|市|町|村)(?=[はがのをとにで、・\u4e00-\u9fff])")
_TYPE = re.compile(r"TYPE ?([AVS1-3])")


def _swap(text: str, span: tuple[int, int], new: str) -> str:
    return text[: span[0]] + new + text[span[1] :]


def _figures(text: str, passage: str, pattern: re.Pattern[str], rng: random.Random) -> Iterator[str]:
    for match in pattern.finditer(text):
        unit = match[2]
        # Another figure of the same passage is the hardest lie; an invented one the commonest.
        others = [m[1] for m in pattern.finditer(passage) if m[2] == unit and m[1] != match[1]]
        others = [o for o in others if f"{o}{unit}" not in text]
        if others and rng.random() < 0.5:
            new = rng.choice(others)
        else:
            value = float(match[1].replace(",", ""))
            changed = rng.choice(
                [
                    value * 2,
                    value + 1,
                    value * 1.5 if value % 2 == 0 else value * 3,
                    value * 10,
                    max(1.0, value - 1),
                ]
            )
            if changed == value:
                changed = value + 2
            new = f"{changed:,.10g}" if "," in match[1] else f"{changed:.10g}"
        yield _swap(text, match.span(1), new)


def _amount(text: str, passage: str, rng: random.Random, _: list[str]) -> Iterator[str]:
    yield from _figures(text, passage, _AMOUNT, rng)


def _number(text: str, passage: str, rng: random.Random, _: list[str]) -> Iterator[str]:
    yield from _figures(text, passage, _COUNT, rng)
    for match in _FRACTION.finditer(text):
        options = [f for f in ("1/2", "2/3", "3/4", "1/3", "4/5", "10/10") if f != match[0] and f not in text]
        yield _swap(text, match.span(), rng.choice(options))


def _unit(text: str, passage: str, rng: random.Random, _: list[str]) -> Iterator[str]:
    for pattern in (_AMOUNT, _COUNT):
        for match in pattern.finditer(text):
            if match[2] in _UNITS:
                yield _swap(text, match.span(2), rng.choice(_UNITS[match[2]]))


def _year(text: str, passage: str, rng: random.Random, _: list[str]) -> Iterator[str]:
    named = [m for m in _YEAR.finditer(passage)]
    for match in _YEAR.finditer(text):
        group = 2 if match[2] else 4
        others = sorted(
            {m[group] for m in named if m[group] and m[1] == match[1]}
            - {m[group] for m in _YEAR.finditer(text)}
        )
        if others and rng.random() < 0.5:
            new = rng.choice(others)
        else:
            new = str(int(match[group]) + rng.choice([-2, -1, 1, 2]))
            if int(new) < 1 or new in {m[group] for m in _YEAR.finditer(text)}:
                new = str(int(match[group]) + 3)
        yield _swap(text, match.span(group), new)


def _date(text: str, passage: str, rng: random.Random, _: list[str]) -> Iterator[str]:
    for match in _MONTH.finditer(text):
        yield _swap(
            text,
            match.span(1),
            str(rng.choice([m for m in range(1, 13) if str(m) != match[1] and f"{m}月" not in text])),
        )
    for match in _DAY.finditer(text):
        yield _swap(
            text,
            match.span(1),
            str(rng.choice([d for d in range(1, 28) if str(d) != match[1] and f"{d}日" not in text])),
        )


def _comparison(text: str, passage: str, rng: random.Random, _: list[str]) -> Iterator[str]:
    for old, news in _COMPARISON:
        lead = (
            r"(?<=[0-9円人件年月日割%度業所分半]|[)）])"
            if old.startswith(("以", "未", "を超", "まで", "を上"))
            else ""
        )
        for match in re.finditer(lead + old, text):
            yield _swap(text, match.span(), rng.choice(news))


def _polarity(text: str, passage: str, rng: random.Random, _: list[str]) -> Iterator[str]:
    for old, new in _POLARITY:
        at = text.find(old)
        if at >= 0 and not (old in ("対象外", "義務") and text.startswith(("対象外か", "義務教育"), at)):
            yield _swap(text, (at, at + len(old)), new)
            if old.endswith("。") or len(old) >= 4:
                return


def _class(text: str, passage: str, rng: random.Random, _: list[str]) -> Iterator[str]:
    for old, news in _CLASS:
        if len(old) == 1:
            pattern = rf"(?<![一-龠々ヶァ-ヴ0-9]){old}(?=[がはにをのもと]|単独|経由)"
        else:
            pattern = rf"(?<![0-9一-龠]){old}(?!域|計画|単位|版|民)"
        for match in re.finditer(pattern, text):
            new = rng.choice(news)
            if new not in text and old in passage:
                yield _swap(text, match.span(), new)


def _entity(text: str, passage: str, rng: random.Random, names: list[str]) -> Iterator[str]:
    def other(old: str, options: list[str]) -> str | None:
        def stem(name: str) -> str:
            return re.sub(
                r"(?:型|タイプ)$", "", name.replace("第二", "第2").replace("（", "").replace("）", "")
            )

        options = [
            o for o in options if o not in text and stem(old) not in stem(o) and stem(o) not in stem(old)
        ]
        near = [o for o in options if o in passage]
        if near and rng.random() < 0.5:
            return rng.choice(near)
        return rng.choice(options) if options else None

    for match in _TYPE.finditer(text):
        new = other(match[0], [match[0][:-1] + t for t in "AVS123"])
        if new:
            yield _swap(text, match.span(), new)
    for office in _OFFICES:
        at = text.find(office)
        if at >= 0:
            new = other(office, list(_OFFICES))
            if new:
                yield _swap(text, (at, at + len(office)), new)
    for name in names:
        at = text.find(name)
        if at >= 0:
            new = other(name, [n for n in names if "型" in n] if "型" in name else names)
            if new:
                yield _swap(text, (at, at + len(name)), new)
    places = [
        "鳥取県",
        "京都府",
        "向日市",
        "西郷村",
        "観音寺市",
        "長岡市",
        "海士町",
        "北海道庁",
        "三重県",
        "佐賀県",
    ]
    places += [m[0] for m in _PLACE.finditer(passage) if not re.search("[道都]府県|町村|区町|^地", m[0])]
    for match in _PLACE.finditer(text):
        if (
            re.search("[道都]府県|町村|区町", match[0])
            or match[0].startswith(("地方", "都道", "指定", "中核", "全国", "対象", "同", "各", "他の"))
            or match[0] in ("市区町村", "市町村")
        ):
            continue
        new = other(match[0], [p for p in places if p[-1] == match[0][-1]] or places)
        if new:
            yield _swap(text, match.span(), new)


_MAKERS: dict[str, Callable[[str, str, random.Random, list[str]], Iterator[str]]] = {
    "amount": _amount,
    "number": _number,
    "unit": _unit,
    "year": _year,
    "date": _date,
    "comparison": _comparison,
    "polarity": _polarity,
    "class": _class,
    "entity": _entity,
}


def mutate(kind: str, claim: str, passage: str, names: list[str], seed: str) -> str | None:
    """One false version of a claim, chosen by ``seed``; None where nothing of this kind can be changed."""
    rng = random.Random(f"{kind}|{seed}")
    made = [
        m for m in dict.fromkeys(_MAKERS[kind](claim, passage, rng, names)) if m != claim and m not in passage
    ]
    return rng.choice(made) if made else None
