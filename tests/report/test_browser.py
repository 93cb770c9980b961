"""Pages in a real browser: quiet, on their own, within the screen, and free of foreign markup."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By

from grader.records import Part, Run, Student
from grader.report.images import Album
from grader.report.writing import write_pages

pytestmark = pytest.mark.slow

INJECTED = '"><img src=x onerror=alert(1)><script>alert(2)</script>'
FLAGS = (
    "--headless",
    "--no-sandbox",  # tests run as root in containers
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    """Debian's Chromium without a window, recording its console and its requests."""
    chromium, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if chromium is None or driver is None:
        reason = "no Chromium here: apt-get install -y chromium chromium-driver"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('chromium')}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    session = webdriver.Chrome(options=options, service=Service(driver))
    yield session
    session.quit()


@pytest.fixture
def folder(whole_run: Run, parts: Mapping[str, Part], album: Album, tmp_path: Path) -> Path:
    """A class whose last student has markup in every text field that the student can fill."""
    last = whole_run.grades[-1]
    hostile = replace(
        last,
        student=Student(INJECTED),
        notices=(INJECTED,),
        parts=tuple(replace(p, answer=INJECTED, output=INJECTED) for p in last.parts),
    )
    run = replace(whole_run, grades=(*whole_run.grades[:-1], hostile))
    write_pages(run, tmp_path, parts, album)
    return tmp_path


def log_of(browser: webdriver.Chrome, name: str) -> list[dict[str, str]]:
    """What the browser has written into one of its logs since the last call."""
    # selenium 4 leaves get_log without types
    entries: list[dict[str, str]] = browser.get_log(name)  # type: ignore[no-untyped-call]
    return entries


def requests_of(browser: webdriver.Chrome) -> list[str]:
    """The addresses that the browser asked for since the last call."""
    events = [json.loads(entry["message"])["message"] for entry in log_of(browser, "performance")]
    return [
        event["params"]["request"]["url"]
        for event in events
        if event["method"] == "Network.requestWillBeSent"
    ]


def show(browser: webdriver.Chrome, page: Path, width: int, scheme: str) -> None:
    """Open a page on a screen of this width, light or dark, with everything folded open."""
    size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
    browser.get(page.as_uri())
    for summary in browser.find_elements(By.TAG_NAME, "summary"):
        summary.click()


@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (390, "dark"), (1280, "light")])
def test_pages_are_quiet_alone_and_within_the_screen(
    browser: webdriver.Chrome, folder: Path, width: int, scheme: str
) -> None:
    """No message in the console, no request but for the page itself, no sideways scrolling."""
    pages = sorted(folder.rglob("*.html"))
    for page in pages:
        log_of(browser, "browser")
        log_of(browser, "performance")

        show(browser, page, width, scheme)

        # chrome: addresses are the browser's own start page, which no page of ours can ask for
        asked = {url for url in requests_of(browser) if not url.startswith(("data:", "chrome:"))}
        assert asked == {page.as_uri()}
        assert log_of(browser, "browser") == []
        assert browser.execute_script("return document.documentElement.scrollWidth") <= width
    assert len(pages) == 5


def test_injected_markup_is_text(browser: webdriver.Chrome, folder: Path) -> None:
    """Nothing injected becomes an element; a reader sees it as it was written."""
    show(browser, folder / "students" / "dev_looping" / "index.html", 1280, "light")

    assert browser.find_elements(By.CSS_SELECTOR, "script, img[src='x']") == []
    heading = browser.find_element(By.TAG_NAME, "h1").text
    assert heading == INJECTED


def test_the_policy_stops_a_script_even_if_one_got_in(
    browser: webdriver.Chrome, folder: Path
) -> None:
    """The page's own policy is in force: an inline script put into the file does not run."""
    page = folder / "index.html"
    script = "<script>document.title = 'taken over'</script></body>"
    page.write_text(page.read_text("utf-8").replace("</body>", script), "utf-8")

    show(browser, page, 1280, "light")

    assert browser.title == "Class · 8 faces"


def test_the_class_page_leads_to_every_student(browser: webdriver.Chrome, folder: Path) -> None:
    """Following each link of the table opens that student's page."""
    show(browser, folder / "index.html", 1280, "light")
    links = browser.find_elements(By.CSS_SELECTOR, ".students a")
    expected = {link.get_attribute("href"): link.text for link in links}

    opened = {}
    for address in expected:
        assert address is not None
        browser.get(address)
        opened[address] = browser.find_element(By.TAG_NAME, "h1").text

    assert expected == opened
