"""Government text asked in people's words: 236 questions as a set in BEIR's form for ``benchmarks/retrieval.py``.

    python benchmarks/citizens.py --bulletins bulletins/ --model-city articles.jsonl --pdfs pdfs/ \\
        --set held-out --out citizens-held-out
    python benchmarks/retrieval.py --beir citizens-held-out --questions 0

The questions (``benchmarks/data/citizens.jsonl``) were written for passages drawn by a fixed seed, before any
ranking of them was seen, and avoid the passage's words where a person would say it otherwise.  Three sets: ``tune``
(83; weights were chosen with it in view), ``held-out`` (89; never looked at one by one) and ``fresh`` (64; other passages,
written when everything but the choice among three encoders stood fixed).  A passage answers when it holds the
quote of the question, so a notice repeated in several issues counts each time.  One author, who also wrote the
thesaurus: see the cautions in ``benchmarks/retrieval.md``.

Passages are cut as the program cuts them, the headings above in the title.  Texts and quotes: 「広報あつぎ」厚木市 and
「広報くらしき」倉敷市 (CC BY 4.0), pages of a fictional city (Joruri, MIT); PDFs of ministries only fill the pool.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pypdfium2

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from assistant.domain import Document, Kind, Page  # noqa: E402
from assistant.knowledge.passages import cut_passages  # noqa: E402

QUESTIONS = ROOT / "benchmarks" / "data" / "citizens.jsonl"
SETS = ("tune", "held-out", "fresh")
_TAG = re.compile(r"<[^>]+>")
_TEMPLATE = re.compile(r"\[\[[^\]]*\]\]")
csv.field_size_limit(10**8)


def read_bulletins(folder: Path) -> Iterator[tuple[str, str, str]]:
    """(id, title, text) of each article."""
    for file in sorted(folder.glob("*.csv")):
        city = file.name.split("_")[0]
        with file.open(encoding="utf-8-sig", newline="") as rows:
            for number, row in enumerate(csv.DictReader(rows)):
                issue = re.sub(r"\D", "", row["発行号タイトル"])[:8]
                yield f"{city}-{issue}-{number:03d}", row["記事タイトル"], _TAG.sub("", row["記事本文"])


def read_city(path: Path) -> Iterator[tuple[str, str, str]]:
    """(id, title, text) of each page of the fictional city."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
        row = json.loads(line)
        yield f"city-{number:03d}", row["title"], _TEMPLATE.sub("", row["text"])


def read_pdfs(folder: Path) -> Iterator[tuple[str, str, str]]:
    """(id, first line of the file, text) of each page."""
    for file in sorted(folder.glob("*.pdf")):
        pdf, title = pypdfium2.PdfDocument(file), file.stem
        for number in range(len(pdf)):
            text = pdf[number].get_textpage().get_text_range().replace("\0", "")
            if number == 0:
                title = (text.strip().split("\n")[0] or file.stem)[:40]
            yield f"{file.stem}-{number + 1:03d}", title, text


def passages(texts: Iterator[tuple[str, str, str]]) -> Iterator[dict[str, str]]:
    """Lines of ``corpus.jsonl``; the same title and text is taken once."""
    seen = set()
    for name, title, raw in texts:
        text = raw.replace("\r", "").strip()
        if not text or (title, text) in seen:
            continue
        seen.add((title, text))
        page = Page(number=1, locator="", text=text)
        for passage in cut_passages(Document(id=name, title=title, kind=Kind.OTHER, pages=(page,))):
            yield {"_id": passage.id, "title": " ".join([title, *passage.trail]), "text": passage.text}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--bulletins", type=Path, required=True, help="folder of CSV files")
    parser.add_argument("--model-city", type=Path, required=True, help="title, text per line (JSON)")
    parser.add_argument("--pdfs", type=Path, help="folder of PDFs that nobody asks about")
    parser.add_argument("--set", choices=SETS, default="held-out")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    found = [*passages(read_bulletins(options.bulletins)), *passages(read_city(options.model_city))]
    if options.pdfs:
        found += passages(read_pdfs(options.pdfs))
    bodies = [(row["_id"], "".join(row["text"].split())) for row in found]
    asked = [json.loads(line) for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]
    asked = [row for row in asked if row["set"] == options.set]
    options.out.mkdir(parents=True, exist_ok=True)
    judged = [(row["id"], name) for row in asked for name, body in bodies if row["quote"] in body]
    missing = {row["id"] for row in asked} - {question for question, _ in judged}
    if missing:
        sys.exit(f"no passage holds the quote of {', '.join(sorted(missing))}")
    for file, rows in (
        ("corpus.jsonl", found),
        ("queries.jsonl", [{"_id": row["id"], "text": row["question"]} for row in asked]),
    ):
        lines = (json.dumps(row, ensure_ascii=False) for row in rows)
        (options.out / file).write_text("\n".join(lines) + "\n", encoding="utf-8")
    table = "".join(f"{question}\t{name}\t1\n" for question, name in judged)
    (options.out / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\n" + table, encoding="utf-8")
    print(f"{len(asked)} questions, {len(found)} passages, {len(judged)} judgements in {options.out}")


if __name__ == "__main__":
    main()
