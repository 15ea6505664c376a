"""axe on a page of the site: fast enough for all pages."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

# Whether letters stand out depends on their colour, weight, size and ground. Pages hold
# thousands of pieces that agree in all: axe looks at the first of each kind that has
# two letters (of a single one it judges nothing).
_MARK_ALIKE = """() => {
  const ground = (e) => {
    for (; e; e = e.parentElement) {
      const { backgroundColor, backgroundImage } = getComputedStyle(e);
      if (backgroundColor !== "rgba(0, 0, 0, 0)" || backgroundImage !== "none")
        return backgroundColor + backgroundImage;
    }
  };
  const seen = new Set();
  const own = (e) => [...e.childNodes]
    .map((node) => (node.nodeType === Node.TEXT_NODE ? node.data.trim() : ""))
    .join("");
  for (const e of document.querySelectorAll("body :not(svg *, math *)")) {
    let alike = own(e).length < 2;
    if (!alike && e.checkVisibility({ visibilityProperty: true })) {
      const { color, fontSize, fontWeight, opacity } = getComputedStyle(e);
      const kind = [color, fontSize, fontWeight, opacity, ground(e)].join();
      alike = seen.has(kind);
      seen.add(kind);
    }
    e.toggleAttribute("data-alike", alike);
  }
}"""
_CONFIGURE = """() => axe.configure({
  rules: [{ id: "color-contrast", selector: "*:not([data-alike])" }],
})"""
# A figure is one image to those who do not see it; how far its lines and letters stand
# out is a test of its own (test_figures). Of letters in a formula axe judges nothing.
# It would look for imported style sheets in the wrong folder.
_START = """(rules) => {
  const page = { exclude: [["svg[role=img] > *"], ["math > *"]] };
  const options = { preload: false, resultTypes: ["violations"] };
  if (rules) options.runOnly = rules;
  window.found = axe.run(page, options).then(({ violations }) => violations);
}"""
_OPEN_ALL = """() => document.querySelectorAll("article details")
  .forEach((details) => details.setAttribute("open", ""))"""
SCHEMES = ("light", "dark")


def prepare(page: Page, address: str) -> None:
    """Open a page with its solutions, and bring axe along."""
    page.goto(address)
    page.evaluate(_OPEN_ALL)
    bring(page)


def bring(page: Page) -> None:
    """Bring axe to a page as it is."""
    page.evaluate(Axe().axe_script)
    page.evaluate(_CONFIGURE)


def start(page: Page, scheme: Any, rules: list[str] | None = None) -> None:
    """Let axe begin on a page in light or dark, without waiting for it."""
    page.emulate_media(color_scheme=scheme)
    page.locator(f"html[data-theme={scheme}]").wait_for(state="attached")
    page.evaluate(_MARK_ALIKE)
    page.evaluate(_START, rules)


def violations(page: Page) -> list[str]:
    """Return what axe has found."""
    assert page.viewport_size
    where = f"{page.url} {page.viewport_size['width']} px"
    theme = page.locator("html").get_attribute("data-theme")
    return [
        f"{where} {theme}: {v['id']} ({len(v['nodes'])} times): {v['help']}: "
        f"{v['nodes'][0]['html'][:200]} {v['nodes'][0]['target']} "
        f"{[check['message'] for check in v['nodes'][0]['any']]}"
        for v in page.evaluate("window.found")
    ]
