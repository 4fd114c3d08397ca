"""What a question about a document asks for: its period, an indicator, a chapter, a page, or a statement."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from assistant.japanese.text import fold, normalise
from assistant.japanese.tokens import Token, tokenise

Wants = Literal["period", "indicator", "chapters", "chapter", "goals", "whole", "statement"]

_PERIOD = re.compile(
    r"(?:計画|戦略|対象|推進)(?:の)?期間|^期間|いつからいつまで|(?:計画|戦略)は?(?:いつまで|いつから|何年(?:度|間)?(?:から|まで|の|です))|いつまでの(?:計画|戦略)|(?:計画|戦略)(?:が|の)終わ"
)
_INDICATOR = re.compile(
    r"数値目標|目標値|基準値|現状値|kpi|kgi|指標|(?:数|率|額|割合|件数|量)(?:の|は|を)?(?:目標|基準|現状)|目標は(?:何|どの|いくつ|いくら)|の目標は?[?？]?$"
    r"|(?:何(?:人|名|件|社|戸|世帯|団体|箇所|か所|校|台|回|円|%|割|倍)|いくつ|いくら|どれ(?:くらい|ぐらい|ほど|だけ)|どの(?:くらい|ぐらい|程度))(?:まで|に|を|くらい|ほど)?(?:目指|めざ|増や|増え|減ら|減る|減り|伸ば|上げ|下げ|高め)"
)
_OF_INDICATORS = re.compile(r"(?:kpi|指標|目標).{0,6}(?:達成|検証|評価|確認|管理|点検|公表|見直|誰|だれ)")
_TARGET = re.compile(r"目標")
_BASELINE = re.compile(r"基準|現状|現在|今|(?<![くぐ]ら)いま|実績")  # 「くらいまで」 holds no 「いま」
_CHAPTER = re.compile(r"第?([0-9一二三四五六七八九十]+)章")
_GOAL = re.compile(
    r"(基本目標|重点目標|目標|柱|施策|プロジェクト|戦略|政策|基本方針)([0-9一二三四五六七八九十]+)(?![0-9年%])"
)
_GOALS = re.compile(
    r"(基本目標|重点目標|目標|柱|重点プロジェクト|プロジェクト|基本方針|重点施策|施策)(?:は|が|って|を|の一覧)(?:何|どんな|どのような|いくつ|全部|すべて|教え|挙げ|[?？]?$)"
)
_LIST = re.compile(
    r"章立て|目次|(?:文書|計画|戦略|全体)の構成|構成は|(?:どんな|どのような|何という|いくつの|何)章|章(?:は|が)(?:いくつ|何個|全部)"
)
_WHOLE = re.compile(
    r"(?:全体|文書|計画|戦略|これ|この(?:文書|計画|戦略|資料))?(?:を|の|は)?(?:要約|まとめて|概要|あらまし|ポイント)|(?:この)?(?:文書|計画|戦略|資料)(?:に)?は?(?:何|なに)(?:が|を)(?:書|述べ)|何が書いてあ|どんな内容"
)
_CONTENT = re.compile(
    r"内容|何が書|なにが書|書いてあ|書かれて|要約|まとめ|概要|教えて|説明|について|とは|ポイント|には[?？]?$|は[?？]?$"
)
_WHERE = re.compile(
    r"(?:何|なん|どの|どこの)(?:ページ|頁|章|節)|どこに(?:書|記載|載|あり|ある)|(?:ページ|頁)(?:は|を|数|番号)|書いてある(?:場所|ところ)|どこです|どこ[?？]?$"
)
_OF_PERIOD = re.compile(r"期間|終わ|始ま|^第|年度$|年間$")
_OF_GOALS = re.compile(r"^(?:基本|重点)?(?:目標|柱|プロジェクト|方針|施策)$|^[0-9一二三四五]つ$")
_OF_WHOLE = re.compile(r"要約|ポイント|全体|まとめ|構成|概要|あらまし")
_PERSONS = frozenset(("世帯", "世代", "家庭", "家族"))
_LOOSE = frozenset(("総合", "基本", "全体", "実施", "関係"))
_FIGURE = re.compile(
    r"何(?:人|名|件|社|回|冊|戸|円|%|パーセント|割|世帯|団体|箇所|か所|校|台|倍)|いくら|いくつ|どれ(?:くらい|ぐらい)の(?:数|額|人)|(?:金額|人数|件数|割合|総額|事業費|予算額|率|数)は"
)
_WHEN = re.compile(
    r"いつ(?!も|から.{0,3}いつまで)|何(?:年|月|日)(?!間)|時期は|頻度|年に何回|何年ごと|どのくらいの間隔"
)
_UNMET = re.compile(
    r"(?:達成|実現|到達|届|クリア).{0,6}(?:できな|しな|なかった|ない(?:場合|とき|時)|かな)|未達|うまくいかな|下回っ(?:た|て)(?:場合|とき|時|い)"
)
_MEASURE = re.compile(
    r"支援|取り?組|施策|対策|振興策|事業は|何を(?:し|やり|行)|どんなことを|どのようなことを|どう(?:育て|増や|確保|進め)"
)
_WHO = re.compile(r"^(?:誰|だれ|どこ|どの(?:課|部署|組織))が?.{0,8}(?:中心|進め|推進|担|責任|まとめ)")
_MORE = re.compile(r"^(?:ほか|他|もっと|さらに|それ以外|それだけ)")
_VALUE_ALONE = re.compile(r"^(?:目標|基準|現状|実績)(?:値)?$")
_PAST = re.compile(r"これまで|前の(?:戦略|計画|期)|前回|前期|(?:第?[1-3一二三]期)")
_BY_WHOM = re.compile(r"(?:誰|だれ|どの(?:課|部署|組織|会議))[がにの]|どこが")
_OF_THING = re.compile(r"の[^の、。]{2,10}は(?:何|いつ|いくら|いくつ|どこ)?[^の、。]{0,6}[?？]?$")
_LEANS = re.compile(
    r"^(?:それ|その|これ|この(?:点|こと)|そこ|では|じゃあ?|あと|ほかに|他に|もっと|さらに|ちなみに|具体的に)"
)
# What a question says in everyday words → the words of plans. Added to the question, never in place of it.
_OTHER_WORDS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"住んで|人口規模|住民の数"), "人口"),
    (re.compile(r"生まれ|亡くな|死亡|出生|自然増減|自然減"), "出生 死亡 自然増減 自然減"),
    (re.compile(r"転入|転出|引っ越|社会増減|社会減|社会動態"), "転入 転出 社会増減 社会減"),
    (re.compile(r"点検|検証|評価|進捗"), "点検 検証 評価 進捗 達成度 達成状況"),
    (re.compile(r"公開|公表|発表|知らせ|お知らせ"), "公表 公開 お知らせ 報告"),
    (re.compile(r"改訂|改定|見直|途中で|変更"), "見直し 見直 改訂 改定"),
    (re.compile(r"改善の仕組み|うまくいかな"), "見直し 改訂 PDCA 改善"),
    (re.compile(r"国の(?:方針|考え方|戦略|計画)"), "総合戦略 基本構想 創生"),
    (re.compile(r"(?:県|都道府県)の(?:方針|戦略|計画)|都道府県"), "県"),
    (re.compile(r"ロードマップ|年次計画|工程"), "工程表 スケジュール 年次計画"),
    (re.compile(r"(?:店|会社|お店)を(?:開|始|つく|作)|開業|独立|創業|起業"), "創業 起業 開業"),
    (re.compile(r"子育て|育児|出産|妊娠|保育"), "子育て 保育 妊娠 出産"),
    (re.compile(r"参加|関わ|加わ|参画"), "参画 委員 委嘱"),
    (re.compile(r"充て|財源"), "財源"),
    (re.compile(r"バス|タクシー|交通弱者|免許返納|地域の足|ライドシェア"), "公共交通 乗合 路線バス"),
    (re.compile(r"お金|資金|費用|予算"), "財源"),
    (re.compile(r"(?:出て|離れ)(?:い|行|ゆ)?[きくっる]"), "転出 流出"),
    (re.compile(r"今の|現在|いまの|足元の"), "現状"),
    (re.compile(r"将来|この先|これから.{0,4}(?:人口|どうなる)|見込んで"), "将来 推計 見通し"),
    (re.compile(r"年に何回|どのくらいの頻度|何年ごと|頻度"), "毎年度 定期的"),
    (re.compile(r"住民|町民|市民|村民|区民|県民|府民|道民"), "住民"),
    (re.compile(r"声を?(?:聴|聞)|声は|意見"), "意見"),
    (re.compile(r"高校生|中学生|大学生|若い人|若い世代"), "若者"),
    (re.compile(r"移動(?!販売|図書)|(?:通院|通学)の足|交通手段|乗り物"), "公共交通 移動手段 乗合 交通空白"),
    (re.compile(r"呼び込|来てもら"), "誘致"),
    (re.compile(r"近隣|近く(?:の)?(?:市|町|村)|隣(?:の|接|町|市|村)|(?:市町村|自治体|町).{0,6}(?:一緒|協力|共同)"), "広域連携"),
    (re.compile(r"災害|地震|豪雨|水害"), "防災"),
    (re.compile(r"役場|役所|窓口の?手続|行政手続"), "行政手続 オンライン"),
    (re.compile(r"赤ちゃん|子ども"), "子育て"),
    (re.compile(r"スケジュール|日程|いつ(?:何を)?実施"), "工程表 年次計画"),
    (re.compile(r"法律|法令|根拠法"), "創生法 根拠"),
    (re.compile(r"外部の人|第三者|専門家|学識|有識者|外部"), "外部 有識者 第三者 学識 委員"),
    (re.compile(r"理由|原因|なぜ|どうして"), "要因 原因 理由 背景"),
    (re.compile(r"前の|前回|これまで|第1期|第2期|前期"), "これまで 前期"),
    (re.compile(r"再生可能|太陽光|省エネ|温暖化|ゼロカーボン|カーボンニュートラル"), "脱炭素 再生可能エネルギー"),
)  # fmt: skip
_ASKING = frozenset(
    ["何", "誰", "何処", "どう", "何時", "幾ら", "幾つ", "どの", "どんな", "どの様", "如何", "様", "様だ", "事", "物", "為る", "居る", "有る", "在る", "成る", "出来る", "書く", "載る", "記載", "述べる", "教える", "知る", "説明", "下さる", "呉れる", "為", "時", "所", "場合", "点", "件", "方", "者", "物事", "此の", "其の", "此れ", "其れ", "此処", "行う", "進める", "取り組む", "取り組み", "取組", "施策", "政策", "事業", "対策", "対応", "内容", "概要", "状況", "関係", "関する", "就く", "対する", "計画", "戦略", "総合戦略", "文書", "資料", "本", "町", "市", "村", "区", "自治体", "支援", "策", "頁", "ページ", "章", "節", "言う", "思う", "聞く", "見る", "良い", "具体", "具体的", "主", "主な", "人", "年", "月", "回", "名", "数", "つ", "目", "以上", "必要", "遣る", "遣り方", "方法", "仕方", "確認", "予定", "有無", "無い", "つく", "行く", "就", "増やす", "減らす", "分かる", "助ける", "制度", "仕組み", "始める", "新しい", "使う", "用意", "備える", "一緒", "成果", "取り入れる", "増える", "減る", "目指す", "伸ばす", "上げる", "下げる", "高める", "致す", "御座る", "頂く", "御", "もの", "こと"]
)  # fmt: skip


@dataclass(frozen=True)
class Term:
    """A compound or word of a question: as it stands, its lemmas, and what plans call it."""

    surface: str
    lemmas: tuple[str, ...]
    others: tuple[str, ...] = ()
    is_noun: bool = True


@dataclass(frozen=True)
class Asked:
    """A question as read. ``text`` is what is looked for; ``focus`` what it is about.

    ``where``: the page is asked for; ``figure``, ``when``: only a statement with a figure or a time answers;
    ``by_whom``: who does it; ``tail``: B in 「AのBは？」; ``measure``: what the plan does; ``past``: how an earlier plan went; ``unmet``: what happens where a target is missed; ``follows``: it was read with the question before it;
    ``more``: what else there is to say of that.
    """

    question: str
    text: str
    wants: Wants
    focus: tuple[Term, ...]
    where: bool = False
    figure: bool = False
    when: bool = False
    unmet: bool = False
    who: bool = False
    by_whom: bool = False
    tail: str = ""
    measure: bool = False
    past: bool = False
    side: Literal["target", "baseline", "both"] = "both"
    chapter_number: int | None = None
    goal: tuple[str, int] | None = None
    goal_word: str = ""
    more: bool = False
    follows: bool = False


def read_question(question: str, before: str = "") -> Asked:
    """Read a question; ``before`` is what the question before it was about, for one that leans on it."""
    folded = fold(question, drop_spaces=True).text.rstrip("。")
    focus = focus_of(question)
    follows = (
        bool(before)
        and (
            bool(_LEANS.match(folded))
            or (_WHERE.search(folded) is not None and not focus)
            or _names_a_value(focus)
        )
        and not _standing_alone(folded)
    )
    text = f"{before} {question}" if follows else question
    if follows:
        focus = tuple(dict.fromkeys((*focus_of(before), *focus)))
    whole = fold(text, drop_spaces=True).text
    chapter, goal = _CHAPTER.search(whole), _GOAL.search(whole)
    return Asked(
        question=question,
        text=text,
        wants=_wants(folded, whole, focus),
        focus=focus,
        where=_WHERE.search(folded) is not None,
        figure=_FIGURE.search(folded) is not None,
        when=_WHEN.search(folded) is not None,
        unmet=_UNMET.search(folded) is not None,
        who=_WHO.search(folded) is not None,
        past=_PAST.search(folded) is not None,
        by_whom=_BY_WHOM.search(folded) is not None,
        tail=next((t.surface for t in reversed(focus) if t.is_noun), "") if _OF_THING.search(folded) else "",
        measure=_MEASURE.search(folded) is not None,
        side=_side(folded),
        chapter_number=_number(chapter[1]) if chapter else None,
        goal_word=listed[1] if (listed := _GOALS.search(folded)) else "",
        more=_MORE.search(folded) is not None and follows,
        goal=(goal[1], _number(goal[2]) or 0) if goal else None,
        follows=follows,
    )


def focus_of(text: str) -> tuple[Term, ...]:
    """What a question is about: its noun compounds and verbs, without words of asking and words of any plan."""
    folded = normalise(text)
    spaceless = fold(text, drop_spaces=True).text
    found: dict[str, Term] = {}
    for run in _runs(folded):
        if run[0].surface.startswith(("何", "幾")):
            continue
        kept = list(run)
        while len(kept) > 1 and kept[-1].lemma in _ASKING:
            kept.pop()
        if len(kept) > 1 and kept[-1].lemma in _PERSONS:
            kept.pop()  # 「子育て世帯への支援」 is support of 子育て
        is_name = len(kept) == 1 and len(run) > 1 and kept[0].lemma in _LOOSE
        if is_name:
            kept = list(run[:2])  # 「総合計画」 is a name, 「総合」 is none
        if len(kept) == 1 and (kept[0].lemma in _ASKING or not kept[0].is_content):
            continue
        surface = "".join(token.surface for token in kept)
        lemmas = tuple(dict.fromkeys(t.lemma for t in kept if t.is_content and t.pos2 != "数詞")) or (
            surface,
        )
        lemmas = (surface,) if is_name else lemmas
        noun = kept[0].pos not in ("動詞", "形容詞", "副詞")
        found.setdefault(surface, Term(surface, lemmas, _others(surface, spaceless), noun))
    surfaces = " ".join(found)
    return tuple(
        replace(term, others=tuple(o for o in term.others if o not in surfaces or o in term.surface))
        for term in found.values()
    )


def _runs(folded: str) -> list[list[Token]]:
    """Runs of nouns that stand together, and verbs and adjectives one by one."""
    runs: list[list[Token]] = []
    end = -1
    for token in tokenise(folded):
        noun = token.pos in ("名詞", "接尾辞", "接頭辞", "形状詞") and token.pos2 != "数詞"
        if noun and runs and token.start == end:
            runs[-1].append(token)
        elif noun:
            runs.append([token])
        elif token.is_content and token.lemma not in _ASKING and token.pos2 != "数詞":
            runs.append([token])
            end = -1
            continue
        end = token.end if noun else -1
    return runs


def _others(surface: str, question: str) -> tuple[str, ...]:
    """What plans call a thing that the question names in everyday words."""
    at = question.find(fold(surface, drop_spaces=True).text)
    span = (at, at + len(surface))
    words = [
        word
        for cue, others in _OTHER_WORDS
        for match in cue.finditer(question)
        if match.start() < span[1] and span[0] < match.end()
        for word in others.split()
        if word not in surface
    ]
    return tuple(dict.fromkeys(words))


def in_words_of_plans(text: str) -> str:
    """The question and, after it, what plans call the things that it names in everyday words."""
    folded = fold(text, drop_spaces=True).text
    return " ".join((text, *(words for cue, words in _OTHER_WORDS if cue.search(folded))))


def _names_a_value(focus: tuple[Term, ...]) -> bool:
    """Whether a question names a value and not of what: 「基準値は？」."""
    return bool(focus) and all(_VALUE_ALONE.match(term.surface) for term in focus)


def _standing_alone(folded: str) -> bool:
    return any(cue.search(folded) for cue in (_PERIOD, _CHAPTER, _LIST)) and not _LEANS.match(folded)


def _wants(folded: str, whole: str, focus: tuple[Term, ...]) -> Wants:
    if _LIST.search(folded):
        return "chapters"
    if (_CHAPTER.search(whole) or _GOAL.search(whole)) and not _INDICATOR.search(folded):
        rest = [
            t
            for t in focus
            if not re.fullmatch(
                r"第|要約|ポイント|(?:基本|重点)?(?:目標|柱|プロジェクト|戦略|方針)", t.surface
            )
        ]
        if _CONTENT.search(folded) and not rest:
            return "chapter"
    if _GOALS.search(folded) and all(_OF_GOALS.search(t.surface) for t in focus):
        return "goals"
    if _PERIOD.search(folded) and all(_OF_PERIOD.search(t.surface) for t in focus):
        return "period"
    if _INDICATOR.search(folded) and not _UNMET.search(folded) and not _OF_INDICATORS.search(folded):
        return "indicator"
    if _WHOLE.search(folded) and all(_OF_WHOLE.search(t.surface) for t in focus):
        return "whole"
    return "statement"


def _side(folded: str) -> Literal["target", "baseline", "both"]:
    target, baseline = bool(_TARGET.search(folded)), bool(_BASELINE.search(folded))
    if target == baseline:
        return "both"
    return "target" if target else "baseline"


_KANJI = {c: n for n, c in enumerate("一二三四五六七八九", 1)}


def _number(text: str) -> int | None:
    if text.isdigit():
        return int(text)
    tens, ten, ones = text.partition("十")
    if not ten:
        return _KANJI.get(text)
    return (_KANJI.get(tens, 1) if tens else 1) * 10 + _KANJI.get(ones, 0)
