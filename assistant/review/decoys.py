"""Why words that look like evidence do not bear a requirement."""

from __future__ import annotations

import re

from assistant.review.units import Unit

# What ends the clause in which the matched words stand, so that a later "検討します" is not held against them.
_CLAUSE_END = re.compile(
    r"(?:[いきしちみりえけせてれめぎび](?<!ついて)(?<!おいて)(?<!として)(?<!応じて)(?<!通じて)(?<!関して)(?<!対して)(?<!向けて)"
    r"(?<!わたって)(?<!よって)(?<!踏まえ)(?<!基づき)(?<!につき)(?<!により)(?<!あたり)(?<!当たり)|とともに|ほか|上で|うえで|ものの|が)、"
)
_TENTATIVE = re.compile(
    r"検討(?!委員|会|部会|組織|チーム|協議会|結果|状況|体制|の(?:上|うえ|結果)|を(?:経|重ね|踏まえ)|した|しました|され|(?:する|している|中の)(?:企業|方|人|者|世帯|事業者|若者|家族))"
    r"|今後の課題|未定|調整中|準備中|予定(?:です|である|。|とする|として|しており|しています|している)|予定$"
    r"|望ましい|望まれ|期待され|考えられ|必要が(?:ある|あり)|必要(?:です|である)|求められ|可能性が|余地があ|今後(?:設定|策定|設置|決定|定め)"
    r"|(?:を|の)(?:研究|検討|協議|調整)(?:中)?(?:、|$)|協議中|(?:検討|研究|協議)を(?:続け|進め|重ね|始め)|かどうか|方針は決まって|できるよう(?:努め|協議)|模索|研究(?:します|していき|する)(?:。|$)"
)
_NEGATED = re.compile(
    r"(?:設け|定め|行っ|行わ|実施し|設定し|設置し|策定し|示し|記載し|予定し|取り組ん|取り組ま|公表し|検証し|参画し|対象とし|含ま|置か|置い|なされ|され|でき|見込ま|考え|活用し|連携し|見当たら|掲げ)"
    r"(?:て(?:い|おり)?|で(?:い|おり)?)?(?:ません|ない(?!よう|ため|まち|社会|地域|人)|ず(?:。|、|$)|なかった)"
    r"|(?<!かかせ)(?<!欠かせ)(?<!なり)(?<!しれ)(?<!限り)(?<!過ぎ)(?<!すぎ)(?<!なら)(?<!変わり)ません(?:でした)?。?$"
    r"|(?:は|が)(?:ありません|ない。|ない$|なし$|無し$)"
)
_OTHERS = re.compile(
    r"^[・○●■◆※(]*(?:国|政府|国等|県|都道府県|他市|他町|他(?:の)?(?:自治体|市町村|地域)|近隣(?:の)?(?:市町村|自治体)|先進(?:自治体|地|事例)|全国)"
    r"(?:は|では|においては|において|の(?!(?:補助|交付|支援|制度|事業|総合戦略))[^、。]{0,24}(?:では|は|が)、?)|^例えば[^、。]{0,20}(?:市|町|村)では|^[^、。]{1,24}(?:については|に関しては|は)、(?:国|政府|県|都道府県|全国|各地|他の自治体)(?:が|で|では|において)[^。]*(?:いる|います|進んで|広がって)"
)
_EARLIER = re.compile(
    r"(?:第?[1一]期|前期|前回|旧|平成[0-9]+年度?)の?[^、。]{0,12}(?:戦略|計画)(?:では|で|においては|の期間)|^(?:第?[1-4一二三四]期|前期|前戦略|前計画)(?:の[^、。]{0,12})?(?:では|においては)、?(?!.*(?:今期|本戦略|今後|引き続き))"
)
_DEFINITION = re.compile(
    r"のこと(?:です|である|をいう|をいいます|を指す|を指します)?。?$|(?:こと|もの|者|人々?|制度|仕組み|状態)を(?:いう|いいます|指す|指します)。?$|^[^、。]{1,20}とは、|の(?:略|略称|総称)(?:です|である)?。?$"
)
# What people asked said or answered: of others, not of the plan.
_SAID_BY_OTHERS = re.compile(
    r"(?:という|との|といった)(?:意見|声|回答|要望)|と(?:答え|回答し)た|を(?:挙げる|求める|望む|心配する)(?:人|声|意見)|意見(?:が|も)(?:多|あ|寄せ)"
)
_GLOSSARY = re.compile(r"用語(?:解説|集|の(?:説明|解説|定義|意味))|^用語|キーワード(?:解説|集)|語句")
_STATE = re.compile(
    r"現状|課題|背景|現況|アンケート|調査結果|分析|人口ビジョン|社会動向|社会情勢|時代の(?:流れ|潮流)|前(?:期|回)|これまで|振り返|総括|資料編|参考資料|沿革|概況"
)
_PAST = re.compile(r"(?:ました|でした|ていた|であった|[いきしちっん]た|[いきし]だ)。?$")
_COMMITMENT = re.compile(
    r"推進|支援|促進|取り?組|図(?:り|る|って)|整備|実施|強化|充実|創出|拡大|拡充|確保|育成|開設|設置|導入|活用|提供|展開|開催|構築|維持"
    r"|向上|進め|行(?:い|う)|助成|補助|誘致|発信|運行|運営|事業|解消|改善|対策|連携|協働|めざ|目指|高め|増や|つな(?:げ|ぎ)|生かし|活かし|養成|開発|普及|配置|募集|誘客|呼び込|受け入れ|化$|講座|づくり|バンク|補助金|プロジェクト|相談"
)
# A sentence that ends in the plain or polite present of an action, outside chapters on how things are.
_ACTION = re.compile(r"(?:ます|[うくすつぬむるぐぶ])。?$")
_NO_ACTION = re.compile(
    r"(?:で(?:す|ある|あります)|あ(?:る|ります)|[てで]い(?:る|ます)|な(?:る|ります)|できる|できます|見られ(?:る|ます)|思われ(?:る|ます)|言え(?:る|ます)|続く|続きます|とど?まる|異なる|及ぶ|上る|占める|示す|含む|意味する|踏まえる)。?$"
)
_LAST_WORDS = 30  # letters at the end of a unit that tell whether it is decided
_BULLET = re.compile(r"^[・●○◆■◇□>※\-]\S{5,}$")
# A line of figures in a list of data, not of measures.
_DATA = re.compile(r"[0-9.]+(?:%|割)|(?:は|が|数|率|人口|出生|死亡|転入|転出)[^、。]{0,12}[0-9]|[0-9]人\(")
_STATIVE = re.compile(
    r"(?:なってい(?:る|ます)|進(?:ん|行し)でい(?:る|ます)|進んでい(?:る|ます)|増えてい(?:る|ます)|減少し(?:て|続け)|高ま(?:って|り)い?(?:る|ます)?"
    r"|課題(?:です|である|となって|と考え)|懸念|不足し(?:て|、)|注目されて|傾向(?:に|が|です)|割合(?:は|が)|占め(?:て|る|ます)|回答|(?:多い|少ない|低い|高い)(?:です|状況|こと|傾向|まま|と|。|$)|とは、|をいい?ます|のこと(?:です|。|$)|を指し)"
)


