"""Texts and pairs that the encoder learns from.

A *pair* is (query parts, passage parts, group): parts are short strings joined by a
line break, a group names the passage, so that two pairs of one group are never each
other's negatives.  ``Units`` keeps every string once, so that it is tokenised once.
"""

from __future__ import annotations

import csv
import gzip
import json
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from training.splits import is_held_out_article, is_held_out_bulletin, is_held_out_law, is_tune_title

_SENTENCE = re.compile(r"[^。！？!?\n]+[。！？!?]?")
_MARKERS = re.compile(r"\[[A-Z][A-Za-z0-9-]*\]")
_HTML = re.compile(r"<[^>]+>")
_TEMPLATE = re.compile(r"\[\[[^\]]*\]\]")
csv.field_size_limit(10**8)


@dataclass(frozen=True)
class Text:
    """A passage with its heading(s) and its sentences."""

    heading: str
    sentences: tuple[str, ...]
    group: str  # article, statute, bulletin issue …
    domain: str

    @property
    def body(self) -> str:
        """The sentences joined."""
        return "".join(self.sentences)


@dataclass
class Questions:
    """Questions and the index of the text that answers each."""

    texts: list[Text] = field(default_factory=list)
    questions: list[tuple[str, int]] = field(default_factory=list)


def sentences_of(text: str) -> tuple[str, ...]:
    """Sentences and lines of a text, in order; blank ones dropped."""
    return tuple(s for s in (m.strip() for m in _SENTENCE.findall(text)) if s)


