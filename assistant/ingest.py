"""Corpus and files → documents → passages → index, with a report; what has not changed is not read again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from assistant.domain import Document, Kind, Level, Passage, Source
from assistant.errors import FileUnreadable, IndexUnusable, InputError
from assistant.knowledge.corpus import Corpus, load_corpus
from assistant.knowledge.coverage import CoverageReport, corpus_coverage
from assistant.knowledge.digests import document_digest
from assistant.knowledge.files.limits import Limits
from assistant.knowledge.files.plain import read_beir
from assistant.knowledge.files.safely import read_safely
from assistant.knowledge.originals import kept_originals
from assistant.knowledge.passages import cut_passages
from assistant.search.build import BuildReport, Progress, build_index
from assistant.search.encoder import open_encoder
from assistant.search.index import check_index, open_index
from assistant.search.opening import adapt_for, drop_other_encoders, open_encoder_of
from assistant.search.writer import DocumentInput
from assistant.settings import Settings

# Written into every document's digest: change it when reading or cutting changes, and all is read again.
READING = "reading-1"
_CORPUS_PARTS = ("sources.yaml", "policy", "grants", "cases")
SUFFIXES = (".pdf", ".docx", ".xlsx", ".pptx", ".html", ".htm", ".md", ".txt", ".csv", ".jsonl")


@dataclass
class IngestReport:
    """What was read and what was not; ``unreadable`` maps a file's name to the reason."""

    build: BuildReport | None = None
    files: int = 0
    unreadable: dict[str, str] = field(default_factory=dict)
    pages_unreadable: dict[str, tuple[int, ...]] = field(default_factory=dict)


def read_corpus(directory: Path) -> Corpus:
    """The corpus in ``directory``; an existing folder without any of its files is an empty corpus."""
    if directory.is_dir() and not any((directory / name).exists() for name in _CORPUS_PARTS):
        return Corpus(directory=directory)
    return load_corpus(directory)


def levels_of(corpus: Corpus) -> dict[str, Level]:
    """Trust level by source id."""
    return {source_id: source.level for source_id, source in corpus.sources.items()}


def corpus_inputs(corpus: Corpus) -> Iterator[DocumentInput]:
    """The corpus as the index takes it."""
    levels = levels_of(corpus)
    for document in corpus.documents():
        yield DocumentInput(document.id, _digest(document_digest(document)), _cutter(document, levels))


def _cutter(document: Document, levels: dict[str, Level]) -> Callable[[], Sequence[Passage]]:
    return lambda: cut_passages(document, levels=levels)


def _digest(content: str) -> str:
    return hashlib.sha256(f"{READING}:{content}".encode()).hexdigest()


def expand_paths(paths: Sequence[Path]) -> list[Path]:
    """Files among ``paths``, folders walked; raises ``InputError`` for a path that is not there."""
    files: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            for inner in sorted(path.rglob("*")):
                if inner.is_file() and inner.suffix.lower() in SUFFIXES and not inner.name.startswith("."):
                    files[inner] = None
        elif path.is_file():
            files[path] = None
        else:
            raise InputError(
                f"「{path}」がありません。", remedy="ファイルまたはフォルダーの場所をご確認ください。"
            )
    return list(files)


def file_ids(files: Sequence[Path]) -> dict[Path, str]:
    """Document ids of files: the name, with the folder before it where two files share a name."""
    by_name: dict[str, list[Path]] = {}
    for path in files:
        by_name.setdefault(path.name, []).append(path)
    ids: dict[Path, str] = {}
    for name, members in by_name.items():
        for path in members:
            ids[path] = name if len(members) == 1 else f"{path.parent.name}/{name}"
    if len(set(ids.values())) < len(ids):  # same folder names too: the whole path tells them apart
        ids = {path: str(path) for path in files}
    return {path: document_id.replace("#", "＃") for path, document_id in ids.items()}


def file_inputs(
    files: Sequence[Path], settings: Settings, report: IngestReport, say: Callable[[str], None]
) -> Iterator[DocumentInput]:
    """Files as the index takes them; a file that cannot be read is reported and skipped."""
    ids = file_ids(files)
    for number, path in enumerate(files, 1):
        report.files += 1
        say(f"ファイルを調べています（{number}/{len(files)}） {path.name}")
        if path.suffix.lower() == ".jsonl":
            try:
                for document in read_beir(path):
                    yield DocumentInput(
                        document.id, _digest(document_digest(document)), _cutter(document, {})
                    )
            except FileUnreadable as error:
                report.unreadable[path.name] = error.why
            continue
        yield DocumentInput(
            ids[path], _digest(_sha256(path)), _file_reader(path, ids[path], settings, report)
        )


def _file_reader(
    path: Path, document_id: str, settings: Settings, report: IngestReport
) -> Callable[[], Sequence[Passage]]:
    def read() -> Sequence[Passage]:
        try:
            document = read_safely(
                path,
                name=path.name,
                kind=Kind.OTHER,
                document_id=document_id,
                limits=Limits(memory_bytes=settings.child_memory_bytes, seconds=settings.child_seconds),
            )
        except FileUnreadable as error:
            report.unreadable[path.name] = error.why
            return ()
        if document.fidelity and document.fidelity.unreadable_pages:
            report.pages_unreadable[path.name] = document.fidelity.unreadable_pages
        return cut_passages(document)

    return read


