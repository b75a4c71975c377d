#!/usr/bin/env python3
"""workbooks.py FOLDER: files of spreadsheets as people send them and as nobody should, and what is to
become of each: lines `FILE CODE ROWS ACCEPTED` in FOLDER/files (CODE `ok`, or why the file is refused).
No spreadsheet is needed: a workbook is an archive of parts."""
import io
import os
import struct
import sys
import zipfile

OUT = sys.argv[1]
TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
NAMES = ("统一社会信用代码", "企业名称", "成立日期", "住所", "登记状态")
CODES = ("91310000X072143273", "91512081MA62K0260E", "91350200MA2YJ1XR9G", "91511304MA68671F6L")
files = []


def write(name, data, code="ok", rows=0, accepted=0):
    with open(os.path.join(OUT, name), "wb") as f:
        f.write(data)
    files.append(f"{name} {code} {rows} {accepted}")


def relations(*rows):
    return HEAD + '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">' + "".join(
        f'<Relationship Id="{i}" Type="{TYPES}/{t}" Target="{g}"/>' for i, t, g in rows) + "</Relationships>"


def archive(parts, how=zipfile.ZIP_DEFLATED, level=1):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", how, compresslevel=level) as z:
        for name, content in parts:
            z.writestr(name, content)
    return out.getvalue()


def excel(sheet, strings=None, styles=None, sheets='<sheet name="名录" sheetId="1" r:id="rId1"/>', level=1, **more):
    """The parts in the order and with the attributes that Excel writes."""
    parts = [
        ("[Content_Types].xml", HEAD + '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'),
        ("_rels/.rels", relations(("rId3", "extended-properties", "docProps/app.xml"),
                                  ("rId1", "officeDocument", "xl/workbook.xml"))),
        ("xl/workbook.xml", HEAD + f'<workbook xmlns="{MAIN}" xmlns:r="{TYPES}"><fileVersion appName="xl"/>'
                                   f'<workbookPr defaultThemeVersion="164011"/><sheets>{sheets}</sheets>'
                                   '<calcPr calcId="162913"/></workbook>'),
        ("xl/_rels/workbook.xml.rels", relations(("rId2", "theme", "theme/theme1.xml"),
                                                 ("rId1", "worksheet", "worksheets/sheet1.xml"),
                                                 ("rId5", "worksheet", "worksheets/sheet2.xml"),
                                                 ("rId3", "styles", "styles.xml"),
                                                 ("rId4", "sharedStrings", "sharedStrings.xml"))),
        ("xl/worksheets/sheet1.xml", sheet),
    ]
    if strings is not None:
        parts.append(("xl/sharedStrings.xml", strings))
    if styles is not None:
        parts.append(("xl/styles.xml", styles))
    return archive(parts + list(more.items()), level=level)


def cells(rows, tail=""):
    return HEAD + (f'<worksheet xmlns="{MAIN}" xmlns:r="{TYPES}"><sheetPr/><dimension ref="A1:E5"/><sheetViews>'
                   '<sheetView tabSelected="1" workbookViewId="0"/></sheetViews><sheetFormatPr defaultRowHeight="14.25"/>'
                   f'<cols><col min="1" max="1" width="24" customWidth="1"/></cols><sheetData>{rows}</sheetData>{tail}'
                   '<pageMargins left="0.7" right="0.7" top="0.75" bottom="0.75" header="0.3" footer="0.3"/></worksheet>')


def inline(n, values):
    return f'<row r="{n}">' + "".join(
        f'<c r="{chr(65 + i)}{n}" t="inlineStr"><is><t>{v}</t></is></c>' for i, v in enumerate(values)) + "</row>"


def strings_of(texts):
    return HEAD + f'<sst xmlns="{MAIN}" count="{len(texts)}" uniqueCount="{len(texts)}">' + "".join(
        f"<si><t>{t}</t><phoneticPr fontId=\"1\" type=\"noConversion\"/></si>" for t in texts) + "</sst>"


