#!/usr/bin/env python3
"""A list of 651 rows as offices keep it, and what a person does with what comes back. Names, codes and
addresses are made up.

  bureau.py make SHEET.xlsx EARLIER.csv TRUTH.json    the list, one of the year before, what is true
  bureau.py result TRUTH.json RESULT.json ROUND       what `import --dry-run --json` said
  bureau.py returned TRUTH.json BACK.xlsx ROUND       the workbook that came back
  bureau.py mend TRUTH.json BACK.xlsx MENDED.xlsx     red cells are put right, rows that repeat others go
  bureau.py end TRUTH.json ROWS.tsv RESULT.json       ROWS: object, name, registration number, established

ROUND is "first" (the list) or "second" (the mended one). Prints lines of tests/run.sh."""
import datetime
import json
import random
import re
import sys
import xml.etree.ElementTree as ET
import zipfile
from xml.sax.saxutils import escape

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
REGION = "330199"

# ---- codes -----------------------------------------------------------------------------------------


def org_digit(org):
    values = [int(c) if c.isdigit() else ord(c) - 55 for c in org]
    d = 11 - sum(v * w for v, w in zip(values, (3, 7, 9, 10, 5, 8, 4, 2))) % 11
    return {10: "X", 11: "0"}.get(d, str(d))


def uscc_digit(first):
    total = sum(ALPHABET.index(c) * pow(3, i, 31) for i, c in enumerate(first))
    return ALPHABET[(31 - total % 31) % 31]


def uscc(registrar, org):
    first = registrar + org + org_digit(org)
    return first + uscc_digit(first)


def regno(first):
    p = 10
    for c in first:
        t = (p + int(c)) % 10 or 10
        p = 2 * t % 11
    return first + str((11 - p) % 10)


def candidates(shown):
    """The codes of digits that a spreadsheet shows as this, which keeps 15 of them."""
    found = []
    for org8 in "0123456789":
        org = shown[8:15] + org8
        code = uscc(shown[:8], org)
        if code.isdigit():
            found.append(code)
    return found


# ---- the rows --------------------------------------------------------------------------------------

HEADS = ["序号", "单位名称*", "统一社会信用代码\n/注册号", "注册号", "主体类型", "行业", "成立日期（年/月/日）",
         "住所", "登记状态", "信用风险等级", "负责人", "内部备注", "联系电话"]
NAMES = {"序号": 0, "名称": 1, "统一社会信用代码": 2, "注册号": 3, "主体类型": 4, "行业": 5, "成立日期": 6, "住所": 7,
         "登记状态": 8, "信用风险等级": 9}
HIDDEN = 11
FIRST_ROW = 4  # titles stand in rows 1 and 2, the header in row 3


class Made:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.taken = set()

    def once(self, make):
        while True:
            value = make()
            if value not in self.taken:
                self.taken.add(value)
                return value

    def digits(self, n):
        return "".join(self.random.choice("0123456789") for _ in range(n))

    def name(self, individual):
        r = self.random
        syllables = "".join(r.choice("安柏辰东方庚禾嘉岚明宁青瑞桐文溪雅远泽竹") for _ in range(3))
        trade = r.choice(["小吃店", "理发店", "便利店", "修理铺"] if individual else
                         ["商贸有限公司", "食品有限公司", "机械有限公司", "物流有限公司"])
        return "示范区" + syllables + trade

    def entity(self, letters):
        """A code of which no digit, or some, is a letter."""
        individual = self.random.random() < 0.4
        registrar = ("92" if individual else "91") + REGION

        def make():
            if letters:
                return uscc(registrar, "MA" + self.digits(6))
            while True:
                code = uscc(registrar, self.digits(8))
                shown = code[:15] + "000"
                # shown as a number it is wrong for sure, and could have been one of several codes
                if code.isdigit() and shown not in candidates(shown) and code != shown:
                    return code
        return {"code": self.once(make), "individual": individual}