def original_inputs(corpus: Corpus, settings: Settings, report: IngestReport) -> Iterator[DocumentInput]:
    """Publishers' own files that ``assistant sync`` brought, each under its source."""
    levels = levels_of(corpus)
    for row, path in kept_originals(settings.home / "originals"):
        source = corpus.sources.get(row.source_id)
        if source is None or row.sha256 is None:
            continue
        described = f"{row.sha256}:{source.title}:{source.level}:{source.fiscal_years}"
        yield DocumentInput(
            f"original-{source.id}",
            _digest(described),
            _original_reader(path, source, levels, settings, report),
        )


def _original_reader(
    path: Path, source: Source, levels: dict[str, Level], settings: Settings, report: IngestReport
) -> Callable[[], Sequence[Passage]]:
    def read() -> Sequence[Passage]:
        try:
            document = read_safely(
                path,
                name=path.name,
                kind=Kind.ORIGINAL,
                document_id=f"original-{source.id}",
                limits=Limits(
                    memory_bytes=settings.child_memory_bytes, seconds=settings.child_seconds, pages=1500
                ),
            )
        except FileUnreadable as error:
            report.unreadable[source.title] = error.why
            return ()
        described = document.model_copy(
            update={"title": source.title, "source_ids": (source.id,), "fiscal_years": source.fiscal_years}
        )
        return cut_passages(described, levels=levels)

    return read


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def expected_digests(corpus: Corpus) -> dict[str, str]:
    """What the index should hold of the corpus: digest by document id."""
    return {item.id: item.digest for item in corpus_inputs(corpus)}


def ingest(
    settings: Settings,
    paths: Sequence[Path] = (),
    *,
    fresh: bool = False,
    adapt: bool = False,
    progress: Callable[[str], None] = lambda text: None,
) -> IngestReport:
    """Build the index of the corpus and ``paths``; the old index serves until the new one is whole.

    With ``adapt`` the encoder is first trained on these very passages (about a minute for 10,000).
    """
    files = expand_paths(paths)
    corpus = read_corpus(settings.corpus)
    report = IngestReport()

    def inputs() -> Iterator[DocumentInput]:
        yield from corpus_inputs(corpus)
        yield from original_inputs(corpus, settings, report)
        yield from file_inputs(files, settings, report, progress)

    def tell(step: Progress) -> None:
        progress(f"{step.step}（{step.done:,}件）" if step.done else step.step)

    thesaurus = settings.corpus / "thesaurus.tsv"
    documents: Iterable[DocumentInput] = inputs()
    if adapt:
        held = [DocumentInput(d.id, d.digest, _once(d.passages)) for d in documents]
        encoder = adapt_for(
            settings.index,
            settings.encoder,
            (passage for d in held for passage in d.passages()),
            lambda done, steps: progress(f"資料に合わせて文ベクトルを調整しています（{done}/{steps}）"),
        )
        documents = held
    else:
        encoder = open_encoder(settings.encoder)
    report.build = build_index(
        documents,
        settings.index,
        encoder,
        progress=tell,
        thesaurus=thesaurus if thesaurus.is_file() else None,
        fresh=fresh,
    )
    drop_other_encoders(settings.index, encoder)
    return report


def _once(passages: Callable[[], Sequence[Passage]]) -> Callable[[], Sequence[Passage]]:
    """A file is read once, though it is both trained on and indexed."""
    return lru_cache(maxsize=1)(passages)


@dataclass(frozen=True)
class CheckReport:
    """What ``check`` found: problems of the index in Japanese, files added beside the corpus, coverage."""

    problems: tuple[str, ...]
    added_files: tuple[str, ...]
    coverage: CoverageReport


def check(settings: Settings) -> CheckReport:
    """Hold the index against its checksums and against the corpus, and say what the corpus covers.

    Documents that `index build PATH` added beside the corpus are told apart from a corpus that changed.
    """
    corpus = read_corpus(settings.corpus)
    expected = expected_digests(corpus)
    problems = check_index(settings.index)
    added: tuple[str, ...] = ()
    if not problems:
        held = {entry.id: entry.digest for entry in open_index(settings.index, None, verify=False).documents}
        problems += [f"文書「{i}」は索引にまだありません。" for i in expected if i not in held]
        problems += [
            f"文書「{i}」は索引の作成後に変わりました。"
            for i in expected
            if held.get(i, expected[i]) != expected[i]
        ]
        added = tuple(i for i in held if i not in expected and not i.startswith("original-"))
    return CheckReport(tuple(problems), added, corpus_coverage(corpus, today=settings.today))


def is_current(settings: Settings) -> bool:
    """Whether the index is whole, was built by this program, and holds the corpus as it is now."""
    try:
        index = open_index(settings.index, open_encoder_of(settings.index, settings.encoder))
    except IndexUnusable:
        return False
    held = {entry.id: entry.digest for entry in index.documents}
    return all(
        held.get(key) == digest for key, digest in expected_digests(read_corpus(settings.corpus)).items()
    )
