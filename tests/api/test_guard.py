"""Whose requests are answered, how large, how many at once; and what a refusal says."""

import json
import re
import threading

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.api import verbs
from assistant.api.app import make_app
from assistant.api.guard import LOOPBACK, House
from assistant.errors import IndexUnusable
from tests.api.conftest import served

JAPANESE = re.compile(r"[ぁ-んァ-ヶ一-龠]")


def problem(given, status):
    assert given.status_code == status, given.text
    value = given.json()
    assert set(value) == {"what", "why", "remedy"}
    assert JAPANESE.search(value["what"]) and value["remedy"]
    assert "Traceback" not in given.text and "pydantic" not in given.text
    return value


@pytest.mark.parametrize("host", ["attacker.example", "attacker.example:8502", "127.0.0.1.attacker.example", "", "[::2]:80"])
def test_another_name_for_this_machine_is_refused(http, host):
    problem(http.get("/health", headers={"Host": host}), 400)


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:1", "127.0.0.1:80", "[::1]:8502", "localhost."])
def test_its_own_names_are_answered(http, host):
    assert http.get("/health", headers={"Host": host}).status_code == 200


def test_a_page_from_elsewhere_can_neither_post_nor_read(http):
    for origin in ("http://attacker.example", "null", "http://localhost:9999"):
        problem(http.post("/ask", json={"question": "RESASとは？"}, headers={"Origin": origin}), 403)
    own = f"http://127.0.0.1:{http.base_url.port}"
    given = http.post("/ask", json={"question": "RESASとは？"}, headers={"Origin": own})
    assert given.status_code == 200
    assert not any(name.startswith("access-control") for name in given.headers)
    asked = http.options("/ask", headers={"Origin": own, "Access-Control-Request-Method": "POST"})
    assert asked.status_code == 405


def test_every_answer_has_the_headers(http):
    for path in ("/health", "/docs", "/nothing", "/openapi.json"):
        headers = http.get(path).headers
        assert headers["content-security-policy"].startswith("default-src 'none'")
        assert headers["x-content-type-options"] == "nosniff" and headers["cache-control"] == "no-store"
        assert "server" not in headers


@pytest.mark.parametrize(
    ("body", "status", "told"),
    [
        (b"{", 400, "JSON"),
        (b'{"question": "\xff"}', 400, "UTF-8"),
        (b"[" * 100_000, 400, "JSON"),
        (b"NaN", 400, "JSON"),
        (b'{"question": "x", "facts": {"national_yen": NaN}}', 400, "JSON"),
        (b'{"question": ' + b"9" * 5000 + b"}", 400, "JSON"),
        (b"[]", 422, "オブジェクト"),
        (b"{}", 422, "指定がありません"),
        (b'{"question": null}', 422, "文字列"),
        (b'{"question": "x\\ud800"}', 400, "JSON"),
        (b'{"question": " "}', 422, "文字のない"),
        (b'{"question": "x", "fiscal_year": "r8"}', 422, "整数"),
        (b'{"question": "x", "fiscal_year": 8}', 422, "西暦"),
        (b'{"question": "x", "qestion": "y"}', 422, "そのような項目"),
        (b'{"question": "x", "facts": {"applicant": ["private"]}}', 422, "facts.applicant"),
        (b'{"question": "x", "facts": []}', 422, "名前と値の組"),
    ],
)
def test_a_body_that_is_off_is_told_in_japanese(http, body, status, told):
    given = http.post("/ask", content=body, headers={"Content-Type": "application/json"})
    value = problem(given, status)
    assert told in f"{value['what']}{value['why']}"


def test_names_that_nothing_bears(http):
    assert "nothing-r9" in problem(http.get("/grants/nothing-r9"), 404)["what"]
    assert "applicant" in problem(http.post("/judge", json={"grant": "dai2sedai-r7", "facts": {"aplicant": "x"}}), 422)["remedy"]
    assert "applicant" in problem(http.post("/ask", json={"question": "第2世代交付金は使えますか", "facts": {"aplicant": "x"}}), 422)["remedy"]
    problem(http.post("/judge", json={"grant": "nothing-r9"}), 422)
    problem(http.post("/ask", json={"question": "上限は", "municipality": "存在しない町"}), 422)
    assert "海士町" in problem(http.get("/cases?words=空き家&like=海土町"), 422)["remedy"]
    problem(http.get("/nothing"), 404)
    problem(http.get("/ask"), 405)


