"""By which signs and words a line of a message is cut: `PIECES`, in the order in which they are looked for.

All words are found with their tone marks and without (`tones.either`).
"""

from __future__ import annotations

import re

from marketplace.sheets.tones import either

NUMBER = r"\d[\d.,]{0,20}(?:\s\d{3}(?!\d))?(?:\s\d{3}(?!\d)){0,4}"
_TO = either(r"\s*(?:-|–|~|đến|tới)\s*")
UNIT = either(
    r"(?:(?:nghìn|ngàn|thiên|vạn|triệu)\s*)?(?:tấn|tạ|yến|kg|kgs|kí lô|ký lô|kilo|kilogam|ký|kí|t|con|trái|quả"
    r"|trứng|hột|lít|cây|bó|bao|thùng|chục|gói|hộp|chai|hũ|vỉ|giỏ|giạ|cần xé|thiên|buồng|nải|bụi|chậu|cành|cuộn)"
)
GREAT = re.compile(either(r"tấn|tạ|yến|t"), re.IGNORECASE)
"""Units after which smaller ones may follow: "1 tấn 200 kg", and not "20 con 100 kg"."""
_END = r"(?![^\W_])"
_MONEY = either(r"(?:đồng|đ|vnđ|vnd|₫|k|ngàn|nghìn|triệu|tr)")
_TENTHS = either(r"(?:\s*rưỡi|\d{1,3}|\s[1-9](?=\s*(?:$|[,;|/\x00])))?")
"""What follows the thousands: "6k2", "6tr25", "6 ngàn 2", "7 nghìn rưỡi"."""
_PRICES = rf"{NUMBER}(?:(?:\s*{_MONEY}\d?)?{_TO}{NUMBER})?"
_FOR = r"(?:\s*/\s*(?:\d{1,3}\s*)?[^\W\d]+|\s+1\s?" + either(r"(?:kg|ký|kí)") + r")?"
_ABOUT = r"(?:(?:cỡ|" + either(r"khoảng|hơn|trên|dưới|gần|tầm|chừng|tối đa|ít nhất") + r")\s*)?"
_PER = either(
    r"(?:\s*(?:/|mỗi|một|1)\s*(?:\d+\s*)?(?:ngày|tuần|tháng|đêm|vụ)|\s+trở (?:lên|xuống))?"
)
_ENDS = r"(?=\s*(?:$|[,;|\x00]|\.(?!\d)))"
_MORE = either(
    rf"(?:\s*rưỡi|[1-9](?![\w.,]*\w)|\s(?:[1-9]|\d{{3}}){_ENDS}|\s\d{{1,3}}\s*(?:kg|ký|kí)(?!\s*/))?"
)
"""What is added to the amount: "1 tấn rưỡi", "1t2", "5 tấn 8", "1 tấn 200 kg"."""
_DAY = r"\d{1,2}\s*/\s*\d{1,2}(?:\s*/\s*\d{2,4})?"
_SAID_DAY = rf"(?:{_DAY}|\d{{1,2}}-\d{{1,2}}(?:-\d{{2,4}})?|\d{{1,2}}\.\d{{1,2}}(?:\.\d{{2,4}})?)"
_ON = either(r"(?:từ|ngày|bắt đầu|tới|đến|trước|hết)")
TYPE = either(
    r"(?:xã|phường|thị trấn|tt\.?|huyện|h\.|tp\.?|thành phố|thị xã|tx\.?|tỉnh|quận|ấp|khóm \d)"
)
_AT = either(
    r"(?:(?:(?:lấy|giao|nhận|bốc)\s+hàng|nơi lấy|lấy|giao|nhận|bốc|về)\s+)?(?:(?:tại|ở|địa chỉ|đ/c|đc)(?:\s*:\s*|\s+))?"
)
_STARTS = r"(?<![^\W_])"
_SIZED = either(
    rf"\d{{1,4}}(?:{_TO}\d{{1,4}})?\s*(?:con|trái|quả|cái|hột)\s*/\s*(?:kg|ký|kí){_END}"
    rf"|\d{{1,4}}(?:[.,]\d)?(?:{_TO}\d{{1,4}}(?:[.,]\d)?)?\s*(?:kg|ký|kí|gr?|lạng)\d?\s*/"
    rf"\s*(?:con|trái|quả|bao|thùng|chục){_END}"
)
"""How large they are, or how they are packed: no amount."""
_GRAMS = r"(?:cỡ\s*(?=\d))?" + either(
    rf"(?:(?:size|sz)\s*\d[\d.,]*\s*(?:kg|gr?|gram|con)?|\d[\d.,]*\s*(?:gr?|gram))"
    rf"(?:{_TO}\d[\d.,]*\s*(?:kg|gr?|gram|con)?)?(?:\s*/\s*(?:con|trái|kg))?{_END}"
)
_AREA = either(rf"(?:vườn|ruộng|ao)?\s*\d[\d.,]*\s*(?:công(?: đất)?|ha|hecta|sào|m2){_END}")
SPAN = rf"{NUMBER}(?:(?:\s*{UNIT})?{_TO}{NUMBER})?"