def make_rows(made):
    """Rows as they are in truth, in groups; later they are spoiled."""
    rows = []
    for kind, n in (("number", 83), ("code", 269), ("in code", 120), ("regno", 179)):
        for i in range(n):
            row = {"kind": kind, "code": "", "regno": "", "individual": made.random.random() < 0.6}
            if kind in ("number", "code"):
                row.update(made.entity(kind == "code"))
            if kind in ("in code", "regno") or i % 2 == 0:
                row["regno"] = made.once(lambda: regno("330199" + made.digits(8)))
            row["name"] = made.once(lambda r=row: made.name(r["individual"]))
            row["day"] = (datetime.date(1992, 1, 1) + datetime.timedelta(made.random.randrange(12000))).isoformat()
            row["address"] = "示范区%s路%d号" % (made.random.choice("东南西北中"), made.random.randrange(1, 400))
            row["phone"] = "0000-7%06d" % made.random.randrange(10 ** 6)
            rows.append(row)
    return rows


def text(v):
    return ("text", v)


def written(made, i, row):
    """The cells of a row as the office wrote it, without faults of its own."""
    day = datetime.date.fromisoformat(row["day"])
    serial = (day - datetime.date(1899, 12, 30)).days
    forms = [("date", serial), ("date", serial), text("%d/%d/%d" % (day.year, day.month, day.day)),
             text("%d年%d月%d日" % (day.year, day.month, day.day)), text("%d.%d.%d" % (day.year, day.month, day.day)),
             text(day.strftime("%Y%m%d")), ("number", day.strftime("%Y%m%d")), ("number", str(serial)),
             text(row["day"] + " 00:00:00"), text("\u3000" + row["day"] + " ")]
    code, number = text(row["code"]), text(row["regno"])
    if row["kind"] == "number":  # typed as a number: 15 digits are left
        code = ("number", "%s.%sE+17" % (row["code"][0], row["code"][1:15]) if i % 3 else row["code"][:15] + "000")
    elif row["kind"] == "in code":
        code, number = text(row["regno"]), text("")
        if i % 4 == 0:
            code = ("number", row["regno"])
    elif row["kind"] == "regno" and i % 2:
        number = ("number", "%s.%sE+14" % (row["regno"][0], row["regno"][1:]))
    industry = ["全民所有制"] * 6 + ["有限责任公司(自然人独资)", "F5212", "餐饮业", ""]
    kind = ["个体工商户", "个体户", "个体"] if row["individual"] else ["企业", "公司", "有限责任公司"]
    return [("number", str(i + 1)), text(row["name"]), code, number, text(kind[i % 3]), text(industry[i % 10]),
            forms[i % len(forms)], text(row["address"]), text(["存续", "开业", "正常", " 在营 "][i % 4]),
            text(["A", "B类", "低", "", ""][i % 5]), text("张三%d" % i if i % 9 == 0 else ""), text("内部" if i % 50 == 0 else ""),
            text(row["phone"] if i % 3 == 0 else "")]


def wide(s):
    return "".join(chr(ord(c) + 0xfee0) for c in s)