@pytest.mark.parametrize(
    "query",
    ["", "?query=", f"?query={'x' * 2001}", "?query=x&k=0", "?query=x&k=1001", "?query=x&k=x", "?query=x&kind=book", "?query=x&query=y", "?query=x&z=1"],
)
def test_words_that_are_off(http, query):
    problem(http.get(f"/search{query}"), 422)


def test_the_choices_of_a_word_are_told(http):
    assert "policy、grant、case" in problem(http.get("/search?query=x&kind=book"), 422)["why"]


def test_too_much_is_refused_whether_its_length_is_told_or_not(http):
    question = json.dumps({"question": "あ" * 300_000}).encode()
    json_type = {"Content-Type": "application/json"}
    assert "256KB" in problem(http.post("/ask", content=question, headers=json_type), 413)["why"]
    pieces = (question[at : at + 65536] for at in range(0, len(question), 65536))
    problem(http.post("/ask", content=pieces, headers=json_type), 413)
    assert "長すぎます" in problem(http.post("/ask", json={"question": "あ" * 2001}), 422)["what"]
    assert "1MB" in problem(http.post("/review", files={"file": ("a.txt", b"x" * 1_200_000)}), 413)["why"]


@pytest.mark.parametrize(
    "request_",
    [
        {},
        {"data": {"file": "x"}},
        {"files": {"file": ("空.txt", b"")}},
        {"files": {"other": ("a.txt", b"x")}},
        {"files": [("file", ("a.txt", b"x")), ("more", ("b.txt", b"y"))]},
        {"files": {"file": ("a.txt", "本町の計画です。".encode())}, "data": {"against": "nothing-r9"}},
        {"files": {"file": ("a.txt", b"x")}, "data": {"lenient": "perhaps"}},
        {"content": b"--x\r\nbroken", "headers": {"Content-Type": "multipart/form-data; boundary=x"}},
        {"content": b"x", "headers": {"Content-Type": "multipart/form-data"}},
    ],
)
def test_a_form_that_is_off_is_told_in_japanese(http, request_):
    given = http.post("/review", **request_)
    problem(given, given.status_code)
    assert given.status_code in (400, 422)


def test_only_so_many_reviews_at_once(assistant, monkeypatch):
    begun, go_on = threading.Event(), threading.Event()
    review = type(assistant).review

    def slow(self, *arguments, **options):
        begun.set()
        assert go_on.wait(60)
        return review(self, *arguments, **options)

    monkeypatch.setattr(type(assistant), "review", slow)
    form = {"file": ("a.txt", "本町の計画です。".encode())}
    with served(make_app(assistant, House(reviews=1))) as client:
        first: list[httpx.Response] = []
        thread = threading.Thread(target=lambda: first.append(httpx.post(f"{client.base_url}/review", files=form, timeout=120, trust_env=False)))
        thread.start()
        assert begun.wait(60)
        full = client.post("/review", files=form)
        assert problem(full, 503) and full.headers["retry-after"] == "30"
        assert client.get("/health").status_code == 200
        go_on.set()
        thread.join()
        assert first[0].status_code == 200
        assert client.post("/review", files=form).status_code == 200


