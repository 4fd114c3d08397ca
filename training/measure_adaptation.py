"""Does adapting pay?  Statutes that a base model has never seen, found by captions it is never shown.

    python -m training.train_encoder … (without --laws) --out base
    python -m training.measure_adaptation --base base --laws law-articles.jsonl.gz --jaquad-train …

The articles of the held-out statutes are the user's documents, the statute's name is their title;
the captions, which are the questions, are left out of what is trained on.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

from assistant.domain import Kind, Passage
from assistant.search.adapt import Adaptation, adapt_encoder
from assistant.search.encoder import Encoder
from assistant.search.static_encoder import StaticEncoder
from training.encoder_data import Text, read_jaquad, read_laws
from training.encoder_evaluate import ndcg_at_10, ranks_of_gold, recall_at


def as_passage(number: int, text: Text, title: str) -> Passage:
    """A passage as an index would hold it."""
    return Passage(
        id=f"law#{number:06d}",
        document_id="law",
        kind=Kind.OTHER,
        title=title,
        trail=(),
        text=text.body,
        page=1,
        locator="",
        start=0,
        end=len(text.body),
    )


def measure(encoder: Encoder, questions: list[str], passages: list[str], gold: list[int]) -> str:
    """nDCG@10 and recall@20."""
    ranks = ranks_of_gold(encoder.encode_queries(questions), encoder.encode_passages(passages), gold)
    return f"{ndcg_at_10(ranks):.4f} | {recall_at(ranks, 20):.4f}"


def main() -> None:
    """Prints one table row per model."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--base", type=Path, required=True, help="a model folder trained without statutes")
    parser.add_argument("--laws", type=Path, required=True)
    parser.add_argument("--jaquad-train", type=Path, required=True, help="to see what is forgotten")
    parser.add_argument("--epochs", type=int, default=Adaptation().epochs)
    parser.add_argument("--rate", type=float, default=Adaptation().rate)
    options = parser.parse_args()
    base = StaticEncoder.open(options.base)
    laws = read_laws(options.laws, held_out=True)
    general = read_jaquad(options.jaquad_train, tune=True)
    questions = [f"{law}における{caption}" for law, caption, _ in laws]
    gold = list(range(len(laws)))
    titled = [as_passage(n, text, law) for n, (law, _, text) in enumerate(laws)]
    untitled = [as_passage(n, text, "") for n, (_, _, text) in enumerate(laws)]
    print(
        "| model | article: nDCG@10 | R@20 | title + article: nDCG@10 | R@20 | JaQuAD held out | R@20 | s |"
    )
    print("|---|---|---|---|---|---|---|---|")
    chosen = Adaptation(epochs=options.epochs, rate=options.rate)
    for name, passages in (("base", []), ("adapted, no titles", untitled), ("adapted", titled)):
        began = time.monotonic()
        with tempfile.TemporaryDirectory() as folder:
            encoder = adapt_encoder(base, passages, Path(folder), settings=chosen) if passages else base
        spent = time.monotonic() - began
        cells = (
            measure(encoder, questions, [text.body for _, _, text in laws], gold),
            measure(encoder, questions, [f"{law}\n{text.body}" for law, _, text in laws], gold),
            measure(
                encoder,
                [question for question, _ in general.questions],
                [f"{text.heading}\n{text.body}" for text in general.texts],
                [place for _, place in general.questions],
            ),
        )
        print(f"| {name} | {' | '.join(cells)} | {spent:.0f} |", flush=True)


if __name__ == "__main__":
    main()
