"""Text from outside (documents, file names, models, people) for places that read Markdown.

A Markdown image in a document made a browser call an outside host, and ``5*3*2`` became
``532``: every character that Markdown, Streamlit's directives or emoji codes may read is
escaped, so that what is shown is the text, character for character.
"""

from __future__ import annotations

import re

_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+\-.!|~$:<>&=^\"'@/])")
_LEADING = re.compile(r"(?m)^(\s+)")


def plain(text: str) -> str:
    """``text`` so that Markdown shows it as it is, line breaks included."""
    escaped = _SPECIAL.sub(r"\\\1", text)
    return _LEADING.sub(lambda match: "\u00a0" * len(match[1].replace("\n", "")), escaped)


def lines(text: str) -> str:
    """``plain`` with each line break kept as one (two spaces before it, as Markdown wants)."""
    return "  \n".join(plain(line) for line in text.split("\n"))
