"""The built site in Chromium, from a web server and straight from disk."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page

from site_axe import bring, start, violations
from site_pages import LANGUAGES, OTHER, SitePage

pytestmark = [pytest.mark.site, pytest.mark.browser]

CHAPTER = "networks/perceptron.html"
SECTION = "perceptron-convergence"
DARK = "html[data-theme='dark']"


class Watch:
    """A context whose messages, errors and requests are recorded."""

    def __init__(
        self, context: BrowserContext, root: str, *, javascript: bool
    ) -> None:
        self.context = context
        self.root = root
        self.javascript = javascript
        self.messages: list[str] = []
        self.elsewhere: list[str] = []
        self.failed: list[str] = []
        context.set_default_timeout(15_000)
        context.route("**/*", self._request)
        context.on("console", self._console)
        context.on(
            "weberror", lambda e: self.messages.append(f"exception: {e.error}")
        )
        context.on(
            "requestfailed",
            lambda r: self.failed.append(f"{r.url} {r.failure}"),
        )
        context.on("response", self._response)

    def _request(self, route: Any) -> None:
        url = route.request.url
        if url.startswith((f"{self.root}/", "data:", "blob:")):
            route.continue_()
        else:
            self.elsewhere.append(url)
            route.abort()

    def _console(self, message: Any) -> None:
        if message.type in {"error", "warning"}:
            self.messages.append(
                f"{message.type}: {message.text} ({message.location})"
            )

    def _response(self, response: Any) -> None:
        if response.status >= 400:
            self.failed.append(f"{response.url} {response.status}")

    def open(self, path: str) -> Page:
        page = self.context.new_page()
        page.goto(f"{self.root}/{path}")
        return page

    def check(self) -> None:
        """Assert that nothing went wrong and nothing was asked of another site."""
        assert self.elsewhere == []
        assert self.messages == []
        # Pages that are left break off what they were loading, and without
        # JavaScript the browser refuses scripts.
        expected = (
            ("net::ERR_ABORTED",)
            if self.javascript
            else (" csp", "ERR_ABORTED")
        )
        assert [f for f in self.failed if not f.endswith(expected)] == []


Opener = Callable[..., Watch]


@pytest.fixture(params=["http", "file"])
def root(request: pytest.FixtureRequest, site: Path) -> str:
    """Return where the site is: on a server, or on the disk."""
    if request.param == "file":
        return site.as_uri()
    server: str = request.getfixturevalue("address")
    return server


@pytest.fixture
def language(root: str) -> str:
    """Return the language to begin with: another one from disk, to save time."""
    return "en" if root.startswith("file:") else "ko"


@pytest.fixture
def watch(browser: Browser) -> Iterator[Opener]:
    """Return a function that makes a context; check all of them at the end."""
    made: list[Watch] = []

    def make(root: str, **options: Any) -> Watch:
        javascript = options.get("java_script_enabled", True)
        context = browser.new_context(**options)
        made.append(Watch(context, root, javascript=javascript))
        return made[-1]

    yield make
    for watched in made:
        watched.context.close()
    for watched in made:
        watched.check()


def place(page: Page, root: str) -> tuple[str, str]:
    """Return the page's path from the root, and its fragment."""
    url = urlsplit(page.url)
    return page.url.split("#")[0].removeprefix(f"{root}/"), url.fragment


def top(page: Page, element: str) -> float:
    """Return how far below the window's top an element is."""
    script = "id => document.getElementById(id).getBoundingClientRect().top"
    found: float = page.evaluate(script, element)
    return found


def scroll_to(page: Page, element: str) -> None:
    """Scroll as a reader does, and wait until the page stands still."""
    page.evaluate(
        "id => document.getElementById(id).scrollIntoView()", element
    )
    script = "id => Math.abs(document.getElementById(id).getBoundingClientRect().top)"
    page.wait_for_function(f"id => ({script})(id) < 150", arg=element)


def switch(page: Page) -> None:
    """Press the switch where it is: Playwright's click would scroll the page."""
    box = page.locator("a.language-switch:visible").first.bounding_box()
    assert box
    with page.expect_navigation():
        page.mouse.click(
            box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        )


