"""Files that mean harm: each ends in a clear message, soon, and nothing lands elsewhere."""

import csv
import io
import os
import sys
import time
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wrapping import word

from toolkit import Corpus, intake
from toolkit.cleaning import clean_text
from toolkit.ingest.draft import Draft
from toolkit.ingest.formats import read
from toolkit.ingest.limits import Limits, OutOfBoundsError, UnreadableError
from toolkit.ingest.prepare import prepare
from toolkit.ingest.references import references
from toolkit.ingest.sources import members
from toolkit.ingest.worker import ReadingProcess

PROSE = "城市治理要像绣花一样精细，社区是基层治理的单元。" * 10
BOMB = """<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">
{entities}]><{tag}>&z;</{tag}>"""
ENTITIES = "".join(
    f'<!ENTITY {new} "{f"&{old};" * 10}">'
    for old, new in zip("abcdefghij", "bcdefghijz", strict=True)
)
EXTERNAL = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY z SYSTEM "file://{path}">]>'
DOCX_BODY = (
    '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
    "<w:body><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:body></w:document>"
)


def zipped(**files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def docx_with(document):
    """A Word file whose main part is replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(word("题", ["甲"]))) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            data = document.encode() if name == "word/document.xml" else old.read(name)
            new.writestr(name, data)
    return out.getvalue()


def pdf_of(n_pages):
    """A PDF that says it has so many pages, all of them the same object."""
    kids = b"3 0 R " * min(n_pages, 10_000)
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count %d/Kids[%s]>>" % (n_pages, kids),
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>",
    ]
    out, table = b"%PDF-1.4\n", b"xref\n0 4\n0000000000 65535 f \n"
    for number, content in enumerate(objects, 1):
        table += b"%010d 00000 n \n" % len(out)
        out += b"%d 0 obj%sendobj\n" % (number, content)
    end = b"trailer<</Size 4/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % len(out)
    return out + table + end


PDF_LOOP = b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Count 1/Kids[2 0 R]>>endobj
trailer<</Root 1 0 R/Prev 0>>
startxref
0
%%EOF"""
WIDE = ("text," + ",".join(f"c{i}" for i in range(10_000))).encode()
WIDE += b"\n" + b"x," * 10_000 + b"x\n"


def parquet_bomb():
    import pyarrow as pa
    import pyarrow.parquet as pq

    out = io.BytesIO()
    # Many rows that pack to nothing.
    pq.write_table(pa.table({"text": pa.array(["城" * 10_000] * 900)}), out)
    return out.getvalue()


def hostile(tmp_path):
    """Name, bytes, and what is said of it."""
    secret = tmp_path / "secret.txt"
    secret.write_text("geheim")
    external = EXTERNAL.format(path=secret)
    return {
        "bomb.zip": (zipped(**{"a.txt": b"0" * 50_000_000}), "would unpack to 50.0 MB"),
        "many.zip": (zipped(**{f"{i}.txt": b"" for i in range(2_000)}), "holds 2000 entries"),
        "broken.zip": (b"PK\3\4" + b"\0" * 100, "the archive is broken"),
        "bomb.docx": (
            zipped(**{"word/document.xml": b" " * 50_000_000}),
            "the Word file is broken",
        ),
        "entities.docx": (
            docx_with(BOMB.format(entities=ENTITIES, tag="x")),
            "the Word file is broken",
        ),
        "external.docx": (docx_with(external + DOCX_BODY.format(text="&z;")), "no text in it"),
        "notes.docx": (zipped(**{"x.xml": b"x"}), "the Word file is broken"),
        "entities.html": (BOMB.format(entities=ENTITIES, tag="p").encode(), None),
        "external.html": ((external + "<p>&z;</p>").encode(), None),
        "deep.html": (b"<div>" * 100_000 + b"x", None),
        "deep-list.html": (b"<ul><li>" * 50_000 + PROSE.encode(), None),
        "attributes.html": (b"<p " + b" ".join(b"a%d=1" % i for i in range(5_000)) + b">x", None),
        "pages.pdf": (pdf_of(1_000_000), ""),
        "loop.pdf": (PDF_LOOP, "the PDF is broken"),
        "xref.pdf": (
            b"%PDF-1.7\nxref\n0 99999999\ntrailer<</Size 99999999>>\nstartxref\n9\n%%EOF",
            "the PDF is broken",
        ),
        "line.txt": (b"x" * 4_000_000, "the file has 4.0 MB; at most 3.0 MB are read"),
        "long.txt": ("城" * 900_000).encode(),
        "nul.txt": (b"\0" * 1000, "nothing but NUL bytes"),
        "nuls-in-text.txt": (PROSE.encode() + b"\0" * 9, None),
        "surrogate.txt": (b"\xed\xa0\x80" * 9 + PROSE.encode(), None),
        "surrogate.jsonl": (b'{"text": "\\ud800' + PROSE.encode() + b'"}', None),
        "deep.jsonl": (b"[" * 100_000, "it is no JSON"),
        "wide.csv": (WIDE, "10,000 columns; at most 500"),
        "wide.jsonl": (b'{"text": "' + PROSE.encode() + b'", "a": {"b": [1]}}', None),
        "quotes.csv": (b'text\n"' + PROSE.encode() * 9, None),
        "bomb.xlsx": (zipped(**{"xl/workbook.xml": b" " * 50_000_000}), "the workbook is broken"),
        "empty.xlsx": (zipped(), "the workbook is broken"),
        "bomb.parquet": (parquet_bomb(), "the texts of the table are longer than is read"),
        "broken.parquet": (b"PAR1" + b"\xff" * 99 + b"PAR1", "the Parquet file is broken"),
        "noise.txt": (bytes(range(256)) * 99, "the bytes are no text"),
        "noise.pdf": (b"%PDF-1.4\n" + bytes(range(256)) * 99, "the PDF is broken"),
        "noise.docx": (b"PK" + bytes(range(256)) * 99, "the Word file is broken"),
        "entry.bib": (b"@a{" + b"{" * 100_000, "no entries"),
        "entries.ris": (b"TY  - X\n" * 10_000, "no entries"),
    }  # fmt: skip


@pytest.mark.exhaustive
def test_each_hostile_file_ends_in_a_clear_message_within_bounds(tmp_path, small):
    folder = tmp_path / "in"
    folder.mkdir()
    files = hostile(tmp_path)
    files["long.txt"] = (files["long.txt"], "the text has 900,000 characters; at most 500,000")
    for name, (data, _) in files.items():
        (folder / name).write_bytes(data)
    before = set(tmp_path.rglob("*"))
    began = time.monotonic()
    table = intake(folder, into=tmp_path / "out", limits=small)
    assert time.monotonic() - began < 120
    told = {row["source"].partition("/")[2]: row for row in table.to_dict("records")}
    for name, (_, said) in files.items():
        row = told.get(name) or next(r for n, r in told.items() if n.startswith(name))
        assert (row["status"] == "quarantined") == (said is not None) or said is None, row
        if said is not None:
            assert row["status"] == "quarantined" and said in row["reason"], row
            assert "its reader failed" not in row["reason"], row
    text = "".join(p.read_text(errors="replace") for p in (tmp_path / "out").rglob("*.txt"))
    assert "geheim" not in text, "no file was drawn in by an entity"
    outside = {p for p in tmp_path.rglob("*") if not p.is_relative_to(tmp_path / "out")}
    assert outside == before, "nothing was written outside of the target"
    with pytest.warns(UserWarning, match="have a flaw"):
        assert len(Corpus.load(tmp_path / "out")) >= 1


def test_names_that_lead_out_of_an_archive(tmp_path):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in ("../../out.txt", "/etc/out.txt", "a/../../out.txt", "C:/out.txt", "ok.txt"):
            archive.writestr(name, PROSE)
        link = zipfile.ZipInfo("link.txt")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr("..\\..\\out.txt", PROSE)
        archive.writestr("inner.zip", zipped(a=b"x"))
        archive.writestr("line\nend\u202etxt.exe.txt", "另一篇讲的是别的事情。" * 20)
    (tmp_path / "in.zip").write_bytes(out.getvalue())
    table = intake(tmp_path / "in.zip", into=tmp_path / "out")
    said = {row["source"]: row["reason"] or row["status"] for row in table.to_dict("records")}
    assert said == {
        "in.zip/../../out.txt": "its name leads out of the archive",
        "in.zip//etc/out.txt": "its name leads out of the archive",
        "in.zip/a/../../out.txt": "its name leads out of the archive",
        "in.zip/C:/out.txt": "its name leads out of the archive",
        "in.zip/..\\..\\out.txt": "its name leads out of the archive",
        "in.zip/link.txt": "it is a symbolic link",
        "in.zip/inner.zip": "an archive in an archive; unpack it",
        "in.zip/ok.txt": "accepted",
        "in.zip/line\\nend\\u202etxt.exe.txt": "accepted",
    }
    assert sorted(os.listdir(tmp_path)) == ["in.zip", "out"]  # noqa: PTH208


def test_a_member_that_unpacks_to_more_than_it_says():
    data = bytearray(zipped(**{"a.txt": b"0" * 1_000_000}))
    size = (1_000_000).to_bytes(4, "little")
    data = data.replace(size, (10).to_bytes(4, "little"))
    ((_, content),) = members(bytes(data), Limits())
    assert isinstance(content, UnreadableError) or len(content) <= 10


@pytest.mark.skipif(os.name != "posix", reason="links and odd names are of POSIX")
def test_links_pipes_and_odd_names(tmp_path):
    folder = tmp_path / "in"
    (folder / "sub").mkdir(parents=True)
    (tmp_path / "secret.txt").write_text(PROSE)
    (folder / "link.txt").symlink_to(tmp_path / "secret.txt")
    (folder / "folder-link").symlink_to(tmp_path)
    (folder / "loop").symlink_to(folder)
    os.mkfifo(folder / "pipe.txt")
    (folder / "sub" / "a\nb\u202ec.txt").write_text(PROSE)
    with open(os.fsencode(folder) + b"/\xff\xfe.txt", "wb") as file:  # noqa: PTH123
        file.write(PROSE.encode() + "不同。".encode() * 200)
    (folder / "-rf.txt").write_text(PROSE + "又一篇不一样的。" * 40)
    (folder / "con.txt").write_text("这是第四篇，讲别的事情，和前面三篇不同。" * 20)
    table = intake(folder, into=folder / "corpus")  # even within the source
    said = {row["source"]: row["reason"] or row["id"] for row in table.to_dict("records")}
    assert said["in/link.txt"].startswith("it is a symbolic link")
    assert said["in/folder-link"].startswith("it is a symbolic link")
    assert said["in/pipe.txt"] == "it is no plain file"
    assert said["in/sub/a\\nb\\u202ec.txt"] == "a-b-c"
    assert said["in/\\udcff\\udcfe.txt"] == "text"
    assert said["in/-rf.txt"] == "rf" and said["in/con.txt"] == "_con"
    again = intake(folder, into=folder / "corpus")
    assert again.equals(table), "what was written is not taken in again"


def test_a_reader_that_takes_too_long_is_ended(tmp_path):
    path = tmp_path / "a.html"
    path.write_bytes(b"<p>" * 400_000)
    with ReadingProcess(Limits(seconds=0.05)) as reader:
        began = time.monotonic()
        with pytest.raises(OutOfBoundsError, match=r"longer than 0\.05 seconds"):
            reader.read(path, name="a.html")
        assert time.monotonic() - began < 5
    with ReadingProcess(Limits()) as reader:
        path.write_text(PROSE)
        assert reader.read(path, name="a.txt")[0].text == PROSE


@pytest.mark.skipif(os.name != "posix", reason="a limit of memory is of POSIX")
def test_a_reader_that_takes_too_much_memory_is_told_and_the_next_file_is_read(tmp_path):
    if sys.platform == "darwin":
        pytest.skip("macOS knows no limit of address space")
    big, good = tmp_path / "a.txt", tmp_path / "b.txt"
    big.write_bytes(("城市治理。\n" * 9_000_000).encode())
    good.write_text(PROSE)
    limits = Limits(file_bytes=10**9, text_chars=10**9, memory_bytes=900_000_000)
    with ReadingProcess(limits) as reader:
        with pytest.raises(OutOfBoundsError, match=r"of memory|needs more than 900"):
            reader.read(big, name="a.txt")
        assert reader.read(good, name="b.txt")[0].text == PROSE


LEAKING = """
from toolkit.ingest import worker
from toolkit.ingest.limits import reading

real, held = worker.read, []

def fill():
    for size in (10**7, 10**5, 10**4):
        try:
            while True:
                held.append(bytearray(size))
        except MemoryError:
            pass
    del held[-5:]

def read(name, data, **options):
    with reading("file", "save it anew"):
        if name == "leaks.txt":
            fill()
        if name == "needs.txt":
            fill()
            raise ValueError("unknown error")
        if name == "broken.txt":
            raise ValueError("unknown error")
    return real(name, data, **options)

worker.read = read
worker.main()
"""


@pytest.mark.exhaustive
@pytest.mark.skipif(sys.platform != "linux", reason="the limit of memory is of Linux")
def test_a_verdict_on_a_file_never_depends_on_the_files_before_it(tmp_path, monkeypatch):
    """A library that lacks memory says that the file is broken, or what comes to its mind."""
    monkeypatch.setattr("toolkit.ingest.worker._START", LEAKING)
    said = {}
    names = ("good.docx", "broken.txt", "needs.txt")
    for name in (*names, "leaks.txt"):
        data = word("题", [PROSE]) if name == "good.docx" else PROSE.encode()
        (tmp_path / name).write_bytes(data)
    for before in ((), ("leaks.txt",)):
        for name in names:
            with ReadingProcess(Limits(memory_bytes=700_000_000)) as reader:
                for other in (*before, name):
                    try:
                        found = reader.read(tmp_path / other, name=other)[0].text
                    except UnreadableError as error:
                        found = error
            said.setdefault(name, []).append((type(found), str(found)))
    for name, verdicts in said.items():
        assert verdicts == verdicts[:1] * 2, name
    assert said["good.docx"][0][0] is str
    assert issubclass(said["needs.txt"][0][0], OutOfBoundsError)
    assert "near the 700.0 MB of memory" in said["needs.txt"][0][1]
    assert "the file is broken (ValueError: unknown error)" in said["broken.txt"][0][1]


def test_a_file_of_a_gigabyte_is_not_opened(tmp_path):
    path = tmp_path / "big.txt"
    with path.open("wb") as file:
        file.truncate(1_000_000_000)  # sparse: it takes no room
    tracemalloc.start()
    table = intake(path, into=tmp_path / "out")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "the file has 1.0 GB; at most 100.0 MB" in table.loc[0, "reason"]
    assert peak < 50_000_000
    assert path.stat().st_size == 1_000_000_000


@pytest.mark.skipif(os.name != "posix", reason="a limit of file size is of POSIX")
def test_a_reading_process_can_write_no_file(tmp_path):
    import subprocess

    code = (
        "from toolkit.ingest.worker import _bound; from toolkit.ingest.limits import Limits;"
        "_bound(Limits()); f = open('x', 'w'); f.write('x'); f.close()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert "File too large" in done.stderr and (tmp_path / "x").stat().st_size == 0


def test_tables_hold_no_formulas_and_messages_no_escapes(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    page = f"<title>=HYPERLINK(1)</title><h1>@SUM(1)</h1><p>{PROSE}</p>"
    (folder / "a.html").write_text(page, encoding="utf-8")
    (folder / "=cmd.txt").write_text("+cmd|x\n" + "另一篇讲的是别的事情。" * 20, encoding="utf-8")
    (folder / "b.csv").write_text("\x1b[31ma,\u202eb\n1,2\n" + "c" * 10, encoding="utf-8")
    table = intake(folder, into=tmp_path / "out")
    for path in (tmp_path / "out").glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            cells = [cell for row in csv.reader(file) for cell in row]
        assert not [cell for cell in cells if cell.startswith(("=", "@", "+", "-"))], path
    assert "".join(table["reason"]).isprintable()
    assert "\\x1b[31ma" in "".join(table["reason"])
    before = (tmp_path / "out" / "metadata.csv").read_bytes()
    intake(folder, into=tmp_path / "out")
    assert (tmp_path / "out" / "metadata.csv").read_bytes() == before


# ---------------------------------------------------------------- fuzz

LIMITS = Limits(file_bytes=1_000_000, text_chars=100_000, unpacked_bytes=2_000_000)
PIECES = st.sampled_from(
    [
        *(b"<p>", b"</p>", b"<div", b">", b"<!DOCTYPE html>", b"&#x", b"&lt;", b"<table><tr>"),
        *(b"%PDF-1.4\n", b"1 0 obj", b"endobj", b"stream\n", b"endstream", b"trailer<<"),
        *(b"PK\3\4", b"PK\5\6", b"word/document.xml", b"@article{a,", b"title={", b"}"),
        *(b"TY  - J\n", b"url,text\n", b'"', b",", b"\t", b"\n", b"\r\n", b'{"text": "'),
        *(b'"}', b"[", b"]", b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\x81\x30"),
        *(w.encode() for w in ("城市", "治理。", "来源：", "第一章", "［1］", "目录\n", "我代表")),
        *(w.encode("gbk") for w in ("城市", "。", "一、")),
    ]
)
NOISE = st.lists(st.one_of(PIECES, st.binary(max_size=20)), max_size=40).map(b"".join)


def mutated(data):
    """Bytes of a real file with a few of them changed, cut or put in."""

    def change(edits):
        out = bytearray(data)
        for at, what in edits:
            at %= max(1, len(out))
            out[at : at + len(what)] = what
        return bytes(out)

    return st.lists(st.tuples(st.integers(0, 10**6), st.binary(max_size=6)), max_size=8).map(change)


SAMPLES = {p.suffix: p.read_bytes() for p in Path(__file__).parent.glob("samples/[ab].*")}
SUFFIXES = sorted(SAMPLES)


def never_crashes(suffix, data):
    """Read and prepare bytes; the documented error is the only one."""
    try:
        for draft in read(f"x{suffix}", data, limits=LIMITS):
            prepare(draft, name=f"x{suffix}")
    except UnreadableError as error:
        assert str(error)


# Their readers are compiled: on some bytes they ask for more memory than there is and abort.
COMPILED = {".ods", ".parquet", ".pdf", ".xls", ".xlsx"}


@pytest.mark.parametrize("suffix", [s for s in SUFFIXES if s not in COMPILED])
def test_readers_never_crash(suffix):
    @settings(max_examples=60, deadline=None, suppress_health_check=[*HealthCheck])
    @given(st.one_of(NOISE, mutated(SAMPLES[suffix])))
    def fuzz(data):
        never_crashes(suffix, data)

    fuzz()


@pytest.mark.exhaustive
@pytest.mark.parametrize("suffix", sorted(COMPILED))
def test_a_reader_that_crashes_ends_its_process_alone(suffix, tmp_path):
    """What intake does: the file is read in a process of its own, and its end is told."""
    path = tmp_path / f"x{suffix}"
    with ReadingProcess(LIMITS) as process:

        @settings(max_examples=30, deadline=None, suppress_health_check=[*HealthCheck])
        @given(st.one_of(NOISE, mutated(SAMPLES[suffix])))
        def fuzz(data):
            path.write_bytes(data)
            try:
                process.read(path, name=path.name)
            except UnreadableError as error:
                assert str(error)

        fuzz()


@settings(max_examples=100, deadline=None)
@given(NOISE)
def test_archives_and_references_never_crash(data):
    try:
        for _, content in members(data, LIMITS):
            assert isinstance(content, (bytes, UnreadableError))
    except UnreadableError as error:
        assert str(error)
    for name in ("a.json", "a.ris", "a.bib"):
        try:
            references(name, data, LIMITS)
        except UnreadableError as error:
            assert str(error)


WORDS = st.sampled_from(
    [
        *("\n", "目录\n", "名词解释\n", "［1］", "一、甲\n", "来源：", "我代表", "人民政府"),
        *("2023年", "〔2020〕1号", "第一条 ", "甲市", "各位代表：\n"),
    ]
)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.one_of(st.text(max_size=30), WORDS)).map("".join))
def test_preparing_never_crashes_and_loses_no_letter_untold(text):
    normal, _ = clean_text(text, steps=["unicode", "punctuation", "whitespace"])
    done = prepare(Draft(text), name="x.txt")
    kept = done.text + done.contents + done.notes + "".join(line for _, line in done.removed)
    assert sorted("".join(kept.split())) == sorted("".join(normal.split()))


@pytest.mark.exhaustive
@pytest.mark.parametrize(
    "unit",
    [
        *("城", "城市 ", "一、甲\n", "(", "［1］甲\n", "\n", "目录\n", "来源：", "第一条 甲\n"),
        *("2023年", "我代表", "注\n", "a_b_", "规(guī)", "图为", "相关新闻\n", "关键词："),
    ],
)
def test_preparing_takes_linear_time(unit):
    """Patterns that are not linear would never come to an end here."""
    prepare(Draft(unit * (200_000 // len(unit))), name="x.txt")
