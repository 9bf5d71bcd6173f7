"""Every page, in both languages, on a phone and at a desk, as the role that sees most of it.

No axe violation (WCAG 2.2 AA), nothing that the content policy stops, no untranslated text, and light.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Request, expect

from marketplace.demo.accounts import ACCOUNTS
from tests.journeys.conftest import Site
from tests.page_laws import broken_laws

ROLES = Path(__file__).resolve().parents[2] / "docs" / "roles.md"
FRAGMENTS = re.compile(
    r"^(health|photos|read_back|search)\.|^certificates\.file$|^applications\.paper$|^language\.choose$|^(rounds|scenarios)\.progress$|^prices\.feed$"
    r"|^network\.(figures|ground|layer)$|^proofs\.(full_file|openings|public_file)$|^(picture|scenarios)\.workbook$|^imports\.(progress|refused|template|template_of_needs)$"
)
"""Answers for programs and parts of pages, not pages."""
WITHOUT_SAMPLE = {"accounts.set_password"}
"""Needs a link from a message: tests/web/test_account.py opens it."""
LATER_LOAD = 40_000
OF_ITS_OWN = {"network.show": re.compile(r"/static/dist/map-\w+\.(js|css)$")}
"""Assets that no other page has; test_front_end.py weighs the first load of such a page as a whole."""
AXE = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}

HIS_LOT = (
    "SELECT min(lot.id) FROM lot JOIN organisation o ON o.id = organisation_id WHERE o.name = ?"
)
HIS_NEED = HIS_LOT.replace("lot", "need")
HIS_OPEN_LOT = (
    HIS_LOT + " AND withdrawn_at IS NULL AND quantity > held + sold AND until > date('now')"
)
HIS_OPEN_NEED = HIS_OPEN_LOT.replace("lot", "need").replace("sold", "bought")
HIS_MATCH = (
    "SELECT min(m.id) FROM match m JOIN lot ON lot.id = lot_id "
    "JOIN organisation o ON o.id = lot.organisation_id WHERE o.name = ? AND m.state = 'proposed'"
)
ROUND = "SELECT max(id) FROM match_round"
OTHERS_LOT = HIS_OPEN_LOT.replace("o.name =", "o.name <>")
OTHERS_NEED = HIS_OPEN_NEED.replace("o.name =", "o.name <>")
MEMBERSHIP = "SELECT min(id) FROM membership"
CONDITION = "SELECT min(id) FROM condition"
RESTRICTION = "SELECT min(id) FROM restriction"
ORGANISATION = "SELECT min(id) FROM organisation"

ENTRY = "SELECT min(id) FROM programme_entry WHERE asked = 'applied'"
OF_ALL = "SELECT id FROM programme_entry WHERE organisation_id IS NULL"
HIS_CERTIFICATE = HIS_LOT.replace("lot", "certificate")

SCENARIO = "SELECT min(id) FROM scenario"

HIS_RANGE = HIS_OPEN_LOT + " AND quantity_most > quantity"
HIS_SERIES = HIS_LOT.replace("lot", "series")
IMPORT = "SELECT max(id) FROM sheet_import"
HIS_HARVEST = "SELECT min(id) FROM lot WHERE confidence IS NOT NULL"

PAGES: dict[str, tuple[str, str, str]] = {
    # endpoint: (who sees most of it, address, where its number comes from)
    "accounts.edit": ("officer", "/account/edit", ""),
    "accounts.forgotten": ("", "/forgotten-password", ""),
    "accounts.password": ("officer", "/account/password", ""),
    "accounts.show": ("officer", "/account", ""),
    "accounts.sign_in": ("", "/sign-in", ""),
    "applications.answer": ("officer", "/programme/{}/apply", OF_ALL),
    "applications.apply": ("officer", "/programme/apply?commodity=mit-thai&locality=HG", ""),
    "applications.mine": ("officer", "/programme/mine", ""),
    "applications.queue": ("coordinator", "/programme/queue", ""),
    "applications.show": ("coordinator", "/programme/{}", ENTRY),
    "certificates.create": ("officer", "/certificates/new", ""),
    "certificates.edit": ("officer", "/certificates/{}/edit", HIS_CERTIFICATE),
    "certificates.index": ("officer", "/certificates", ""),
    "certificates.show": ("officer", "/certificates/{}", HIS_CERTIFICATE),
    "certificates.withdraw": ("officer", "/certificates/{}/withdraw", HIS_CERTIFICATE),
    "changes.show": ("coordinator", "/rounds/{}/changes", ROUND),
    "conditions.calendar": ("officer", "/roads/calendar", ""),
    "conditions.create": ("officer", "/roads/D932-D930/new", ""),
    "conditions.edit": ("coordinator", "/roads/entries/{}/edit", CONDITION),
    "conditions.index": ("officer", "/roads?q=vi+thanh", ""),
    "conditions.lift": ("coordinator", "/roads/entries/{}/lift", CONDITION),
    "conditions.show": ("officer", "/roads/D932-D930", ""),
    "desk.show": ("officer", "/desk", ""),
    "forward.confirm": ("officer", "/harvests/{}/confirm", HIS_HARVEST),
    "forward.index": ("officer", "/harvests", ""),
    "home.show": ("", "/", ""),
    "imports.create": ("officer", "/lots/paste", ""),
    "imports.create_needs": ("officer", "/needs/paste", ""),
    "imports.show": ("officer", "/imports/{}", IMPORT),
    "inbox.index": ("officer", "/inbox", ""),
    "lots.create": ("officer", "/lots/new", ""),
    "lots.edit": ("officer", "/lots/{}/edit", HIS_OPEN_LOT),
    "lots.index": ("buyer", "/lots?to=M_BINHDIEN", ""),
    "lots.show": ("buyer", "/lots/{}?to=M_BINHDIEN", OTHERS_LOT),
    "lots.withdraw": ("officer", "/lots/{}/withdraw", HIS_OPEN_LOT),
    "matches.ask_for_lot": ("buyer", "/lots/{}/buy", OTHERS_LOT),
    "matches.decline": ("officer", "/matches/{}/decline", HIS_MATCH),
    "matches.index": ("officer", "/matches", ""),
    "matches.offer_to_need": ("seller", "/needs/{}/sell", OTHERS_NEED),
    "matches.show": ("officer", "/matches/{}", HIS_MATCH),
    "members.index": ("officer", "/members", ""),
    "members.invite": ("administrator", "/organisations/{}/members/invite", ORGANISATION),
    "members.of_organisation": ("administrator", "/organisations/{}/members", ORGANISATION),
    "members.role": ("administrator", "/members/{}/role", MEMBERSHIP),
    "more.edit": ("seller", "/lots/{}/more", HIS_RANGE),
    "needs.create": ("buyer", "/needs/new", ""),
    "needs.edit": ("buyer", "/needs/{}/edit", HIS_OPEN_NEED),
    "needs.index": ("seller", "/needs", ""),
    "needs.show": ("seller", "/needs/{}", OTHERS_NEED),
    "needs.withdraw": ("buyer", "/needs/{}/withdraw", HIS_OPEN_NEED),
    "network.show": ("", "/map?link=D932-D930", ""),
    "organisations.create": ("administrator", "/organisations/new", ""),
    "organisations.edit": ("administrator", "/organisations/{}/edit", ORGANISATION),
    "organisations.index": ("administrator", "/organisations", ""),
    "pages.about": ("", "/about", ""),
    "pages.privacy": ("", "/privacy", ""),
    "pages.terms": ("", "/terms", ""),
    "picture.show": ("", "/rounds/{}/picture", ROUND.replace("max", "min")),
    "places.distances": ("", "/distances?origin=vi+thanh&destination=binh+dien", ""),
    "plans.create": ("officer", "/plans/new?commodity=cam", ""),
    "plans.edit": ("officer", "/plans/HG/khom-cau-duc/edit", ""),
    "plans.history": ("officer", "/plans/HG/khom-cau-duc/history", ""),
    "plans.index": ("officer", "/plans", ""),
    "plans.paste": ("officer", "/plans/season", ""),
    "plans.show": ("officer", "/plans/HG/khom-cau-duc", ""),
    "prices.index": ("", "/prices?commodity=ca-tra", ""),
    "programme.add_criterion": ("coordinator", "/programme/criteria/new", ""),
    "programme.criteria": ("coordinator", "/programme/criteria", ""),
    "programme.edit_criterion": ("coordinator", "/programme/criteria/1/edit", ""),
    "programme.index": ("", "/programme", ""),
    "proofs.show": ("coordinator", "/rounds/{}/proof", ROUND),
    "series.change": ("seller", "/series/{}/change", HIS_SERIES),
    "series.index": ("seller", "/series", ""),
    "series.pause": ("seller", "/series/{}/pause", HIS_SERIES),
    "series.resume": ("seller", "/series/{}/resume", HIS_SERIES),
    "series.show": ("seller", "/series/{}", HIS_SERIES),
    "series.stop": ("seller", "/series/{}/stop", HIS_SERIES),
    "restrictions.create": ("officer", "/restrictions/new", ""),
    "restrictions.edit": ("coordinator", "/restrictions/{}/edit", RESTRICTION),
    "restrictions.index": ("coordinator", "/restrictions", ""),
    "restrictions.lift": ("coordinator", "/restrictions/{}/lift", RESTRICTION),
    "rounds.create": ("coordinator", "/rounds/new", ""),
    "rounds.index": ("coordinator", "/rounds", ""),
    "rounds.left_out": ("coordinator", "/rounds/{}/left-out", ROUND),
    "rounds.matches": ("coordinator", "/rounds/{}/matches", ROUND),
    "rounds.publish": ("coordinator", "/rounds/{}/publish", ROUND),
    "rounds.show": ("coordinator", "/rounds/{}", ROUND),
    "scenarios.add": ("coordinator", "/what-if/{}/add/supply", SCENARIO),
    "scenarios.copy": ("coordinator", "/what-if/{}/copy", SCENARIO),
    "scenarios.create": ("coordinator", "/what-if/new", ""),
    "scenarios.delete": ("coordinator", "/what-if/{}/delete", SCENARIO),
    "scenarios.edit": ("coordinator", "/what-if/{}/edit", SCENARIO),
    "scenarios.index": ("coordinator", "/what-if", ""),
    "scenarios.show": ("coordinator", "/what-if/{}", SCENARIO),
    "tariffs.create": ("coordinator", "/tariffs/truck/10t/new", ""),
    "tariffs.index": ("coordinator", "/tariffs", ""),
}


def test_every_page_is_looked_at() -> None:
    rows = re.findall(r"^\| `(\S+)` \| GET \|", ROLES.read_text("utf-8"), re.M)

    pages = {name for name in rows if not FRAGMENTS.search(name)} - WITHOUT_SAMPLE

    assert pages == set(PAGES)


class Visit:
    """One browser window: what it was sent, and what the policy stopped."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.requests: list[Request] = []
        self.errors: list[str] = []
        page.on("requestfinished", lambda request: self.requests.append(request))
        page.on("console", lambda m: self.errors.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    def weight(self, but: re.Pattern[str] | None = None) -> int:
        sizes = [r.sizes() for r in self.requests if not (but and but.search(r.url))]
        return sum(size["responseBodySize"] + size["responseHeadersSize"] for size in sizes)


@pytest.fixture(scope="module")
def outcome_to_judge(demo_site: Site, browser: Browser) -> None:
    """A round that is solved and not yet decided, so that its preview is looked at too."""
    context = browser.new_context(base_url=demo_site.address)
    page = context.new_page()
    become(page, "coordinator")
    page.goto("/rounds/new")
    page.locator("main form, .actionbar form").get_by_role("button").first.click()
    expect(page.locator("a[href$='/publish']")).to_be_visible(timeout=60_000)
    context.close()


def become(page: Page, role: str) -> None:
    """One click, as anybody may in the demo."""
    page.goto("/sign-in")
    page.locator(f"form:has(input[value='{email_of(role)}']) button").click()
    expect(page).not_to_have_url(re.compile("sign-in"))


def email_of(role: str) -> str:
    return next(account.email for account in ACCOUNTS if account.role == role)


def address(site: Site, endpoint: str) -> str:
    role, path, query = PAGES[endpoint]
    if not query:
        return path
    organisation = next((a.organisation for a in ACCOUNTS if a.role == role), "")
    connection = sqlite3.connect(site.instance / "marketplace.db")
    try:
        [number] = connection.execute(query, (organisation,) if "?" in query else ()).fetchone()
    finally:
        connection.close()
    assert number is not None, f"the demo has nothing for {endpoint}"
    return path.format(number)


@pytest.fixture(scope="module", params=["phone", "desk"])
def windows(
    request: pytest.FixtureRequest, demo_site: Site, browser: Browser, outcome_to_judge: None
) -> Iterator[dict[tuple[str, str], Page]]:
    """A window for each role and language, signed in, with everything shared already loaded."""
    viewport = (
        {"width": 390, "height": 844}
        if request.param == "phone"
        else {"width": 1280, "height": 900}
    )
    contexts, pages = [], {}
    for role in sorted({role for role, _, _ in PAGES.values()}):
        for language in ("vi", "en"):
            context = browser.new_context(
                base_url=demo_site.address, viewport=viewport, reduced_motion="reduce"
            )
            contexts.append(context)
            page = context.new_page()
            if role:
                become(page, role)
            page.goto(f"/language/{language}?next=/lots/new")
            pages[role, language] = page
    yield pages
    for context in contexts:
        context.close()


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("endpoint", sorted(PAGES))
def test_a_page_is_accessible_translated_lawful_and_light(
    demo_site: Site, windows: dict[tuple[str, str], Page], endpoint: str, language: str
) -> None:
    page = windows[PAGES[endpoint][0], language]
    visit = Visit(page)

    answer = page.goto(address(demo_site, endpoint), wait_until="load")

    assert answer is not None
    assert answer.status == 200
    assert page.locator("html").get_attribute("lang") == language
    assert broken_laws(answer.text()) == []
    assert visit.errors == []
    assert visit.weight(OF_ITS_OWN.get(endpoint)) < LATER_LOAD
    assert sideways(page) == []
    assert violations(page) == []


def violations(page: Page) -> list[str]:
    found: Any = Axe().run(page, options=AXE).response["violations"]
    return [f"{v['id']}: {n['html'][:120]}" for v in found for n in v["nodes"]]


def sideways(page: Page) -> list[str]:
    """What makes the page scroll sideways; wide tables scroll by themselves."""
    script = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
    too_wide = page.evaluate(script)
    return [f"{too_wide} px too wide"] if too_wide > 0 else []


def test_the_looking_itself_can_fail(page: Page) -> None:
    page.set_content('<html lang="vi"><title>x</title><img src="x"><p>' + "m" * 999 + "</p></html>")

    assert any("image-alt" in violation for violation in violations(page))
    assert sideways(page) != []