# --- the way across -----------------------------------------------------------


def test_switch_keeps_page_and_section(
    watch: Opener, root: str, language: str
) -> None:
    page = watch(root).open(f"{language}/{CHAPTER}#{SECTION}")
    for code in (OTHER[language], language):
        switch(page)
        assert place(page, root) == (f"{code}/{CHAPTER}", SECTION)
        assert page.locator("html").get_attribute("lang") == code
        assert -50 <= top(page, SECTION) <= 300


def test_switch_keeps_what_was_scrolled_to(
    watch: Opener, root: str, language: str
) -> None:
    """The address names no section, or one that has been left."""
    page = watch(root).open(f"{language}/{CHAPTER}#perceptron-idea")
    scroll_to(page, SECTION)
    switch(page)
    assert place(page, root) == (f"{OTHER[language]}/{CHAPTER}", SECTION)

    page.goto(f"{root}/{language}/{CHAPTER}")
    scroll_to(page, SECTION)
    switch(page)
    assert place(page, root) == (f"{OTHER[language]}/{CHAPTER}", SECTION)


def test_switch_at_the_top_stays_at_the_top(watch: Opener, root: str) -> None:
    page = watch(root).open(f"ko/{CHAPTER}")
    switch(page)
    assert place(page, root) == (f"en/{CHAPTER}", "")
    assert page.evaluate("scrollY") == 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_switch_on_a_page_without_a_source(
    watch: Opener, address: str, language: str
) -> None:
    page = watch(address).open(f"{language}/genindex.html")
    switch(page)
    assert place(page, address) == (f"{OTHER[language]}/genindex.html", "")


@pytest.mark.parametrize(
    ("locale", "language"),
    [("ko-KR", "ko"), ("ko", "ko"), ("en-GB", "en"), ("fr-FR", "en")],
)
def test_entry_by_the_browsers_language(
    watch: Opener, root: str, locale: str, language: str
) -> None:
    page = watch(root, locale=locale).context.new_page()
    page.goto(f"{root}/index.html")
    page.wait_for_url(f"{root}/{language}/index.html")


def test_entry_remembers_the_choice(watch: Opener, address: str) -> None:
    watched = watch(address, locale="ko-KR")
    page = watched.open(f"ko/{CHAPTER}")
    switch(page)
    page.goto(f"{address}/")
    page.wait_for_url(f"{address}/en/index.html")


def test_entry_without_javascript(watch: Opener, root: str) -> None:
    watched = watch(root, java_script_enabled=False)
    for language in LANGUAGES:
        page = watched.open("index.html")
        with page.expect_navigation():
            page.locator(f"main a[hreflang={language}]").click()
        assert place(page, root) == (f"{language}/index.html", "")


# --- the page -----------------------------------------------------------------


def is_drawn(page: Page, selector: str) -> bool:
    """Return whether every element has a size, and every image has been loaded."""
    script = """elements => elements.length > 0 && elements.every(e => {
      const { width, height } = e.getBoundingClientRect();
      return width > 0 && height > 0 && (e.tagName !== "IMG" || e.naturalWidth > 0);
    })"""
    page.locator(selector).first.scroll_into_view_if_needed()
    result: bool = page.locator(selector).evaluate_all(script)
    return result


MATHS = "article > section > section > p math"
FIGURES = "article figure img, article figure svg"


def test_formulas_and_figures_show(
    watch: Opener, root: str, language: str
) -> None:
    page = watch(root).open(f"{language}/{CHAPTER}")
    page.wait_for_load_state("load")
    assert is_drawn(page, MATHS)
    assert is_drawn(page, "article math[display=block]")
    assert is_drawn(page, FIGURES)
    loaded = page.evaluate(
        "async () => { await document.fonts.ready;"
        " return [...document.fonts].filter(f => f.status === 'loaded')"
        " .map(f => f.family) }"
    )
    assert any("Math" in family for family in loaded), loaded


