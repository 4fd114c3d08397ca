"""The log of events: append-only, chained, safe under many writers and kills."""

import json
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from assistant.errors import StorageFailed
from assistant.records import Records

ROOT = Path(__file__).resolve().parents[2]


def test_events_are_read_back_by_kind_and_session_oldest_first(tmp_path):
    records = Records(tmp_path / "r.sqlite")
    for number in range(3):
        records.append("answer", {"n": number}, session="a")
    records.append("answer", {"n": 9}, session="b")
    records.append("feedback", {"good": True}, session="a")
    assert [row["n"] for row in records.read("answer")] == [0, 1, 2, 9]
    assert [row["n"] for row in records.read("answer", session="a", limit=2)] == [1, 2]
    assert records.read("feedback")[0]["good"] is True


def test_twenty_writers_lose_nothing(tmp_path):
    path = tmp_path / "r.sqlite"
    Records(path)
    with ThreadPoolExecutor(20) as pool:
        list(pool.map(lambda n: Records(path).append("x", {"n": n}), range(100)))
    records = Records(path)
    assert sorted(row["n"] for row in records.read("x")) == list(range(100))
    assert records.verify() is None


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE events SET body = '{\"n\": 99}' WHERE id = 2",
        "UPDATE events SET at = '2000-01-01' WHERE id = 2",
        "DELETE FROM events WHERE id = 2",
        "UPDATE events SET id = 100 WHERE id = 1",
    ],
)
def test_a_changed_chain_is_found(tmp_path, change):
    records = Records(tmp_path / "r.sqlite")
    for number in range(4):
        records.append("x", {"n": number})
    assert records.verify() is None
    connection = sqlite3.connect(tmp_path / "r.sqlite")
    connection.execute(change)
    connection.commit()
    connection.close()
    assert records.verify() is not None


def test_what_was_acknowledged_survives_a_kill(tmp_path):
    script = (
        "import sys, itertools; from pathlib import Path; from assistant.records import Records\n"
        "r = Records(Path(sys.argv[1]))\n"
        "for n in itertools.count():\n"
        "    r.append('x', {'n': n}); sys.stdout.write(f'{n}\\n'); sys.stdout.flush()\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path / "r.sqlite")], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    acknowledged = [int(process.stdout.readline()) for _ in range(30)]
    process.kill()
    acknowledged += [int(line) for line in process.stdout.read().split() if line]
    process.wait()
    process.stdout.close()
    records = Records(tmp_path / "r.sqlite")
    kept = [row["n"] for row in records.read("x", limit=100_000)]
    assert set(acknowledged) <= set(kept) and kept == list(range(len(kept)))
    assert records.verify() is None


def test_a_place_that_cannot_be_written_is_told_in_japanese(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(StorageFailed) as told:
        Records(tmp_path / "file" / "r.sqlite")
    assert "保存できません" in str(told.value) and "ASSISTANT_HOME" in str(told.value)


def test_bodies_keep_japanese_and_structure(tmp_path):
    records = Records(tmp_path / "r.sqlite")
    body = {"question": "上限は？", "claims": [{"n": 1}]}
    records.append("answer", body)
    row = records.read("answer")[0]
    assert {k: row[k] for k in body} == json.loads(json.dumps(body))
