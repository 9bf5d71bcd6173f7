"""How people are named, what a password must be, who may let whom in."""

from __future__ import annotations

import pytest

from marketplace.domain.accounts import (
    GRANTS,
    PersonDraft,
    check_password,
    check_person,
    may_let_in,
    parse_email,
    parse_phone,
    sign_in_name,
    written_phone,
)
from marketplace.domain.actors import Actor, Role
from marketplace.domain.errors import Rejected

LAN = PersonDraft("Nguyễn Thị Lan", "lan.nguyen@htx.vn", "+84912345678")


@pytest.mark.parametrize(
    "typed",
    [
        "0912345678",
        "0912 345 678",
        "0912.345.678",
        "+84912345678",
        "+84 (0)912 345 678",
        "0084912345678",
        "84912345678",
        " 0912-345-678 ",
        "０９１２３４５６７８",
    ],
)
def test_a_mobile_number_is_one_number_however_it_is_written(typed: str) -> None:
    assert parse_phone(typed) == "+84912345678"


def test_fixed_lines_and_foreign_numbers_are_numbers_too() -> None:
    assert parse_phone("0293 3876 543") == "+842933876543"
    assert parse_phone("+855 12 345 678") == "+85512345678"


@pytest.mark.parametrize(
    ("phone", "text"),
    [
        ("+84912345678", "0912 345 678"),
        ("+842933876543", "02933 876 543"),
        ("+85512345678", "+85512345678"),
        ("+84", "+84"),
    ],
)
def test_numbers_are_written_as_people_here_write_them(phone: str, text: str) -> None:
    assert written_phone(phone) == text


@pytest.mark.parametrize(
    "typed", ["", "0", "12345", "0112345678", "01234567890", "09123456789", "abc", "+", "9" * 5000]
)
def test_what_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(Rejected) as caught:
        parse_phone(typed)
    assert caught.value.field == "phone"


@pytest.mark.parametrize("typed", ["lan@htx.vn", " LAN@HTX.VN ", "lan@htx.vn\u200b"])
def test_an_address_is_kept_in_small_letters(typed: str) -> None:
    assert parse_email(typed) == "lan@htx.vn"


@pytest.mark.parametrize("typed", ["", "lan", "lan@", "@htx.vn", "lan@htx", "a b@c.vn", "x" * 999])
def test_what_is_no_address_is_refused(typed: str) -> None:
    with pytest.raises(Rejected):
        parse_email(typed)


@pytest.mark.parametrize("typed", ["", "\0", "x" * 100_000, "@@", "<script>"])
def test_what_names_nobody_is_nobody(typed: str) -> None:
    assert sign_in_name(typed) is None


def test_a_person_needs_a_name_and_one_way_to_be_reached() -> None:
    assert check_person(PersonDraft(" Lan ", "", "0912345678")).phone == "+84912345678"
    for draft in (PersonDraft("", "a@b.vn", ""), PersonDraft("Lan", " ", None)):
        with pytest.raises(Rejected):
            check_person(draft)


@pytest.mark.parametrize("password", ["khóm chín vàng", "Mưa-rơi 2026 đêm", "correct horse"])
def test_a_short_sentence_is_a_good_password(password: str) -> None:
    check_password(password, LAN)


@pytest.mark.parametrize(
    "password",
    [
        "",
        "ngắn",
        "password123",
        "matkhau123",
        "1234567890",
        "aaaaaaaaaaaa",
        "nguyenthilan",
        "0912345678",
        "lan.nguyen@htx.vn",
        "x" * 201,
    ],
)
def test_what_anybody_would_try_first_is_refused(password: str) -> None:
    with pytest.raises(Rejected) as caught:
        check_password(password, LAN)
    assert caught.value.field == "password"


@pytest.mark.parametrize("role", list(Role))
def test_nobody_gives_more_than_their_own_rights(role: Role) -> None:
    if role is not Role.ADMINISTRATOR:
        assert GRANTS[role] <= {role, Role.READER}


def test_only_administrators_let_people_into_other_organisations() -> None:
    seller = Actor(1, 7, Role.SELLER, None, "Lan")
    administrator = Actor(2, 8, Role.ADMINISTRATOR, None, "Minh")

    assert may_let_in(seller, 7, Role.SELLER)
    assert not may_let_in(seller, 8, Role.SELLER)
    assert not may_let_in(seller, 7, Role.COORDINATOR)
    assert may_let_in(administrator, 7, Role.OFFICER)