def test_the_reader_goes_on_to_the_next_page(watch: Opener, root: str) -> None:
    page = watch(root).open(f"ko/{CHAPTER}")
    with page.expect_navigation():
        page.locator("a.right-next").click()
    assert place(page, root) == ("ko/networks/mlp.html", "")
    with page.expect_navigation():
        page.locator("a.left-prev").click()
    assert place(page, root) == (f"ko/{CHAPTER}", "")


def background(page: Page) -> list[int]:
    script = """() => getComputedStyle(document.body).backgroundColor
      .match(/\\d+/g).slice(0, 3).map(Number)"""
    found: list[int] = page.evaluate(script)
    return found


def test_dark_mode(watch: Opener, root: str) -> None:
    page = watch(root, color_scheme="light").open(f"ko/{CHAPTER}")
    assert min(background(page)) > 200
    page.locator("button.theme-switch-button:visible").first.click()
    page.locator(
        "button.theme-change-button[data-mode=dark]:visible"
    ).first.click()
    page.locator(DARK).wait_for(state="attached")
    assert max(background(page)) < 60
    # The choice stays on the next page, and in the other language.
    switch(page)
    assert page.locator(DARK).count() == 1


def test_the_systems_dark_mode(watch: Opener, root: str) -> None:
    page = watch(root, color_scheme="dark").open(f"en/{CHAPTER}")
    assert page.locator(DARK).count() == 1
    assert max(background(page)) < 60


def test_without_javascript(watch: Opener, root: str, language: str) -> None:
    watched = watch(root, java_script_enabled=False)
    page = watched.open(f"{language}/{CHAPTER}")
    # Scripts cannot be asked here; boxes can.
    for selector in ("article h1", "article figure img, article figure svg"):
        assert page.locator(selector).first.is_visible()
    formula = page.locator("article math[display=block]").first.bounding_box()
    assert formula
    assert formula["width"] > 50
    assert formula["height"] > 10
    assert page.locator("article").inner_text().count("\n") > 100
    switch(page)
    assert place(page, root) == (f"{OTHER[language]}/{CHAPTER}", "")


@pytest.mark.parametrize("javascript", [True, False])
def test_a_solution_opens_by_keyboard(
    watch: Opener, address: str, javascript: bool
) -> None:
    page = watch(address, java_script_enabled=javascript).open(f"ko/{CHAPTER}")
    details = page.locator("article details.solution").first
    inside = details.locator(":scope > :not(summary)").first
    assert details.count() == 1, "solutions are not native <details>"
    assert not inside.is_visible()
    details.locator("summary").first.focus()
    page.keyboard.press("Enter")
    inside.wait_for(state="visible")
    page.keyboard.press("Enter")
    inside.wait_for(state="hidden")


@pytest.mark.parametrize(
    ("language", "query"), [("ko", "가중치"), ("en", "weights")]
)
def test_search(watch: Opener, root: str, language: str, query: str) -> None:
    page = watch(root).open(f"{language}/search.html?q={query}")
    page.locator("#search-results li a").first.wait_for()
    links = page.locator("#search-results li a").evaluate_all(
        "links => links.map(a => a.getAttribute('href'))"
    )
    assert any("networks/perceptron.html" in link for link in links), links


# --- definitions of terms ---------------------------------------------------------

# Those of the page: a definition has links, too.
TERM = "article a:not(#definition a):has(> .std-term)"
DEFINITION = "#definition"


def term(page: Page, key: str) -> Locator:
    """Return a page's first link to a term."""
    return page.locator(f"{TERM}[href$='#term-{key}']").first


def is_shown(page: Page, text: str) -> None:
    """Assert that the definition with `text` shows, inside of the window."""
    box = page.locator(DEFINITION)
    box.wait_for(state="visible")
    assert text in box.inner_text()
    x, width, window = box.evaluate(
        "e => [e.getBoundingClientRect().left, e.offsetWidth, innerWidth]"
    )
    assert 0 <= x <= x + width <= window


