"""Pages in a real browser: quiet, on their own, open to everyone, and free of foreign markup."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from importlib import resources
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.select import Select

from grader.records import Part, Run, Student
from grader.report.images import Album
from grader.report.writing import write_pages
from tests.report.browsing import OPEN_ALL, chromium, show

pytestmark = pytest.mark.slow

INJECTED = '"><img src=x onerror=alert(1)><script>alert(2)</script>'
# What axe-core finds, in few words: the rule, and the first elements that break it. Of what stands
# there many times over it sees the first few: it looks long at each element.
VIOLATIONS = """
const done = arguments[arguments.length - 1];
const exclude = ["tbody tr:nth-child(n+5)", ".confusion td:nth-child(n+4)", "li:nth-child(n+4)"];
axe.run({exclude}, {resultTypes: ["violations"]}).then(({violations}) => done(violations.map(
  ({id, nodes}) => [id, ...nodes.slice(0, 3).map(({html, failureSummary}) => html + failureSummary)]
)));
"""

ALIKE = ("ada_perfect", "cleo_stubs")  # have nothing that the others have not


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    """One browser for all tests of this file."""
    with chromium(tmp_path_factory.mktemp("chromium")) as session:
        yield session


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


def violations(browser: webdriver.Chrome) -> list[list[str]]:
    """What axe-core finds on the page that is open; see VIOLATIONS."""
    axe = resources.files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
    browser.execute_script(axe)
    found: list[list[str]] = browser.execute_async_script(VIOLATIONS)
    return found


def show_all(browser: webdriver.Chrome, page: Path, width: int, scheme: str) -> None:
    """Open a page with everything that is folded open."""
    show(browser, page, width, scheme)
    browser.execute_script(OPEN_ALL)


# Colours are the same at any width, and so is the width in any colours.
@pytest.mark.parametrize(
    ("width", "scheme"),
    [
        (360, "light"),
        (1280, "dark"),
        pytest.param(360, "dark", marks=pytest.mark.nightly),
        pytest.param(1280, "light", marks=pytest.mark.nightly),
    ],
)
def test_pages_are_quiet_alone_within_the_screen_and_open_to_everyone(
    browser: webdriver.Chrome, folder: Path, width: int, scheme: str
) -> None:
    """No message in the console, no request, no sideways scrolling, nothing that axe-core finds."""
    pages = sorted(folder.rglob("*.html"))
    for page in pages:
        log_of(browser, "browser")
        log_of(browser, "performance")

        show_all(browser, page, width, scheme)

        # chrome: addresses are the browser's own start page, which no page of ours can ask for
        asked = {url for url in requests_of(browser) if not url.startswith(("data:", "chrome:"))}
        assert asked == {page.as_uri()}
        assert log_of(browser, "browser") == []
        assert browser.execute_script("return document.documentElement.scrollWidth") <= width
        if page.parent.name not in ALIKE:
            found = violations(browser)
            assert not found, f"{page.relative_to(folder)}: {json.dumps(found, indent=1)}"
    assert len(pages) == 5


def test_injected_markup_is_text(browser: webdriver.Chrome, folder: Path) -> None:
    """Nothing injected becomes an element; a reader sees it as it was written."""
    show_all(browser, folder / "students" / "dev_looping" / "index.html", 1280, "light")

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

    show_all(browser, page, 1280, "light")

    assert browser.title == "Class · 8 faces"


def test_the_class_page_leads_to_every_student(browser: webdriver.Chrome, folder: Path) -> None:
    """Following each link of the table opens that student's page."""
    show_all(browser, folder / "index.html", 1280, "light")
    links = browser.find_elements(By.CSS_SELECTOR, ".students a")
    expected = {link.get_attribute("href"): link.text for link in links}

    opened = {}
    for address in expected:
        assert address is not None
        browser.get(address)
        opened[address] = browser.find_element(By.TAG_NAME, "h1").text

    assert expected == opened


def shown(browser: webdriver.Chrome) -> list[str]:
    """The names that the table of students shows, from above."""
    links = browser.find_elements(By.CSS_SELECTOR, ".students tbody a")
    return [link.text for link in links if link.is_displayed()]


def test_the_table_is_sorted_from_the_keyboard(browser: webdriver.Chrome, folder: Path) -> None:
    """Enter on a head sorts by it, most points first, and once more turns it around."""
    show_all(browser, folder / "index.html", 1280, "light")
    points = browser.find_element(By.CSS_SELECTOR, ".students th:nth-child(2)")
    button = points.find_element(By.TAG_NAME, "button")

    orders = []
    for _ in range(2):
        button.send_keys(Keys.ENTER)
        orders.append((points.get_attribute("aria-sort"), shown(browser)))

    expected = ["Ada Perfect", "Bo Unpadded", INJECTED, "Cleo Stubs"]
    assert orders == [("ascending", expected), ("descending", expected[::-1])]


def test_the_table_is_filtered_by_name_outcome_and_hint(
    browser: webdriver.Chrome, folder: Path
) -> None:
    """Filters add up, and how many are left is told."""
    show_all(browser, folder / "index.html", 1280, "light")
    Select(browser.find_element(By.ID, "hint")).select_by_value("padding")
    with_hint = shown(browser)
    Select(browser.find_element(By.ID, "outcome")).select_by_visible_text("out of time")
    with_both = shown(browser)
    told = browser.find_element(By.ID, "shown").text
    browser.find_element(By.ID, "find").send_keys("nobody")

    assert with_hint == [INJECTED, "Bo Unpadded"]
    assert with_both == [INJECTED]
    assert told == "1 of 4 shown"
    assert shown(browser) == []


def test_without_a_script_there_is_the_whole_table(browser: webdriver.Chrome, folder: Path) -> None:
    """Every student is in sight, and no control that would do nothing."""
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        show(browser, folder / "index.html", 1280, "light")

        assert len(shown(browser)) == 4
        assert not browser.find_element(By.ID, "find").is_displayed()
        assert browser.find_elements(By.CSS_SELECTOR, ".students button") == []
    finally:
        browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