def test_a_service_that_cannot_work_says_503_and_the_unforeseen_500(assistant, monkeypatch, caplog):
    def unusable(self, *arguments, **options):
        raise IndexUnusable("索引が壊れています。", remedy="作り直してください。")

    def unforeseen(self, *arguments, **options):
        raise RuntimeError("secret words of a caller")

    with served(make_app(assistant)) as client:
        monkeypatch.setattr(type(assistant), "ask", unusable)
        assert "索引" in problem(client.post("/ask", json={"question": "x"}), 503)["what"]
        monkeypatch.setattr(type(assistant), "ask", unforeseen)
        given = client.post("/ask", json={"question": "x"})
        problem(given, 500)
        assert "secret" not in given.text
        assert "POST /ask" in caplog.text, "the server's log has it"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/judge", {"grant": "dai2sedai-r7", "facts": {"population": "9" * 5000}}),
        ("/judge", {"grant": "9" * 5000}),
        ("/ask", {"question": "補助率は", "municipality": "9" * 5000}),
        ("/ask", {"question": "補助率は", "fiscal_year": 10**30}),
        ("/ask", {"question": "補助率は", "history": ["x"] * 11}),
        (f"/cases?population={'9' * 5000}-", None),
        (f"/cases?pillar={'9' * 5000}", None),
        (f"/cases?year={'9' * 5000}", None),
    ],
)
def test_absurdly_long_values_are_told_too(http, path, body):
    problem(http.get(path) if body is None else http.post(path, json=body), 422)


def test_names_may_be_added(assistant):
    with served(make_app(assistant, House(hosts=LOOPBACK | {"kikaku.example.jp"}))) as client:
        assert client.get("/health", headers={"Host": "kikaku.example.jp:8502"}).status_code == 200


def test_the_document_is_in_japanese_and_complete(openapi):
    assert openapi["openapi"].startswith("3.1")
    assert {(path, method) for path, methods in openapi["paths"].items() for method in methods} == {
        (verb.path, verb.method.lower()) for verb in verbs.VERBS
    }
    told: list[str] = []

    def collect(value):
        if isinstance(value, dict):
            told.extend(v for k, v in value.items() if k in ("description", "summary", "title") and isinstance(v, str))
            for key, inner in value.items():
                if key not in ("example",):
                    collect(inner)
        elif isinstance(value, list):
            for inner in value:
                collect(inner)

    collect(openapi)
    assert len(told) > 60
    assert [text for text in told if not JAPANESE.search(text)] == []
    named = set(re.findall(r'"#/components/schemas/(\w+)"', json.dumps(openapi)))
    assert named == set(openapi["components"]["schemas"])


def test_the_page_needs_no_network_and_no_script(http):
    page = http.get("/docs")
    assert page.headers["content-type"].startswith("text/html")
    assert "<script" not in page.text and "src=" not in page.text
    assert re.findall(r"https?://[^\s<'\"]+", page.text.replace(str(http.base_url), "")) == []
    for verb in verbs.VERBS:
        assert verb.says in page.text
    assert http.get("/").text == page.text


texts = st.text(max_size=30) | st.sampled_from(["dai2sedai-r7", "8億円", "海士町", "1-", "-", "%", "\x00", "１", "令和８年度"])
scalars = st.none() | st.booleans() | st.integers() | st.floats() | texts
bodies = st.dictionaries(
    st.sampled_from(["question", "fiscal_year", "municipality", "facts", "history", "grant"]) | texts,
    scalars
    | st.lists(scalars, max_size=3)
    | st.dictionaries(st.sampled_from(["applicant", "national_yen", "population"]) | texts, scalars, max_size=3),
    max_size=4,
)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(path=st.sampled_from(["/ask", "/judge"]), body=bodies)
def test_no_body_whatever_brings_it_down(http, path, body):
    asked = {"question": "補助率は", **body} if path == "/ask" else {"grant": "dai2sedai-r7", **body}
    given_ = http.post(path, content=json.dumps(asked), headers={"Content-Type": "application/json"})
    assert given_.status_code in (200, 400, 422), given_.text


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    path=st.sampled_from(["/search", "/cases", "/grants/x"]),
    words=st.dictionaries(
        st.sampled_from(["query", "k", "kind", "words", "like", "pillar", "theme", "prefecture", "population", "scheme", "year"]),
        texts | st.integers().map(str),
        max_size=3,
    ),
)
def test_no_words_whatever_bring_it_down(http, path, words):
    given_ = http.get(path, params=words)
    assert given_.status_code in (200, 404, 422), given_.text
