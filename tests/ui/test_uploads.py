"""How long uploads stay: while their session is here, then as long as the setting says."""

import asyncio
import os
import time
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from assistant.settings import Settings
from assistant.ui.server import alive
from assistant.ui.uploads import Stay, how_long, keep, keep_removing, remove_old

ROOT = Path(__file__).resolve().parents[2]
DAY = 86_400


@pytest.fixture
def home(tmp_path):
    return lambda days=30.0: Settings(home=tmp_path, upload_days=days)


def brought(settings: Settings, session: str, days_ago: float) -> Path:
    path = keep(settings, session, "計画.pdf", b"%PDF-1.7")
    then = time.time() - days_ago * DAY
    os.utime(path, (then, then))
    os.utime(path.parent, (then, then))
    return path


def test_what_is_older_than_the_setting_goes_and_what_is_younger_stays(home):
    settings = home(2)
    old, young = brought(settings, "a", 2.1), brought(settings, "b", 1.9)
    assert remove_old(settings) == 1
    assert not old.parent.exists() and young.is_file()


def test_the_newest_file_of_a_session_gives_its_age(home):
    settings = home(2)
    brought(settings, "a", 9)
    keep(settings, "a", "別の計画.pdf", b"%PDF-1.7 new")
    os.utime(settings.home / "uploads" / "a", (0, 0))
    assert remove_old(settings) == 0


def test_nothing_of_a_session_that_is_here_goes(home):
    settings = home(0)
    path = brought(settings, "here", 400)
    stay = Stay(settings, "here")
    assert remove_old(settings, Stay.here()) == 0 and path.is_file()
    stay.end()
    assert remove_old(settings, Stay.here()) == 0, "a page that lost its connection may come back"
    os.utime(path.parent, (0, 0))
    assert remove_old(settings, Stay.here()) == 1 and not path.exists()


def test_hours_may_be_set(home):
    settings = home(0.5)
    old, young = brought(settings, "a", 0.6), brought(settings, "b", 0.4)
    assert (remove_old(settings), old.exists(), young.exists()) == (1, False, True)


@pytest.mark.parametrize(("days", "said"), [(30, "30日で"), (0.5, "12時間で"), (0, "画面を閉じてから15分以内に")])
def test_the_person_is_told(home, days, said):
    assert said in how_long(home(days))


def test_a_home_without_uploads_is_no_mistake(home):
    assert remove_old(home()) == 0


def test_old_uploads_go_again_and_again_while_the_app_runs(home):
    settings = home(1)

    async def run() -> list[bool]:
        removing = asyncio.create_task(keep_removing(settings, every_seconds=0))
        gone = []
        for session in ("a", "b"):
            path = brought(settings, session, 3)
            for _ in range(10_000):
                if not path.parent.exists():
                    break
                await asyncio.sleep(0.001)
            gone.append(not path.parent.exists())
        removing.cancel()
        return gone

    assert asyncio.run(run()) == [True, True]


def test_the_server_removes_them_from_its_start(home):
    settings = home(1)
    path = brought(settings, "a", 3)

    async def run() -> None:
        async with alive(settings, lambda: None):
            for _ in range(10_000):
                if not path.parent.exists():
                    return
                await asyncio.sleep(0.001)

    asyncio.run(run())
    assert not path.parent.exists()


def test_a_page_that_is_open_keeps_its_session_here(app_environment, strategy_pdf):
    app = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=60).run()
    assert not app.exception
    assert app.session_state["session"].id in Stay.here()
