"""ONE DOOR: ``Assistant.open(settings)``. Faces call this and nothing below it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from assistant.ask.answer import STEPS, Tools, run, successors_in
from assistant.ask.narrow import places_meant
from assistant.ask.understand import Context
from assistant.ask.vocabulary import Vocabulary, grant_name
from assistant.ask.wording import Wording, claim_marks, render_text
from assistant.cases.desk import CaseDesk
from assistant.cases.find import CaseResults
from assistant.domain import (
    Answer,
    Claim,
    Document,
    Hit,
    Kind,
    Municipality,
    Passage,
    Source,
    Understanding,
    Verdict,
)
from assistant.errors import InputError, UnknownName
from assistant.grants.desk import GrantDesk, without_spans
from assistant.grants.desk import Rooms as GrantRooms
from assistant.grants.facts import read_facts
from assistant.grants.judge import judge
from assistant.grants.loader import Grants, load_grants
from assistant.grants.names import is_of_one_year, is_yearly, load_names
from assistant.grants.propose import FactProposal, propose_facts
from assistant.japanese.text import normalise
from assistant.knowledge.files.limits import Limits
from assistant.knowledge.files.safely import read_safely
from assistant.knowledge.highlight import locate_quote, render_page
from assistant.knowledge.municipalities import Municipalities, load_municipalities
from assistant.knowledge.originals import kept_originals
from assistant.knowledge.passages import cut_passages
from assistant.knowledge.sources import load_sources
from assistant.llm import ChatModel, open_model
from assistant.prompts import load_prompt, load_sentences
from assistant.review.desk import STRATEGY, ReviewDesk, Rooms
from assistant.review.nouns import Review, Strictness
from assistant.review.rules import review_against_grant
from assistant.search.finder import CorpusFinder
from assistant.search.index import Index, open_index
from assistant.search.opening import open_encoder_of
from assistant.search.rerank import CrossEncoderReranker, Reranker
from assistant.search.runs import write_run
from assistant.search.store import Filters
from assistant.search.uploads import Uploads
from assistant.settings import Settings

__all__ = ["STEPS", "Assistant", "Uploads"]

OnClaim = Callable[[Claim], None]


class Assistant:
    """Asks, searches and judges over one corpus and one index; safe to share between threads."""

    def __init__(self, settings: Settings, index: Index) -> None:
        self.settings = settings
        self.index = index
        self._frequencies: dict[str, int] = {}
        self._models: dict[str, ChatModel] = {}

    @classmethod
    def open(cls, settings: Settings) -> Assistant:
        """Open the index; everything else is loaded when first needed.

        Raises ``IndexUnusable`` where there is no index, or one that cannot serve.
        """
        return cls(settings, open_index(settings.index, open_encoder_of(settings.index, settings.encoder)))

    # ── what is known ────────────────────────────────────────────────────────

    @cached_property
    def sources(self) -> Mapping[str, Source]:
        """The register of sources; empty for a corpus that has none."""
        path = self.settings.corpus / "sources.yaml"
        return load_sources(path) if path.is_file() else {}

    @cached_property
    def grants(self) -> Grants:
        """All grants with their rules."""
        directory = self.settings.corpus / "grants"
        if not directory.is_dir():
            return Grants({}, {}, {})
        return load_grants(directory, self.sources, self.settings.corpus / "facts.yaml")

    @cached_property
    def municipalities(self) -> Municipalities | None:
        """The register of municipalities; None for a corpus that has none."""
        path = self.settings.corpus / "municipalities.csv"
        return load_municipalities(path) if path.is_file() else None

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The names that questions may use."""
        rows = load_names(self.settings.corpus / "grants")
        names = tuple(grant_name(row, is_yearly(row["id"], row["fiscal_year"])) for row in rows)
        mentions = self.municipalities.mentions if self.municipalities else (lambda text: [])
        return Vocabulary(names, mentions, self._expand)

    def _expand(self, text: str) -> tuple[tuple[str, str], ...]:
        return tuple(self.index.thesaurus.expand(normalise(text)))

    @cached_property
    def _originals(self) -> frozenset[str]:
        return frozenset(i for i in self.index.document_ids if i.startswith("original-"))

    def original_file(self, document_id: str) -> Path | None:
        """The fetched file of an original's document id, for showing its page."""
        for row, path in kept_originals(self.settings.home / "originals"):
            if f"original-{row.source_id}" == document_id:
                return path
        return None

    @cached_property
    def wording(self) -> Wording:
        """The sentences of every status."""
        return Wording(load_sentences(self.settings.prompts / "statuses.md"))

    def find_municipality(self, name: str) -> Municipality:
        """A municipality by name or code; raises ``UnknownName`` with near or ambiguous names."""
        if self.municipalities is None:
            raise UnknownName(f"「{name}」を調べられません。", why="資料データに自治体の一覧がありません。")
        return self.municipalities.find(name)

    @cached_property
    def cases(self) -> CaseDesk:
        """The room of cases: those of the corpus and those that people added under ``home/cases``."""
        return CaseDesk(
            self.settings.corpus,
            self.settings.home / "cases",
            index=self.index,
            sources=self.sources,
            municipalities=self.municipalities,
            today=self.settings.today,
        )

    def find_cases(
        self, words: str = "", *, like: str | None = None, k: int = 10, **filters: Any
    ) -> CaseResults:
        """The ``k`` best cases; ``filters`` as for ``CaseDesk.find``."""
        return self.cases.find(words, like=like, k=k, **filters)

    # ── asking ───────────────────────────────────────────────────────────────

    @cached_property
    def _reranker(self) -> Reranker | None:
        return CrossEncoderReranker(self.settings.reranker) if self.settings.reranker else None

    def _model(self, name: str | None) -> ChatModel | None:
        wanted = name or self.settings.model
        if not wanted:
            return None
        if wanted not in self._models:
            self._models[wanted] = open_model(
                wanted,
                base_url=self.settings.model_base_url,
                timeout_seconds=self.settings.model_timeout_seconds,
            )
        return self._models[wanted]

    def _tools(self, uploads: Uploads | None, model: str | None) -> Tools:
        return Tools(
            vocabulary=self.vocabulary,
            finder=CorpusFinder(
                self.index,
                uploads.index if uploads else None,
                {} if uploads else self._frequencies,
                self._originals,
                self._reranker,
            ),
            sources=self.sources,
            wording=self.wording,
            prompt=load_prompt(self.settings.prompts / "answer.md"),
            model=self._model(model),
            index_digest=self.index.digest,
            hits=self.settings.hits,
            most_characters=self.settings.max_question_characters,
        )

    def _context(
        self,
        fiscal_year: int | None,
        municipality: str | None,
        history: Sequence[Understanding],
        uploads: Uploads | None,
    ) -> Context:
        if fiscal_year is not None and not 1989 <= fiscal_year <= 2100:
            raise InputError(
                f"会計年度「{fiscal_year}」は使えません。",
                why="西暦4桁の年度ではありません。",
                remedy="令和8年度なら 2026 のように指定してください。",
            )
        code = self.find_municipality(municipality).code if municipality else None
        return Context(
            self.settings.today, fiscal_year, code, tuple(history), bool(uploads and uploads.documents)
        )

    def steps(
        self,
        question: str,
        *,
        fiscal_year: int | None = None,
        municipality: str | None = None,
        history: Sequence[Understanding] = (),
        uploads: Uploads | None = None,
        model: str | None = None,
        facts: Mapping[str, Any] | None = None,
        on_claim: OnClaim | None = None,
    ) -> Iterator[tuple[str, Any]]:
        """The steps of answering, one by one; the last noun is the ``Answer``.

        ``facts`` are those that the person has confirmed, as a person writes them; a verdict counts no
        others. Raises UnknownName and FactRejected for facts that no grant knows or that cannot be.
        """
        confirmed = read_facts(facts, self.grants.vocabulary) if facts else {}
        context = self._context(fiscal_year, municipality, history, uploads)
        asked = self.cases.whole_question(question, tuple(history))
        for step, noun in run(asked, self._tools(uploads, model), context, on_claim=on_claim):
            if isinstance(noun, Answer):
                noun = self.grant_desk.add(noun, confirmed).model_copy(update={"question": question})
                noun = self.cases.answer(noun, lambda why, claims: render_text(self.wording, why, claims, ()))
            yield step, noun

    def ask(self, question: str, **options: Any) -> Answer:
        """Answer a question; options as for ``steps``."""
        *_, (_, answer) = self.steps(question, **options)
        assert isinstance(answer, Answer)
        return answer

    def step(self, question: str, until: str, **options: Any) -> Any:
        """What one step made."""
        for step, noun in self.steps(question, **options):
            if step == until:
                return noun
        raise InputError(
            f"段階「{until}」はありません。", remedy=f"{'、'.join(STEPS)} のどれかを指定してください。"
        )

    def propose(self, text: str, municipality_code: str | None = None) -> tuple[FactProposal, ...]:
        """Facts that words, and the municipality picked beside them, seem to state; none counts until confirmed.

        What the words say goes before what the register knows of the picked municipality.
        """
        vocabulary = self.grants.vocabulary
        found = propose_facts(text, vocabulary, self.municipalities)
        if municipality_code is None or self.municipalities is None:
            return found
        place = self.municipalities.by_code(municipality_code)
        picked = propose_facts(place.full_name, vocabulary, self.municipalities)
        return (*found, *(p for p in picked if p.name not in {f.name for f in found}))

    @cached_property
    def grant_desk(self) -> GrantDesk:
        """The room of grants: verdicts, grants that fit a project, comparisons."""

        def named(read: Understanding) -> Sequence[str]:
            year, ids = read.fiscal_year, read.grant_ids
            of_year = [i for i in ids if self.vocabulary.by_id[i].fiscal_year in (None, year) or year is None]
            return of_year or successors_in(self.vocabulary, read)

        rooms = GrantRooms(
            read=self.index.passages_of,
            find=lambda text: self.search(text, k=60, kinds=(Kind.GRANT,)),
            encoder=self.index.encoder,
            expand=self._expand,
            propose=self.propose,
            named=named,
            named_in_order=self.vocabulary.named_in_order,
            asks_for_a_place=lambda read: bool(places_meant(read, self.vocabulary)),
            speaks_of=lambda word: any(
                normalise(word) in normalise(hit.passage.text) for hit in self.search(word, k=20)
            ),
            without_places=lambda text: without_spans(text, self.vocabulary.mentions(text)),
            say=self.wording.say,
            mark=claim_marks,
        )
        return GrantDesk(lambda: self.grants, rooms, self.settings.today)

    def search(
        self, query: str, *, k: int = 10, kinds: Sequence[Kind] = (), uploads: Uploads | None = None
    ) -> list[Hit]:
        """The ``k`` best passages."""
        finder = CorpusFinder(self.index, uploads.index if uploads else None, reranker=self._reranker)
        return finder.find(query, k=k, kinds=kinds)

    def write_run(
        self, queries: Sequence[tuple[str, str]], path: Path, *, k: int, kinds: Sequence[Kind] = ()
    ) -> int:
        """A TREC run, best passage per document; returns the number of lines."""
        return write_run(self.index, queries, path, k=k, filters=Filters.of(kinds=kinds))

    def read_upload(
        self, path: Path, name: str, *, progress: Callable[[int, int], None] | None = None
    ) -> tuple[Document, list[Passage]]:
        """Read a person's file in a limited child process; raises ``FileUnreadable``."""
        limits = Limits(memory_bytes=self.settings.child_memory_bytes, seconds=self.settings.child_seconds)
        document = read_safely(path, name=name, kind=Kind.UPLOAD, limits=limits, progress=progress)
        return document, cut_passages(document)

    def without(self, uploads: Uploads, document_id: str) -> Uploads:
        """``uploads`` with one document less."""
        return uploads.without(document_id, self.index)

    def bring(self, uploads: Uploads, document: Document, passages: Sequence[Passage]) -> Uploads:
        """``uploads`` with one more document, searchable at once."""
        return uploads.bring(document, passages, self.index)

    def page_image(self, path: Path, page: int, quote: str) -> tuple[bytes, bool]:
        """A PDF page as PNG with ``quote`` boxed, and whether the quote was found on it."""
        boxes = locate_quote(path, page, quote)
        return render_page(path, page, boxes, scale=1.6), bool(boxes)

    # ── reviewing ────────────────────────────────────────────────────────────

    @cached_property
    def reviews(self) -> ReviewDesk:
        """The room of reviews: documents held against requirements or a grant's rules."""
        names = self.settings.corpus / "grants"
        rooms = Rooms(
            against_grant=lambda document, grant, strictness: review_against_grant(
                document, self.grants.find(grant), strictness=strictness
            ),
            facts_asked=lambda grant, rule: self.grants.find(grant).facts_asked(rule),
            find_case_ids=lambda words, pillar, k, like: tuple(
                hit.id for hit in self.find_cases(words, k=k, pillar=[str(pillar)], like=like).hits
            ),
            cases=lambda: self.cases.book.by_id,
            passages=lambda: (p for i in self.index.document_ids for p in self.index.passages_of(i)),
            grant_names=lambda: [(row, is_of_one_year(row)) for row in load_names(names)],
            columns=lambda: self.cases.columns,
            mentions=self.vocabulary.mentions,
            expand=self._expand,
        )
        return ReviewDesk(self.settings.corpus, rooms, sources=self.sources, today=self.settings.today)

    def review(
        self,
        path: Path,
        name: str,
        target: str,
        *,
        strictness: Strictness = "standard",
        progress: Callable[[int, int], None] | None = None,
        place: Municipality | None = None,
        before: Path | None = None,
    ) -> Review:
        """Hold a file against ``target`` and an earlier version. Raises ``FileUnreadable``, ``UnknownName``."""
        if target != STRATEGY:
            self.grants.find(target)  # an unknown name is told before a long file is read
        document, _ = self.read_upload(path, name, progress=progress)
        found = self.reviews.hold(document, target, strictness=strictness, like=place)
        old = self.read_upload(before, before.name, progress=progress)[0] if before else None
        return self.reviews.compare(old, document, found) if old else found

    # ── judging ──────────────────────────────────────────────────────────────

    def judge(self, grant: str, facts: Mapping[str, Any], *, fiscal_year: int | None = None) -> Verdict:
        """What the rules of a grant say of a project; facts as a person writes them."""
        return judge_facts(self.grants, grant, facts, fiscal_year=fiscal_year, today=self.settings.today)


def judge_facts(
    grants: Grants, name: str, facts: Mapping[str, Any], *, fiscal_year: int | None, today: date
) -> Verdict:
    """Judge without opening an index: for a caller that only needs the rules."""
    return judge(grants.find(name, fiscal_year), read_facts(facts, grants.vocabulary), today=today)
