"""Answers with a chat model, over real HTTP: what it says is checked like anything else."""

import json
import re

import pytest

from assistant.domain import AnswerStatus
from assistant.errors import DependencyMissing, ModelFailed
from assistant.llm import open_model
from assistant.service import Assistant
from tests.contract.openai_server import serving

QUESTION = "第2世代交付金の市町村の国費上限と補助率は？"
TRUE = "令和7年度の第2世代交付金の市区町村の国費上限は、ソフト事業が年度10億円で、補助率は1/2です。"


@pytest.fixture(autouse=True)
def _key(monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "test")


def passage_with(prompt: str, words: str) -> tuple[str, str]:
    """The token of the first passage that holds ``words``, and the sentence that holds them."""
    for token, text in re.findall(r"\[(S\d+)\] [^\n]*\n(.*?)(?=\n\n\[S\d+\]|\Z)", prompt, re.S):
        for sentence in text.split("\n"):
            if words in sentence:
                return token, sentence
    raise AssertionError(f"{words} was not shown to the model")


def reply_with(text, **changes):
    def reply(prompt):
        token, sentence = passage_with(prompt, "市区町村の国費上限は、ソフト事業が")
        claim = {"text": text, "token": token, "quote": sentence, **changes}
        return json.dumps({"claims": [claim]}, ensure_ascii=False)

    return reply


def ask(settings, server, **options):
    changed = settings.model_copy(
        update={"model": "openai:test", "model_base_url": server.url, "model_timeout_seconds": options.pop("timeout", 10.0)}
    )
    return Assistant.open(changed).ask(QUESTION, fiscal_year=2025, **options)


def test_a_true_claim_of_a_model_is_shown_with_its_citation(settings):
    streamed = []
    with serving(reply_with(TRUE)) as server:
        answer = ask(settings, server, on_claim=streamed.append)
    assert [claim.text for claim in answer.claims] == [TRUE] == [claim.text for claim in streamed]
    assert answer.trace.model == "openai:test"
    assert answer.claims[0].citations[0].document_id == "dai2sedai-r7"
    assert server.requests[0]["stream"] is True
    assert "dai2sedai-r7" not in json.dumps(server.requests, ensure_ascii=False), "the model sees tokens only"


@pytest.mark.parametrize(
    "wrong",
    [
        TRUE.replace("10億円", "15億円"),
        TRUE.replace("10億円", "10万円"),
        TRUE.replace("1/2", "2/3"),
        TRUE.replace("令和7年度", "令和8年度"),
        TRUE.replace("市区町村", "都道府県"),
        "第2世代交付金は必ず採択されます。",
    ],
)
def test_a_changed_claim_of_a_model_is_dropped_and_said(settings, wrong):
    with serving(reply_with(wrong)) as server:
        answer = ask(settings, server)
    assert wrong not in answer.text
    assert wrong in [rejected.text for rejected in answer.rejected]
    assert any("表示していません" in caution for caution in answer.cautions)
    assert answer.claims, "the sources' own sentences answer instead"


@pytest.mark.parametrize("changes", [{"token": "S99"}, {"token": "../../etc/passwd"}, {"quote": "市区町村の上限は青天井です。"}])
def test_unknown_tokens_and_invented_quotes_are_dropped(settings, changes):
    with serving(reply_with(TRUE, **changes)) as server:
        answer = ask(settings, server)
    assert TRUE in [rejected.text for rejected in answer.rejected]
    assert answer.trace.model is None


@pytest.mark.parametrize(
    "text", ["", "承知しました。上限は99億円です。", '{"claims": []}', '{"claims": "x"}', '{"claims": [{"text": 3}]}', "[" * 2000]
)
def test_an_empty_or_shapeless_reply_falls_back_to_the_sources(settings, text):
    with serving(lambda prompt: text) as server:
        answer = ask(settings, server)
    assert answer.status in (AnswerStatus.ANSWERED, AnswerStatus.PARTLY_ANSWERED)
    assert "99億円" not in answer.text
    assert "10億円" in answer.text


def test_a_reply_that_is_cut_off_keeps_the_claims_that_were_whole(settings):
    def reply(prompt):
        token, sentence = passage_with(prompt, "市区町村の国費上限は、ソフト事業が")
        whole = json.dumps({"text": TRUE, "token": token, "quote": sentence}, ensure_ascii=False)
        return '{"claims": [' + whole + ', {"text": "途中で切れ'

    with serving(reply, chunk=31) as server:
        answer = ask(settings, server)
    assert [claim.text for claim in answer.claims] == [TRUE]


@pytest.mark.parametrize(("fault", "told"), [("429", "429"), ("500", "500"), ("401", "401"), ("slow", "時間内")])
def test_a_failing_server_is_told_and_the_sources_answer(settings, fault, told):
    with serving(reply_with(TRUE), fault=fault) as server:
        answer = ask(settings, server, timeout=1.0)
    assert "10億円" in answer.text
    assert any("文章生成モデルを利用できなかった" in c and told in c for c in answer.cautions)


def test_no_server_at_all_is_told(settings):
    changed = settings.model_copy(
        update={"model": "openai:test", "model_base_url": "http://127.0.0.1:9/v1", "model_timeout_seconds": 1.0}
    )
    answer = Assistant.open(changed).ask(QUESTION, fiscal_year=2025)
    assert "10億円" in answer.text
    assert any("接続できません" in caution for caution in answer.cautions)


def test_a_model_is_not_asked_where_the_corpus_holds_no_answer(settings):
    with serving(lambda prompt: "{}") as server:
        changed = settings.model_copy(update={"model": "openai:test", "model_base_url": server.url})
        answer = Assistant.open(changed).ask("月面基地の建設に使える補助金の上限は？")
    assert server.requests == []
    assert answer.claims == ()


def test_unknown_providers_and_missing_packages_are_told_in_japanese():
    with pytest.raises(ModelFailed) as unknown:
        open_model("nobody:model")
    assert "開けませんでした" in str(unknown.value)
    with pytest.raises(DependencyMissing) as absent:
        open_model("anthropic:claude-sonnet-4-5")
    assert "pip install 'chihou-assistant[anthropic]'" in str(absent.value)
