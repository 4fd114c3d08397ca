"""The app for tests: an index and a home of its own, in this process (AppTest) or as a real server."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st
from playwright.sync_api import Browser, sync_playwright
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen import canvas

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def app_environment(settings, tmp_path, monkeypatch):
    monkeypatch.setenv("ASSISTANT_INDEX", str(settings.index))
    monkeypatch.setenv("ASSISTANT_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("ASSISTANT_TODAY", str(settings.today))
    monkeypatch.delenv("ASSISTANT_MODEL", raising=False)
    st.cache_resource.clear()
    yield tmp_path / "home"
    st.cache_resource.clear()


def make_pdf(path: Path, pages: list[list[str]]) -> Path:
    pdfmetrics.registerFont(UnicodeCIDFont("HeiseiKakuGo-W5"))
    drawing = canvas.Canvas(str(path))
    for lines in pages:
        drawing.setFont("HeiseiKakuGo-W5", 14)
        for number, line in enumerate(lines):
            drawing.drawString(60, 760 - number * 40, line)
        drawing.showPage()
    drawing.save()
    return path


@pytest.fixture(scope="session")
def strategy_pdf(tmp_path_factory) -> Path:
    return make_pdf(
        tmp_path_factory.mktemp("pdf") / "総合戦略.pdf",
        [
            ["あさひ町総合戦略（令和7年度〜令和11年度）", "第1章 基本的な考え方", "本町の人口は8,200人である。"],
            [
                "第2章 基本目標",
                "基本目標1 買物に困らない町をつくる",
                "移動販売車の利用者数を、令和6年度の120人から令和11年度に300人に増やす。",
            ],
        ],
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def server(settings, tmp_path_factory) -> Iterator[str]:
    """The real server, as `assistant serve` starts it."""
    port = free_port()
    home = tmp_path_factory.mktemp("served")
    environment = {
        **os.environ,
        "ASSISTANT_INDEX": str(settings.index),
        "ASSISTANT_HOME": str(home),
        "ASSISTANT_TODAY": str(settings.today),
        "PYTHONUTF8": "1",
    }
    environment.pop("ASSISTANT_MODEL", None)
    log = (home / "log.txt").open("w")
    process = subprocess.Popen(
        [sys.executable, "-m", "assistant", "serve", "--no-browser", "--port", str(port)],
        cwd=ROOT, env=environment, stdout=log, stderr=log,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(240):
            if process.poll() is not None:
                raise AssertionError((home / "log.txt").read_text())
            try:
                with urllib.request.urlopen(url, timeout=1):
                    break
            except OSError:
                time.sleep(0.25)
        else:
            raise AssertionError("the server did not come up: " + (home / "log.txt").read_text())
        yield url
    finally:
        process.terminate()
        process.wait(timeout=20)
        log.close()


@pytest.fixture(scope="module")  # while the driver lives no other event loop may run in this thread
def chromium() -> Iterator[Browser]:
    """The system's browser, asking nothing of the network."""
    path = shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        pytest.skip("no chromium on this machine")
    quiet = ("--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-gpu", "--disable-sync", *quiet]
        )
        yield browser
        browser.close()
