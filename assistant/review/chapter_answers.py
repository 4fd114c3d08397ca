"""What a document says of its own chapters: which there are, what one of them or all of them say."""

from __future__ import annotations

from assistant.domain import Claim, PageQuote, Rejected
from assistant.japanese.text import fold
from assistant.review.asked import Asked
from assistant.review.chapters import Chapter
from assistant.review.reading import DocumentReading, shown_text
from assistant.review.replies import MOST_CLAIMS, Citer, Reply, page_words
from assistant.review.summaries import summarise


class ChapterAnswers:
    """Tells of the chapters of one document."""

    def __init__(self, reading: DocumentReading, citer: Citer) -> None:
        self.reading, self._citer = reading, citer

    def list_chapters(self) -> Reply:
        """Which chapters there are."""
        claims = [self._heading_claim(chapter) for chapter in self.reading.chapters]
        kept = tuple(claim for claim in claims if claim is not None)
        return Reply(kept, lead=f"この文書の章は次の{len(kept)}つです。" if kept else "")

    def _heading_claim(self, chapter: Chapter) -> Claim | Rejected | None:
        if chapter.form not in ("heading", "slides"):
            return None
        text = self.reading.document.pages[chapter.first_page - 1].text
        found = text.find(chapter.title.split()[0], chapter.start)
        if found < 0:
            return None
        return self._line_claim(chapter.first_page, found)

    def tell_chapter(self, asked: Asked) -> Reply:
        """What the chapter or section says that the question names by its number."""
        if asked.chapter_number is not None:
            for place, chapter in enumerate(self.reading.chapters):
                if chapter.number == asked.chapter_number and chapter.form != "front":
                    return self._told(place, chapter)
            return Reply((), lead=self._no_such(f"第{asked.chapter_number}章"))
        assert asked.goal is not None
        word, number = asked.goal
        for place, chapter in enumerate(self.reading.chapters):
            for section in chapter.sections:
                key = fold(section.title, drop_spaces=True).text
                if word in key and key.split(word, 1)[1].startswith(str(number)):
                    return self._section(place, section.title)
        return Reply((), lead=self._no_such(f"{word}{number}"))

    def _told(self, place: int, chapter: Chapter) -> Reply:
        told = summarise(self.reading, "usual")[place]
        claims = [self._citer.claim(s.text, (s.where,)) for s in told.sentences]
        lead = f"「{chapter.title}」（{page_words((chapter.first_page, chapter.last_page))}）の主な内容です。"
        cautions = (told.note,) if told.note and claims else ()
        if told.indicators:
            count = len(told.indicators) + told.more_indicators
            cautions = (*cautions, f"この章には{count}件の指標があります。「数値目標は？」とお尋ねください。")
        if not claims:
            return Reply((), lead=f"「{chapter.title}」：{told.note}")
        return Reply(tuple(claims), lead=lead, cautions=cautions)

    def _section(self, place: int, title: str) -> Reply:
        own = [
            s for s in self.reading.statements
            if s.chapter == place and s.section == title and s.whole and s.repeats == 1
        ][:MOST_CLAIMS]  # fmt: skip
        claims = tuple(self._citer.claim(s.shown, (s.where,)) for s in own)
        return Reply(claims, lead=f"「{title}」の主な内容です。" if claims else "")

    def list_goals(self, asked: Asked) -> Reply:
        """The headings that bear the word asked for: 「基本目標は何ですか」."""
        claims = []
        for chapter in self.reading.chapters:
            for section in chapter.sections:
                if fold(section.title, drop_spaces=True).text.startswith(asked.goal_word):
                    claim = self._line_claim(section.page, section.start)
                    claims += [claim] if claim is not None else []
        return Reply(
            tuple(claims[:12]), lead=f"この文書の{asked.goal_word}は次のとおりです。" if claims else ""
        )

    def _line_claim(self, page: int, start: int) -> Claim | Rejected | None:
        text = self.reading.document.pages[page - 1].text
        end = text.find("\n", start)
        quote = text[start : len(text) if end < 0 else end].rstrip()
        if not quote.strip():
            return None
        where = PageQuote(page=page, quote=quote, start=start, end=start + len(quote))
        return self._citer.claim(shown_text(quote), (where,))

    def tell_all(self) -> Reply:
        """One sentence of each chapter."""
        told = summarise(self.reading, "short")
        sentences = [c.sentences[0] for c in told if c.sentences]
        claims = tuple(self._citer.claim(s.text, (s.where,)) for s in sentences[:8])
        return Reply(
            claims,
            lead="章ごとに1文ずつ示します。" if claims else "",
            cautions=("詳しくは「章ごとの要約」をご覧ください。",) if claims else (),
        )

    def _no_such(self, what: str) -> str:
        titles = [c.title for c in self.reading.chapters if c.form == "heading"]
        named = f"この文書の章は、{'、'.join(f'「{t}」' for t in titles[:12])}です。" if titles else ""
        return f"この文書に{what}は見当たりません。{named}{self._citer.unread()}"
