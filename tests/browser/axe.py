"""What axe-core finds on a page as it is shown."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


# A label or a hint that is tied to an id which two things have says nothing of the second; axe no longer looks for it.
TWICE = """() => {
  const ids = [...document.querySelectorAll("[id]")].map((one) => one.id)
  return [...new Set(ids.filter((id, place) => ids.indexOf(id) !== place))]
}"""


def violations(page: Page) -> list[str]:
    twice = [f"{page.url.split('/', 3)[3]}: two things have the id {name}" for name in page.evaluate(TWICE)]
    found = Axe().run(page, options={"runOnly": TAGS, "resultTypes": ["violations"]})
    return twice + [
        f"{page.url.split('/', 3)[3]}: {fault['id']}: {node['target']} {node['failureSummary']}"
        for fault in found.response["violations"]
        for node in fault["nodes"]
    ]


# A change of theme is a transition of colours, however short: until it has ended there are colours of both.
SETTLED = """() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))).then(() =>
  Promise.allSettled(document.getAnimations().filter((one) => one instanceof CSSTransition).map((one) => one.finished))
).then(() => true)"""


def in_both_themes(page: Page, state: str) -> list[str]:
    found = []
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        page.evaluate(SETTLED)
        found += [f"{state}, {theme}: {fault}" for fault in violations(page)]
    return found
