"""PDF: pypdf first, pdfium where a page reads badly, chosen page by page by a measured score."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pypdf
from pypdf.errors import DependencyError, FileNotDecryptedError

from assistant.domain import Page, PageFidelity
from assistant.errors import FileUnreadable
from assistant.knowledge.files import fidelity as fid
from assistant.knowledge.files.limits import Limits
from assistant.knowledge.files.pdfium import PdfiumFile, PdfiumPage, WrongPassword

_MARGIN = 0.02  # pdfium's text must score this much better than pypdf's to be taken
_LOST = 0.85  # pypdf having less than this share of pdfium's characters has lost some
_KNOWN_GLYPHS = 0.6  # share of Japanese above which pdfium did know the letters that pypdf did not
_REOPEN = 48  # pages after which pypdf's cache of objects is thrown away
_SCAN_COVER = 0.5  # images over this share of the page make a page without words a scan

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class PdfResult:
    """Pages in order, how well each was read, and what holds for the whole file."""

    pages: tuple[Page, ...]
    fidelity: tuple[PageFidelity, ...]
    encrypted: bool
    notes: tuple[str, ...]


class _PypdfFile:
    """pypdf with its memory bounded: the file is opened anew every ``_REOPEN`` pages."""

    def __init__(self, path: Path, name: str) -> None:
        self._path = path
        self._name = name
        self._used = 0
        self._reader = self._open()
        self.encrypted = bool(self._reader.is_encrypted)
        self.count = len(self._reader.pages)

    def _open(self) -> pypdf.PdfReader:
        reader = pypdf.PdfReader(self._path)
        if reader.is_encrypted and not reader.decrypt(""):
            raise WrongPassword
        return reader

    def text(self, number: int) -> str:
        self._used += 1
        if self._used % _REOPEN == 0:
            self._reader.close()
            self._reader = self._open()
        return self._reader.pages[number - 1].extract_text()

    def close(self) -> None:
        self._reader.close()


def read_pdf(
    path: Path, name: str, limits: Limits, progress: Progress, *, use_pdfium: bool = True
) -> PdfResult:
    """Read every page of a PDF.

    ``use_pdfium=False`` is for files at which pdfium aborted the process.

    :raises FileUnreadable: broken, passworded, without pages, too many pages.
    """
    with _quiet():
        return _read(path, name, limits, progress, use_pdfium)


def _read(path: Path, name: str, limits: Limits, progress: Progress, use_pdfium: bool) -> PdfResult:
    first, second = _open_both(path, name, use_pdfium)
    try:
        count = second.count if second is not None else 0
        if first is not None:
            count = max(count, len(first))
        if count == 0:
            raise FileUnreadable(name, "ページが一つもありません。", "元のファイルを取り直してください。")
        if count > limits.pages:
            raise FileUnreadable(
                name,
                f"ページ数（{count:,}ページ）が上限（{limits.pages:,}ページ）を超えています。",
                "必要な部分だけのファイルに分けてください。",
            )
        pages: list[Page] = []
        found: list[PageFidelity] = []
        mostly_image: list[int] = []
        total = 0
        for number in range(1, count + 1):
            page, page_fidelity, cover = _read_page(number, first, second)
            total += len(page.text)
            if total > limits.characters:
                raise FileUnreadable(
                    name,
                    f"文字数が上限（{limits.characters:,}字）を超えています。",
                    "ファイルを分けてください。",
                )
            pages.append(page)
            found.append(page_fidelity)
            if cover >= _SCAN_COVER and page_fidelity.unreadable is None and page_fidelity.characters < 60:
                mostly_image.append(number)
            progress(number, count)
    finally:
        if first is not None:
            first.close()
        if second is not None:
            second.close()
    notes = []
    if mostly_image:
        listed = "、".join(str(n) for n in mostly_image)
        notes.append(f"{listed}ページは大半が画像です。画像の中の文字は読み取っていません。")
    encrypted = second is not None and second.encrypted
    return PdfResult(tuple(pages), tuple(found), encrypted, tuple(notes))


def _open_both(path: Path, name: str, use_pdfium: bool) -> tuple[PdfiumFile | None, _PypdfFile | None]:
    password = FileUnreadable(
        name,
        "開くのにパスワードが必要なPDFです。",
        "パスワードを外して保存し直してから、もう一度お試しください。",
    )
    pdfium: PdfiumFile | None = None
    if use_pdfium:
        try:
            pdfium = PdfiumFile(path)
        except WrongPassword as error:
            raise password from error
        except Exception:  # pdfium refuses what pypdf may still mend
            pdfium = None
    try:
        return pdfium, _PypdfFile(path, name)
    except (WrongPassword, FileNotDecryptedError) as error:
        if pdfium is None:
            raise password from error
    except MemoryError:
        raise
    except DependencyError as error:
        if pdfium is None:
            raise FileUnreadable(name, "暗号化されたPDFを読む部品がありません。") from error
    except Exception as error:  # pypdf raises ValueError, AssertionError, TypeError … on broken files
        if pdfium is None:
            raise FileUnreadable(
                name, "PDFが壊れています（途中で切れているなど）。", "元のファイルを取り直してください。"
            ) from error
    return pdfium, None


def _read_page(
    number: int, first: PdfiumFile | None, second: _PypdfFile | None
) -> tuple[Page, PageFidelity, float]:
    seen: PdfiumPage | None = None
    if first is not None:
        try:
            seen = first.page(number)
        except MemoryError:
            raise
        except Exception:
            seen = None
    plain: str | None = None
    # On a vertical page pypdf shreds the columns, and pdfium's boxes are needed.
    if second is not None and not (seen is not None and seen.vertical):
        try:
            plain = second.text(number)
        except MemoryError:
            raise
        except Exception:
            plain = None
    locator = f"{number}ページ"
    if plain is None and seen is None:
        lost = PageFidelity(page=number, characters=0, reader="pypdf", unreadable=fid.FAILED)
        return Page(number=number, text="", locator=locator), lost, 0.0
    reader, text, quality = choose(plain, None if seen is None else seen.text)
    cover = seen.cover if seen is not None else 0.0
    image_only = False
    reason = quality.unreadable
    worded = any(c.isalpha() for c in text)
    if reason is None and not worded and seen is not None:
        if cover >= _SCAN_COVER:
            image_only, reason = True, fid.IMAGE_ONLY
        elif seen.drawn and quality.characters == 0:
            reason = fid.OUTLINES
    page_fidelity = PageFidelity(
        page=number,
        characters=quality.characters,
        reader=reader,
        garbled_share=round(quality.garbled_share, 4),
        image_only=image_only,
        vertical=seen is not None and seen.vertical,
        unreadable=reason,
    )
    text = fid.join_wrapped_lines(fid.close_layout(fid.mark_broken_lines(text))) if reason is None else ""
    return Page(number=number, text=text, locator=locator), page_fidelity, cover


def choose(plain: str | None, seen: str | None) -> tuple[str, str, fid.Quality]:
    """The better of pypdf's and pdfium's text of one page: reader, mended text, its quality.

    pypdf's stays unless pdfium's scores better by a margin or holds clearly more text.
    The quality measured is that of the text as the reader gave it, except that what
    mending repairs no longer counts for the verdict "unreadable".
    """
    candidates = []
    for reader, text in (("pypdf", plain), ("pdfium", seen)):
        if text is not None:
            candidates.append((reader, fid.mend(text), fid.measure(text)))
    if len(candidates) == 2:
        (_, _, a), (_, seen_text, b) = candidates
        if a.glyph_share > fid.GLYPH_NAME_LIMIT and fid.japanese_share(seen_text) < _KNOWN_GLYPHS:
            return candidates[0]  # where pypdf finds no letter behind a glyph, pdfium shows its bare code
        if b.score > a.score + _MARGIN or (b.unreadable is None and a.characters < _LOST * b.characters):
            candidates.reverse()
    reader, mended, _ = candidates[0]
    return reader, mended, fid.measure(mended)


@contextmanager
def _quiet() -> Iterator[None]:
    """pypdf reports each fault of a file to its logger; here the fidelity report does that."""
    logger = logging.getLogger("pypdf")
    level = logger.level
    logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        logger.setLevel(level)
