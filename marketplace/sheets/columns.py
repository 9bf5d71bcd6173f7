"""What the header of a column means, in the many ways that people write it.

A header is compared without marks, capitals and brackets. Three grades of trust: 3 for a spelling that
is the header, 2 for one that names goods still to be sold where others count the whole harvest, 1 for
words found inside a longer header; of those the first counts: "Sản lượng đến ngày 30/11" is a quantity.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from marketplace.domain.text import words
from marketplace.domain.text_marks import N_
from marketplace.sheets.table import Cell

MEANINGS: Mapping[str, str] = {
    "commodity": N_("Commodity"),
    "grade": N_("Grade"),
    "quantity": N_("Quantity"),
    "unit": N_("Unit"),
    "ask": N_("Asking price"),
    "ask_unit": N_("Unit of the price"),
    "place": N_("Place"),
    "commune": N_("Commune"),
    "district": N_("Former district or locality"),
    "ready_on": N_("First day"),
    "until": N_("Last day"),
    "window": N_("From – to"),
    "producer": N_("Producer"),
    "contact": N_("Contact"),
    "phone": N_("Telephone"),
    "certificates": N_("Certificates"),
    "note": N_("Note"),
    "season": N_("Season"),
    "area": N_("Area"),
    "whole": N_("Only as a whole"),
    "splits": N_("In parts too"),
    "min_quantity": N_("Smallest delivery"),
    "open_bid": N_("Price for everybody to see"),
    "age_days": N_("Age"),
    "origin": N_("Where they come from (nursery, maker)"),
    "quarantine_number": N_("Number of the quarantine paper"),
    "quarantine_on": N_("Day of the quarantine paper"),
    "best_before": N_("Best before"),
    "batch_number": N_("Batch or declaration number"),
    "registration_number": N_("Registration number"),
    "id": N_("Number of their own"),
    "ignore": N_("Not used"),
}
ONLY_LOTS = frozenset({"whole"})
ONLY_NEEDS = frozenset({"splits", "min_quantity", "open_bid"})
"""Meanings that a column has on one side of the market only."""
JOINED = frozenset({"phone", "note", "certificates"})
"""Meanings that several columns may have; their texts are joined."""

_EXACT = {
    "commodity": """mặt hàng, tên mặt hàng, sản phẩm, tên sản phẩm, tên sp, sp, nông sản, tên nông sản,
        loại nông sản, hàng hóa, tên hàng, tên hàng hóa, chủng loại, loại sản phẩm, loại hàng, tên,
        cây trồng, vật nuôi, loại cây trồng, tên sản phẩm hàng hóa, đối tượng nuôi, giống, tên giống,
        mặt hàng cần mua, sản phẩm cần mua, sản phẩm cần tiêu thụ, mặt hàng nông sản, loại thủy sản,
        tên vật tư, tên thủy sản, loại trái cây, tên trái cây, tên rau củ quả, tên nông thủy sản,
        sản phẩm nông nghiệp, nông sản thủy sản, nông sản cần tiêu thụ, nông sản cần mua, hàng,
        commodity, product, item, goods""",
    "grade": """phẩm cấp, phân loại, quy cách, qui cách, chất lượng, kích cỡ, size, cỡ, phân hạng, hạng,
        phẩm cấp thấp nhất, quy cách chất lượng, quy cách phẩm cấp, tiêu chuẩn quy cách, cấp, grade, min_grade,
        quality""",
    "quantity": """số lượng, sl, s/lượng, slg, sluong, sản lượng, s/l, khối lượng, kl, k/lượng, lượng,
        trọng lượng, lượng hàng, tổng sản lượng, tổng số lượng, sản lượng dự kiến, sản lượng thu hoạch,
        sản lượng ước đạt, tổng lượng, số con, số lượng con, sản lượng kg, quantity, qty, weight,
        volume, amount""",
    "unit": "đvt, đ.vị, đvị, đv tính, đơn vị tính, đơn vị đo, đv, dvi tính, đ/v, unit, uom, units",
    "ask": """giá, giá bán, giá chào, đơn giá, đ/giá, dgia, giá đề nghị, giá mong muốn, giá cả, mức giá,
        giá tham khảo, giá hiện tại, giá tại vườn, giá tại ruộng, giá tại ao, giá sỉ, giá bán sỉ, giá mua,
        giá bán dự kiến, giá dự kiến, giá thu mua, giá bán tại vườn, giá chào bán, giá kg, price,
        giá mua cao nhất, giá mua tối đa, giá cần mua, ask, bid, unit price""",
    "ask_unit": "đơn vị giá, đvt giá, đơn vị tính giá",
    "place": """địa chỉ, đ/chỉ, đc, đ/c, địa điểm, đ/điểm, nơi bán, nơi lấy hàng, điểm lấy hàng, nơi giao,
        nơi giao hàng, điểm giao hàng, nơi sản xuất, vùng trồng, vùng nuôi, vùng sản xuất, địa bàn,
        nơi nhận hàng, điểm nhận hàng, địa chỉ sản xuất, nơi sx, địa chỉ vườn, khu vực, nơi cung cấp,
        địa điểm sản xuất, địa điểm nhận hàng, nơi thu hoạch, ấp, xuất xứ, nơi bán hàng,
        địa điểm giao hàng, địa điểm lấy hàng, place, address, location, origin""",
    "commune": """xã, phường, xã phường, xã phường thị trấn, xã thị trấn, tên xã, phường xã, thị trấn,
        commune, ward""",
    "district": """huyện, quận, quận huyện, huyện thị, huyện thị xã thành phố, huyện tx tp, huyện tp,
        huyện thành phố, thị xã, tên huyện, huyện quận, tỉnh, tỉnh thành, tỉnh thành phố, địa phương,
        tỉnh tp, district, province""",
    "ready_on": """từ, từ ngày, bắt đầu, ngày bắt đầu, thời gian bắt đầu, ngày thu hoạch, ngày có hàng,
        thời điểm thu hoạch, ngày giao, ngày giao hàng, ngày lấy hàng, ngày thu hoạch dự kiến, ngày bán,
        ngày cung cấp, ngày xuất bán, có hàng từ, ngày, ready on, ready_on, from, start""",
    "until": """đến, đến ngày, tới ngày, kết thúc, ngày kết thúc, thời gian kết thúc, hạn, hạn cuối,
        hạn bán, hạn chót, hết hạn, bán đến ngày, ngày cuối, until, to, end, deadline""",
    "window": """thời gian, t/gian, tgian, tg, t/g, thời gian thu hoạch, thời gian cung ứng, thời gian bán,
        thời gian cung cấp, thời gian giao hàng, thời gian tiêu thụ, thời điểm, thời hạn, thời gian có hàng,
        ngày tháng, tháng thu hoạch, thời gian thu hoạch dự kiến, thời gian dự kiến, kỳ hạn, thời gian mua,
        thời gian cần mua, lịch thu hoạch, lịch giao hàng, time, window, period""",
    "producer": """hộ sản xuất, tên hộ, chủ hộ, nông hộ, hộ dân, người bán, cơ sở, tên cơ sở, htx, nhà vườn,
        hàng của ai, hợp tác xã, tên htx, tên hợp tác xã, đơn vị cung cấp, đơn vị sản xuất, doanh nghiệp, nhà cung cấp,
        ncc, tên đơn vị, tổ chức, chủ vườn, chủ thể, tên doanh nghiệp, công ty, bên bán, người sản xuất,
        chủ ao, hộ nuôi, hộ trồng, họ tên, họ và tên, họ tên chủ hộ, đơn vị cung ứng, cơ sở sản xuất,
        đơn vị thu mua, đơn vị mua, người mua, bên mua, tên đơn vị mua, họ tên nông dân, nông dân, producer, seller,
        farm, farmer, supplier, buyer""",
    "contact": """liên hệ, người liên hệ, đầu mối liên hệ, người đại diện, đại diện, thông tin liên hệ,
        tên người liên hệ, đầu mối, người phụ trách, contact""",
    "phone": """sđt, số điện thoại, điện thoại, đt, đtdđ, đ/thoại, số đt, di động, số liên lạc, zalo,
        điện thoại liên hệ, sđt liên hệ, số điện thoại liên hệ, số phone, tel, phone, mobile, hotline,
        telephone, dthoai, liên lạc, số zalo""",
    "certificates": """chứng nhận, chứng chỉ, giấy chứng nhận, tiêu chuẩn, vietgap, ocop, globalgap, c/nhận,
        tiêu chuẩn chất lượng, tiêu chuẩn sản xuất, mã số vùng trồng, chứng nhận chất lượng, msvt,
        tiêu chuẩn chứng nhận, certificates, certification, certificate""",
    "note": """ghi chú, g/chú, gc, ghichu, chú thích, lưu ý, mô tả, khác, thông tin khác, đề xuất, kiến nghị,
        ý kiến, diễn giải, yêu cầu, yêu cầu khác, note, notes, remark, remarks, comment""",
    "season": "mùa vụ, vụ, thời vụ, vụ mùa, vụ sản xuất, season",
    "area": "diện tích, d/tích, dtích, quy mô, quy mô diện tích, area, ha",
    "whole": "bán nguyên lô, bán cả lô, nguyên lô, whole",
    "splits": "nhận nhiều nơi góp, nhiều nơi góp, chia nhiều lần, giao nhiều lần, nhận từng phần, splits",
    "min_quantity": """giao ít nhất, số lượng tối thiểu, lượng tối thiểu, khối lượng tối thiểu, giao tối thiểu,
        sl tối thiểu, mỗi lần ít nhất, min quantity, min_quantity, smallest delivery""",
    "open_bid": "công khai giá, giá công khai, open bid, open_bid",
    "age_days": "tuổi, ngày tuổi, tuổi giống, tuổi con giống, age",
    "origin": "nguồn gốc, nguồn gốc giống, trại giống, nhà sản xuất, hãng sản xuất, maker, nursery",
    "quarantine_number": "số giấy kiểm dịch, giấy kiểm dịch số, số kiểm dịch, quarantine number",
    "quarantine_on": "ngày kiểm dịch, ngày cấp giấy kiểm dịch, ngày giấy kiểm dịch, quarantine day",
    "best_before": "hạn sử dụng, hsd, hạn dùng, ngày hết hạn sử dụng, best before, expiry",
    "batch_number": "số lô sản xuất, số lô sx, lô sản xuất, số công bố, số lô hoặc số công bố, batch number",
    "registration_number": "số đăng ký, số đăng ký lưu hành, số lưu hành, registration number",
    "id": "mã, mã số, mã lô, mã hàng, mã sp, mã sản phẩm, mã lô hàng, id, lot, sku, code, số hiệu",
    "ignore": "nguyên văn, stt, tt, s/tt, số tt, số thứ tự, thứ tự, no, #, stt.",
}
_STILL_TO_SELL = """số lượng cần tiêu thụ, sản lượng cần tiêu thụ, khối lượng cần tiêu thụ, cần tiêu thụ,
    còn tồn, tồn, tồn đọng, tồn kho, sản lượng tồn, số lượng tồn, sản lượng tồn đọng, còn lại, cần bán,
    số lượng cần bán, sản lượng cần bán, sản lượng chào bán, số lượng chào bán, sản lượng còn lại, nhu cầu,
    số lượng cung ứng, sản lượng cung ứng, khả năng cung ứng, sản lượng cung cấp, số lượng cung cấp,
    số lượng cần mua, sản lượng cần mua, nhu cầu mua, sản lượng chưa tiêu thụ, chưa tiêu thụ, cần mua,
    khối lượng cần mua, số lượng còn, sản lượng cần hỗ trợ tiêu thụ"""
_INSIDE = {
    "commodity": "tên sản phẩm, tên nông sản, mặt hàng, nông sản, sản phẩm, hàng hóa, chủng loại, loại",
    "grade": "quy cách, qui cách, phẩm cấp, chất lượng, kích cỡ, kích thước, phân loại",
    "quantity": """số lượng, sản lượng, khối lượng, trọng lượng, sl, kl, s lượng, k lượng, slượng, cần tiêu thụ,
        tồn đọng, nhu cầu""",
    "unit": "đơn vị tính, đvt",
    "ask": "giá bán, đơn giá, giá",
    "place": """địa chỉ, đ chỉ, địa điểm, đ điểm, nơi giao, nơi lấy, nơi bán, nơi sản xuất, vùng trồng, vùng nuôi,
        điểm giao, điểm lấy, nơi nhận""",
    "commune": "xã phường, phường xã, xã, phường",
    "district": "quận huyện, huyện, tỉnh, địa phương",
    "ready_on": "từ ngày, ngày bắt đầu, ngày thu hoạch, ngày giao, ngày lấy, ngày có",
    "until": "đến ngày, hạn cuối, hạn chót, ngày kết thúc",
    "window": "thời gian, thời điểm, thời hạn, t gian, tgian, t g",
    "producer": "hộ, cơ sở, hợp tác xã, htx, doanh nghiệp, đơn vị, chủ vườn, chủ hộ, nông dân, họ tên",
    "contact": "liên hệ, đại diện, đầu mối",
    "phone": "số điện thoại, điện thoại, đ thoại, sđt, đtdđ, số đt, phone, zalo",
    "certificates": "chứng nhận, chứng chỉ, tiêu chuẩn, vietgap, globalgap, ocop, mã số vùng",
    "note": "ghi chú, g chú, lưu ý, yêu cầu",
    "season": "mùa vụ, thời vụ",
    "area": "diện tích",
}
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\]]*\]")
_NUMBERING = re.compile(r"^\s*(?:\(?\d{1,2}[.)]|[A-Za-z]\))\s*")
_NOT_A_PRICE = {("gia", "tri"), ("gia", "cam"), ("gia", "suc"), ("gia", "vi"), ("gia", "dinh")}
_LONGEST = 90


@dataclass(frozen=True)
class Guess:
    """A meaning that a header may have, and how far to trust it."""

    meaning: str
    trust: int


def guesses(header: str) -> tuple[Guess, ...]:
    """What a header may mean, most trusted first; nothing if it says nothing to us."""
    return _guesses(header) if 0 < len(header) <= _LONGEST else ()


@lru_cache(maxsize=4_096)
def _guesses(header: str) -> tuple[Guess, ...]:
    bare = _NUMBERING.sub("", _BRACKETS.sub(" ", header))
    found = dict.fromkeys(_all(bare, header))
    return tuple(sorted(found, key=lambda guess: -guess.trust))


def key(header: str) -> str:
    """What two spellings of one header have in common: letters and digits without marks."""
    return "".join(words(header))


def by_content(header: str, meaning: str | None, cells: Sequence[Cell]) -> str | None:
    """The same meaning, or the one that the cells under an ambiguous header show it to be."""
    filled = [cell for cell in cells if not cell.blank]
    if not filled:
        return meaning
    name = key(_BRACKETS.sub(" ", header))
    if name in ("donvi", "dv"):
        return "unit" if _most(filled, _is_unit) else "producer"
    if meaning in ("contact", "place") and _most(filled, _is_phone):
        return "phone"
    return meaning


def seen_in(cells: Sequence[Cell]) -> str | None:
    """What cells without a header look like; None for mere words and mere numbers."""
    filled = [cell for cell in cells if not cell.blank]
    if not filled:
        return None
    for meaning, test in _LOOKS:
        if _most(filled, test):
            return meaning
    return None


def is_text(cell: Cell) -> bool:
    """Words rather than a figure."""
    return cell.number is None and cell.day is None and any(c.isalpha() for c in cell.text)


def is_unit(cell: Cell) -> bool:
    """A unit and nothing more."""
    return bool(_is_unit.match(cell.text.strip()))


def _all(bare: str, header: str) -> Iterator[Guess]:
    name = key(bare)
    if not name:
        if header.strip() == "#":
            yield Guess("ignore", 3)
        return
    if name == "dt":
        yield Guess("area" if re.search(r"\((?:ha|m2|m²|công)", header.lower()) else "phone", 3)
        return
    if name in ("donvi", "dv"):
        yield from (Guess("unit", 3), Guess("producer", 3))
    if name == "loai":
        yield from (Guess("commodity", 1), Guess("grade", 3))
    if name in _SPELLINGS:
        yield _SPELLINGS[name]
    yield from _inside(words(bare))


def _inside(said: tuple[str, ...]) -> Iterator[Guess]:
    """The phrase that begins first, of those the longest."""
    for start in range(len(said)):
        rest = said[start:]
        if rest[:2] in _NOT_A_PRICE:
            continue
        for phrase, meaning in _PHRASES:
            if rest[: len(phrase)] == phrase:
                yield Guess(meaning, 1)
                return


def _spelled(text: str) -> list[str]:
    return [part.strip() for part in text.split(",")]


def _most(cells: Sequence[Cell], test: re.Pattern[str]) -> bool:
    return 5 * sum(bool(test.search(cell.text.strip())) for cell in cells) >= 3 * len(cells)


_SPELLINGS = {
    key(spelling): Guess(meaning, 3)
    for meaning, spellings in _EXACT.items()
    for spelling in _spelled(spellings)
} | {key(spelling): Guess("quantity", 4) for spelling in _spelled(_STILL_TO_SELL)}
_PHRASES = sorted(
    ((words(phrase), meaning) for meaning, text in _INSIDE.items() for phrase in _spelled(text)),
    key=lambda pair: (-len(pair[0]), pair[0]),
)
_UNITS = r"kg|kí|ký|tấn|tạ|yến|con|trái|quả|trứng|lít|cây|bó|bao|thùng|chục|gói|hộp|cái|chai|hũ|vỉ|kilogam"
_is_unit = re.compile(rf"^(?:nghìn |ngàn )?(?:{_UNITS})\b.{{0,8}}$", re.IGNORECASE)
_is_phone = re.compile(r"(?:^|\D)(?:0|\+?84)?[\s.]?[235789]\d(?:[\s.\-]?\d){7,8}(?!\d)")
_LOOKS = (
    ("phone", _is_phone),
    ("unit", _is_unit),
    ("ask", re.compile(r"\d\s*(?:đ|đồng|vnđ|vnd|₫|k)\b|/\s*kg", re.IGNORECASE)),
    ("quantity", re.compile(rf"\d\s*(?:nghìn |ngàn )?(?:{_UNITS})\b", re.IGNORECASE)),
    ("window", re.compile(r"\b\d{1,2}[/-]\d{1,2}(?:[/-]\d{2,4})?\b")),
    (
        "place",
        re.compile(
            r"^(?:xã|phường|thị trấn|tt\.?|huyện|tp\.?|thành phố|thị xã|tx\.?|ấp|tỉnh)\s",
            re.IGNORECASE,
        ),
    ),
)