def spoil(rows):
    """What is wrong with some rows. `codes`: why a row is refused; `said`: what is said of one that goes in;
    `mend`: what a person writes instead, by column."""
    def some(kind, n):
        found = [r for r in rows if r["kind"] == kind and not r.get("fault")][:n]
        for r in found:
            r["fault"] = True
        return found

    def set_cell(r, column, cell):
        r["cells"][NAMES[column]] = cell

    def refuse(r, code, **mend):
        r.setdefault("codes", []).append(code)
        r.setdefault("mend", {}).update(mend)

    for r in rows:
        if r["kind"] == "number":
            r["fault"] = True
            refuse(r, "uscc-rounded", 统一社会信用代码=r["code"])
    for r in some("code", 6):
        set_cell(r, "统一社会信用代码", text(wide(r["code"])))
        r["said"] = ["repaired"]
    for r in some("code", 6):
        set_cell(r, "统一社会信用代码", text(r["code"].lower()))
        r["said"] = ["repaired"]
    for r in some("code", 5):
        set_cell(r, "统一社会信用代码", text(r["code"][:6] + " " + r["code"][6:12] + "\u3000" + r["code"][12:]))
        r["said"] = ["repaired"]
    for r in some("code", 3):
        set_cell(r, "统一社会信用代码", text("'" + r["code"]))
        r["said"] = ["repaired"]
    for r in some("code", 2):  # issued before the standard, and valid
        last = ALPHABET[(ALPHABET.index(r["code"][17]) + 7) % 31]
        r["code"] = r["code"][:17] + last
        set_cell(r, "统一社会信用代码", text(r["code"]))
        r["said"] = ["uscc-digit"]
        r["exception"] = True
    for r in some("code", 2):
        set_cell(r, "统一社会信用代码", text(r["code"].replace("0", "O", 1)))
        refuse(r, "bad-uscc", 统一社会信用代码=r["code"])
    for r in some("code", 2):
        set_cell(r, "统一社会信用代码", text(r["code"][:12] + r["code"][13:]))
        refuse(r, "bad-uscc", 统一社会信用代码=r["code"])
    for r in some("code", 1):
        set_cell(r, "统一社会信用代码", ("error", "#REF!"))
        refuse(r, "cell-error", 统一社会信用代码=r["code"])
    for r in some("code", 1):
        set_cell(r, "成立日期", ("error", "#REF!"))
        refuse(r, "cell-error", 成立日期=r["day"])
    for r in some("code", 1):
        set_cell(r, "住所", ("formula", "cmd|'/C calc'!A0"))
        refuse(r, "cell-error", 住所=r["address"])
    for r in some("code", 1):
        set_cell(r, "住所", text("=cmd|'/C calc'!A0"))
        r["dangerous"] = True
    for r in some("code", 1):
        set_cell(r, "名称", ("result", r["name"]))
    for r in some("code", 1):
        set_cell(r, "行业", ("error", "#N/A"))
    for r, nonsense in zip(some("code", 3), ("不详", "待核", "2012-13-45")):
        set_cell(r, "成立日期", text(nonsense))
        refuse(r, "bad-date", 成立日期=r["day"])
    for r in some("code", 2):
        set_cell(r, "成立日期", text(wide(r["day"])))
    for r in some("code", 2):
        set_cell(r, "名称", text(" \u3000"))
        refuse(r, "missing-value", 名称=r["name"])
    for r in some("code", 2):
        set_cell(r, "主体类型", text("全民所有"))
        refuse(r, "bad-kind", 主体类型="企业")
    for r in some("code", 2):
        set_cell(r, "登记状态", text("吊销，未注销"))
    for r in some("code", 1):  # two faults in one row
        set_cell(r, "登记状态", text("不明"))
        set_cell(r, "信用风险等级", text("优秀"))
        refuse(r, "bad-status", 登记状态="存续")
        refuse(r, "bad-class", 信用风险等级="")
    for r in some("regno", 2):  # as issued: its digit fails
        r["regno"] = r["regno"][:14] + str((int(r["regno"][14]) + 3) % 10)
        set_cell(r, "注册号", text(r["regno"]))
        r["said"] = ["bad-registration-number"]
    for r in some("regno", 3):
        set_cell(r, "注册号", text(r["regno"][:13]))
        refuse(r, "missing-value", 注册号=r["regno"])
    for r in some("regno", 3):
        set_cell(r, "注册号", text(""))
        refuse(r, "missing-value", 注册号=r["regno"])
    for r in some("in code", 3):
        set_cell(r, "统一社会信用代码", text(wide(r["regno"])))
        r["said"] = ["repaired"]
    repeat(rows, some)


def repeat(rows, some):
    clean = some("code", 9)
    for a, b in ((clean[0], clean[1]), (clean[2], clean[3]), (clean[4], clean[5])):
        b.update(name=a["name"], code=a["code"], cells=b["cells"][:1] + a["cells"][1:], codes=["duplicate-row"], drop=True)
        b["again"] = True
    a, b = clean[6], clean[7]
    b.update(code=a["code"], cells=b["cells"][:1] + a["cells"][1:], codes=["duplicate-differs"], drop=True)
    b["cells"][1] = text(a["name"] + "（旧）")
    a.update(codes=["duplicate-differs"], mend={})


# ---- the workbook ----------------------------------------------------------------------------------

STYLES = """<styleSheet xmlns="%s"><fonts count="2"><font><sz val="11"/><name val="宋体"/></font><font><b/><sz val="18"/>
<name val="宋体"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill
patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>
<cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="14" fontId="0" fillId="0"
borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0"/></cellXfs>
</styleSheet>""" % MAIN
TYPES = """<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels"
ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml"
ContentType="application/xml"/>%s</Types>"""
PART = """<Override PartName="/xl/%s" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.%s+xml"/>"""
RELATIONS = """<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">%s</Relationships>"""
RELATION = """<Relationship Id="rId%d" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/%s"
Target="%s"/>"""