def _found(name: str, pattern: str) -> tuple[str, re.Pattern[str]]:
    return name, re.compile(_STARTS + pattern, re.IGNORECASE)


QUANTITY = _found("quantity", rf"({_ABOUT}{SPAN}\s*(?P<unit>{UNIT})(?P<more>{_MORE}){_END}{_PER})")
PIECES: tuple[tuple[str, re.Pattern[str]], ...] = (
    _found(
        "phone",
        either(
            r"(?:(?:lh|liên hệ|sđt|đt|đtdđ|điện thoại|zalo|gọi|call|tel)[\s:.]*)?"
            r"(\(?(?:\+?84|0)\)?[\s.]?[235789](?:[\s.\-]?\d){8,9}(?!\d))"
        ),
    ),
    _found("size", rf"({_SIZED})"),
    _found("size", rf"({_GRAMS})"),
    _found("note", rf"({_AREA})"),
    _found(
        "ask",
        either(r"giá(?: bán| mua| từ)?\s*:?\s*")
        + rf"({_PRICES}\s*(?:{_MONEY}{_TENTHS})?{_FOR}){_END}",
    ),
    _found("ask", either(r"((?:giá\s*:?\s*)?(?:thỏa thuận|thoả thuận|thương lượng))(?!\w)")),
    QUANTITY,
    _found("ask", rf"({_PRICES}\s*{_MONEY}{_TENTHS}{_FOR}){_END}"),
    _found(
        "ask",
        rf"({NUMBER}(?:{_TO}{NUMBER})?\s*/\s*(?:1\s*)?"
        + either(r"(?:kg|ký|kí|tấn|tạ|con|trái|chục|giạ))")
        + _END,
    ),
    _found("window", either(r"(hôm nay|ngày mai)(?!\w)")),
    _found(
        "window",
        rf"((?:(?:(?:{_ON}[\s:]*){{1,3}}(?:nay|{_SAID_DAY}|\d{{1,2}}\s*[-–]\s*{_DAY})|{_DAY}|\d{{1,2}}\s*[-–]\s*{_DAY}))"
        rf"(?:\s*(?:-|–|{_ON})\s*(?:{_ON}\s*){{0,2}}{_SAID_DAY})?|"
        + either(r"(?:(?:đầu|giữa|cuối) )?tháng \d{1,2}(?:/\d{4})?)(?!\w)"),
    ),
    _found(
        "note",
        either(r"((?:tuần này|tuần sau|tuần tới|cuối tuần|cuối tháng|đầu tháng)[^,;.\x00]*)"),
    ),
    _found(
        "place",
        either(
            r"(?:(?:tại|ở|địa chỉ|đ/c|đc|lấy hàng|nơi lấy|giao)(?:\s*:\s*|\s+)"
            r"(?!vườn|ruộng|ao\b|trại|chỗ|kho\b|tại|tận|hàng|nhà\b)"
        )
        + rf"(?-i:(?=[A-ZĐ])|(?i:(?={TYPE}\s))))([^,;.|\x00]+)",
    ),
    _found("place", rf"({TYPE}\s+[^,;.|\x00]+)"),
)
PLACE_AFTER = re.compile(
    _STARTS + r"(?=\S+\s)(?P<at>" + _AT + r")(?P<place>[^\W\d][^,;.|\x00]+)", re.IGNORECASE
)
"""Where somebody writes all in small letters: how much of it names a place only its names tell."""

