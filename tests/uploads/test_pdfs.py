"""PDF files that do anything but show pages are refused."""

from __future__ import annotations

import random
import subprocess
import time
import zlib

import pytest

from marketplace.uploads.kinds import BadUpload
from marketplace.uploads.pdfs import check_pdf
from tests.picture_factories import a_pdf

ACTION = b"<</S/JavaScript/JS(app.alert(1))>>"
PREDICTED = b"<</Type/ObjStm/First 4/Filter/FlateDecode/DecodeParms<</Predictor 12>>/Length %d>>"


def test_a_plain_pdf_is_taken():
    check_pdf(a_pdf(), field="file")
    check_pdf(a_pdf(packed=b"4 0 <</Type/Font/BaseFont/Times>>"), field="file")


@pytest.mark.parametrize(
    "pdf",
    [
        a_pdf(b"4 0 obj" + ACTION + b"endobj\n"),
        a_pdf(b"4 0 obj<</S/J#61va#53cript/JS(x)>>endobj\n"),
        a_pdf(b"4 0 obj<</S/Launch/F(cmd.exe)>>endobj\n"),
        a_pdf(b"4 0 obj<</Names<</EmbeddedFiles 5 0 R>>>>endobj\n"),
        a_pdf(b"4 0 obj<</AcroForm<</XFA 5 0 R>>>>endobj\n"),
        a_pdf(b"4 0 obj<</Subtype/RichMedia>>endobj\n"),
        a_pdf(packed=b"4 0 " + ACTION),
        a_pdf(packed=b"4 0 " + ACTION, told=b"<</N 1/F#69rst 4/Filter[/FlateDecode]/Length %d>>"),
        a_pdf(packed=b"4 0 " + ACTION, told=b"<</Filter/FlateDecode/Length 9>>"),
        a_pdf(packed=b"4 0", told=b"<</Type/ObjStm/First 4/Filter[/ASCII85Decode/FlateDecode]>>"),
        a_pdf(packed=b"4 0", told=b"<</Type/ObjStm/First 4/Filter 8 0 R/Length %d>>"),
        a_pdf(packed=b"4 0", told=PREDICTED),
        a_pdf(b"8 0 obj<<>>stream\n4 0 obj" + ACTION + b"endobj endstream endobj\n"),
    ],
)
def test_a_program_or_another_file_in_it_is_found_however_it_hides(pdf):
    with pytest.raises(BadUpload, match="holds a program"):
        check_pdf(pdf, field="file")


def test_what_is_locked_or_cut_off_is_refused_by_name():
    with pytest.raises(BadUpload, match="password"):
        check_pdf(a_pdf(b"trailer<</Encrypt 7 0 R>>\n"), field="file")
    with pytest.raises(BadUpload, match="damaged or incomplete"):
        check_pdf(a_pdf()[:150], field="file")


def test_five_megabytes_are_looked_at_quickly_whatever_they_are():
    begun = time.monotonic()

    check_pdf(a_pdf(b"4 0 obj<<>>stream\n" + random.Random(1).randbytes(4_900_000)), field="file")
    with pytest.raises(BadUpload, match="more than can be looked at"):
        check_pdf(a_pdf(packed=b"/" * 200_000_000), field="file")
    many = b"5 0 obj<</Filter/FlateDecode>>stream\n%s\nendstream\n" % zlib.compress(b"x")
    with pytest.raises(BadUpload, match="more than can be looked at"):
        check_pdf(a_pdf(many * 70_000), field="file")

    assert time.monotonic() - begun < 4


def test_what_an_office_program_writes_is_taken(tmp_path):
    sheet = tmp_path / "paper.csv"
    sheet.write_text("Giấy chứng nhận VietGAP,số 12\n", encoding="utf-8")
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path)]
    subprocess.run([*command, str(sheet)], check=True, capture_output=True, timeout=60)

    check_pdf((tmp_path / "paper.pdf").read_bytes(), field="file")