class Strings:
    def __init__(self):
        self.all, self.place = [], {}

    def at(self, s):
        if s not in self.place:
            self.place[s] = len(self.all)
            self.all.append(s)
        return self.place[s]

    def xml(self):
        items = []
        for i, s in enumerate(self.all):
            if i % 40 == 7 and len(s) > 2:  # as rich text, with a reading
                items.append("<si><r><t xml:space='preserve'>%s</t></r><r><rPr><b/></rPr><t xml:space='preserve'>%s</t>"
                             "</r><rPh sb='0' eb='1'><t>du</t></rPh></si>" % (escape(s[:1]), escape(s[1:])))
            else:
                items.append("<si><t xml:space='preserve'>%s</t></si>" % escape(s))
        return '<sst xmlns="%s" count="%d" uniqueCount="%d">%s</sst>' % (MAIN, len(items), len(items), "".join(items))


def cell_xml(strings, ref, cell, inline):
    kind, v = cell
    if kind == "text":
        if v == "":
            return '<c r="%s" s="0"/>' % ref
        if inline:
            return '<c r="%s" t="inlineStr"><is><t xml:space="preserve">%s</t></is></c>' % (ref, escape(v))
        return '<c r="%s" t="s"><v>%d</v></c>' % (ref, strings.at(v))
    return {"number": '<c r="%s"><v>%s</v></c>', "date": '<c r="%s" s="1"><v>%s</v></c>',
            "error": '<c r="%s" t="e"><v>%s</v></c>', "formula": '<c r="%s"><f>%s</f></c>',
            "result": '<c r="%s" t="str"><f>B1&amp;""</f><v>%s</v></c>'}[kind] % (ref, escape(str(v)))


def sheet_xml(strings, lines, hidden_rows=(), merged=(), columns=""):
    out = ['<worksheet xmlns="%s">%s<sheetData>' % (MAIN, columns)]
    for n, cells in lines:
        refs = ["%s%d" % (chr(65 + i), n) for i in range(len(cells))]
        body = "".join(cell_xml(strings, ref, c, n % 5 == 0) for ref, c in zip(refs, cells))
        out.append('<row r="%d"%s>%s</row>' % (n, ' hidden="1"' if n in hidden_rows else "", body))
    out.append("</sheetData>")
    if merged:
        out.append('<mergeCells count="%d">%s</mergeCells>' % (len(merged), "".join('<mergeCell ref="%s"/>' % m for m in merged)))
    return "".join(out) + "</worksheet>"


def write_book(path, rows):
    strings = Strings()
    width = len(HEADS)
    lines = [(1, [text("某市示范区经营主体名录（2026年2月）")]), (2, [text("填报单位：示范区市场监督管理局"), text(""), text(""), text(""),
             text("填报日期："), ("date", 46073)]), (3, [text(h) for h in HEADS])]
    lines += [(r["line"], r["cells"]) for r in rows]
    blank = max(r["line"] for r in rows) + 1
    lines.append((blank, [text("")] * width))
    columns = '<cols><col min="%d" max="%d" width="9" hidden="1" customWidth="1"/></cols>' % (HIDDEN + 1, HIDDEN + 1)
    notes = [(1, [text("填报说明")]), (2, [text("一、代码按营业执照填写。")]), (3, [text("二、有问题请致电 0000-7000000。")])]
    sheets = [("填报说明", sheet_xml(strings, notes)),
              ("名录", sheet_xml(strings, lines, {rows[40]["line"]}, ["A1:M1", "A2:D2"], columns)),
              ("Sheet3", sheet_xml(strings, []))]
    book = '<workbook xmlns="%s" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>%s</sheets></workbook>' % (
        MAIN, "".join('<sheet name="%s" sheetId="%d" r:id="rId%d"/>' % (s[0], i + 1, i + 1) for i, s in enumerate(sheets)))
    relations = [RELATION % (i + 1, "worksheet", "worksheets/sheet%d.xml" % (i + 1)) for i in range(3)]
    relations += [RELATION % (4, "styles", "styles.xml"), RELATION % (5, "sharedStrings", "sharedStrings.xml")]
    parts = [PART % ("workbook.xml", "sheet.main"), PART % ("styles.xml", "styles"), PART % ("sharedStrings.xml", "sharedStrings")]
    parts += [PART % ("worksheets/sheet%d.xml" % (i + 1), "worksheet") for i in range(3)]
    files = {"[Content_Types].xml": TYPES % "".join(parts),
             "_rels/.rels": RELATIONS % (RELATION % (1, "officeDocument", "xl/workbook.xml")),
             "xl/workbook.xml": book, "xl/_rels/workbook.xml.rels": RELATIONS % "".join(relations), "xl/styles.xml": STYLES}
    for i, s in enumerate(sheets):
        files["xl/worksheets/sheet%d.xml" % (i + 1)] = s[1]
    files["xl/sharedStrings.xml"] = strings.xml()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as z:
        for name, content in files.items():
            z.writestr(name, '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n' + content)