SENDER = re.compile(
    r"^\s*\[?\s*(?:\d{1,2}:\d{2}(?::\d{2})?|\d{1,2}/\d{1,2}(?:/\d{2,4})?)[,\s]*"
    r"(?:\d{1,2}:\d{2}(?::\d{2})?|\d{1,2}/\d{1,2}(?:/\d{2,4})?)?\s*\]?\s*(?P<name>[^:\d]{2,40}):\s+"
)
GREETING = re.compile(
    either(
        r"^\s*(?:dạ|kính chào|xin chào|chào|kính gửi|thưa|hello|hi|alo|a lô|cảm ơn|cám ơn|thanks)(?!\w)"
    )
    + r"(?:[^\d:]*:|[^\d,.!;]*(?:[,.!;]|$))",
    re.IGNORECASE,
)
BULLET = re.compile(r"^\s*(?:[-+*•●▪►]+|\(?\d{1,2}[.)/](?!\d))\s*")
PICTURE = re.compile("[\u2190-\u21ff\u2300-\u27bf\u2b00-\u2bff\ufe0f\u200d\U0001f000-\U0001faff]+")
"""Arrows, ticks and emojis: they separate, and say nothing."""

DEED = re.compile(
    r"(?<!\w)(?:"
    + either(
        r"(?:cần |muốn |đang |hiện )*(?P<deed>thu mua|tìm mua|bán gấp|bán|mua|tiêu thụ|có|tồn|ra)"
        r"(?: gấp| sỉ| lẻ)?"
    )
    + r"|(?P<left>còn)|(?:(?<=\x00)|^)\s*(?P<bare>con)(?=\s*(?:\d|\x00))"
    + r")(?!\w)\s*:?",
    re.IGNORECASE,
)
BETWEEN = re.compile(r"[,;|\x00\n]+|\.(?:\s|$)|\s[-–]\s|^[-–:]\s*|\s+[-–:]$")
GOES_ON = re.compile(rf"\s*,\s*(?=(?i:{TYPE})\s|[A-ZĐÀ-Ý])([^,;.|\x00]+)")
LEAD = re.compile(either(r"^(?:lh|liên hệ|gặp)[\s:.]+"), re.IGNORECASE)
PERSON = re.compile(
    either(r"(?:lh|liên hệ|gặp|anh|chị|em|a\.|c\.|ông|bà|chú|cô|a|c)\s"), re.IGNORECASE
)
WHOSE = re.compile(
    either(
        r"(?:nhà |hộ |của )*(?:bác|dì|cậu|thím|mợ|dượng|hộ|nhà|ông|bà|anh|chị|chú|cô|htx|hợp tác xã|tổ hợp tác)\s"
    ),
    re.IGNORECASE,
)
"""Words before names; without their marks they may be others: `bác`, `bắc` and `bạc`."""
GOT = re.compile(_STARTS + either(r"(?:thu )?được") + r"(?=\s*[\d\x00])", re.IGNORECASE)
""" "được 10 tấn lúa"; without marks the tree đước is written the same."""
GIA = re.compile(
    rf"{_STARTS}(?P<number>{SPAN})\s*gia\s*:?\s*(?P<price>{_PRICES}\s*(?:{_MONEY}{_TENTHS})?{_FOR}){_END}",
    re.IGNORECASE,
)
""" "20 gia 6200": 20 giạ for 6.200, or 20 of something, giá 6.200."""
RATE = re.compile(either(r"\s*(?:/|(?<!\w)mỗi\s)\s*(?P<per>ngày|tuần)(?!\w)"), re.IGNORECASE)
FILLERS = frozenset({
    "da", "a", "em", "anh", "chi", "co", "chu", "nha", "nhe", "nghen", "alo", "chao", "xin", "hang", "voi", "giup",
    "gium", "moi", "nguoi", "ca", "ai", "can", "gap", "lay", "ib", "inbox", "minh", "ben", "toi", "hien", "dang",
    "nay", "hnay", "va", "thi", "la", "gia", "ban", "mua", "hoi", "vo", "vao", "nhan", "gui", "bac", "kinh", "qua",
})  # fmt: skip
"""Words that say nothing of the goods; a remark of nothing else is none."""
GRADED = re.compile(
    either(r"(?:loại|hạng|cấp|size|cỡ|số|khóm|ấp|tổ|khu vực|l|kv)\s*$"), re.IGNORECASE
)
"""What stands before a number that is neither an amount nor a price."""

NUMBER_WORDS = {
    "nửa": "0,5", "một": "1", "hai": "2", "ba": "3", "bốn": "4", "năm": "5", "sáu": "6", "bảy": "7",
    "tám": "8", "chín": "9", "mười": "10",
}  # fmt: skip
IN_WORDS = re.compile(
    rf"{_STARTS}(?P<number>{either('|'.join(NUMBER_WORDS))})\s+(?P<unit>{either('tấn|tạ|kg|ký|kí')})"
    rf"(?P<half>{either('(?: rưỡi)?')}){_END}{_PER}",
    re.IGNORECASE,
)
