#!/usr/bin/env python3
"""Writes the corpus tests/fuzz/fuzz_xlsx.in: workbooks as spreadsheets write them, and as nobody should.
The same bytes each time; what the fuzzer finds is added beside them by hand."""
import io
import os
import struct
import zipfile

HERE = os.path.dirname(os.path.abspath(__file__))
OUT = os.path.join(HERE, "fuzz_xlsx.in")
TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
NAMES = ("统一社会信用代码", "名称", "成立日期", "登记状态", "住所")


def relations(rows):
    return HEAD + "<Relationships>" + "".join(
        f'<Relationship Id="{i}" Type="{TYPES}{t}" Target="{g}"/>' for i, t, g in rows) + "</Relationships>"


def book(sheets, more=""):
    return HEAD + f'<workbook {MAIN} xmlns:r="{TYPES[:-1]}">{more}<sheets>' + "".join(
        f'<sheet name="{n}" sheetId="{k}" r:id="r{k}"{s}/>' for k, (n, s) in enumerate(sheets, 1)) + "</sheets></workbook>"


def sheet(rows, tail=""):
    return HEAD + f'<worksheet {MAIN}><dimension ref="A1:E9"/><sheetData>{rows}</sheetData>{tail}</worksheet>'


def text(v):
    return f'<c t="inlineStr"><is><t>{v}</t></is></c>'


def row(*cells):
    return "<row>" + "".join(cells) + "</row>"


TABLE = row(*map(text, NAMES)) + row(text("91350200MA2YJ1XR9G"), text("甲"), '<c s="1"><v>46112</v></c>', text("存续"))
STRINGS = HEAD + f'<sst {MAIN} count="9" uniqueCount="7">' + "".join(
    f"<si><t>{n}</t></si>" for n in NAMES) + "<si><r><t>甲</t></r><r><t xml:space=\"preserve\"> 店</t></r>" \
    "<rPh sb=\"0\" eb=\"1\"><t>コウ</t></rPh></si><si><t>a_x000D_b</t></si></sst>"
SHARED = "".join('<c r="%s1" t="s"><v>%d</v></c>' % (c, i) for i, c in enumerate("ABCDE"))
SHARED = f'<row r="1" spans="1:5">{SHARED}</row><row r="2"><c r="A2"><v>9.1110108551385E+17</v></c>' \
    '<c r="B2" t="s"><v>5</v></c><c r="C2" s="2"><v>46112.5</v></c><c r="D2" t="s"><v>6</v></c></row>' \
    '<row r="4" hidden="1"><c r="B4" t="str"><f>B2</f><v>乙</v></c><c r="E4" t="e"><f>1/0</f><v>#DIV/0!</v></c></row>'
STYLES = HEAD + f'<styleSheet {MAIN}><numFmts count="1"><numFmt numFmtId="176" formatCode="yyyy&quot;年&quot;m&quot;月&quot;' \
    'd&quot;日&quot;;@"/></numFmts><cellStyleXfs><xf numFmtId="0"/></cellStyleXfs><cellXfs><xf numFmtId="0"/>' \
    '<xf numFmtId="14"/><xf numFmtId="176"/><xf numFmtId="10"/><xf numFmtId="49"/></cellXfs></styleSheet>'
MERGED = '<mergeCells count="2"><mergeCell ref="A1:E1"/><mergeCell ref="A2:A9"/></mergeCells>'


