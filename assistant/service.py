"""ONE DOOR: ``Assistant.open(settings)``. Faces call this and nothing below it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from assistant.ask.answer import STEPS, Tools, run
from assistant.ask.understand import Context
from assistant.ask.vocabulary import GrantName, Vocabulary
from assistant.ask.wording import Wording
from assistant.domain import (
    Answer,
    Claim,
    Document,
    Hit,
    Intent,
    Kind,
    Municipality,
    Passage,
    Source,
    Understanding,
    Verdict,
)
from assistant.errors import InputError, UnknownName
from assistant.grants.facts import read_facts
from assistant.grants.judge import judge
from assistant.grants.loader import Grants, load_grants
from assistant.japanese.text import normalise
from assistant.knowledge.files.limits import Limits
from assistant.knowledge.files.safely import read_safely
from assistant.knowledge.highlight import locate_quote, render_page
from assistant.knowledge.municipalities import Municipalities, load_municipalities
from assistant.knowledge.passages import cut_passages
from assistant.knowledge.sources import load_sources
from assistant.llm import ChatModel, open_model
from assistant.prompts import load_prompt, load_sentences
from assistant.search.build import build_memory_index
from assistant.search.encoder import open_encoder
from assistant.search.index import Index, open_index
from assistant.search.retrieve import find_in
from assistant.search.runs import write_run
from assistant.search.store import Filters
from assistant.search.terms import lemma_keys
from assistant.settings import Settings

__all__ = ["STEPS", "Assistant", "Uploads"]

OnClaim = Callable[[Claim], None]


@dataclass(frozen=True)
class Uploads:
    """Documents that one session brought, indexed in memory beside the corpus."""

    documents: tuple[Document, ...] = ()
    index: Index | None = None


@dataclass(frozen=True)
class _Finder:
    """The search of the asking flow over the corpus and one session's uploads."""

    index: Index
    uploads: Index | None = None
    frequencies: dict[str, int] = field(default_factory=dict)

    def find(
        self, query: str, *, k: int, kinds: Sequence[Kind] = (), grant_ids: Sequence[str] = ()
    ) -> list[Hit]:
        if self.uploads is None and tuple(kinds) == (Kind.UPLOAD,):
            return []
        indexes = [self.index] if self.uploads is None else [self.index, self.uploads]
        return find_in(indexes, query, k=k, filters=Filters.of(kinds=kinds, grant_ids=grant_ids))

    def _frequency(self, lemma: str) -> int:
        known = self.frequencies.get(lemma)
        if known is None:
            known = 0
            for index in (self.index, self.uploads):
                if index is not None:
                    rows = index.lexicon.lemma_rows(lemma_keys([lemma]))
                    known += int(index.lexicon.fields["content"].document_frequency(rows)[0])
            self.frequencies[lemma] = known
        return known

    def weigh(self, lemma: str) -> float:
        frequency = self._frequency(lemma)
        return (
            math.log(1 + (len(self.index) - frequency + 0.5) / (frequency + 0.5))
            if frequency
            else math.log(1 + len(self.index) / 1.5)
        )

    def knows(self, lemma: str) -> bool:
        return self._frequency(lemma) > 0


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
        return cls(settings, open_index(settings.index, open_encoder(settings.encoder)))

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
        return load_grants(directory, self.sources, self.settings.corpus / "facts.yaml")

    @cached_property
    def municipalities(self) -> Municipalities | None:
        """The register of municipalities; None for a corpus that has none."""
        path = self.settings.corpus / "municipalities.csv"
        return load_municipalities(path) if path.is_file() else None

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The names that questions may use."""
        names = tuple(
            GrantName(
                id=grant.id,
                name=grant.name,
                short=grant.short,
                aliases=tuple(grant.aliases),
                family=grant.family,
                family_aliases=tuple(grant.family_aliases),
                fiscal_year=grant.fiscal_year if grant.is_yearly else None,
                predecessor=grant.predecessor,
                successor=grant.successor,
            )
            for grant in self.grants
        )
        mentions = self.municipalities.mentions if self.municipalities else (lambda text: [])
        return Vocabulary(names, mentions, self._expand)

    def _expand(self, text: str) -> tuple[tuple[str, str], ...]:
        return tuple(self.index.thesaurus.expand(normalise(text)))

    @cached_property
    def wording(self) -> Wording:
        """The sentences of every status."""
        return Wording(load_sentences(self.settings.prompts / "statuses.md"))

    def find_municipality(self, name: str) -> Municipality:
        """A municipality by name or code; raises ``UnknownName`` with near or ambiguous names."""
        if self.municipalities is None:
            raise UnknownName(f"「{name}」を調べられません。", why="資料データに自治体の一覧がありません。")
        return self.municipalities.find(name)

    # ── asking ───────────────────────────────────────────────────────────────

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
            finder=_Finder(
                self.index, uploads.index if uploads else None, {} if uploads else self._frequencies
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
        on_claim: OnClaim | None = None,
    ) -> Iterator[tuple[str, Any]]:
        """The steps of answering, one by one; the last noun is the ``Answer``."""
        context = self._context(fiscal_year, municipality, history, uploads)
        for step, noun in run(question, self._tools(uploads, model), context, on_claim=on_claim):
            yield step, self._with_verdict(noun) if isinstance(noun, Answer) else noun

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

    def _with_verdict(self, answer: Answer) -> Answer:
        """Add the verdict where the question is "can we?" and one grant is meant."""
        understanding = answer.trace.understanding
        if (
            understanding is None
            or understanding.intent is not Intent.CAN_WE
            or len(understanding.grant_ids) != 1
        ):
            return answer
        if understanding.fiscal_year is not None:
            year = self.vocabulary.by_id[understanding.grant_ids[0]].fiscal_year
            if year not in (None, understanding.fiscal_year):
                return answer
        facts = dict(understanding.facts)
        if understanding.municipality_code and self.municipalities:
            known = self.municipalities.known_facts(
                self.municipalities.by_code(understanding.municipality_code)
            )
            facts = {**known, **facts}
        verdict = self.judge(understanding.grant_ids[0], facts)
        return answer.model_copy(
            update={"verdict": verdict, "missing": answer.missing or verdict.missing[:3]}
        )

    def search(
        self, query: str, *, k: int = 10, kinds: Sequence[Kind] = (), uploads: Uploads | None = None
    ) -> list[Hit]:
        """The ``k`` best passages."""
        return _Finder(self.index, uploads.index if uploads else None).find(query, k=k, kinds=kinds)

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
        kept = [p for d in uploads.documents if d.id != document_id for p in self.passages_of(uploads, d.id)]
        documents = tuple(d for d in uploads.documents if d.id != document_id)
        return Uploads(
            documents, build_memory_index(kept, self.index.encoder, beside=self.index) if kept else None
        )

    def bring(self, uploads: Uploads, document: Document, passages: Sequence[Passage]) -> Uploads:
        """``uploads`` with one more document, searchable at once."""
        held = [p for d in uploads.documents if d.id != document.id for p in self.passages_of(uploads, d.id)]
        documents = (*(d for d in uploads.documents if d.id != document.id), document)
        every = [*held, *passages]
        return Uploads(
            documents, build_memory_index(every, self.index.encoder, beside=self.index) if every else None
        )

    def passages_of(self, uploads: Uploads, document_id: str) -> list[Passage]:
        """Passages of one uploaded document."""
        return uploads.index.passages_of(document_id) if uploads.index else []

    def page_image(self, path: Path, page: int, quote: str) -> tuple[bytes, bool]:
        """A PDF page as PNG with ``quote`` boxed, and whether the quote was found on it."""
        boxes = locate_quote(path, page, quote)
        return render_page(path, page, boxes, scale=1.6), bool(boxes)

    # ── judging ──────────────────────────────────────────────────────────────

    def judge(self, grant: str, facts: Mapping[str, Any], *, fiscal_year: int | None = None) -> Verdict:
        """What the rules of a grant say of a project; facts as a person writes them."""
        return judge_facts(self.grants, grant, facts, fiscal_year=fiscal_year, today=self.settings.today)


def judge_facts(
    grants: Grants, name: str, facts: Mapping[str, Any], *, fiscal_year: int | None, today: date
) -> Verdict:
    """Judge without opening an index: for a caller that only needs the rules."""
    return judge(grants.find(name, fiscal_year), read_facts(facts, grants.vocabulary), today=today)
