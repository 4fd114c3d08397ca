"""Question → ``Understanding``: intent, grant, fiscal year, place, slots, and what is unclear."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from assistant.ask.scope import find_out_of_scope
from assistant.ask.slots import find_slots, slot_words, without_slot_words
from assistant.ask.vocabulary import GrantName, Vocabulary
from assistant.ask.words import CASE_WORDS, GENERIC, find_classes, find_phrases, find_terms, without_classes
from assistant.domain import Intent, MissingFact, Understanding
from assistant.japanese.calendar import find_fiscal_years, fiscal_year_of, wareki
from assistant.japanese.text import normalise

_CAN_WE = re.compile(
    r"使え(?:る|ます|ない|ません)|使いたい|充てたい|活用したい|使って(?:も)?(?:いい|よい|良い|大丈夫)|対象に?(?:な(?:る|り)|でき)|対象(?:です|でしょう)?(?:か|[?？])"
    r"|(?:申請|活用|充当|利用|応募|受給)(?:は)?(?:でき|可能)|もら(?:える|えます|えない)|充て(?:られ|て(?:も)?(?:いい|よい|良い))|いけ(?:る|ます)か"
    r"|(?:して|買って|入れて|出して|組んで)も?(?:いい|よい|良い|大丈夫)|可能(?:です|でしょう)?か|可能\?|できますか|出来ますか|でき(?:る|ない)[?？]|入れたい|整備したい|導入したい|買いたい|作りたい|始めたい|やりたい|該当し|ok(?:です)?か|okか|(?:取れ|買え|払え|作れ|建てられ|出せ|雇え|付けられ)(?:る|ます)|も(?:いい|よい|良い)(?:です)?か|手を?挙げられ|られますか|られる[?？]|(?:の|は)あり(?:です|でしょう)?か?[?？]|したい(?:です|のですが|けど|。|$)|入れたい"
)
_PROJECT = re.compile(r"(?:たい|予定|計画|購入|導入|整備|改修|建設|事業費|万円|億円)")
_CASES = re.compile(
    r"(?:して|て|た)い?る?例|例(?:は|を|が)?(?:[?？。]|教|知|あ|$)|先行例|先例|(?:して|で|て)い?る(?:役場|市役所|自治体|市町村|市|町|村)(?:は|って|が|も)?(?:あり|ある|どこ|教|知)|(?:した|んだ|いだ)(?:市|町|村|自治体)は|事例|好事例|先進(?:地|自治体|的な取組)|取り?組(?:んでいる|んだ|みの例)|成功例|参考になる|どこかでや|やっている(?:自治体|町|市|村|ところ)|実践例|モデル(?:地域|ケース)|ほかの(?:町|市|村|自治体)|他の(?:町|市|村|自治体)|他市|他町"
)
_WHICH_PLACE = re.compile(
    r"(?:た|てい?る|有名な|な)(?:市|町|村|島|県|地域|自治体|ところ|所)(?:は|って|を|が|ある|どこ|[?？]|$)"
)
_COMPARE = re.compile(
    r"違い|比較|比べ|どう(?:変|違)|変更点|何が変わ|どちら(?:が|の(?!制度|交付金|補助金|方|ほう))|どっち(?:が|の)|異な|差は"
)
_OVERVIEW = re.compile(
    r"(?<!こ)とは|って(?:何|なに|なん)|概要|どんな(?:制度|交付金|もの|補助)|どのような(?:制度|交付金|もの)|仕組み|について(?:教|知|説明)|を?教えて|説明して|全体像"
)
_NEXT_CLAUSE = re.compile(r"(?<=[てで])、|、(?:それから|あと|また|そして)")
_ASKS = re.compile(
    r"いつ|いくら|いくつ|どこ|誰|どの(?:よう|くらい)|どう|何[人件年か割月日%条を]|義務(?:です)?か"
)
_SHORT = 30  # characters
_ANAPHORA = re.compile(r"^(?:では|じゃあ?|それ|その|そこ|この場合|ちなみに)")
_NOT_THIS = re.compile(
    r"[^、。？?]{1,20}?(?:じゃなくて?|ではなくて?|でなくて)、?"
)  # 「先駆タイプじゃなくて横展開のほうは」
_FISCAL_AFTER = re.compile(r"の(?!転入|人口|調査|報道|改正|法)")  # 「令和8年の上限」 means the fiscal year
_FIGURES = frozenset(("補助率", "上限額", "下限額", "期限", "期間", "件数", "窓口", "予算額"))
# Slots whose answer changes from year to year: of several schemes that followed one another, which is asked about.
_YEARLY = frozenset(
    ("補助率", "上限額", "下限額", "期限", "対象外", "対象団体", "対象事業", "期間", "要件", "件数", "予算額")
)
_FOLLOW_UP = re.compile(
    r"^(?:では|じゃあ?|それ(?:なら|では|は|だと|の|に|を|って)?|その|そこ|この場合|ちなみに|あと|ほかに|他に(?!も?(?:使|ど))|もっと|さらに|逆に)|の場合は?[?？]?$|^.{1,14}は[?？]?$|^.{0,12}だと[?？]?$"
)


@dataclass(frozen=True)
class Context:
    """What the face around the question knows: pickers, the conversation so far, the day."""

    today: date
    fiscal_year: int | None = None
    municipality_code: str | None = None
    history: tuple[Understanding, ...] = ()
    has_uploads: bool = False
    continues: bool = False  # a later question of the same message


def split_parts(question: str) -> tuple[str, ...]:
    """The questions in one message; a message with one question gives itself."""
    pieces = [
        p.strip() for p in re.split(r"(?<=[？?])|(?<=か。)|(?<=ください。)|\n", question) if p and p.strip()
    ]
    clauses = _NEXT_CLAUSE.split(question) if len(pieces) == 1 else []
    if len(clauses) == 2 and all(_ASKS.search(normalise(clause)) for clause in clauses):
        return tuple(clause.strip() for clause in clauses)  # 「いつ決まって、期間は何年間ですか」
    asking = [p for p in pieces if re.search(r"[？?]$|か。?$|ください。?$|教えて", p)]
    if len(asking) < 2 or len(asking) > 5:
        return (question,)
    parts: list[str] = []
    lead = ""
    for piece in pieces:
        if piece in asking:
            parts.append((lead + piece).strip())
            lead = ""
        else:
            lead += piece
    return tuple(parts)


def understand(question: str, vocabulary: Vocabulary, context: Context) -> Understanding:
    """Read a question. Pure: the same words, vocabulary and context give the same reading."""
    outside = find_out_of_scope(question)
    if outside:
        return Understanding(
            question=question, resolved=question, intent=Intent.OUT_OF_SCOPE, scope_reason=outside.id
        )
    previous = context.history[-1] if context.history else None
    grant_ids, families, rest = vocabulary.find_grants(question)
    slots = find_slots(rest)
    intent = _find_intent(question, slots, named=bool(grant_ids or families))
    if intent is Intent.OVERVIEW:
        slots = ()  # 「KPIとは」 asks what it is
    own_words = slot_words(rest, slots)
    rest = without_classes(without_slot_words(_NOT_THIS.sub("", rest), slots))
    goes_on = intent is Intent.CAN_WE and "後継" in slots
    if intent is Intent.CAN_WE and set(slots) & _FIGURES:
        intent = Intent.FACT  # 「いくらまで使えますか」 asks for a figure
    if intent is Intent.CAN_WE:
        slots = tuple(slot for slot in slots if slot in ("対象外", "要件"))
    elif intent is Intent.COMPARE and not slots and len({*grant_ids, *families}) > 1:
        slots = ("補助率", "上限額")
    mentions = find_fiscal_years(question, today=context.today)
    fiscal = [
        m
        for m in mentions
        if m.fiscal or (not question[m.start].isdigit() and _FISCAL_AFTER.match(question, m.end))
    ]
    calendar = [m for m in mentions if m not in fiscal]
    years = [m for m in fiscal if not m.supplementary] or fiscal
    named_year = years[0].year + (1 if years[0].supplementary else 0) if years else None
    compared = {m.year for m in fiscal} if intent is Intent.COMPARE else set()
    if len(compared) > 1:  # 「令和7年度と8年度の違い」 wants both
        named_year = None
        grant_ids = (
            tuple(
                g.id
                for g in vocabulary.grants
                if g.fiscal_year in compared
                and (g.family in families or any(g.family == vocabulary.by_id[i].family for i in grant_ids))
            )
            or grant_ids
        )
    places = vocabulary.mentions(question)
    municipality_code = places[0][0].code if places else context.municipality_code
    resolved = question
    named = bool(grant_ids or families)
    follows = _follows(question, previous, named=named) or (
        context.continues
        and not named
        and previous is not None
        and previous.intent is not Intent.OUT_OF_SCOPE
    )
    terms, phrases = find_terms(rest), find_phrases(rest)
    if intent is Intent.CASES:  # a grant's name says what the case is about here
        rest = normalise(question)
        terms = tuple(term for term in find_terms(rest) if term not in CASE_WORDS)
        phrases = find_phrases(rest)
    if follows and previous is not None:
        if not grant_ids and not families:
            grant_ids = previous.grant_ids
            families = (previous.family,) if previous.family else ()
        inherited = [term for term in previous.terms if term not in terms]
        if slots and not terms and not grant_ids and not families:
            terms = tuple(inherited)  # 「…は法律の何条？義務ですか」: of what, the question before says
        if not slots:
            slots = previous.slots
            if intent in (Intent.FACT, Intent.OVERVIEW):
                intent = previous.intent
            terms = (*terms, *inherited)
        municipality_code = municipality_code or previous.municipality_code
        if named_year is None and previous.fiscal_year_given:
            named_year = previous.fiscal_year
        names = "、".join(vocabulary.by_id[g].name for g in grant_ids if g in vocabulary.by_id)
        before = f"{names} " if names else f"{previous.resolved.rstrip('？?。')} "
        resolved = "".join((before, question, f"（{'・'.join(slots)}）" if slots else ""))
    fiscal_year = named_year if named_year is not None else context.fiscal_year
    chosen, unclear = _choose_grants(
        vocabulary, grant_ids, families, fiscal_year, context, bool(set(slots) & _YEARLY), intent
    )
    if goes_on and set(terms) <= GENERIC:
        intent, slots = (
            Intent.FACT,
            ("後継",),
        )  # 「今年もまだ申請できますか」 asks whether the scheme still goes on
    elif intent is Intent.CAN_WE and chosen and not slots and set(terms) <= GENERIC:
        intent = Intent.OVERVIEW  # 「小さな拠点に使える補助金は？」 names nothing to hold against the rules
    if not (chosen or unclear or terms or places or context.has_uploads) and intent in (
        Intent.FACT,
        Intent.CAN_WE,
    ):
        unclear = (_which_grant(vocabulary, fiscal_year, context.today),)
    return Understanding(
        question=question,
        resolved=resolved,
        intent=intent,
        grant_ids=chosen,
        standing_grants=tuple(
            g for g in chosen if g in vocabulary.by_id and vocabulary.by_id[g].fiscal_year is None
        ),
        family=families[0] if families else (vocabulary.by_id[chosen[0]].family if chosen else None),
        fiscal_year=fiscal_year,
        fiscal_year_given=fiscal_year is not None,
        municipality_code=municipality_code,
        place_named=bool(places),
        follows=follows,
        calendar_year=calendar[0].year if calendar and named_year is None else None,
        slot_words=own_words,
        slots=slots,
        terms=terms,
        phrases=phrases,
        classes=find_classes(resolved),
        expansions=vocabulary.expand(rest),
        unclear=unclear,
    )


def _which_grant(vocabulary: Vocabulary, fiscal_year: int | None, today: date) -> MissingFact:
    """The question back where a slot is asked for and nothing says of what."""
    year = fiscal_year or fiscal_year_of(today)
    current = [g.short for g in vocabulary.grants if g.fiscal_year == year]
    standing = [g.short for g in vocabulary.grants if g.fiscal_year is None]
    return MissingFact(
        name="grant",
        question="どの交付金・制度についてのご質問でしょうか。",
        options=tuple(dict.fromkeys((*current, *standing)))[:6],
        settles=1,
        why="制度ごとに金額や要件が異なるため、制度が決まらないとお答えできません。",
    )


def _follows(question: str, previous: Understanding | None, *, named: bool) -> bool:
    """Whether a question leans on the one before it."""
    if previous is None or previous.intent is Intent.OUT_OF_SCOPE or len(question) > 40:
        return False
    folded = normalise(question).strip()
    if re.search(r"(?<!こ)とは|って(?:何|なに|なん)", folded):
        return False
    if not named and previous.grant_ids and len(question) <= _SHORT and not _CASES.search(folded):
        return True  # tried first as about the same grant; read alone where that finds nothing
    return bool(_FOLLOW_UP.search(folded)) and not (named and not _ANAPHORA.search(folded))


def _find_intent(question: str, slots: Sequence[str], *, named: bool) -> Intent:
    folded = normalise(question)
    if _CASES.search(folded) and not re.search(r"不正|返還(?:の|となった)?事例", folded):
        return Intent.CASES
    if not named and not slots and _WHICH_PLACE.search(folded):
        return Intent.CASES
    if _COMPARE.search(folded):
        return Intent.COMPARE
    if _CAN_WE.search(folded) and (
        named or _PROJECT.search(folded) or re.search("交付金|補助|支援金|制度", folded)
    ):
        return Intent.CAN_WE
    if _OVERVIEW.search(folded) and (not slots or re.search(r"(?<!こ)とは|って(?:何|なに|なん)", folded)):
        return Intent.OVERVIEW
    return Intent.FACT


def _choose_grants(
    vocabulary: Vocabulary,
    grant_ids: tuple[str, ...],
    families: tuple[str, ...],
    fiscal_year: int | None,
    context: Context,
    has_slots: bool,
    intent: Intent,
) -> tuple[tuple[str, ...], tuple[MissingFact, ...]]:
    """The grants that the names and the year point to, and the question back when the year decides.

    A grant named outright stays, whatever the year: the answer says what became of it.
    """
    if grant_ids:
        named = [vocabulary.by_id[g] for g in grant_ids if g in vocabulary.by_id]
        if fiscal_year is not None:
            right = [g for g in named if g.fiscal_year in (None, fiscal_year)]
            if right:
                return tuple(g.id for g in right), ()
            return tuple(g.id for g in named), ()
        families_named = dict.fromkeys(
            [*(g.family for g in named), *(families if intent is Intent.COMPARE else ())]
        )
        chosen: list[str] = []
        for family in families_named:
            members = [g for g in named if g.family == family] or list(vocabulary.by_family.get(family, ()))
            chosen.extend(
                g.id for g in (members if intent is Intent.COMPARE else _latest(members, context.today))
            )
        return tuple(chosen), ()
    members = [g for family in families for g in vocabulary.by_family.get(family, ())]
    if not members:
        return (), ()
    if fiscal_year is not None:
        right = [g for g in members if g.fiscal_year in (None, fiscal_year)]
        earlier = max(
            (g.fiscal_year for g in members if g.fiscal_year and g.fiscal_year < fiscal_year), default=None
        )
        return tuple(g.id for g in (right or [g for g in members if g.fiscal_year == earlier] or members)), ()
    years = sorted({g.fiscal_year for g in members if g.fiscal_year is not None}, reverse=True)
    current = fiscal_year_of(context.today)
    # One scheme in its yearly editions is answered for this year, and the answer says so; a family of
    # schemes that followed one another is not.
    editions = current in years and len({g.short.partition("（")[0] for g in members}) == 1
    if len(years) >= 2 and not editions and has_slots and intent in (Intent.FACT, Intent.CAN_WE):
        options = tuple(f"{wareki(year)}{'（今年度）' if year == current else ''}" for year in years)
        return tuple(g.id for g in members), (
            MissingFact(
                name="fiscal_year",
                question="どの年度の交付金についてのご質問でしょうか。年度によって名称・上限額・要件が変わります。",
                options=options,
                settles=len(members),
                why="年度ごとに制度が改められているため、年度が決まらないと金額や要件をお答えできません。",
            ),
        )
    return tuple(g.id for g in _latest(members, context.today)), ()


def _latest(members: Sequence[GrantName], today: date) -> list[GrantName]:
    """The members of the current fiscal year, or of the latest year there is."""
    current = fiscal_year_of(today)
    timeless = [g for g in members if g.fiscal_year is None]
    years = [g.fiscal_year for g in members if g.fiscal_year is not None]
    if not years:
        return timeless
    year = current if current in years else max((y for y in years if y <= current), default=max(years))
    return timeless + [g for g in members if g.fiscal_year == year]
