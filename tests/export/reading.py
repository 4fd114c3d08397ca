"""Footnote marks of a Word paragraph, as a reader follows them."""

import re
from typing import Any

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
FIRST = 2  # 0 and 1 are Word's separators


def marked(paragraph: Any) -> list[int]:
    """Ids of the footnotes that a paragraph points to, by a mark of its own or by the number of an earlier one."""
    found = []
    for node in paragraph._p.iter(f"{W}footnoteReference", f"{W}fldSimple"):
        named = re.fullmatch(r" NOTEREF _Note(\d+) \\f \\h ", node.get(f"{W}instr") or "")
        found.append(int(named[1]) - 1 + FIRST if named else int(node.get(f"{W}id")))
    return found