def archive(parts, how=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", how) as z:
        for name, content in parts.items():
            z.writestr(zipfile.ZipInfo(name), content, how)
    return out.getvalue()


def workbook(rows, **more):
    parts = {
        "[Content_Types].xml": HEAD + "<Types/>",
        "_rels/.rels": relations([("r1", "officeDocument", "xl/workbook.xml")]),
        "xl/workbook.xml": book([("名录", "")]),
        "xl/_rels/workbook.xml.rels": relations([("r1", "worksheet", "worksheets/sheet1.xml"),
                                                 ("r2", "styles", "styles.xml"),
                                                 ("r3", "sharedStrings", "sharedStrings.xml")]),
        "xl/worksheets/sheet1.xml": rows,
        "xl/styles.xml": STYLES,
        "xl/sharedStrings.xml": STRINGS,
    }
    parts.update({k.replace("__", "/").replace("_", "."): v for k, v in more.items()})
    return parts


def patched(data, at, what):
    """The central entry of the sheet with other bytes."""
    k = data.index(b"PK\1\2")
    for _ in range(4):
        k = data.index(b"PK\1\2", k + 4)
    return data[:k + at] + what + data[k + at + len(what):]


def overlapping(data):
    first = data.index(b"PK\1\2")
    return patched(data, 42, data[first + 42:first + 46])


GOOD = archive(workbook(sheet(SHARED, MERGED)))
ARCHIVES = {
    "inline": archive(workbook(sheet(TABLE))),
    "shared": GOOD,
    "stored": archive(workbook(sheet(TABLE)), zipfile.ZIP_STORED),
    "title_merged": archive(workbook(sheet(row(text("名录")) + TABLE + row("<c/>", text("乙")), MERGED))),
    "two_sheets": archive(workbook(sheet(row(text("填写说明"))), xl__workbook_xml=book([("说明", ""), ("名录", "")]),
                                   **{"xl__worksheets__sheet2_xml": sheet(TABLE)}) | {
        "xl/_rels/workbook.xml.rels": relations([("r1", "worksheet", "worksheets/sheet1.xml"),
                                                 ("r2", "worksheet", "/xl/worksheets/sheet2.xml")])}),
    "from_1904": archive(workbook(sheet(TABLE), xl__workbook_xml=book([("名录", "")], '<workbookPr date1904="1"/>'))),
    "prefixed": archive(workbook(sheet(TABLE).replace("<", "<x:").replace("<x:/", "</x:").replace("<x:?", "<?")
                                 .replace("xmlns=", "xmlns:x="))),
    "utf16": archive(workbook(sheet(TABLE).replace("UTF-8", "UTF-16").encode("utf-16"))),
    "ods": archive({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<x/>"}),
    "cut": GOOD[:len(GOOD) // 2],
    "bit_flipped": GOOD[:300] + bytes([GOOD[300] ^ 1]) + GOOD[301:],
    "overlapping": overlapping(GOOD),
    "size_lies": patched(GOOD, 24, struct.pack("<I", 5)),
    "locked": patched(GOOD, 8, b"\1"),
    "comment_end": GOOD + b"PK\5\6" + bytes(18),
    "bomb": archive(workbook(sheet(" " * 3000000))),
    "empty": b"PK\5\6" + bytes(18),
}
PARTS = {
    "parts_inline": (sheet(TABLE), "", STYLES),
    "parts_shared": (sheet(SHARED, MERGED), STRINGS, STYLES),
    "parts_laughs": ('<!DOCTYPE w [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>' + sheet(row(text("&b;"))).replace(HEAD, ""), "", ""),
    "parts_outside": ('<!DOCTYPE w SYSTEM "file:///etc/passwd">' + sheet("").replace(HEAD, ""), "", ""),
    "parts_places": (sheet('<row r="1"><c r="XFD1"><v>1</v></c></row><row r="1048576"><c r="XFE1048577"/></row>'), "", ""),
    "parts_numbers": (sheet(row(*(f'<c s="{s}"><v>{v}</v></c>' for s, v in enumerate(
        ("-0.30000000000000004", "60", "2958465.999999", "5.0000000000000003E-2", "1e300"))))), "", STYLES),
    "parts_kinds": (sheet(row('<c t="b"><v>1</v></c>', '<c t="d"><v>2026-03-31T09:30:00</v></c>', '<c t="s"><v>99</v></c>')), STRINGS, ""),
    "parts_escapes": (sheet(row('<c t="str"><v>_x0000__x005F_x0041__xD83D_</v></c>', "<c><f>A1</f></c>")), "", ""),
    "parts_many_sheets": (sheet(TABLE), "", "", "<workbook><sheets>" + "<sheet name='a' id='1'/>" * 3 + "</sheets></workbook>"),
}


def main():
    os.makedirs(OUT, exist_ok=True)
    for name, data in ARCHIVES.items():
        with open(os.path.join(OUT, name), "wb") as f:
            f.write(b"\0" + data)
    for name, parts in PARTS.items():
        with open(os.path.join(OUT, name), "wb") as f:
            f.write(b"\1" + b"\0".join(p.encode() for p in parts))


if __name__ == "__main__":
    main()
