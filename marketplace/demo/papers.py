"""Sample certificates, and photos of some lots that were listed since the sample round.

Pictures are drawn here: nobody's photos, and nobody's papers, are in the sample data.
"""

from __future__ import annotations

import io
import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from PIL import Image, ImageDraw, ImageFilter, ImageFont

from marketplace.demo import memory
from marketplace.domain.actors import Actor
from marketplace.domain.certificates import CertificateDraft
from marketplace.domain.lots import LotDraft
from marketplace.domain.photos import PhotoUse
from marketplace.services import certificate_pages, certificates, lots, photos, stored_files

MOST_PICTURED = 5
ISSUER = "Trung tâm Chất lượng (mẫu)"
COLOURS = {
    "trai_cay": ((226, 172, 48), (120, 140, 40)),
    "rau_mau": ((94, 150, 62), (58, 104, 46)),
    "lua_gao": ((222, 202, 150), (190, 164, 104)),
    "thuy_san": ((150, 164, 170), (96, 112, 122)),
}
OTHER = ((176, 132, 88), (120, 90, 60))


def show_papers(
    keepers: Sequence[Actor], *, fresh: Sequence[int], now: datetime, today: date
) -> None:
    """Certificates of these organisations, and papers and photos of the ``fresh`` lots."""
    for actor in keepers:
        if not certificate_pages.mine(actor=actor, today=today)[0]:
            _keep_some(actor, now, today)
    ours = {actor.organisation_id for actor in keepers}
    listers = {number: memory.lister_of(number) for number in fresh}
    first = sorted(fresh, key=lambda number: (listers[number].organisation_id not in ours, -number))
    for place, number in enumerate(first[:MOST_PICTURED]):
        actor = listers[number]
        lot = lots.lot_to_edit(number, actor=actor)
        draft = lots.whole_draft_of(lot)
        draft = replace(draft, photos=_photos(draft, actor, now, 2 if place == 0 else 1))
        draft = _with_paper(draft, actor, now, today)
        lots.change_lot(number, lot.version, draft, actor=actor, now=now, today=today)


def _keep_some(actor: Actor, now: datetime, today: date) -> None:
    """One that lasts, one that expires soon, one without a last day, one that has expired."""
    holder = "HTX Khóm Cầu Đúc" if actor.role == "officer" else ""
    for certification, number, days, age in (
        ("vietgap", "VG-0417/2025", 540, 200),
        ("ocop", "OC-92/2023", 12, 1_080),
        ("msvt", "MSVT-HG-0031", None, 400),
        ("haccp", "ATTP-118/2023", -9, 1_100),
    ):
        entered = today - timedelta(days=age)
        draft = CertificateDraft(
            certification=certification,
            number=number,
            issuer=ISSUER,
            issued_on=entered,
            expires_on=None if days is None else today + timedelta(days=days),
            holder=holder,
            scope="Khóm Cầu Đúc, 24 ha" if certification == "vietgap" else "",
        )
        file = stored_files.take_paper(scan(certification, number), actor=actor, now=now)
        certificates.keep(draft, file.id, actor=actor, now=now, today=entered)


def _with_paper(draft: LotDraft, actor: Actor, now: datetime, today: date) -> LotDraft:
    """With a certificate behind the first thing that it names, if it names anything."""
    named = sorted(draft.certificates)
    if not named:
        return draft
    issued = today - timedelta(days=100)
    number = f"{named[0].upper()}-{draft.quantity % 997:03}/2026"
    file = stored_files.take_paper(scan(named[0], number), actor=actor, now=now)
    kept = certificates.keep(
        CertificateDraft(
            certification=named[0],
            number=number,
            issuer=ISSUER,
            issued_on=issued,
            expires_on=draft.until + timedelta(days=265),
            holder=draft.producer,
        ),
        file.id,
        actor=actor,
        now=now,
        today=today,
    )
    return replace(draft, papers=frozenset({kept.id}))


def _photos(draft: LotDraft, actor: Actor, now: datetime, number: int) -> tuple[PhotoUse, ...]:
    group = memory.group_of(draft.commodity)
    return tuple(
        PhotoUse(photos.keep(_heap(group, seed), actor=actor, now=now).id)
        for seed in range(draft.quantity % 1_000, draft.quantity % 1_000 + number)
    )


def _heap(group: str, seed: int) -> bytes:
    """Goods in a heap, as far as circles can show it."""
    dice = random.Random(seed)
    light, dark = COLOURS.get(group, OTHER)
    image = Image.new("RGB", (800, 600), (88, 74, 58))
    draw = ImageDraw.Draw(image)
    for _ in range(420):
        x, y, size = dice.randrange(800), dice.randrange(60, 640), dice.randrange(26, 52)
        share = dice.random()
        colour = tuple(round(a * share + b * (1 - share)) for a, b in zip(light, dark, strict=True))
        draw.ellipse((x - size, y - size, x + size, y + size), fill=dark)
        draw.ellipse((x - size, y - size, x + size - 5, y + size - 6), fill=colour)
    out = io.BytesIO()
    image.filter(ImageFilter.SMOOTH).save(out, "JPEG", quality=80)
    return out.getvalue()


def scan(certification: str, number: str) -> bytes:
    """A page that says that it is a sample, as a PDF."""
    page = Image.new("L", (620, 877), 255)
    draw = ImageDraw.Draw(page)
    draw.rectangle((30, 30, 590, 847), outline=90, width=3)
    lines = (certification.upper(), number, "SAMPLE - MAU - SAMPLE")
    for row, (text, size) in enumerate(zip(lines, (44, 30, 24), strict=True)):
        draw.text((310, 200 + 110 * row), text, 40, ImageFont.load_default(size), anchor="mm")
    out = io.BytesIO()
    page.save(out, "PDF", resolution=75)
    return out.getvalue()
