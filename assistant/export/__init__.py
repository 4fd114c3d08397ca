"""Answers and verdicts as files that people take along: Word, Markdown, Excel."""
