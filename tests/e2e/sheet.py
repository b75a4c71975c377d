#!/usr/bin/env python3
"""sheet.py FILE.xlsx: the first sheet of a workbook, a line for each row, cells between tabs; a cell with a
coloured ground has red: or yellow: before its text."""
import re
import sys
import xml.etree.ElementTree as ET
import zipfile

NS = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
NAMES = {"FFFFC7CE": "red:", "FFFFEB9C": "yellow:"}


def main():
    with zipfile.ZipFile(sys.argv[1]) as z:
        styles = ET.fromstring(z.read("xl/styles.xml"))
        grounds = [f.find(".//m:fgColor", NS) for f in styles.find("m:fills", NS)]
        marks = [NAMES.get(grounds[int(x.get("fillId"))].get("rgb"), "") if grounds[int(x.get("fillId"))] is not None
                 else "" for x in styles.find("m:cellXfs", NS)]
        strings = []
        if "xl/sharedStrings.xml" in z.namelist():
            strings = ["".join(t.itertext()) for t in ET.fromstring(z.read("xl/sharedStrings.xml"))]
        for row in ET.fromstring(z.read("xl/worksheets/sheet1.xml")).iter("{%s}row" % NS["m"]):
            cells = []
            for c in row:
                at = 0
                for letter in re.match("[A-Z]+", c.get("r")).group():
                    at = at * 26 + ord(letter) - 64
                cells += [""] * (at - len(cells))
                text = "".join(c.itertext())
                if c.get("t") == "s":
                    text = strings[int(text)]
                cells[at - 1] = marks[int(c.get("s", 0))] + text.replace("\n", " / ")
            print("\t".join(cells))


main()
