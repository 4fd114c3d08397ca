"""Check grant files and run their examples: ``python -m assistant.grants.lint``."""

from __future__ import annotations

import sys
from collections.abc import Generator, Iterator, Mapping, Sequence
from pathlib import Path

from assistant.domain import Source
from assistant.errors import AssistantError, InputError
from assistant.grants.checks import Mistake, check_projects
from assistant.grants.facts import read_facts
from assistant.grants.loader import read_grants
from assistant.grants.outcomes import evaluate_all, settle
from assistant.grants.problems import Problem
from assistant.grants.rules import Grant, RawFacts
from assistant.grants.vocabulary import FactValue, complete_facts
from assistant.grants.yamlfile import YamlFile
from assistant.knowledge.sources import load_sources


def lint_grants(directory: Path, sources: Mapping[str, Source] | None) -> list[Problem]:
    """Every mistake of the grant files in ``directory``, sorted by file; examples are run.

    ``facts.yaml`` is looked for beside the directory. Without sources their ids are not checked.
    """
    grants, problems = read_grants(directory, sources, directory.parent / "facts.yaml")
    broken = {problem.file for problem in problems}
    for grant in grants:
        if f"grants/{grant.id}.yaml" in broken:
            continue  # examples of a broken file would only tell its mistakes again
        file = YamlFile(directory / f"{grant.id}.yaml", f"grants/{grant.id}.yaml")
        problems += [file.problem(*item) for item in (*check_projects(grant), *check_examples(grant))]
    return sorted(set(problems), key=lambda p: (p.file, p.line or 0, p.key, p.what))


def check_examples(grant: Grant) -> Iterator[Mistake]:
    """Run the examples of every rule and every whole project; say where the outcome differs."""
    for i, rule in enumerate(grant.rules):
        for j, example in enumerate(rule.examples):
            key = f"rules[{i}].examples[{j}]"
            facts = yield from _read(key, example.facts, grant)
            if facts is None:
                continue
            result = evaluate_all(grant, facts)[rule.id]
            if result.outcome is not example.outcome:
                yield (
                    key,
                    f"規則「{rule.id}」は {example.outcome} のはずが {result.outcome} です",
                    _lacking(result.missing),
                )
            elif lost := set(example.missing) - set(result.missing):
                yield key, f"足りない事実に {'、'.join(sorted(lost))} がありません", _lacking(result.missing)
    for i, project in enumerate(grant.examples):
        key = f"examples[{i}]"
        facts = yield from _read(key, project.facts, grant)
        if facts is None:
            continue
        results = evaluate_all(grant, facts)
        outcome = settle(results.values())
        if outcome is not project.outcome:
            decisive = [
                f"{rule_id}={r.outcome}"
                for rule_id, r in results.items()
                if r.outcome in ("not_met", "unknown")
            ]
            why = f"決め手: {'、'.join(decisive)}" if decisive else "未確定の規則はありません"
            yield key, f"「{project.name}」は {project.outcome} のはずが {outcome} です", why
        for rule_id, wanted in project.findings.items():
            if rule_id in results and results[rule_id].outcome is not wanted:
                yield f"{key}.findings.{rule_id}", f"{wanted} のはずが {results[rule_id].outcome} です", ""
        missing = {name for result in results.values() for name in result.missing}
        if lost := set(project.missing) - missing:
            yield (
                f"{key}.missing",
                f"足りない事実に {'、'.join(sorted(lost))} がありません",
                _lacking(tuple(missing)),
            )


def _read(key: str, raw: RawFacts, grant: Grant) -> Generator[Mistake, None, dict[str, FactValue] | None]:
    try:
        return complete_facts(read_facts(raw, grant.vocabulary), grant.vocabulary)
    except InputError as error:
        yield f"{key}.facts", error.what + error.why, error.remedy
        return None


def _lacking(missing: Sequence[str]) -> str:
    return f"足りない事実: {'、'.join(missing)}" if missing else ""


def main(arguments: Sequence[str]) -> int:
    """Check the files of a directory (``corpus/grants`` unless told) and write what is wrong to stdout."""
    directory = Path(arguments[0]) if arguments else Path("corpus/grants")
    sources: dict[str, Source] | None = None
    try:
        sources = load_sources(directory.parent / "sources.yaml")
    except (AssistantError, OSError) as error:
        sys.stdout.write(f"sources.yaml を読めないため、出典の確認を省きます。\n{error}\n")
    wanted = set(arguments[1:])
    problems = [p for p in lint_grants(directory, sources) if not wanted or Path(p.file).stem in wanted]
    sys.stdout.writelines(f"{problem}\n" for problem in problems)
    count = len(list(directory.glob("*.yaml")))
    sys.stdout.write(f"{count}ファイルを確かめ、{len(problems)}件の誤りが見つかりました。\n")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