def make(sheet, earlier, truth):
    made = Made(20260301)
    rows = make_rows(made)
    made.random.shuffle(rows)
    for i, r in enumerate(rows):
        r["n"] = i + 1
        r["line"] = FIRST_ROW + i + (1 if i >= 300 else 0)  # a blank row in between
        r["cells"] = written(made, i, r)
    spoil(rows)
    write_book(sheet, rows)
    # the year before: 44 of the 83 with their codes, some of them under another name but with the same number
    known = [r for r in rows if r["kind"] == "number"][:44]
    with open(earlier, "w", encoding="utf-8-sig") as f:
        f.write("名称,统一社会信用代码,注册号,登记状态\n")
        for i, r in enumerate(known):
            renamed = i % 4 == 0 and r["regno"]
            f.write("%s,%s,%s,存续\n" % (r["name"] + ("（原）" if renamed else ""), r["code"], r["regno"]))
            r["known"] = "reg-no" if renamed else "name"
    with open(truth, "w", encoding="utf-8") as f:
        json.dump([{k: v for k, v in r.items() if k != "cells"} for r in rows], f, ensure_ascii=False, indent=0)
    count = lambda f: sum(1 for r in rows if f(r))
    print(len(rows), count(lambda r: r["kind"] in ("number", "code")), count(lambda r: r["kind"] == "number"))


# ---- what came out ---------------------------------------------------------------------------------

failures = 0


def check(name, good, said=""):
    global failures
    failures += not good
    print("%s %s%s" % ("ok" if good else "not ok", name, "" if good or said == "" else ": %s" % (said,)))


def key_of(r):
    return r["code"] or "R" + r["regno"]


def wanted(rows, which):
    """Rows that this list refuses: line → codes; and those it speaks of."""
    if which == "first":
        return {r["line"]: r["codes"] for r in rows if r.get("codes")}
    return {r["second"]: ["duplicate-row"] for r in rows if r.get("again")}


def load(path):
    with open(path, encoding="utf-8") as f:
        return json.load(f)


def result(truth, path, which):
    rows, said = load(truth), load(path)
    bad = wanted(rows, which)
    there = [r for r in rows if which == "first" or "second" in r]
    check(which + ": every row is told of", said["rows"] == len(there), said["rows"])
    check(which + ": accepted and refused are all", said["accepted"] + said["refused"] == said["rows"],
          (said["accepted"], said["refused"]))
    check(which + ": refused", said["refused"] == len(bad), "%s, wanted %s" % (said["refused"], len(bad)))
    told = {}
    for e in said["errors"]:
        told.setdefault(e["row"], []).append(e)
    refused = {row: sorted({e["code"] for e in es if e["severity"] == "error"}) for row, es in told.items()}
    refused = {row: codes for row, codes in refused.items() if codes}
    odd = [(row, refused.get(row), sorted(bad.get(row, []))) for row in sorted(set(refused) | set(bad))
           if refused.get(row, []) != sorted(bad.get(row, []))]
    check(which + ": each refused row with its reasons", not odd, odd[:8])
    full = [e for e in said["errors"] if not all(e.get(m) for m in ("message", "message_en", "code"))
            or e["severity"] == "error" and not (e.get("remedy") and e.get("remedy_en"))]
    check(which + ": each with message and remedy in both languages", not full, full[:2])
    repaired = {row for row, es in told.items() if row not in refused and any(e["severity"] == "repair" for e in es)}
    check(which + ": repaired rows are told", said["repaired"] == len(repaired), (said["repaired"], len(repaired)))
    if which == "first":
        for code in ("repaired", "uscc-digit", "bad-registration-number"):
            lines = [r["line"] for r in rows if code in r.get("said", [])]
            missing = [n for n in lines if code not in [e["code"] for e in told.get(n, [])]]
            check("first: %d rows with \"%s\"" % (len(lines), code), not missing, missing)
        candidates_told(rows, told)
        wrong = [e for e in said["errors"] if e["code"] == "bad-industry" and e["value"] == "全民所有制"]
        check("first: wrong industries are remarks", len(wrong) > 300 and all(e["severity"] == "remark" for e in wrong), len(wrong))


