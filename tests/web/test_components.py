"""The macros that pages are made of, with what people could meet."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from flask import Flask, render_template_string
from flask_babel import force_locale
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, RadioField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length

from marketplace.web.forms import Form

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


class SampleForm(Form):
    class Meta(Form.Meta):
        csrf = False

    quantity = StringField("Khối lượng", [InputRequired("Cần điền Khối lượng")], description="3 tạ")
    note = StringField("Ghi thêm", [Length(max=3)])
    whole = RadioField(
        "Bán lẻ được không?", choices=[SelectChoice("no", "Được"), SelectChoice("yes", "Không")]
    )
    sealed = BooleanField("Giữ kín giá mua")


@pytest.fixture
def draw(app: Flask):
    """Renders one macro call of components/FILE.html in Vietnamese, with ordinary spaces."""

    def drawn(file: str, call: str, **context: object) -> str:
        name = call.split("(")[0].split()[-1]
        template = f'{{% from "components/{file}.html" import {name} %}}{{{{ {call} }}}}'
        with app.test_request_context("/lots?q=khom&page=2"), force_locale("vi"):
            return render_template_string(template, **context).replace("\u00a0", " ")

    return drawn


def words(html: str) -> str:
    """The text of a piece of HTML on one line."""
    import re

    return " ".join(re.sub(r"<[^>]+>", " ", html).replace("&nbsp;", " ").split())


def test_quantities_have_a_bold_number_and_exact_kilograms_in_brackets(draw):
    assert "<b>25,5</b>" in draw("figures", "quantity(25500)")
    assert words(draw("figures", "quantity(25500, exact=true)")) == "25,5 tấn (25.500 kg)"
    assert words(draw("figures", 'quantity(40000, "trứng")')) == "40.000 trứng"


def test_a_price_never_stands_without_its_unit(draw):
    assert words(draw("figures", "price(12500)")) == "12.500 ₫/kg"
    assert words(draw("figures", 'price(1850000, "con")')) == "1.850.000 ₫/con"


def test_no_price_is_to_be_agreed_with_the_reference_band(draw):
    drawn = words(draw("figures", "price(none, low=7000, high=9000)"))

    assert drawn == "thỏa thuận giá tham khảo 7.000 – 9.000 ₫/kg"


def test_a_landed_price_shows_its_sum(draw):
    drawn = words(draw("figures", 'landed_price(7800, 516, "Bình Điền")'))

    assert drawn == "8.316 ₫/kg đến Bình Điền = 7.800 + cước 516"


def test_a_price_range_labels_every_end(draw):
    drawn = draw("figures", "price_range(7800, 8150, 8550, 8950, 9284)")

    for figure in ("7.800", "8.150", "8.550", "8.950", "9.284"):
        assert f">{figure}<" in drawn


def test_a_sealed_end_fades_out_without_a_figure(draw):
    drawn = draw("figures", "price_range(7800, 8150, 8550, 8950, none)")

    assert "giữ kín" in drawn
    assert "url(#fade-right)" in drawn
    assert "f-d" not in drawn


def test_an_end_that_is_the_ask_is_labelled_once(draw):
    drawn = draw("figures", "price_range(13500, 13500, 13800, 14087, 18000)")

    assert drawn.count(">13.500<") == 1
    assert drawn.count(">14.087<") == 1


@pytest.mark.parametrize(
    "prices", ["13500, 13500, 13550, 13600, 19000", "13500, 18900, 18950, 18990, 19000"]
)
def test_labels_of_a_range_stay_inside_the_picture(draw, prices):
    drawn = draw("figures", f"price_range({prices})")

    for x, size, label in re.findall(
        r'<text x="([\d.]+)"[^>]*middle" font-size="(\d+)"[^>]*>([^<]+)', drawn
    ):
        half = len(unescape(label)) * int(size) * 0.32
        assert half <= float(x) <= 340 - half, label


def test_an_empty_range_shows_the_proposal_alone(draw):
    drawn = draw("figures", "price_range(7800, none, 8550, none, 9284)")

    assert "8.550" in drawn
    assert "f-brand" not in drawn


def test_a_status_is_an_icon_and_a_word(draw):
    drawn = draw("marks", 'status("confirmed")')

    assert "<svg" in drawn
    assert words(drawn) == "Hai bên đồng ý"


def test_a_deadline_turns_red_in_its_last_quarter(draw):
    late = draw("marks", "deadline(at, now)", at=NOW + timedelta(hours=11), now=NOW)
    early = draw("marks", "deadline(at, now)", at=NOW + timedelta(hours=13), now=NOW)

    assert "soon" in late
    assert "soon" not in early
    assert "(còn 13 giờ)" in words(early)


def test_a_reason_says_what_could_be_done(draw):
    drawn = words(draw("marks", 'reason("Lệch 2 ngày", "Trễ 2 ngày.", "lấy sớm hơn 2 ngày.")'))

    assert drawn == "Lệch 2 ngày Trễ 2 ngày. Có thể: lấy sớm hơn 2 ngày."


def test_a_field_is_tied_to_its_hint_and_its_error(draw, app):
    with app.test_request_context(), force_locale("vi"):
        form = SampleForm(formdata=MultiDict({"note": "dài lắm"}))
        form.validate()
    drawn = draw("form", "field(form.quantity)", form=form)

    assert 'aria-describedby="quantity-hint quantity-error"' in drawn
    assert 'aria-invalid="true"' in drawn
    assert 'id="quantity-error"' in drawn
    assert 'value="dài lắm"' in draw("form", "field(form.note)", form=form)
    assert "Dài quá 3 chữ." in draw("form", "field(form.note)", form=form)


def test_the_error_summary_links_every_field(draw, app):
    with app.test_request_context(), force_locale("vi"):
        form = SampleForm(formdata=MultiDict({"note": "dài lắm"}))
        form.validate()
    drawn = draw("form", "error_summary(form)", form=form)

    assert "Có 3 chỗ cần xem lại" in drawn  # quantity, note, and no choice made
    assert 'href="#quantity"' in drawn
    assert 'tabindex="-1"' in drawn


def test_choices_are_a_fieldset_with_remarks(draw, app):
    with app.test_request_context(), force_locale("vi"):
        form = SampleForm(formdata=None)
    drawn = draw("form", 'choice(form.whole, notes={"no": "dễ bán hơn"})', form=form)

    assert drawn.count('class="choice"') == 2
    assert "<small>dễ bán hơn</small>" in drawn
    assert "<legend>" in drawn


def test_pages_of_a_list_keep_its_filters(app: Flask):
    template = '{% from "components/lists.html" import pagination %}{{ pagination(2, 3) }}'
    with app.test_request_context("/distances?goods=khom&page=2"), force_locale("vi"):
        drawn = render_template_string(template)

    assert "/distances?goods=khom&amp;page=1" in drawn
    assert "/distances?goods=khom&amp;page=3" in drawn
    assert "Trang 2 trên 3" in drawn


def test_one_page_needs_no_pagination(draw):
    assert draw("lists", "pagination(1, 1)").strip() == ""