STYLES = HEAD + (f'<styleSheet xmlns="{MAIN}"><numFmts count="1"><numFmt numFmtId="176" '
                 'formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;;@"/></numFmts><fonts count="1"><font/></fonts>'
                 '<cellStyleXfs count="1"><xf numFmtId="0"/></cellStyleXfs><cellXfs count="3"><xf numFmtId="0"/>'
                 '<xf numFmtId="49" applyNumberFormat="1"/><xf numFmtId="176" applyNumberFormat="1"/></cellXfs></styleSheet>')
TABLE = inline(1, NAMES) + inline(2, (CODES[0], "甲公司", "2019-01-01", "一路1号", "存续"))


def as_excel():
    texts = list(NAMES) + ["某市企业名录", "甲公司", "乙公司", "一路1号", "存续"] + list(CODES[:2])
    at = texts.index
    s = lambda ref, t, style=1: f'<c r="{ref}" s="{style}" t="s"><v>{at(t)}</v></c>'
    rows = (f'<row r="1" spans="1:5" ht="20.25">{s("A1", "某市企业名录")}<c r="B1" s="1"/><c r="C1" s="1"/></row>'
            '<row r="2" spans="1:5">' + "".join(s(f"{chr(65 + i)}2", n) for i, n in enumerate(NAMES)) + "</row>"
            f'<row r="3" spans="1:5">{s("A3", CODES[0])}{s("B3", "甲公司")}<c r="C3" s="2"><v>43466</v></c>'
            f'{s("D3", "一路1号")}{s("E3", "存续")}</row>'
            f'<row r="4" spans="1:5" hidden="1">{s("A4", CODES[1])}{s("B4", "乙公司")}<c r="C4" s="2"><v>43467</v></c>'
            f'<c r="D4" s="1"/>{s("E4", "存续")}</row>'
            '<row r="5" spans="1:5"><c r="A5"><v>9.1310000509012E+17</v></c><c r="B5" t="str"><f>B4&amp;"一"</f><v>丙</v></c>'
            '<c r="C5" t="e"><f>1/0</f><v>#DIV/0!</v></c></row>')
    # many of them: sorting makes the C library ask how much memory there is
    many = ''.join(f'<mergeCell ref="H{row}:I{row}"/>' for row in range(100, 400))
    tail = f'<mergeCells count="302"><mergeCell ref="A1:E1"/><mergeCell ref="D3:D4"/>{many}</mergeCells>'
    note = cells(inline(1, ("填表说明",)))
    sheets = '<sheet name="说明" sheetId="2" r:id="rId5"/><sheet name="名录" sheetId="1" r:id="rId1"/>'
    return excel(cells(rows, tail), strings_of(texts), STYLES, sheets, **{"xl/worksheets/sheet2.xml": note})


def patch(data, name, at, what):
    k = data.index(b"PK\1\2")
    while data[k + 46:k + 46 + len(name)] != name.encode():
        k = data.index(b"PK\1\2", k + 4)
    return data[:k + at] + what + data[k + at + len(what):]