def read_jsonl(path: Path) -> Iterator[dict[str, str]]:
    """Lines of a ``.jsonl`` or ``.jsonl.gz`` file."""
    raw = path.read_bytes()
    for line in (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode().split("\n"):
        if line:
            yield json.loads(line)


def read_jaquad(path: Path, *, tune: bool | None = None) -> Questions:
    """JaQuAD questions with their paragraphs; ``tune`` keeps the held-out titles (True) or the others (False)."""
    found, place = Questions(), {}
    for row in read_jsonl(path):
        if tune is not None and is_tune_title(row["title"]) != tune:
            continue
        key = (row["title"], row["passage"])
        if key not in place:
            place[key] = len(found.texts)
            found.texts.append(Text(row["title"], sentences_of(row["passage"]), row["title"], "jaquad"))
        found.questions.append((row["question"], place[key]))
    return found


def read_laws(path: Path, *, held_out: bool | None = None) -> list[tuple[str, str, Text]]:
    """(law, caption, article) of statutes."""
    rows = []
    for row in read_jsonl(path):
        if held_out is not None and is_held_out_law(row["law"]) != held_out:
            continue
        text = Text("", sentences_of(row["text"]), row["law"], "law")
        if text.sentences and row["caption"]:
            rows.append((row["law"], row["caption"], text))
    return rows


def read_bulletins(folder: Path, *, held_out: bool | None = None) -> list[Text]:
    """Articles of municipal bulletins; headings are article titles."""
    texts: dict[tuple[str, str], Text] = {}
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as rows:
            for row in csv.DictReader(rows):
                issue = row["発行号タイトル"]
                if held_out is not None and is_held_out_bulletin(issue) != held_out:
                    continue
                text = Text(
                    row["記事タイトル"], sentences_of(_HTML.sub("", row["記事本文"])), issue, "bulletin"
                )
                if text.sentences and text.heading:
                    texts.setdefault((text.heading, text.body), text)
    return list(texts.values())


def read_model_city(path: Path) -> list[Text]:
    """Pages of the fictional city's site."""
    texts = []
    for row in read_jsonl(path):
        text = Text(row["title"], sentences_of(_TEMPLATE.sub("", row["text"])), row["title"], "city")
        if text.sentences:
            texts.append(text)
    return texts


def read_corpus(folder: Path) -> list[Text]:
    """Sections of the product's own digests (``policy/*.md``, ``grants/*.md``): title and heading → section."""
    texts = []
    for path in sorted([*folder.glob("policy/*.md"), *folder.glob("grants/*.md")]):
        raw = path.read_text(encoding="utf-8")
        front, body = "", raw
        if raw.startswith("---"):
            _, front, body = raw.split("---", 2)
        named = re.search(r"^title:\s*(.+)$", front, re.MULTILINE)
        title, heading, lines = (named.group(1).strip(" \"'") if named else path.stem), "", []
        for line in [*_MARKERS.sub("", body).splitlines(), "# "]:
            if line.startswith("#"):
                sentences = sentences_of("\n".join(lines))
                if sentences:
                    texts.append(Text(f"{title} {heading}".strip(), sentences, path.stem, "corpus"))
                heading, lines = line.lstrip("# ").strip(), []
            else:
                lines.append(line.strip(" |-"))
    return texts


def read_cases(folder: Path) -> list[Text]:
    """Good-practice cases (``cases/*.yaml``), twice each: title → what was done, and issue → what was done."""
    texts = []
    for path in sorted(folder.glob("cases/*.yaml")):
        case = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        told = sentences_of("\n".join(str(case.get(key) or "") for key in ("approach", "results")))
        for key in ("title", "issue"):
            if case.get(key) and told:
                texts.append(Text(str(case[key]), told, path.stem, "corpus"))
    return texts


def read_thesaurus(path: Path) -> list[tuple[str, ...]]:
    """Groups of everyday and official words from a tab-separated file; empty when there is none."""
    if not path.exists():
        return []
    groups = []
    for line in path.read_text(encoding="utf-8").splitlines():
        words = tuple(dict.fromkeys(cell.strip() for cell in line.split("\t") if cell.strip()))
        if len(words) > 1 and not line.startswith("#"):
            groups.append(words)
    return groups


def read_article_questions(path: Path, bulletins: Path, *, held_out: bool) -> list[tuple[str, Text]]:
    """(question in people's words, article of a bulletin that answers it)."""
    texts = {}
    for file in sorted(bulletins.glob("*.csv")):
        city = file.name.split("_")[0]
        with file.open(encoding="utf-8-sig", newline="") as rows:
            for number, row in enumerate(csv.DictReader(rows)):
                issue = re.sub(r"\D", "", row["発行号タイトル"])[:8]
                sentences = sentences_of(_HTML.sub("", row["記事本文"]))
                if sentences and not is_held_out_bulletin(row["発行号タイトル"]):
                    text = Text(row["記事タイトル"], sentences, row["発行号タイトル"], "bulletin")
                    texts[f"{city}-{issue}-{number:03d}"] = text
    return [
        (row["question"], texts[row["id"]])
        for row in read_jsonl(path)
        if row["id"] in texts and is_held_out_article(row["id"]) == held_out
    ]


def read_corpus_questions(path: Path, corpus: Path) -> list[tuple[str, Text]]:
    """(question in people's words, section or case of the product's own texts that holds the quote)."""
    bodies = [(text.body, text) for text in [*read_corpus(corpus), *read_cases(corpus)]]
    found = []
    for row in read_jsonl(path):
        quote = "".join(sentences_of(_MARKERS.sub("", row["quote"])))
        held = next((text for body, text in bodies if quote in body), None)
        if held is not None:
            found.append((row["question"], held))
    return found


def reword(
    texts: Sequence[Text], groups: Sequence[tuple[str, ...]], seed: int, most: int = 40_000
) -> list[tuple[str, Text]]:
    """(sentence or heading said in other words, its text): thesaurus words are exchanged within their group."""
    others: dict[str, list[str]] = {}
    for group in groups:
        for word in group:
            if len(word) > 1:
                others.setdefault(word, []).extend(w for w in group if w != word)
    if not others:
        return []
    known = re.compile("|".join(re.escape(w) for w in sorted(others, key=lambda w: (-len(w), w))))
    draw = random.Random(seed)
    found = []
    for text in texts:
        for sentence in (text.heading, *text.sentences) * 2:
            said = known.sub(lambda m: draw.choice(others[m.group()]), sentence)
            if said != sentence:
                found.append((said, text))
    found = list(dict.fromkeys(found))
    draw.shuffle(found)
    return found[:most]


_ASKED = ("{}", "{}", "{}について知りたい")
_WINDOW = 200  # characters: an index cuts articles to pieces of about this length


def windows_of(texts: Sequence[Text]) -> list[Text]:
    """Texts cut to runs of sentences of about ``_WINDOW`` characters, each under the heading."""
    cut = []
    for text in texts:
        start, length = 0, 0
        for end, sentence in enumerate(text.sentences, start=1):
            length += len(sentence)
            if length >= _WINDOW or end == len(text.sentences):
                cut.append(Text(text.heading, text.sentences[start:end], text.group, text.domain))
                start, length = end, 0
    return cut


def ask_plainly(
    texts: Sequence[Text], groups: Sequence[tuple[str, ...]], seed: int, per_group: int = 6
) -> list[tuple[str, Text]]:
    """(what people say, a text in which another word of its group stands): asked bare and in a question.

    Texts that hold it in their heading come first.
    """
    draw = random.Random(seed)
    bodies = [(text.heading, text.heading + "\n" + text.body, text) for text in texts]
    grams: dict[str, set[int]] = {}
    for number, (_, body, _) in enumerate(bodies):
        for at in range(len(body) - 1):
            grams.setdefault(body[at : at + 2], set()).add(number)
    found = []
    for group in groups:
        for said in group:
            others = [word for word in group if word != said and len(word) > 1]
            if not others:
                continue
            holding: list[tuple[bool, float, Text]] = []
            for word in others:
                among = set.intersection(*(grams.get(word[i : i + 2], set()) for i in range(len(word) - 1)))
                if len(among) > len(bodies) // 50:
                    continue  # too common to tell texts apart
                for number in sorted(among):
                    heading, body, text = bodies[number]
                    if word in body and said not in body:
                        holding.append((word not in heading, draw.random(), text))
            for _, _, text in sorted(holding, key=lambda held: held[:2])[:per_group]:
                found.append((draw.choice(_ASKED).format(said), text))
    return list(dict.fromkeys(found))


def read_synonyms(path: Path) -> list[tuple[str, ...]]:
    """Groups of words of one meaning from SudachiDict's ``synonyms.txt`` (Apache-2.0).

    Words of one character are left out, and so are entries marked as not to be expanded.
    """
    groups: dict[str, dict[str, None]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        cells = line.split(",")
        if len(cells) >= 9 and cells[2] != "2" and len(cells[8]) > 1:
            groups.setdefault(cells[0], {})[cells[8]] = None
    return [tuple(words) for words in groups.values() if len(words) > 1]
