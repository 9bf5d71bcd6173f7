"""One line of a message cut up: an amount, a price, days, a place, a telephone number, and what is left.

What a word without tone marks may or may not mean is marked with a question mark (`doubts.DOUBT`), so
that it is asked.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from marketplace.domain.text import fold
from marketplace.domain.text import words as split
from marketplace.sheets import message_words as words
from marketplace.sheets.doubts import DOUBT, OR, SEVERAL
from marketplace.sheets.goods import grade_named_in
from marketplace.sheets.vocabulary import Vocabulary

NAMES = (
    "commodity", "quantity", "ask", "place", "window", "contact", "phone", "note", "line", "size",
)  # fmt: skip
"""Of the pieces of a line."""
_LONGEST_LINE = 500
_GRADE_WORDS = 3
_GOODS_WORDS = 3
_NAME_WORDS = 5
_CUT = "\x00"


@dataclass
class Pieces:
    """A line cut up, by `NAMES`."""

    found: dict[str, str] = field(default_factory=lambda: dict.fromkeys(NAMES, ""))
    named: bool = False

    @property
    def names_goods(self) -> bool:
        priced = self.found["ask"] and self.found["commodity"]
        return bool(self.found["quantity"] or priced or self.named)

    def with_shared(self, shared: Mapping[str, str]) -> Pieces:
        """With what the message says once for all: whom to ask, unless the line says whom, and where."""
        asks = self.found["phone"] or self.found["contact"]
        missing = ("place",) if asks else ("place", "phone", "contact")
        return Pieces(self.found | {n: shared[n] for n in missing if not self.found[n]}, self.named)

    def add(self, name: str, text: str, between: str = "; ") -> None:
        text = " ".join(text.split()).strip(" ,;:-–")
        if text:
            self.found[name] = between.join(filter(None, (self.found[name], text)))


def take_apart(line: str, known: Vocabulary) -> Pieces:
    """Cut a line up."""
    cutting = _Cutting(known)
    if len(line) > _LONGEST_LINE:
        return cutting.pieces
    rest = cutting.without_sender(line)
    rest = words.PICTURE.sub(_CUT, rest)
    rest = words.BULLET.sub("", words.GREETING.sub("", rest.strip(f" {_CUT}")))
    rest = cutting.cut_out_gia(rest)
    for name, pattern in words.PIECES:
        rest = cutting.cut_out(rest, name, pattern)
    rest = cutting.cut_out_rate(rest)
    rest = cutting.cut_out_places(rest)
    rest = cutting.cut_out_number_words(rest)
    rest = cutting.cut_out_got(rest)
    parts = cutting.without_loose_numbers(_parts(rest))
    cutting.name(rest, parts)
    pieces = cutting.pieces
    pieces.named = not line.rstrip().endswith(":") and known.names_goods(pieces.found["commodity"])
    return pieces


def _parts(rest: str) -> list[str]:
    """What stands between what has been cut out, signs and words like "bán", "cần mua"."""
    cut = words.BETWEEN.split(words.DEED.sub(_CUT, rest))
    return [part for part in (piece.strip(f" :.-–{_CUT}") for piece in cut) if part]


@dataclass
class _Cutting:
    known: Vocabulary
    pieces: Pieces = field(default_factory=Pieces)

    def without_sender(self, line: str) -> str:
        if not (sender := words.SENDER.match(line)):
            return line
        self.pieces.add("contact", sender["name"])
        return line[sender.end() :]

    # What its form tells

    def cut_out_gia(self, rest: str) -> str:
        """Without marks, giạ (a measure of rice) and giá (the price) are one word: both are asked."""
        match = words.GIA.search(rest)
        if match is None or words.QUANTITY[1].search(rest[: match.start()] + rest[match.end() :]):
            return rest
        before = rest[: match.start()]
        name = f"{_parts(before)[-1] if _parts(before) else ''} {match['number']}"
        if words.GRADED.search(before) or self.known.is_good(name.strip()):
            return rest
        self.pieces.add("quantity", f"{match['number']} gia{DOUBT}")
        self.pieces.add("ask", f"{match['price']}{DOUBT}")
        return f"{before}{_CUT * len(match[0])}{rest[match.end() :]}"

    def cut_out_rate(self, rest: str) -> str:
        """ "5 tấn khóm mỗi ngày": the goods stand between the amount and how often it comes."""
        match, amount = words.RATE.search(rest), self.pieces.found["quantity"]
        if match is None or not amount or words.RATE.search(amount):
            return rest
        self.pieces.found["quantity"] = f"{amount}/{match['per']}"
        return f"{rest[: match.start()]}{_CUT * len(match[0])}{rest[match.end() :]}"

    def cut_out(self, rest: str, name: str, pattern: re.Pattern[str]) -> str:
        """Take every such piece out of the line; of amounts and prices only the first."""
        found = self.pieces.found
        for match in () if name in ("quantity", "ask") and found[name] else pattern.finditer(rest):
            if name == "ask" and self._is_amount_of_old(rest, match):
                continue
            start, end = match.span()
            if name == "place":
                while more := words.GOES_ON.match(rest, end):
                    end = more.end()
            said = rest[match.start(1) : end]
            if name == "quantity":
                said, end = self._amount(rest, match)
            if name == "place":
                end = match.start(1) + self._reach(rest[match.start(1) : end])
                said = rest[match.start(1) : end]
                said = self._with_comma(said)
            if name == "ask":
                said = re.sub(r"\s+1\s?(?=[kK])", "/", said)  # "5000d 1kg"
            self.pieces.add(name, said, ", " if name == "place" else "; ")
            rest = f"{rest[:start]}{_CUT * (end - start)}{rest[end:]}"
            if name in ("quantity", "ask", "place"):
                break
        return rest

    def _is_amount_of_old(self, rest: str, match: re.Match[str]) -> bool:
        """ "Chuoi gia 500 kg", "ga gia 50 con": gia is già there, where no other amount is told."""
        if not re.match(r"gia\b", match[0]):
            return False
        after = re.compile(rf"\s*{words.UNIT}(?![^\W_])(?!\s*/)", re.IGNORECASE)
        others = rest[: match.start()] + _CUT * len(match[0]) + rest[match.end() :]
        return bool(after.match(rest, match.end(1))) and not words.QUANTITY[1].search(others)

    def _amount(self, rest: str, match: re.Match[str]) -> tuple[str, int]:
        """What it says, doubted where the word for the unit may be another word, and where it ends."""
        said, unit = match[1], match["unit"]
        number, end = rest[match.start(1) : match.start("unit")].strip(), match.end()
        after = re.match(r"\s+([^\W\d_]+)(?:\s+([^\W\d_]+))?", rest[match.end("unit") :])
        if unit == "gia" and re.match(r"\s*:?\s*\d", rest[match.end("unit") :]):
            return f"{number} gia{DOUBT}", match.end("unit")
        if match["more"] and not words.GREAT.fullmatch(unit):
            return rest[match.start(1) : match.end("unit")], match.end("unit")
        if after and self._begins_goods(unit, after):
            return said, match.start("unit") + unit.rfind(" ") + 1  # "1 thiên trứng vịt"
        if unit == "tan" and after and self._begins_place(unit, after):
            return f"{number} tan{DOUBT}", match.start("unit")
        return said, end

    def _begins_goods(self, unit: str, after: re.Match[str]) -> bool:
        """ "40.000 trứng vịt": the unit is the first word of the goods, too."""
        one, two = f"{unit} {after[1]}", f"{unit} {after[1]} {after[2] or ''}".strip()
        if self.known.names_goods(after[1]) or self.known.names_goods(f"{after[1]} {after[2]}"):
            return False
        return self.known.names_goods(one) or self.known.names_goods(two)

    def _begins_place(self, unit: str, after: re.Match[str]) -> bool:
        """ "5 tan hiep": five tonnes, or 5 of something at Tân Hiệp."""
        names = [f"{unit} {after[1]}", f"{unit} {after[1]} {after[2] or ''}".strip()]
        goods = self.known.may_be_goods(f"{after[1]} {after[2] or ''}".strip())
        goods = goods or self.known.may_be_goods(after[1])
        return not goods and any(map(self.known.is_place, names))

    # What only its words tell

    def cut_out_places(self, rest: str) -> str:
        """A place in small letters: after "tại", "ở", or a whole part of the line."""
        if self.pieces.found["place"]:
            return rest
        for match in words.PLACE_AFTER.finditer(rest):
            if match["at"] and (size := self._place_at_start(match["place"])):
                end = match.start("place") + size
                while more := re.match(r"\s*,\s*([^,;.|\x00\d]+)", rest[end:]):
                    if not self.known.is_place(more[1]):
                        break
                    end += more.end()
                return self._cut_place(rest, match.start(), match.start("place"), end)
        parts = [(part, part[0].strip(" .:-–")) for part in re.finditer(r"[^,;|\x00\n]+", rest)]
        goods = [text for _, text in parts if self.known.may_be_goods(text)]
        for part, text in parts:
            if self.known.is_place(text) and (text not in goods or len(goods) > 1):
                return self._cut_place(rest, part.start(), part.start(), part.end())
        return self._cut_out_place_after_goods(rest)

    def _cut_out_place_after_goods(self, rest: str) -> str:
        """ "khom cau duc hoa luu": goods, and where they lie; "hanh tim vinh chau" is all goods."""
        for part in re.finditer(r"[^,;|\x00\n]+", words.DEED.sub(lambda m: _CUT * len(m[0]), rest)):
            if self.known.is_good(part[0]):
                continue
            starts = [word.start() for word in re.finditer(r"\S+", part[0])][1:]
            for start in starts:
                goods, place = part[0][:start].strip(), part[0][start:].strip()
                if self.known.is_place(place) and self.known.may_be_goods(goods):
                    at = part.start() + start
                    return self._cut_place(rest, at, at, part.end())
        return rest

    def _place_at_start(self, text: str) -> int:
        """How many of its letters name a place, as many as do."""
        ends = [word.end() for word in re.finditer(r"[^\s(]+", text)]
        named = (e for e in reversed(ends) if self.known.is_place(self._with_comma(text[:e])))
        return next(named, 0)

    def _reach(self, text: str) -> int:
        """How far a place goes; all of it where nothing tells."""
        if self.known.is_place(self._with_comma(text)):
            return len(text)
        return self._place_at_start(text) or len(text)

    def _with_comma(self, text: str) -> str:
        """ "xa hoa luu vi thanh" is xã Hỏa Lựu, Vị Thanh."""
        if "," in text or self.known.is_place(text):
            return text
        for space in reversed(list(re.finditer(r"\s+", text))):
            one, other = text[: space.start()], text[space.end() :]
            if self.known.is_place(one) and self.known.is_place(f"{one}, {other}"):
                return f"{one}, {other}"
        return text

    def _cut_place(self, rest: str, start: int, place: int, end: int) -> str:
        self.pieces.add("place", self._with_comma(rest[place:end]), ", ")
        return f"{rest[:start]}{_CUT * (end - start)}{rest[end:]}"

    def cut_out_number_words(self, rest: str) -> str:
        """ "năm tấn"; "nam tan" may be a name, and is asked."""
        match = None if self.pieces.found["quantity"] else words.IN_WORDS.search(rest)
        if match is None:
            return rest
        folded = {fold(word): number for word, number in words.NUMBER_WORDS.items()}
        number = folded[fold(match["number"])]
        rate = match[0][match.end("half") - match.start() :]
        doubt = DOUBT if match["number"].isascii() and match["unit"].isascii() else ""
        self.pieces.add("quantity", f"{number} {match['unit']}{match['half']}{rate}{doubt}")
        return f"{rest[: match.start()]}{_CUT * len(match[0])}{rest[match.end() :]}"

    def cut_out_got(self, rest: str) -> str:
        """ "duoc 10 tan lua" names rice, and not the tree; "duoc 500 cay" leaves nothing else."""
        without = words.GOT.sub(lambda match: _CUT * len(match[0]), rest)
        return without if any(map(self.known.may_be_goods, _parts(without))) else rest

    def without_loose_numbers(self, parts: list[str]) -> list[str]:
        """Numbers without any word are an amount or a price that has to be asked."""
        open_ = [name for name in ("quantity", "ask") if not self.pieces.found[name]]
        kept, numbers = [], []
        for part in parts:
            loose: list[str] = []
            while len(loose) < len(open_) and (match := self._loose(part)):
                loose.insert(0 if match.start() else len(loose), match["number"])
                part = (part[: match.start()] + part[match.end() :]).strip()
            kept.append(part)
            numbers += loose
        for name, number in zip(open_, numbers, strict=False):
            self.pieces.add(name, number + (DOUBT if name == "ask" else ""))
        return [part for part in kept if part]

    def _loose(self, part: str) -> re.Match[str] | None:
        """A number at the beginning or end of a part that names goods without it."""
        if self.known.is_good(part):
            return None
        first = re.match(rf"(?P<number>{words.SPAN})(?:\s+(?=\D)|$)", part)
        last = re.search(rf"(?:(?<=\s)|^)(?P<number>{words.SPAN})$", part)
        for found in (last, first):
            left = part.replace(found[0], "").strip() if found else ""
            if found and words.GRADED.search(part[: found.start()]):
                continue
            if found and (self.known.may_be_goods(left) if left else self._has_goods()):
                return found
        return None

    def _has_goods(self) -> bool:
        return bool(self.pieces.found["quantity"] or self.pieces.found["ask"])

    # What is left

    def name(self, rest: str, parts: list[str]) -> None:
        """The first words that name goods, else the first of all; the others are remarks."""
        for deed in words.DEED.finditer(rest):
            if deed["deed"] and "mua" in fold(deed["deed"]):
                self.pieces.add("note", deed[0])
        said = [part for part in parts if self._says_something(part)]
        named = self._first_goods(said)
        if named is not None:
            self.pieces.add("commodity", said[named])
        for at, part in enumerate(said):
            if at == 0 != named and self._offers_name(rest, part):
                continue
            if at != named and not self._adds_grade(part):
                name = "contact" if words.PERSON.match(part) else "note"
                self.pieces.add(name, words.LEAD.sub("", part))
        self._name_size()
        self._look_for_others(rest, said, named)

    def _says_something(self, part: str) -> bool:
        if not any(c.isalpha() for c in part):
            return False
        lead = fold(part) in ("lh", "lien he", "dt", "sdt", "so luong", "sl", "zalo", "sl gia")
        filler = {*split(part)} <= words.FILLERS and not self.known.may_be_goods(part)
        return not lead and not filler

    def _first_goods(self, said: list[str]) -> int | None:
        for whose in (False, True):
            for test in (self.known.is_good, self.known.may_be_goods, self.known.names_goods):
                for at, part in enumerate(said):
                    if test(part) and (whose or not words.WHOSE.match(part)):
                        return at
        return next((at for at, part in enumerate(said) if not words.PERSON.match(part)), None)

    def _offers_name(self, rest: str, part: str) -> bool:
        """Whether what stands before the amount or "bán" is a name only; it is offered as whose they are.

        "bac sau ban 300kg". Other words there are a remark, and offered all the same.
        """
        begins = re.match(rf"\s*{re.escape(part)}\s*(?=\x00|$)", words.DEED.sub(_CUT, rest))
        if not begins or words.PERSON.match(part) or self.pieces.found["contact"]:
            return False
        if len(part.split()) > _NAME_WORDS or self.known.names_goods(part):
            return False
        self.pieces.add("contact", f"{part}{DOUBT}")
        return bool(words.WHOSE.match(part))

    def _adds_grade(self, part: str) -> bool:
        """ "loai 1" behind the price is said of the goods all the same."""
        graded = len(part.split()) <= _GRADE_WORDS and grade_named_in(part)
        if graded and not grade_named_in(self.pieces.found["commodity"]):
            self.pieces.add("commodity", part, " ")
            return True
        return False

    def _name_size(self) -> None:
        """ "tôm thẻ 50 con/kg" names other goods than 100 con/kg; of others it is a remark."""
        size, goods = self.pieces.found["size"], self.pieces.found["commodity"]
        sized = f"{goods} {size}"
        named = size and self.known.is_good(sized) and not self.known.is_good(goods)
        self.pieces.add(*(("commodity", size, " ") if named else ("note", size)))

    def _look_for_others(self, rest: str, said: list[str], named: int | None) -> None:
        """Two goods in one line, each with an amount, are never put together."""
        pattern = words.QUANTITY[1]
        others = [match[1].strip() for match in pattern.finditer(rest)]
        others_said = [part for at, part in enumerate(said) if at != named]
        beside = [part for part in others_said if pattern.search(part)]
        found = self.pieces.found
        if any(self._is_goods(pattern.sub("", part).strip()) for part in beside):
            found["quantity"] = SEVERAL.join([found["quantity"], *others])
        elif others and not found["quantity"].endswith(DOUBT):
            found["quantity"] = OR.join([found["quantity"], *others]) + DOUBT
        if (
            found["ask"]
            and not found["ask"].endswith(DOUBT)
            and any(map(_has_own_price, others_said))
        ):
            found["ask"] += DOUBT

    def _is_goods(self, part: str) -> bool:
        short = len(part.split()) <= _GOODS_WORDS and self.known.may_be_goods(part)
        return short or self.known.is_good(part)


def _has_own_price(part: str) -> bool:
    """ "loai 2 5k": a price of another grade."""
    return bool(grade_named_in(part)) and any(
        pattern.search(part) for name, pattern in words.PIECES if name == "ask"
    )
