"""How long an answer takes: cold (a new process, warm disk) and warm (in the process), step by step.

    python benchmarks/latency.py            # prints a Markdown table
    python benchmarks/latency.py --runs 9

The peer in the same run is the cheapest thing a Python tool could do: start the interpreter and
import pydantic and numpy.  Questions are fixed; the corpus is the repository's own.
"""

from __future__ import annotations

import argparse
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from assistant.ingest import ingest
from assistant.service import Assistant
from assistant.settings import Settings

QUESTIONS = (
    "第2世代交付金の市町村の国費上限と補助率は？",
    "地域未来交付金で申請書作成のコンサル費は使えますか？",
    "移住支援金の世帯加算はいくらですか？",
    "地域おこし協力隊の任期は何年までですか？",
    "企業版ふるさと納税で本社のある自治体に寄附できますか？",
    "買物支援に取り組んでいる小さな町の事例は？",
    "地方創生2.0基本構想の5本柱は？",
    "過疎債の充当率は？",
    "関係人口の目標は？",
    "明日の天気は？",
)


def run_process(command: list[str], environment: dict[str, str]) -> tuple[float, float]:
    """Wall seconds and peak MB of one process."""
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = status
    return time.perf_counter() - started, usage.ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=7, help="cold processes of each kind")
    parser.add_argument("--rounds", type=int, default=20, help="warm rounds over the questions")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(index=Path(folder) / "index")
        ingest(settings)
        environment = {**os.environ, "ASSISTANT_INDEX": str(settings.index)}
        ours = [sys.executable, "-m", "assistant", "ask", QUESTIONS[0], "--fiscal-year", "2025", "--json"]
        peer = [sys.executable, "-c", "import pydantic, numpy"]
        cold, bare = [], []
        for number in range(options.runs + 1):  # the first of each warms the disk
            a, b = run_process(ours, environment), run_process(peer, environment)
            if number:
                cold.append(a)
                bare.append(b)
        assistant = Assistant.open(settings)
        for question in QUESTIONS:
            assistant.ask(question)
        totals: list[float] = []
        steps: dict[str, list[float]] = {}
        for _ in range(options.rounds):
            for question in QUESTIONS:
                started = time.perf_counter()
                answer = assistant.ask(question)
                totals.append((time.perf_counter() - started) * 1000)
                for step, milliseconds in answer.trace.durations_ms.items():
                    steps.setdefault(step, []).append(milliseconds)
        passages = len(assistant.index)
    seconds = statistics.median(s for s, _ in cold)
    bare_seconds = statistics.median(s for s, _ in bare)
    totals.sort()
    print(f"{platform.machine()}, Python {platform.python_version()}, {passages:,} passages\n")
    print("| what | figure |\n|---|---|")
    print(f"| cold `assistant ask`, median of {options.runs} | {seconds:.2f} s (max {max(s for s, _ in cold):.2f} s) |")
    print(f"| … peak memory | {max(m for _, m in cold):.0f} MB |")
    print(f"| … against a process that imports pydantic and numpy ({bare_seconds:.2f} s) | ×{seconds / bare_seconds:.1f} |")
    print(f"| warm answer, p50 of {len(totals)} | {totals[len(totals) // 2]:.1f} ms |")
    print(f"| warm answer, p95 | {totals[int(len(totals) * 0.95)]:.1f} ms |")
    whole = sum(sum(values) for values in steps.values())
    for step, values in steps.items():
        print(f"| share of {step} | {100 * sum(values) / whole:.0f} % (mean {statistics.mean(values):.1f} ms) |")
    print(f"| peak memory of this process | {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB |")


if __name__ == "__main__":
    main()