def candidates_told(rows, told):
    none, unmatched = [], []
    for r in rows:
        if r["kind"] != "number":
            continue
        detail = " ".join(e.get("detail", "") for e in told.get(r["line"], []) if e["code"] == "uscc-rounded")
        codes = re.findall(r"\d{18}", detail)
        if r["code"] not in codes:
            none.append((r["line"], r["code"], detail))
        found = {"name": "名称|注册号", "reg-no": "注册号"}.get(r.get("known"))
        if found and not re.search("%s = (%s)" % (r["code"], found), detail):
            unmatched.append((r["line"], r["known"], detail))
    check("first: the right code among the candidates of all 83", not none, none[:3])
    check("first: that of 44 is marked, by name or number", not unmatched, unmatched[:3])


# ---- the returned workbook -------------------------------------------------------------------------

Q = "{%s}" % MAIN
RED, YELLOW = "FFFFC7CE", "FFFFEB9C"


class Book:
    """A workbook of one sheet: rows of cells (element, text, colour)."""

    def __init__(self, path):
        with zipfile.ZipFile(path) as z:
            self.files = {n: z.read(n) for n in z.namelist()}
        ET.register_namespace("", MAIN)
        ET.register_namespace("r", "http://schemas.openxmlformats.org/officeDocument/2006/relationships")
        styles = ET.fromstring(self.files["xl/styles.xml"])
        grounds = [f.find(".//%sfgColor" % Q) for f in styles.find(Q + "fills")]
        self.colours = [grounds[int(x.get("fillId"))] for x in styles.find(Q + "cellXfs")]
        self.colours = ["" if c is None else c.get("rgb", "") for c in self.colours]
        shared = self.files.get("xl/sharedStrings.xml")
        self.strings = ["".join(t.itertext()) for t in ET.fromstring(shared)] if shared else []
        self.name = "xl/worksheets/sheet1.xml"
        self.sheet = ET.fromstring(self.files[self.name])
        self.rows = []
        for row in self.sheet.iter(Q + "row"):
            cells = {}
            for c in row:
                at = 0
                for letter in re.match("[A-Z]+", c.get("r")).group():
                    at = at * 26 + ord(letter) - 64
                v = "".join(c.itertext())
                cells[at - 1] = (c, self.strings[int(v)] if c.get("t") == "s" else v, self.colours[int(c.get("s", 0))])
            self.rows.append((row, cells))
        self.head = next(i for i, (_, cells) in enumerate(self.rows) if any(c[1] == "错误说明" for c in cells.values()))
        self.said = next(k for k, c in self.rows[self.head][1].items() if c[1] == "错误说明")

    def formulas(self):
        return [c for c in self.sheet.iter(Q + "f")]


