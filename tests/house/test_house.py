"""The rules of the house that no other tool checks."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.ask.scope import _RULES
from assistant.cli.main import COMMANDS
from assistant.domain import AnswerStatus
from assistant.prompts import load_prompt, load_sentences

ROOT = Path(__file__).resolve().parents[2]
MODULES = sorted((ROOT / "assistant").rglob("*.py"))
FORBIDDEN_IMPORTS = {"pickle", "dill", "joblib", "shelve", "marshal", "langchain_community"}
LANGCHAIN_SOCKETS = {
    "assistant/llm.py",
    "assistant/search/langchain.py",
    "assistant/search/langchain_embeddings.py",
}


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imported(tree: ast.AST) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return names


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_a_room_keeps_the_rules(path):
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    names = imported(tree)
    roots = {name.partition(".")[0] for name in names}
    assert len(text.splitlines()) <= 400, "no file over 400 lines"
    assert not roots & FORBIDDEN_IMPORTS
    assert path.stem not in {"utils", "helpers", "common", "misc"}
    if any(root.startswith("langchain") for root in roots):
        assert relative(path) in LANGCHAIN_SOCKETS, "LangChain appears at its sockets only"
    if relative(path) != "assistant/settings.py":
        assert not re.search(r"os\.environ|os\.getenv", text) or relative(path).startswith("assistant/knowledge/files/"), (
            "only settings read the environment"
        )
    if path.name == "__init__.py" and relative(path) != "assistant/domain/__init__.py":
        body = [node for node in tree.body if not isinstance(node, ast.Expr)]
        assert not body, "__init__ holds a docstring only"
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            for inner in ast.walk(node):
                if isinstance(inner, ast.ImportFrom) and inner.module and inner.module.startswith("assistant"):
                    raise AssertionError(f"our own module imported inside {node.name}")
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id not in {"eval", "exec"}
            assert node.func.id != "print" or "/cli/" in path.as_posix()


@pytest.mark.parametrize("path", sorted((ROOT / "assistant" / "ui").rglob("*.py")), ids=relative)
def test_text_from_outside_never_goes_through_markdown(path):
    text = path.read_text(encoding="utf-8")
    assert "unsafe_allow_html" not in text
    assert not re.search(r"\bst\.(html|write)\(", text)


def test_imports_only_go_down():
    done = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports; raise SystemExit(lint_imports())"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_every_command_is_in_the_readme():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for name in COMMANDS:
        assert f"`assistant {name}" in readme, name


def test_every_status_and_reason_has_its_sentence():
    sentences = load_sentences(ROOT / "prompts" / "statuses.md")
    used = {*AnswerStatus, *(name for name, _ in _RULES)}
    for path in (ROOT / "assistant" / "ask").glob("*.py"):
        used.update(re.findall(r'say\("([a-z_]+)"', path.read_text(encoding="utf-8")))
    assert used <= set(sentences), used - set(sentences)
    assert all(sentences[name] for name in used - {"answered"})


@pytest.mark.parametrize("path", sorted((ROOT / "prompts").glob("*.md")), ids=relative)
def test_a_prompt_declares_its_slots(path):
    if path.name != "statuses.md":
        prompt = load_prompt(path)
        assert prompt.fill(**dict.fromkeys(prompt.slots, "x"))


def test_commits_and_code_name_no_workplace():
    words = re.compile(r"/work/main|\.\./shared|\bhelper-\d")
    for folder in ("assistant", "corpus", "prompts", "tests", "training", "benchmarks", "docs"):
        for path in (ROOT / folder).rglob("*"):
            if path.suffix in {".py", ".md", ".yaml", ".jsonl", ".toml"} and path != Path(__file__):
                assert not words.search(path.read_text(encoding="utf-8", errors="replace")), relative(path)


@pytest.mark.parametrize(
    "command",
    [
        ("ruff", "check", "."),
        ("ruff", "format", "--check", "assistant", "run.py", "streamlit_app.py"),
        ("mypy",),
    ],
    ids=" ".join,
)
def test_the_tools_find_nothing(command):
    done = subprocess.run(
        [sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-4000:]
