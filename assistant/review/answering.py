"""Questions about one document, answered by its own words alone, each with its page.

What it reads: the period, the indicators of its tables, its chapters, what the review found for a subject that
plans usually have, and statements that hold what is asked. Where none of these answers, it says so, and names
the pages that could not be read: unknown is never no.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from assistant.domain import (
    Answer,
    AnswerStatus,
    Claim,
    Hit,
    Intent,
    Outcome,
    PageQuote,
    Rejected,
    SupportLabel,
    Trace,
    Understanding,
)
from assistant.errors import QuestionRejected
from assistant.evidence.check import check_support
from assistant.japanese.calendar import wareki
from assistant.japanese.text import fold
from assistant.review.asked import Asked, read_question
from assistant.review.chapter_answers import ChapterAnswers
from assistant.review.indicator_answers import IndicatorAnswers, names_none
from assistant.review.matching import Expand, Matcher, Weigh, holds
from assistant.review.nouns import Review, ReviewedItem
from assistant.review.reading import DocumentReading, shown_text
from assistant.review.replies import MOST_CLAIMS, Citer, Reply, marked_lines, page_words, unique_claims
from assistant.review.topics import Topics

_HITS = 5  # passages of the document that are looked at where no statement holds enough
_HONEST = re.compile(
    r"検討や予定|行わない|定めていない"
)  # what the plan says of itself, though it does not suffice
_ABOUT_WHAT = "この文書について知りたいことをお尋ねください。例えば「計画期間は？」「数値目標は？」「第3章には何が書いてありますか」のようにお尋ねいただけます。"
_NEAR = "ご質問の言葉の一部だけを含む記載を示しています。答えになっているか、ページでご確認ください。"
_LONGEST_QUESTION = 2000
_OF_TOPIC = 0.2  # share of the question that a finding's quote must hold beside another that holds more
_OF_DECOY = 0.45  # … where the finding is that its quotes do not suffice


class DocumentAnswers:
    """Answers questions about one document.

    ``review_of`` gives its review against a strategy's requirements, ``find`` its best passages for some words.
    """

    def __init__(
        self,
        reading: DocumentReading,
        *,
        topics: Topics,
        review_of: Callable[[], Review],
        find: Callable[[str, int], Sequence[Hit]],
        weigh: Weigh,
        expand: Expand,
    ) -> None:
        self.reading, self._find = reading, find
        self._topics, self._review_of = topics, review_of
        self._citer = Citer(reading)
        self._of_chapters = ChapterAnswers(reading, self._citer)
        self._of_indicators = IndicatorAnswers(reading, self._citer)
        self._matcher = Matcher(reading, weigh, expand)
        self._items: dict[str, ReviewedItem] | None = None

    def ask(self, question: str, history: Sequence[Answer] = ()) -> Answer:
        """Answer by the document alone; ``history``: the answers before, oldest first. Raises ``QuestionRejected``."""
        cleaned = "".join(c for c in question if c.isprintable() or c in "\n\t").strip()
        if not cleaned:
            raise QuestionRejected(
                "ご質問が入力されていません。", remedy="知りたいことを文章で入力してください。"
            )
        if len(cleaned) > _LONGEST_QUESTION:
            raise QuestionRejected(
                "ご質問が長すぎます。", why=f"{len(cleaned):,}文字ありました（上限は{_LONGEST_QUESTION:,}文字です）。",
                remedy="要点に絞って入力してください。",
            )  # fmt: skip
        asked = read_question(cleaned, _subject_before(history))
        reply = self._reply(asked)
        if asked.more and history:
            return self._answer(asked, self._of_more(reply, history[-1]))
        if asked.follows and not reply.claims:  # it did not lean on the question before it after all
            alone = read_question(cleaned)
            again = self._reply(alone)
            asked, reply = (alone, again) if again.claims else (asked, reply)
        return self._answer(asked, reply)

    # ── ways of answering ────────────────────────────────────────────────────

    def _reply(self, asked: Asked) -> Reply:
        if asked.wants == "period":
            return self._period()
        if asked.wants == "chapters":
            return self._of_chapters.list_chapters()
        if asked.wants == "chapter":
            return self._of_chapters.tell_chapter(asked)
        if asked.wants == "goals":
            reply = self._of_chapters.list_goals(asked)
            if reply.claims:
                return reply
        if asked.wants == "whole":
            return self._of_chapters.tell_all()
        if asked.wants == "indicator":
            reply = self._of_indicators.tell(asked)
            if reply.claims or names_none(asked):
                return reply
        reply = self._statements(asked)
        if not reply.claims and asked.wants == "statement" and (asked.figure or asked.where):
            return self._of_indicators.tell(asked)
        return reply

    def _period(self) -> Reply:
        period = self.reading.period
        if period is None:
            return Reply(())
        where = self._whole_statement(period.where)
        years = f"{wareki(period.start)}から{wareki(period.end)}まで"
        text = f"計画期間は{years}です。"
        if check_support(text, shown_text(where.quote)).label is not SupportLabel.SUPPORTED:
            text = shown_text(where.quote)
        return Reply((self._citer.claim(text, (where,)),))

    def _whole_statement(self, where: PageQuote) -> PageQuote:
        inside = [
            s for s in self.reading.statements
            if s.page == where.page and where.start <= s.start and s.end <= where.end and any(c.isdigit() for c in s.folded)
        ]  # fmt: skip
        return inside[-1].where if inside else where

    # ── statements ───────────────────────────────────────────────────────────

    def _statements(self, asked: Asked) -> Reply:
        if asked.wants == "indicator":
            asked = replace(asked, figure=True)  # a target that no table gives may stand in a sentence
        matches = self._matcher.find(asked)
        for subject in self._topics.find(asked):
            item = self._item(subject.requirement.id)
            quotes, near = self._of_finding(asked, item, named=subject.named) if item else ([], False)
            if item is None or not quotes:
                continue
            known = {(q.page, q.start) for q in quotes}
            more = [m.statement.where for m in matches if (m.statement.page, m.statement.start) not in known]
            if near and more:
                quotes, near = (
                    [],
                    False,
                )  # a statement in the question's own words goes before what is only near
            claims = [self._citer.claim(shown_text(q.quote), (q,)) for q in (*quotes, *more)][:MOST_CLAIMS]
            cautions = (item.because,) if quotes and item.outcome is not Outcome.MET else ()
            if near:
                shown = fold(" ".join(q.quote for q in quotes), drop_spaces=True).text
                absent = [t.surface for t in asked.focus if t.is_noun and not holds(t, shown)]
                words = f"「{'」「'.join(absent)}」という言葉では見当たりません。" if absent else ""
                cautions = (*cautions, f"{words}関係すると思われる記載を示しています。")
            return Reply(unique_claims(claims), cautions=cautions, partly=near)
        claims = [self._citer.claim(m.statement.shown, (m.statement.where,)) for m in matches]
        if claims:
            return Reply(unique_claims(claims))
        beside = self._matcher.near(asked, self._find(asked.text, _HITS))
        claims = [self._citer.claim(m.statement.shown, (m.statement.where,)) for m in beside]
        return Reply(unique_claims(claims), cautions=(_NEAR,) if claims else (), partly=True)

    def _of_finding(self, asked: Asked, item: ReviewedItem, *, named: bool) -> tuple[list[PageQuote], bool]:
        """The quotes of a finding that speak of what was asked, best first, and whether they are only near it."""
        terms = self._matcher.with_other_names(asked)
        scored = []
        for quote in item.evidence:
            inside = [
                (self._matcher.cover(terms, s)[0], s.where)
                for s in self.reading.statements
                if s.page == quote.page and quote.start <= s.start and s.end <= quote.end
            ]  # a finding's quote may hold the heading above its sentence as well
            scored.append(max(inside, key=lambda pair: pair[0], default=(0.0, quote)))
        if asked.wants == "indicator":
            scored = [(share, quote) for share, quote in scored if any(c.isdigit() for c in quote.quote)]
        best = max((share for share, _ in scored), default=0.0)
        if item.outcome is not Outcome.MET and not _HONEST.search(item.because):
            return [], False  # a description of how things are answers no question of what is done
        least = _OF_TOPIC if item.outcome is Outcome.MET else _OF_DECOY
        if best >= least:
            lead = self._matcher.lead_of(terms)
            said = fold(f"{item.requirement} {' '.join(q.quote for _, q in scored)}", drop_spaces=True).text
            kept = sorted((pair for pair in scored if pair[0] >= least), key=lambda pair: -pair[0])
            return [quote for _, quote in kept], lead is not None and not holds(lead, said)
        if item.outcome is not Outcome.MET or (asked.past and not named):
            return [], False
        return [quote for _, quote in scored], not named or _lists_subjects(item.requirement, asked)

    @staticmethod
    def _of_more(reply: Reply, before: Answer) -> Reply:
        """What the answer before did not say."""
        known = {claim.text for claim in before.claims}
        rest = tuple(claim for claim in reply.claims if claim.text not in known)
        return replace(reply, claims=rest, lead=reply.lead if rest else "ほかの記載は見当たりません。")

    def _item(self, requirement_id: str) -> ReviewedItem | None:
        if self._items is None:
            self._items = {item.requirement_id: item for item in self._review_of().items}
        return self._items.get(requirement_id)

    # ── the answer ───────────────────────────────────────────────────────────

    def _answer(self, asked: Asked, reply: Reply) -> Answer:
        claims = tuple(claim for claim in reply.claims if isinstance(claim, Claim))
        rejected = tuple(claim for claim in reply.claims if isinstance(claim, Rejected))
        lead = reply.lead
        if not claims:
            lead = lead or (_ABOUT_WHAT if _asks_nothing(asked) else "")
            unread = self._citer.unread()
            where = "読み取れたページ" if unread else "文書"
            lead = lead or f"{where}には、ご質問に答える記載が見当たりません。{unread}"
        elif asked.where:
            lead = f"{page_words(sorted({c.page or 1 for claim in claims for c in claim.citations[:1]}), listed=True)}に記載があります。"
        status = AnswerStatus.NO_PASSAGE
        if claims:
            status = AnswerStatus.PARTLY_ANSWERED if reply.partly else AnswerStatus.ANSWERED
        return Answer(
            question=asked.question,
            status=status,
            text="\n".join((*([lead] if lead else []), *marked_lines(claims))),
            claims=claims,
            cautions=reply.cautions,
            rejected=rejected,
            trace=Trace(
                understanding=Understanding(
                    question=asked.question,
                    resolved=asked.text,
                    intent=Intent.FACT,
                    follows=asked.follows,
                    terms=tuple(term.surface for term in asked.focus),
                )
            ),
        )


def _asks_nothing(asked: Asked) -> bool:
    return (
        not asked.focus
        and asked.wants == "statement"
        and not asked.follows
        and not asked.unmet
        and not asked.who
    )


def _subject_before(history: Sequence[Answer]) -> str:
    """What the last question that named something was about."""
    for answer in reversed(history):
        read = answer.trace.understanding
        if read is not None and (read.terms or not read.follows):
            return read.resolved
    return ""


def _lists_subjects(requirement: str, asked: Asked) -> bool:
    """Whether a requirement lists several subjects of which the question names one."""
    listed = requirement.split("など")[0].replace("や", "、").split("、")
    return len(listed) >= 3 and any(term.surface in part for part in listed for term in asked.focus)