def test_a_definition_on_hover(
    watch: Opener, root: str, language: str
) -> None:
    """It stays while the pointer is on it, goes by Escape, and comes again."""
    page = watch(root).open(f"{language}/{CHAPTER}")
    link, box = term(page, "layer"), page.locator(DEFINITION)
    texts = {"ko": "층", "en": "layer"}
    link.hover()
    is_shown(page, texts[language])
    assert link.get_attribute("aria-describedby") == "definition"
    box.hover()
    page.wait_for_timeout(500)
    is_shown(page, texts[OTHER[language]])
    page.keyboard.press("Escape")
    box.wait_for(state="detached")
    assert link.get_attribute("aria-describedby") is None
    link.hover()
    is_shown(page, texts[language])
    page.locator("article h1").hover()
    box.wait_for(state="detached")


def test_a_pointer_that_passes_shows_nothing(
    watch: Opener, address: str
) -> None:
    page = watch(address).open(f"en/{CHAPTER}")
    term(page, "layer").hover()
    page.locator("article h2").first.hover()
    page.wait_for_timeout(400)
    assert page.locator(DEFINITION).count() == 0


def test_a_definition_by_keyboard(
    watch: Opener, root: str, language: str
) -> None:
    """Tab goes from the term into its definition; Escape leads back."""
    page = watch(root).open(f"{language}/{CHAPTER}")
    link, box = term(page, "layer"), page.locator(DEFINITION)
    # As with the Tab key, which would be pressed a hundred times.
    page.keyboard.press("Tab")
    link.focus()
    is_shown(page, "층")
    page.keyboard.press("Tab")
    assert box.locator(":focus").count() == 1
    page.wait_for_timeout(500)
    is_shown(page, "층")
    page.keyboard.press("Escape")
    box.wait_for(state="detached")
    assert link.evaluate("e => e === document.activeElement")
    page.wait_for_timeout(400)
    assert box.count() == 0
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    is_shown(page, "층")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert place(page, root) == (
        f"{language}/reference/glossary.html",
        "term-layer",
    )


def test_leaving_a_term_by_keyboard_hides_its_definition(
    watch: Opener, address: str
) -> None:
    page = watch(address).open(f"en/{CHAPTER}")
    page.keyboard.press("Tab")
    term(page, "layer").focus()
    is_shown(page, "layer")
    page.keyboard.press("Shift+Tab")
    page.locator(DEFINITION).wait_for(state="detached")


def test_a_definition_by_touch(watch: Opener, root: str) -> None:
    """The first tap shows, one elsewhere hides, a second one follows the link."""
    watched = watch(
        root,
        viewport={"width": 390, "height": 844},
        has_touch=True,
        is_mobile=True,
    )
    page = watched.open(f"ko/{CHAPTER}")
    box = page.locator(DEFINITION)
    for link in page.locator(TERM).all():
        link.tap()
        box.wait_for(state="visible")
        assert link.get_attribute("aria-describedby") == "definition"
        is_shown(page, box.locator(".definition-more a").inner_text())
        # It may lie over the next term.
        page.keyboard.press("Escape")
    assert place(page, root) == (f"ko/{CHAPTER}", "")
    page.locator("article h2").last.tap()
    box.wait_for(state="detached")
    link = term(page, "layer")
    link.tap()
    is_shown(page, "층")
    with page.expect_navigation():
        link.tap()
    assert place(page, root)[1] == "term-layer"
    page.go_back()
    term(page, "layer").tap()
    with page.expect_navigation():
        box.locator(".definition-more a").tap()
    assert place(page, root)[1] == "term-layer"


@pytest.mark.parametrize("javascript", [True, False])
def test_a_term_leads_to_the_glossary(
    watch: Opener, root: str, language: str, javascript: bool
) -> None:
    watched = watch(root, java_script_enabled=javascript)
    page = watched.open(f"{language}/{CHAPTER}")
    assert page.locator(DEFINITION).count() == 0
    assert page.locator("template").first.is_hidden()
    with page.expect_navigation():
        term(page, "layer").click()
    path, entry = place(page, root)
    assert (path, entry) == (
        f"{language}/reference/glossary.html",
        "term-layer",
    )
    assert page.locator(f"#{entry}").is_visible()
    # The other language has the same entry under the same address.
    if javascript:
        switch(page)
        assert place(page, root) == (
            f"{OTHER[language]}/reference/glossary.html",
            entry,
        )
        assert -50 <= top(page, entry) <= 300