def why_not(
    unit: Unit, cue_end: int, *, headings: bool, measure: bool, about_others: bool, indicators: bool
) -> tuple[str, str] | None:
    """(name, sentence) of the reason why ``unit`` does not bear a requirement; None where it does.

    ``cue_end``: end of the last matched word in ``unit.folded``.
    """
    if unit.kind == "contents":
        return "contents", "目次に挙がっているだけで、本文に記載がありません。"
    if unit.kind == "heading" and not headings:
        return "heading", "見出しに挙がっているだけで、その内容の記載がありません。"
    if unit.kind == "kpi" and not indicators:
        return "indicator", "指標の名称に出てくるだけで、その内容の記載がありません。"
    if _GLOSSARY.search(unit.trail) or _DEFINITION.search(unit.folded):
        return "glossary", "用語の説明にとどまります。"
    sentence = _sentence_about(unit.folded, cue_end)
    rest = sentence[1]
    if unit.kind != "heading":
        clause = _CLAUSE_END.split(rest, maxsplit=1)[0]
        if _TENTATIVE.search(clause):
            return "tentative", "検討や予定、必要性の指摘にとどまり、行うことが定まっていません。"
        if _NEGATED.search(clause):
            return "negated", "行わない、又は定めていないと書かれています。"
    whole = sentence[0]
    if not about_others:
        if _OTHERS.search(whole):
            return "others", "国や他の自治体についての説明にとどまります。"
        if _EARLIER.search(whole):
            return "earlier", "以前の計画についての説明にとどまります。"
    if measure:
        return _not_a_measure(unit, whole)
    return None


def states_an_action(unit: Unit) -> bool:
    """Whether the unit says that something is done or will be, in a sentence or a bullet of nouns."""
    sentence = _ACTION.search(unit.folded) is not None and _NO_ACTION.search(unit.folded) is None
    bullet = "。" not in unit.folded and _BULLET.match(unit.folded) is not None
    if not (sentence or bullet):
        return False
    end = max(0, len(unit.folded) - _LAST_WORDS)
    return why_not(unit, end, headings=True, measure=True, about_others=False, indicators=True) is None


def _not_a_measure(unit: Unit, whole: str) -> tuple[str, str] | None:
    committed = _COMMITMENT.search(whole) is not None or (
        _ACTION.search(whole) is not None and not _STATE.search(unit.trail)
    )
    if unit.kind == "row":
        return None
    if (
        _BULLET.match(unit.folded)
        and "。" not in unit.folded
        and not _STATE.search(unit.trail)
        and not _DATA.search(re.sub(r"^.[a-zⅰ-ⅹ]?[-.]?[0-9]{1,2}(?![0-9]|人|%)", "", unit.folded))
    ):
        return None  # a measure named in a list
    if _SAID_BY_OTHERS.search(whole):
        return "others", "住民などの意見や回答の紹介にとどまります。"
    if not committed:
        return "mention", "言葉が出てくるだけで、取り組むことの記載ではありません。"
    if _PAST.search(whole):
        return "past", "これまでの取組の説明にとどまります。"
    if not _COMMITMENT.search(whole) and _NO_ACTION.search(whole):
        return "mention", "言葉が出てくるだけで、取り組むことの記載ではありません。"
    if _STATIVE.search(whole[-24:]) or (_STATE.search(unit.trail) and not whole.endswith("ます。")):
        return "state", "現状や課題の説明にとどまります。"
    return None


def _sentence_about(folded: str, cue_end: int) -> tuple[str, str]:
    """The sentence of ``folded`` in which the last matched word stands, and what follows that word in it."""
    start = folded.rfind("。", 0, max(0, cue_end - 1)) + 1
    stop = folded.find("。", cue_end)
    end = stop + 1 if stop >= 0 else len(folded)
    return folded[start:end], folded[cue_end:end]
