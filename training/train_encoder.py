"""Trains the bundled static sentence encoder and writes its model folder.

    python -m training.train_encoder --jaquad-train jaquad-train.jsonl.gz --jaquad-dev jaquad-dev.jsonl.gz \\
        --laws law-articles.jsonl.gz --bulletins bulletins/ --model-city articles.jsonl \\
        --synonyms synonyms.txt --corpus corpus --out assistant/search/model

``--continue-from FOLDER --epochs 5 --rate 0.003`` goes on from a model that was so made: words and questions that
were added since then weigh more, statutes and encyclopaedia less.  The bundled model was.

Needs torch (`pip install torch==2.13.0`).  Seeded; texts are put in order before anything is drawn.
JaQuAD dev is read after training, for the report, and never before.  A tenth of the JaQuAD train
titles, some statutes and some bulletin issues are held out (``training/splits.py``).
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from tokenizers import Tokenizer

from assistant.search.static_encoder import StaticEncoder, pack_rows, unpack_rows
from training.encoder_batches import Batch, Ids, Pieces, batches
from training.encoder_data import (
    Questions,
    Text,
    ask_plainly,
    read_article_questions,
    read_bulletins,
    read_cases,
    read_corpus,
    read_corpus_questions,
    read_jaquad,
    read_laws,
    read_model_city,
    read_synonyms,
    read_thesaurus,
    reword,
    windows_of,
)
from training.encoder_evaluate import ndcg_at_10, ranks_of_gold, recall_at
from training.encoder_export import rounded, write_model
from training.encoder_sources import CONTINUED, Material, Shares, Sources
from training.encoder_tokenizer import train_tokenizer
from training.encoder_trainer import Settings, Table, encode, train

CONTINUED_LAWS = 20_000  # articles that a model reads again when it goes on learning
LAW_CHARACTERS = 3_000_000  # statutes would otherwise fill the vocabulary
QUESTIONS = Path(__file__).parent / "article_questions.jsonl"
CORPUS_QUESTIONS = Path(__file__).parent / "corpus_questions.jsonl"
PLAIN_WORDS = Path(__file__).parent / "plain_words.tsv"
DROP = 0.1  # share of the pieces of a text that a step leaves out
Matrix = npt.NDArray[np.float32]


@dataclass(frozen=True)
class TestSet:
    """Questions, passages and which passage answers each question."""

    name: str
    questions: list[str]
    passages: list[str]
    gold: list[int]


def read_material(options: argparse.Namespace) -> Material:
    """Everything that may be learnt from."""
    bulletins = read_bulletins(options.bulletins, held_out=False) if options.bulletins else []
    city = read_model_city(options.model_city) if options.model_city else []
    corpus = [*read_corpus(options.corpus), *read_cases(options.corpus)]
    thesaurus = read_thesaurus(options.corpus / "thesaurus.tsv")
    people = read_corpus_questions(CORPUS_QUESTIONS, options.corpus)
    if options.bulletins:
        people += read_article_questions(QUESTIONS, options.bulletins, held_out=False)
    return Material(
        jaquad=read_jaquad(options.jaquad_train, tune=False),
        laws=read_laws(options.laws, held_out=False) if options.laws else [],
        bulletins=bulletins,
        city=city,
        corpus=corpus,
        thesaurus=thesaurus,
        plain=read_thesaurus(PLAIN_WORDS),
        asked=ask_plainly(
            windows_of([*bulletins, *city, *corpus]), [*thesaurus, *read_thesaurus(PLAIN_WORDS)], options.seed
        ),
        people=people,
        reworded=reword([*bulletins, *city, *corpus], thesaurus, options.seed),
        synonyms=read_synonyms(options.synonyms) if options.synonyms else [],
    )


def read_held_out(options: argparse.Namespace, bulletins: Sequence[Text]) -> list[TestSet]:
    """The held-out slices by which settings are chosen."""
    sets = [questions_as_set("JaQuAD train, held-out titles", read_jaquad(options.jaquad_train, tune=True))]
    if options.laws:
        laws = read_laws(options.laws, held_out=True)
        sets.append(
            TestSet(
                "held-out statutes",
                [f"{law}における{caption}" for law, caption, _ in laws],
                [text.body for _, _, text in laws],
                list(range(len(laws))),
            )
        )
    if options.bulletins:
        seen = {text.heading for text in bulletins} | {text.body for text in bulletins}
        texts = [
            text
            for text in read_bulletins(options.bulletins, held_out=True)
            if text.heading not in seen and text.body not in seen
        ]
        sets.append(
            TestSet(
                "held-out bulletin articles",
                [text.heading for text in texts],
                [text.body for text in texts],
                list(range(len(texts))),
            )
        )
        people = read_article_questions(QUESTIONS, options.bulletins, held_out=True)
        pool = list(dict.fromkeys([*bulletins, *(text for _, text in people)]))
        place = {text: number for number, text in enumerate(pool)}
        asked = Questions(pool, [(question, place[text]) for question, text in people])
        sets.append(questions_as_set("people's questions, held-out articles", asked))
    return sets


def questions_as_set(name: str, found: Questions) -> TestSet:
    """Questions over ``title, line break, paragraph``."""
    return TestSet(
        name,
        [question for question, _ in found.questions],
        [f"{text.heading}\n{text.body}" for text in found.texts],
        [gold for _, gold in found.questions],
    )


def tokenizer_texts(material: Material, seed: int) -> Iterator[str]:
    """What the vocabulary is made from: all clean texts, and a share of the statutes."""
    for text in [*material.jaquad.texts, *material.titled]:
        yield f"{text.heading}\n{text.body}"
    for question, _ in material.jaquad.questions:
        yield question
    for words in [*material.synonyms, *material.thesaurus, *material.plain]:
        yield "\n".join(words)
    laws = list(material.laws)
    random.Random(seed).shuffle(laws)
    used = 0
    for law, caption, text in laws:
        piece = f"{law}\n{caption}\n{text.body[:600]}"
        yield piece
        used += len(piece)
        if used > LAW_CHARACTERS:
            return


def measure(rows: Matrix, tokenizer: Tokenizer, sets: Sequence[TestSet]) -> dict[str, tuple[float, float]]:
    """(nDCG@10, recall@20) of a table by name of the test set."""

    def ids_of(texts: Sequence[str]) -> list[Ids]:
        return [np.asarray(e.ids, np.int32) for e in tokenizer.encode_batch_fast(list(texts))]

    found = {}
    for each in sets:
        ranks = ranks_of_gold(
            encode(rows, ids_of(each.questions)), encode(rows, ids_of(each.passages)), each.gold
        )
        found[each.name] = (round(ndcg_at_10(ranks), 4), round(recall_at(ranks, 20), 4))
    return found


def quantised(rows: Matrix, bits: int) -> Matrix:
    """Rows after a round trip through 4 or 8 bits."""
    stored, scales = pack_rows(rows, bits)
    back: Matrix = unpack_rows(stored) * scales[:, None]
    return back


def main() -> None:
    """Reads the options, trains, measures and writes."""
    options = read_options()
    began = time.monotonic()
    torch.set_flush_denormal(True)  # tiny moments of rare pieces would slow every step tenfold
    material = read_material(options)
    start = None
    if options.continue_from:
        before = StaticEncoder.open(options.continue_from)
        tokenizer, start = before.tokenizer, before.table(np.arange(len(before.rows)))
        random.Random(options.seed).shuffle(material.laws)
        del material.laws[CONTINUED_LAWS:]
    else:
        tokenizer = rounded(train_tokenizer(tokenizer_texts(material, options.seed), options.vocabulary))
    print(f"tokenizer: {tokenizer.get_vocab_size()} pieces, {time.monotonic() - began:.0f} s", flush=True)
    sources = Sources(
        material, Pieces(tokenizer, material.strings()), CONTINUED if options.continue_from else Shares()
    )
    held_out = read_held_out(options, material.bulletins)
    rng = np.random.default_rng(options.seed)
    settings = Settings(
        dimension=options.dimension,
        epochs=options.epochs,
        rate=options.rate,
        nested=tuple((int(size), 0.3) for size in options.nested),
        seed=options.seed,
    )

    def draw(_: int) -> Iterator[Batch]:
        return batches(sources.epoch(rng), options.batch, rng, drop=DROP, power=settings.power)

    steps = sum(1 for _ in batches(sources.epoch(np.random.default_rng(0)), options.batch, rng, drop=0.0))

    def report(epoch: int, loss: float, table: Table) -> None:
        shown = measure(table.folded(), tokenizer, held_out) if epoch % 3 == 0 else {}
        print(f"{epoch + 1}/{settings.epochs} loss {loss:.3f} {shown}", flush=True)

    rows = train(tokenizer.get_vocab_size(), draw, steps, settings, report, start)
    sets = list(held_out)
    if options.jaquad_dev:
        sets.append(questions_as_set("JaQuAD dev", read_jaquad(options.jaquad_dev)))
    scores = {"float32": measure(rows, tokenizer, sets)}
    for bits in (8, 4):
        scores[f"int{bits}"] = measure(quantised(rows, bits), tokenizer, sets)
    write_model(options.out, tokenizer, rows, options.bits)
    if options.rows:
        np.save(options.rows, rows)
    print(json.dumps(scores, ensure_ascii=False, indent=2))
    print(f"{time.monotonic() - began:.0f} s in all")


def read_options() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--jaquad-train", type=Path, required=True)
    parser.add_argument("--jaquad-dev", type=Path, help="for the report only")
    parser.add_argument("--laws", type=Path, help="law, caption, text per line (JSON)")
    parser.add_argument("--bulletins", type=Path, help="folder of CSV files")
    parser.add_argument("--model-city", type=Path, help="title, text per line (JSON)")
    parser.add_argument("--synonyms", type=Path, help="SudachiDict's synonyms.txt")
    parser.add_argument("--corpus", type=Path, default=Path("corpus"))
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--rows", type=Path, help="also keep the float32 rows here (.npy)")
    parser.add_argument("--continue-from", type=Path, help="model folder whose pieces and rows to start from")
    parser.add_argument("--vocabulary", type=int, default=32_000)
    parser.add_argument("--dimension", type=int, default=256)
    parser.add_argument("--nested", type=int, nargs="*", default=[], help="Matryoshka sizes")
    parser.add_argument("--bits", type=int, choices=(4, 8), default=4)
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--rate", type=float, default=0.005)
    parser.add_argument("--batch", type=int, default=1024)
    parser.add_argument("--seed", type=int, default=7)
    return parser.parse_args()


if __name__ == "__main__":
    main()
