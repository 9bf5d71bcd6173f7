"""What people paste: cells out of a spreadsheet, or a message from a chat, one line for one thing.

A message becomes a table with columns of its own. A line is cut where a telephone number, a price, an
amount, days or a place begin; what is left names the goods. Nothing is thrown away: the last column
keeps the whole line. What the pieces mean is not decided here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from marketplace.domain.text import fold
from marketplace.sheets import guard
from marketplace.sheets.files import as_table
from marketplace.sheets.table import BLANK, Cell, Line, Table

# As the columns of our own making are called; `columns` reads them like anybody's.
COLUMNS: Mapping[str, str] = {
    "commodity": "Mặt hàng",
    "quantity": "Số lượng",
    "ask": "Giá",
    "place": "Nơi lấy hàng",
    "window": "Thời gian",
    "contact": "Người liên hệ",
    "phone": "Điện thoại",
    "note": "Ghi chú",
    "line": "Nguyên văn",
}
_NUMBER = r"\d[\d.,]{0,20}(?:\s\d{3}(?!\d)){0,5}"
_SPAN = rf"{_NUMBER}(?:\s*(?:-|–|~|đến|tới)\s*{_NUMBER})?"
_UNIT = (
    r"(?:(?:nghìn|ngàn|thiên|vạn|triệu)\s*)?(?:tấn|tạ|yến|kg|kilogam|ký|kí|con|trái|quả|trứng|lít|cây|bó|bao"
    r"|thùng|chục|gói|hộp|chai|hũ|vỉ|giỏ|cần xé|thiên|buồng|nải|bụi|chậu|cành)"
)
_MONEY = r"(?:đồng|đ|vnđ|vnd|₫|k|ngàn|nghìn|triệu|tr)"
_ABOUT = r"(?:(?:khoảng|hơn|trên|dưới|gần|tầm|chừng|tối đa|ít nhất)\s*)?"
_PER = r"(?:\s*(?:/|mỗi|một|1)\s*(?:ngày|tuần|tháng|đêm|vụ))?"
_DAY = r"\d{1,2}\s*[/.-]\s*\d{1,2}(?:\s*[/.-]\s*\d{2,4})?"
_TYPE = r"(?:xã|phường|thị trấn|tt\.?|huyện|h\.|tp\.?|thành phố|thị xã|tx\.?|tỉnh|quận|ấp|khóm \d)"
_STARTS = r"(?<![^\W_])"
_PIECES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(_STARTS + pattern, re.IGNORECASE))
    for name, pattern in (
        (
            "phone",
            r"(?:(?:lh|liên hệ|sđt|đt|đtdđ|điện thoại|zalo|gọi|call|tel)[\s:.]*)?"
            r"(\(?(?:\+?84|0)\)?[\s.]?[235789](?:[\s.\-]?\d){8,9}(?!\d))",
        ),
        (
            "ask",
            rf"giá(?: bán| mua| từ)?\s*:?\s*({_SPAN}\s*{_MONEY}?\d?(?:\s*/\s*[^\W\d]+)?)(?![^\W_])",
        ),
        ("quantity", rf"((?:{_ABOUT}){_SPAN}\s*{_UNIT}(?![^\W_]){_PER})"),
        ("ask", rf"({_SPAN}\s*{_MONEY}\d?(?:\s*/\s*[^\W\d]+)?)(?![^\W_])"),
        (
            "window",
            rf"((?:(?:từ|ngày|bắt đầu|tới|đến|trước|hết)[\s:]*){{0,3}}(?:nay|{_DAY}|\d{{1,2}}\s*[-–]\s*{_DAY})"
            rf"(?:\s*(?:-|–|đến|tới|hết)\s*(?:hết\s*)?(?:ngày\s*)?{_DAY})?|tháng \d{{1,2}}(?:/\d{{4}})?)(?!\w)",
        ),
        (
            "window",
            r"((?:hôm nay|ngày mai|tuần này|tuần sau|tuần tới|cuối tháng|đầu tháng)[^,;.]*)",
        ),
        (
            "place",
            r"(?:(?:tại|ở|địa chỉ|đ/c|đc|lấy hàng|nơi lấy|giao)\s*:?\s*(?=[^\W\d_])"
            rf"(?!vườn|ruộng|ao\b|trại|chỗ|kho\b|tại|tận|hàng|nhà\b)(?-i:(?=[A-ZĐ])|(?i:(?={_TYPE}\s))))"
            r"([^,;.|\x00]+)",
        ),
        ("place", rf"({_TYPE}\s+[^,;.|\x00]+)"),
    )
)
_SENDER = re.compile(
    r"^\s*\[?\s*(?:\d{1,2}:\d{2}(?::\d{2})?|\d{1,2}/\d{1,2}(?:/\d{2,4})?)[,\s]*"
    r"(?:\d{1,2}:\d{2}(?::\d{2})?|\d{1,2}/\d{1,2}(?:/\d{2,4})?)?\s*\]?\s*(?P<name>[^:\d]{2,40}):\s+"
)
_GREETING = re.compile(
    r"^\s*(?:dạ|kính chào|xin chào|chào|kính gửi|thưa|hello|hi|alo|a lô|cảm ơn|cám ơn|thanks)(?!\w)"
    r"(?:[^\d:]*:|[^\d,.!;]*(?:[,.!;]|$))",
    re.IGNORECASE,
)
_BULLET = re.compile(r"^\s*(?:[-+*•●▪►✅👉🔸☘️]+|\(?\d{1,2}[.)/](?!\d))\s*")
_DEED = re.compile(
    r"(?<!\w)(?:cần |muốn |đang |hiện ){0,3}(?P<deed>thu mua|tìm mua|bán gấp|bán|mua|tiêu thụ|có|còn|tồn|ra)"
    r"(?: gấp| sỉ| lẻ)?(?!\w)\s*:?",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"[,;|\x00\n]+|\.(?:\s|$)|\s[-–]\s|^[-–:]\s*|\s+[-–:]$")
_GOES_ON = re.compile(rf"\s*,\s*(?=(?i:{_TYPE})\s|[A-ZĐÀ-Ý])([^,;.|\x00]+)")
_LEAD = re.compile(r"^(?:lh|liên hệ|gặp)[\s:.]+", re.IGNORECASE)
_MOST = 200_000  # bytes of a message; lists are longer and have columns
_LONGEST_LINE = 500


def read_message(
    text: str, *, encoding: str | None = None, names: Callable[[str], bool] = lambda _: False
) -> Table:
    """A table of what was pasted, its lines numbered as in the text.

    Lines with tabs, or all with the same sign between columns, are cells. Others become columns of our
    own, named in a line with the number 0. ``names`` says whether a line without an amount names goods
    all the same: it is a row of which the amount is missing, and no remark. Raises `Rejected`.
    """
    guard.check_size(len(text.encode("utf-8", "surrogatepass")), guard.MOST_TEXT_BYTES)
    if "\t" in text or _is_cut(text):
        return as_table(text, "text", None, encoding)
    guard.check_size(len(text.encode("utf-8", "surrogatepass")), _MOST)
    table = as_table(text, "text", None, encoding, whole_lines=True)
    return Table("", "text", table.encoding, tuple(_in_columns(table.lines, names)))


def _is_cut(text: str) -> bool:
    """Whether every line of several has the same few semicolons or bars."""
    lines = [line for line in text.splitlines() if line.strip()]
    return len(lines) > 1 and any(
        {line.count(sign) for line in lines} == {lines[0].count(sign)} and lines[0].count(sign) > 0
        for sign in ";|"
    )


def _in_columns(lines: tuple[Line, ...], names: Callable[[str], bool]) -> Iterator[Line]:
    taken = [_taken_apart(line.cells[0].text, names) if line.cells else _Pieces() for line in lines]
    said = [each for each in taken if not each.names_goods]
    shared = {
        name: _only(each.found[name] for each in said) for name in ("phone", "place", "contact")
    }
    yield Line(0, tuple(Cell(name) for name in COLUMNS.values()))
    for line, pieces in zip(lines, taken, strict=True):
        yield Line(line.number, tuple(_cells(line, pieces.with_shared(shared))))


def _only(texts: Iterator[str]) -> str:
    """What the other lines of a message say for all its goods, if they say one thing."""
    several = {text for text in texts if text}
    return several.pop() if len(several) == 1 else ""


def _cells(line: Line, pieces: _Pieces) -> Iterator[Cell]:
    if not line.cells:
        return
    whole = line.cells[0].text.strip()
    if pieces.names_goods:
        found = pieces.found | {"line": whole}
    elif whole.endswith(":") and not _GREETING.match(whole):
        found = {"commodity": whole}
    else:
        found = {"note": whole}
    for name in COLUMNS:
        yield Cell(found[name]) if found.get(name) else BLANK


@dataclass
class _Pieces:
    """A line cut up, by the names of `COLUMNS`."""

    found: dict[str, str] = field(default_factory=lambda: dict.fromkeys(COLUMNS, ""))
    named: bool = False

    @property
    def names_goods(self) -> bool:
        priced = self.found["ask"] and self.found["commodity"]
        return bool(self.found["quantity"] or priced or self.named)

    def with_shared(self, shared: Mapping[str, str]) -> _Pieces:
        """With what the message says once for all: whom to ask, unless the line says whom, and where."""
        asks = self.found["phone"] or self.found["contact"]
        missing = ("place",) if asks else ("place", "phone", "contact")
        return _Pieces(
            self.found | {n: shared[n] for n in missing if not self.found[n]}, self.named
        )

    def add(self, name: str, text: str, between: str = "; ") -> None:
        text = " ".join(text.split()).strip(" ,;:-–")
        if text:
            self.found[name] = between.join(filter(None, (self.found[name], text)))


def _taken_apart(line: str, names: Callable[[str], bool]) -> _Pieces:
    pieces = _Pieces()
    if len(line) > _LONGEST_LINE:
        return pieces
    if sender := _SENDER.match(line):
        pieces.add("contact", sender["name"])
        line = line[sender.end() :]
    rest = _BULLET.sub("", _GREETING.sub("", line))
    for name, pattern in _PIECES:
        rest = _cut_out(rest, name, pattern, pieces)
    _name_the_rest(rest, pieces)
    pieces.named = not line.rstrip().endswith(":") and names(pieces.found["commodity"])
    return pieces


def _cut_out(rest: str, name: str, pattern: re.Pattern[str], pieces: _Pieces) -> str:
    """Take every such piece out of the line; of amounts and prices only the first."""
    once = name in ("quantity", "ask") and pieces.found[name]
    for found in () if once else pattern.finditer(rest):
        start, end = found.span()
        if name == "place":
            while more := _GOES_ON.match(rest, end):
                end = more.end()
        pieces.add(name, rest[found.start(1) : end], ", " if name == "place" else "; ")
        rest = f"{rest[:start]}{chr(0) * (end - start)}{rest[end:]}"
        if name in ("quantity", "ask", "place"):
            break
    return rest


def _name_the_rest(rest: str, pieces: _Pieces) -> None:
    """The first words left name the goods; those after them, and whether it is wanted, are remarks."""
    for deed in _DEED.finditer(rest):
        if "mua" in fold(deed["deed"]):
            pieces.add("note", deed[0])
    names = [part.strip(" :.-–\x00") for part in _BETWEEN.split(_DEED.sub("\x00", rest))]
    words = [name for name in names if any(c.isalpha() for c in name)]
    leads = [word for word in words if not _is_lead(word)]
    if leads:
        pieces.add("commodity", leads[0])
    for word in leads[1:]:
        name = "contact" if _names_a_person(word) else "note"
        pieces.add(name, _LEAD.sub("", word))


def _is_lead(word: str) -> bool:
    return fold(word) in ("lh", "lien he", "dt", "sdt", "gia", "so luong", "sl", "zalo", "gap")


def _names_a_person(word: str) -> bool:
    return bool(
        re.match(r"(?:lh|liên hệ|gặp|anh|chị|a\.|c\.|ông|bà|chú|cô)\s", word, re.IGNORECASE)
    )
