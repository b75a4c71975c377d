#!/usr/bin/env python3
"""make_sheet.py FILE.csv ROWS OUT.xlsx: the first rows of a list as a workbook of one sheet, with shared
strings, dates as dates and numbers as numbers, as office programs write it."""
import csv
import datetime
import re
import sys
import tempfile
import zipfile
from xml.sax.saxutils import escape

HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
PACKAGE = "http://schemas.openxmlformats.org/package/2006/"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PARTS = {
    "[Content_Types].xml": '<Types xmlns="%scontent-types"><Default Extension="rels" ContentType='
    '"application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
    'ContentType="application/xml"/></Types>' % PACKAGE,
    "_rels/.rels": '<Relationships xmlns="%srelationships"><Relationship Id="r1" Type="%s/officeDocument" '
    'Target="xl/workbook.xml"/></Relationships>' % (PACKAGE, OFFICE),
    "xl/workbook.xml": '<workbook %s xmlns:r="%s"><sheets><sheet name="名录" sheetId="1" r:id="r1"/></sheets>'
    '</workbook>' % (MAIN, OFFICE),
    "xl/_rels/workbook.xml.rels": '<Relationships xmlns="%srelationships"><Relationship Id="r1" Type='
    '"%s/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="%s/sharedStrings" '
    'Target="sharedStrings.xml"/><Relationship Id="r3" Type="%s/styles" Target="styles.xml"/>'
    '</Relationships>' % (PACKAGE, OFFICE, OFFICE, OFFICE),
    "xl/styles.xml": '<styleSheet %s><fonts><font/></fonts><fills><fill/></fills><borders><border/></borders>'
    '<cellStyleXfs><xf/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>' % MAIN,
}
DATE = re.compile(r"\d{4}-\d\d-\d\d$")
NUMBER = re.compile(r"-?[1-9]\d{0,6}(\.\d+)?$")


def column(i):
    return (chr(64 + i // 26) if i >= 26 else "") + chr(65 + i % 26)


def main():
    strings = {}

    def cell(row, i, text):
        place = "%s%d" % (column(i), row)
        if not text:
            return ""
        if DATE.match(text):
            day = (datetime.date.fromisoformat(text) - datetime.date(1899, 12, 30)).days
            return '<c r="%s" s="1"><v>%d</v></c>' % (place, day)
        if NUMBER.match(text):
            return '<c r="%s"><v>%s</v></c>' % (place, text)
        return '<c r="%s" t="s"><v>%d</v></c>' % (place, strings.setdefault(text, len(strings)))

    with open(sys.argv[1], encoding="utf-8-sig", newline="") as f, \
            tempfile.TemporaryFile("w+", encoding="utf-8") as sheet, \
            zipfile.ZipFile(sys.argv[3], "w", zipfile.ZIP_DEFLATED, compresslevel=6) as z:
        sheet.write(HEAD + "<worksheet %s><sheetData>" % MAIN)
        for n, fields in enumerate(csv.reader(f), 1):
            if n > int(sys.argv[2]) + 1:
                break
            cells = "".join(cell(n, i, t) for i, t in enumerate(fields))
            sheet.write('<row r="%d">%s</row>' % (n, cells))
        sheet.write("</sheetData></worksheet>")
        for name, text in PARTS.items():
            z.writestr(name, HEAD + text)
        z.writestr("xl/sharedStrings.xml", HEAD + '<sst %s count="%d" uniqueCount="%d">' % (MAIN, len(strings), len(strings)) +
                   "".join("<si><t>%s</t></si>" % escape(s) for s in strings) + "</sst>")
        sheet.seek(0)
        with z.open("xl/worksheets/sheet1.xml", "w") as out:
            while piece := sheet.read(1 << 20):
                out.write(piece.encode())


main()
