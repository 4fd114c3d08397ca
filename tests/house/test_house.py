"""The rules of the house that no other tool checks."""

import ast
import re
from pathlib import Path

import pytest

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
