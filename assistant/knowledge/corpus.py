"""The corpus: the register of sources, the digests and the cases, loaded together and checked together."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from assistant.domain import Case, Document, Kind, Source
from assistant.errors import CorpusInvalid
from assistant.knowledge.cases import case_document, load_cases
from assistant.knowledge.digests import Digest, parse_digest
from assistant.knowledge.sources import line_of, load_sources
from assistant.knowledge.targets import Target, load_targets

_DIGEST_ROOMS = (("policy", Kind.POLICY), ("grants", Kind.GRANT))
_SOURCE_WORD = re.compile(r"(?<![\w-])[A-Z]\d+[a-z]?(?![\w-])")
# Files of other rooms that point to sources; their own loaders check them, here they only count as use.
_POINTING_FILES = ("grants/*.yaml", "requirements/*.yaml", "*.yaml", "municipalities.csv", "*.md")


@dataclass(frozen=True)
class Corpus:
    """Everything that was read from a corpus directory."""

    directory: Path
    sources: Mapping[str, Source] = field(default_factory=dict)
    digests: Mapping[str, Digest] = field(default_factory=dict)
    cases: Mapping[str, Case] = field(default_factory=dict)
    targets: tuple[Target, ...] = ()

    def documents(self) -> Iterator[Document]:
        """All documents in a fixed order: policy, grants, cases; by file name within each."""
        for digest in self.digests.values():
            yield digest.document
        for case in self.cases.values():
            yield case_document(case, self.sources)

    @property
    def aliases(self) -> dict[str, tuple[str, ...]]:
        """Other names of documents as people say them → ids of the documents that bear them."""
        ids_by_name: dict[str, list[str]] = {}
        for document_id, digest in self.digests.items():
            for name in digest.aliases:
                ids_by_name.setdefault(name, []).append(document_id)
        return {name: tuple(ids) for name, ids in ids_by_name.items()}


def _check_digests(directory: Path, sources: Mapping[str, Source]) -> tuple[dict[str, Digest], list[str]]:
    digests: dict[str, Digest] = {}
    problems: list[str] = []
    for room, kind in _DIGEST_ROOMS:
        for path in sorted((directory / room).glob("*.md")):
            shown = f"{room}/{path.name}"
            try:
                text = path.read_text(encoding="utf-8")
            except (OSError, UnicodeDecodeError) as error:
                problems.append(f"{shown}:1: 読み込めません（{error}）")
                continue
            digest, found = parse_digest(text, document_id=path.stem, kind=kind, shown=shown)
            problems += found
            if digest is None:
                continue
            problems += [
                f"{shown}:{line_of(text, i)}: 出典 {i} は sources.yaml にありません"
                for i in digest.document.source_ids
                if i not in sources
            ]
            if kind is Kind.GRANT and digest.document.grant_id is None:
                problems.append(f"{shown}:1: 見出し情報に grant がありません")
            if path.stem in digests:
                problems.append(f"{shown}:1: 文書の番号 {path.stem} が重複しています")
            digests[path.stem] = digest
    return digests, problems


def used_source_ids(corpus: Corpus) -> frozenset[str]:
    """Ids of the sources to which a statement, a case, a rule, a target or a table column points."""
    used: set[str] = set()
    for digest in corpus.digests.values():
        used.update(digest.document.source_ids)
    for case in corpus.cases.values():
        used.update(case.source_ids)
        for ids in case.field_sources.values():
            used.update(ids)
    for pattern in _POINTING_FILES:
        for path in corpus.directory.glob(pattern):
            if path.name != "sources.yaml":
                used.update(_SOURCE_WORD.findall(path.read_text(encoding="utf-8", errors="replace")))
    used.update(s.superseded_by for s in corpus.sources.values() if s.superseded_by is not None)
    return frozenset(used & corpus.sources.keys())


def check_corpus(directory: Path, *, strict: bool = False) -> tuple[Corpus, tuple[str, ...]]:
    """Read all that can be read; returns it with every mistake as 「file:line: what」.

    With ``strict`` a source that nothing points to is a mistake too: it misleads
    whoever counts what the corpus rests on, but harms no answer.
    """
    try:
        sources = load_sources(directory / "sources.yaml")
    except CorpusInvalid as error:
        # Without a register every id would dangle; its own mistakes have to be mended first.
        return Corpus(directory=directory), error.problems
    digests, problems = _check_digests(directory, sources)
    cases: dict[str, Case] = {}
    targets: tuple[Target, ...] = ()
    try:
        if any((directory / "cases").glob("*.yaml")):  # a corpus without cases needs no list of themes
            cases = load_cases(directory / "cases", sources.keys())
    except CorpusInvalid as error:
        problems += error.problems
    try:
        if (directory / "targets.yaml").exists():
            targets = load_targets(directory / "targets.yaml", sources.keys())
    except CorpusInvalid as error:
        problems += error.problems
    problems += [f"cases/{i}.yaml:1: 文書の番号 {i} が重複しています" for i in cases if i in digests]
    corpus = Corpus(directory=directory, sources=sources, digests=digests, cases=cases, targets=targets)
    if strict:
        text = (directory / "sources.yaml").read_text(encoding="utf-8")
        used = used_source_ids(corpus)
        problems += [
            f"sources.yaml:{line_of(text, i)}: 出典 {i} はどこからも使われていません"
            for i in sources
            if i not in used
        ]
    return corpus, tuple(problems)


def load_corpus(directory: Path, *, strict: bool = False) -> Corpus:
    """Read the corpus in ``directory``. Raises ``CorpusInvalid`` with every mistake of every file."""
    corpus, problems = check_corpus(directory, strict=strict)
    if problems:
        raise CorpusInvalid(problems)
    return corpus