def returned(truth, back, which):
    rows, book = load(truth), Book(back)
    bad = wanted(rows, which)
    by_number = {cells[0][1]: cells for _, cells in book.rows[book.head + 1:] if 0 in cells}
    missing, colourless, unsaid = [], [], []
    for r in rows:
        line = r["line"] if which == "first" else r.get("second")
        if line not in bad:
            continue
        cells = by_number.get(str(r["n"]), {})
        said = cells.get(book.said, (None, "", ""))[1]
        if not cells:
            missing.append(line)
            continue
        if RED not in [c[2] for c in cells.values()]:
            colourless.append(line)
        for column in r.get("mend", {}) if which == "first" else []:
            if r["codes"] != ["missing-value"] and cells.get(NAMES[column], (0, 0, ""))[2] != RED:
                colourless.append((line, column))
        if "〔退回〕" not in said or "。" not in said:
            unsaid.append((line, said))
    check(which + ": every refused row comes back", not missing, missing[:5])
    check(which + ": with its wrong cells in red", not colourless, colourless[:5])
    check(which + ": with reason and remedy in 错误说明", not unsaid, unsaid[:3])
    check(which + ": no formula in it", not book.formulas())
    if which == "first":
        yellow = [r["line"] for r in rows if "repaired" in r.get("said", [])
                  and by_number.get(str(r["n"]), {}).get(2, (0, 0, ""))[2] != YELLOW]
        check("first: repaired codes in yellow", not yellow, yellow[:5])
        danger = [by_number[str(r["n"])][7][1] for r in rows if r.get("dangerous") and str(r["n"]) in by_number]
        check("first: what looks like a formula is a text", danger == ["=cmd|'/C calc'!A0"], danger)
        texts = [c[0] for _, cells in book.rows[book.head + 1:] for c in cells.values() if c[1] and c[0].get("t") not in ("s", "inlineStr")]
        check("first: every cell is a text", not texts, len(texts))


def mend(truth, back, out):
    rows, book = load(truth), Book(back)
    by_number = {str(r["n"]): r for r in rows}
    data = book.sheet.find(Q + "sheetData")
    line = int(book.rows[book.head][0].get("r"))
    for element, cells in book.rows[book.head + 1:]:
        r = by_number[cells[0][1]]
        if r.get("drop") and not r.get("again"):
            data.remove(element)
            continue
        line += 1
        r["second"] = line
        for column, value in r.get("mend", {}).items():
            write_cell(element, NAMES[column], value)
        element.set("r", str(line))
        for c in element:
            c.set("r", re.match("[A-Z]+", c.get("r")).group() + str(line))
    book.files[book.name] = ET.tostring(book.sheet, encoding="utf-8", xml_declaration=True)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        for name, content in book.files.items():
            z.writestr(name, content)
    with open(truth, "w", encoding="utf-8") as f:
        json.dump(rows, f, ensure_ascii=False, indent=0)


def write_cell(row, column, value):
    ref = chr(65 + column) + row.get("r")
    cell = next((c for c in row if c.get("r") == ref), None)
    if cell is None:
        cell = ET.Element(Q + "c", {"r": ref})
        row.insert(sum(1 for c in row if ord(re.match("[A-Z]+", c.get("r")).group()) < 65 + column), cell)
    for child in list(cell):
        cell.remove(child)
    cell.set("t", "inlineStr")
    ET.SubElement(ET.SubElement(cell, Q + "is"), Q + "t").text = value


def end(truth, path, said):
    """Every row of the list: taken in, or told why not."""
    rows, told = load(truth), load(said)
    with open(path, encoding="utf-8") as f:
        kept = {line.split("\t")[0]: line.rstrip("\n").split("\t") for line in f}
    refused = {e["row"] for e in told["errors"] if e["severity"] == "error"}
    lost, wrong, inside, back, dropped = [], [], 0, 0, 0
    for r in rows:
        if r.get("second") in refused:
            back += 1
        elif "second" not in r:
            dropped += 1
        elif key_of(r) not in kept:
            lost.append((r["n"], key_of(r)))
        else:
            inside += 1
            row = kept[key_of(r)]
            if row[1] != r["name"] or (row[3] != r["day"] and "again" not in r):
                wrong.append((row, r["name"], r["day"]))
            if r["regno"] and row[2] != r["regno"]:
                wrong.append((row, r["regno"]))
    check("the end: nothing is lost", not lost, lost[:5])
    check("the end: names, numbers and days are right", not wrong, "%d: %s" % (len(wrong), wrong[:3]))
    check("the end: 647 in, 3 returned, 1 struck out by a person: 651", (inside, back, dropped) == (647, 3, 1), (inside, back, dropped))


def main():
    command, rest = sys.argv[1], sys.argv[2:]
    {"make": make, "result": result, "returned": returned, "mend": mend, "end": end}[command](*rest)
    return failures > 0


if __name__ == "__main__":
    sys.exit(main())