def test_switch_keeps_the_term_that_was_scrolled_to(
    watch: Opener, address: str
) -> None:
    page = watch(address).open("ko/reference/glossary.html")
    scroll_to(page, "term-feature-map")
    switch(page)
    path, entry = place(page, address)
    assert path == "en/reference/glossary.html"
    # What reaches the upper third: the term itself, or one or two below it.
    assert entry.startswith("term-")
    assert -50 <= top(page, entry) <= 300


@pytest.mark.parametrize("media", ["screen", "print"])
def test_definitions_are_not_printed(
    watch: Opener, address: str, media: Literal["screen", "print"]
) -> None:
    page = watch(address).open(f"en/{CHAPTER}")
    term(page, "layer").hover()
    is_shown(page, "layer")
    page.emulate_media(media=media)
    assert page.locator(DEFINITION).is_visible() == (media == "screen")


def test_an_excerpt_is_prose_around_the_words(
    watch: Opener, address: str
) -> None:
    page = watch(address).open("ko/search.html?q=경사하강법으로")
    excerpt = page.locator("#search-results li p.context").first
    excerpt.wait_for()
    text = excerpt.inner_text()
    assert "경사 하강법" in text
    assert "import" not in text
    assert excerpt.locator(".highlighted").all_inner_texts()[0] == "경사"


@pytest.mark.parametrize("language", LANGUAGES)
def test_only_the_search_page_loads_the_index(
    watch: Opener, address: str, language: str
) -> None:
    watched = watch(address)
    asked: list[str] = []
    watched.context.on("request", lambda request: asked.append(request.url))
    watched.open(f"{language}/{CHAPTER}").wait_for_load_state("load")
    assert asked
    assert not [url for url in asked if "search" in url]
    watched.open(f"{language}/search.html").wait_for_load_state("load")
    assert [url for url in asked if url.endswith("/searchindex.js")]


# --- everybody ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "width", "scheme"),
    [("ko", 1280, "light"), ("en", 1280, "dark"), ("ko", 390, "dark")],
)
def test_accessibility_of_terms(
    watch: Opener, address: str, language: str, width: int, scheme: str
) -> None:
    """The glossary, and a page with an open definition."""
    size = {"width": width, "height": 844}
    watched = watch(
        address, color_scheme=scheme, viewport=size, reduced_motion="reduce"
    )
    for path in ("reference/glossary.html", CHAPTER):
        page = watched.open(f"{language}/{path}")
        page.wait_for_load_state("load")
        page.keyboard.press("Tab")
        page.locator(TERM).first.focus()
        page.locator(DEFINITION).wait_for(state="visible")
        bring(page)
        start(page, scheme)
        found = violations(page)
        assert not found, "\n".join(found)


# What stands out of the window although nothing around it scrolls or cuts it off.
_STICKING_OUT = """() => {
  const free = (e) => {
    for (let p = e.parentElement; p !== document.body; p = p.parentElement)
      if (getComputedStyle(p).overflowX !== "visible") return false;
    return true;
  };
  return [...document.querySelectorAll("main *")]
    .filter((e) => e.getBoundingClientRect().right > innerWidth + 1 && free(e))
    .slice(0, 3)
    .map((e) => e.outerHTML.slice(0, 120));
}"""


def test_every_page_on_a_phone(
    watch: Opener, site: Path, pages: tuple[SitePage, ...]
) -> None:
    """Opened from disk, none reports an error or is wider than the window."""
    root = site.as_uri()
    watched = watch(
        root, viewport={"width": 390, "height": 844}, is_mobile=True
    )
    page = watched.context.new_page()
    wide = []
    for each in pages:
        page.goto(f"{root}/{each}")
        assert page.locator("h1").first.is_visible(), str(each)
        width = page.evaluate("document.scrollingElement.scrollWidth")
        if width > 390:
            wide.append(f"{each}: {width} px: {page.evaluate(_STICKING_OUT)}")
    assert not wide, "\n".join(wide)