def main():
    write("excel.xlsx", as_excel(), "ok", 3, 2)
    write("renamed.csv", excel(cells(TABLE)), "ok", 1, 1)
    write("renamed.xlsx", f"{NAMES[0]},{NAMES[1]}\n{CODES[0]},甲\n".encode("gb18030"), "ok", 1, 1)
    write("titles.csv", f"某市企业名录,,\n\n{NAMES[0]};{NAMES[1]}\n{CODES[0]};甲\n".encode(), "ok", 1, 1)
    write("mixed.csv", f"{NAMES[0]},{NAMES[1]}\n{CODES[0]},甲\n".encode("gb18030") + f"{CODES[1]},乙丙丁\n".encode(), "ok", 2, 2)
    write("nul.csv", f"{NAMES[0]},{NAMES[1]}\n{CODES[0]},甲\n{CODES[1]},乙\0\n".encode(), "ok", 2, 1)
    # what spreadsheets call something else
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4000)
    write("old.xls", ole + "Workbook".encode("utf-16le"), "xls-file")
    write("wps.et", ole, "xls-file")
    write("locked.xlsx", ole + "EncryptedPackage".encode("utf-16le") + bytes(200000), "encrypted-file")
    write("locked_entry.xlsx", patch(excel(cells(TABLE)), "xl/worksheets/sheet1.xml", 8, b"\1"), "encrypted-file")
    write("open.ods", archive([("mimetype", "application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", "<x/>")]), "other-file")
    write("page.xls", "<html><meta charset=utf-8><table><tr><td>名称</td></tr></table></html>".encode(), "other-file")
    write("utf16.csv", f"{NAMES[0]}\t{NAMES[1]}\n".encode("utf-16"), "utf16-text")
    # cut and damaged
    good = as_excel()
    write("cut.xlsx", good[:len(good) // 2], "zip-cut")
    write("bit.xlsx", good[:700] + bytes([good[700] ^ 0x10]) + good[701:], "bad-zip")
    write("text.xlsx", b"PK\3\4" + b"nothing of the kind" * 99, "zip-cut")
    # made to burst
    lie = excel(cells(TABLE))
    write("lies.xlsx", patch(lie, "xl/worksheets/sheet1.xml", 24, struct.pack("<I", 10)), "bad-zip")
    first = struct.unpack_from("<I", lie, lie.index(b"PK\1\2") + 42)[0]
    write("overlap.xlsx", patch(lie, "xl/worksheets/sheet1.xml", 42, struct.pack("<I", first)), "zip-bomb")
    write("bomb.xlsx", excel(cells(" " * (200 << 20)), level=9), "zip-bomb")
    write("nested.xlsx", archive([("a.xlsx", archive([("b.xlsx", archive([("c", b" " * 1000000)]))]))]), "other-file")
    write("entries.xlsx", archive([(str(i), b"") for i in range(10001)], zipfile.ZIP_STORED, None), "xlsx-parts")
    write("strings.xlsx", excel(cells(TABLE), HEAD + "<sst>" + "".join(
        f"<si><t>{i}</t></si>" for i in range(5000000)) + "</sst>"), "xlsx-limit")
    # of the XML
    laughs = '<!DOCTYPE w [<!ENTITY a "ha">' + "".join(
        f'<!ENTITY {chr(98 + i)} "{("&" + chr(97 + i) + ";") * 10}">' for i in range(9)) + "]>"
    write("laughs.xlsx", excel(laughs + f"<worksheet><sheetData>{inline(1, ('&j;',))}</sheetData></worksheet>"), "xml-dtd")
    write("outside.xlsx", excel('<!DOCTYPE w [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
                                f"<worksheet><sheetData>{inline(1, ('&a;',))}</sheetData></worksheet>"), "xml-dtd")
    write("deep.xlsx", excel("<worksheet>" + "<a>" * 100000), "bad-xlsx")
    write("token.xlsx", excel("<worksheet><" + "".join(chr(97 + i * i % 26) for i in range(30 << 20))), "xlsx-limit")
    write("open.xlsx", excel(cells(TABLE).rpartition("</row>")[0]), "bad-xlsx")
    # of the sheet
    write("column.xlsx", excel(cells('<row r="1"><c r="XFE1" t="str"><v>x</v></c></row>')), "bad-xlsx")
    write("row.xlsx", excel(cells('<row r="1048577"><c r="A1048577"><v>1</v></c></row>')), "bad-xlsx")
    write("wide.xlsx", excel(cells(inline(1, NAMES)[:-6] + '<c r="XFD1"><v>1</v></c></row>')), "too-many-columns")
    write("index.xlsx", excel(cells('<row r="1"><c r="A1" t="s"><v>7</v></c></row>'), strings_of(["x"])), "bad-xlsx")
    write("million.csv", b"," * 1000000 + b"\n", "row-too-long")
    write("quotes.csv", b'"' + b"a,b\n" * 100, "unclosed-quote")
    write("empty.xlsx", excel(cells("")), "empty-file")
    write("no_column.xlsx", excel(cells(inline(1, ("甲", "乙")))), "no-column")
    with open(os.path.join(OUT, "files"), "w", encoding="utf-8") as f:
        f.write("\n".join(files) + "\n")


main()
