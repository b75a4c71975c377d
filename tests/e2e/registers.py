#!/usr/bin/env python3
"""Two right rows and a wrong one for every register, filled into its template. All of it is made up.

  registers.py names                               who hands in what: REGISTER ACCOUNT, a line each
  registers.py fill REGISTER TEMPLATE.xlsx OUT.xlsx
  registers.py dry REGISTER RESULT.json            what `import --dry-run --json` said
  registers.py rows REGISTER ROWS.json             what `register rows --json` says afterwards
  registers.py code                                the entity that most rows are about
  registers.py personal                            what must never be shown or stored, a line each"""
import json
import re
import sys
import xml.etree.ElementTree as ET
import zipfile

from bureau import MAIN, Q, check, regno, uscc
import bureau

A, B, C = (uscc("91330199", "MA00000" + d) for d in "123")
ODD = A[:17] + ("0" if A[17] != "0" else "1")


def citizen(first):
    total = sum(int(c) * w for c, w in zip(first, (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)))
    return first + "10X98765432"[total % 11]


CITIZEN, PHONE = citizen("33019919900101001"), "19900007654"


def of(code, **cells):
    return {"统一社会信用代码": code, **cells}


# register: (account, right rows, wrong row, its code and column, facts to be told of the right rows)
TABLE = {
    "entities": ("clerk-scjg", [of(A, 名称="示范区青禾食品有限公司", 住所="示范区东路1号", 联系电话=PHONE, **{"注册资本(万元)": "100"}),
                                of("", 注册号=regno("33019900000001"), 名称="示范区竹安小吃店", 主体类型="个体工商户")],
                 of(B, 名称="", 住所="示范区东路2号"), ("missing-value", "名称"),
                 [{"key": A, "name": "示范区青禾食品有限公司", "capital": "100000000"}, {"kind": "individual"}]),
    "inspectors": ("clerk-scjg", [{"姓名": "某甲", "部门": "scjg", "执法证编号": "E1", "执法证有效期至": "2027-01-31", "身份证号": CITIZEN,
                                   "联系电话": PHONE, "层级": "县级"},
                                  {"姓名": "某乙", "单位": "示范区市场监督管理局", "执法证编号": "E2", "执法证有效期至": "2027年1月31日"}],
                   {"姓名": "某丙", "部门": "scjg", "执法证编号": "E3", "执法证有效期至": "2026-02-30"}, ("bad-date", "执法证有效期至"),
                   [{"name": "某甲", "certificate": "2027-01-31", "level": "county"}, {"name": "某乙", "department": "scjg"}]),
    "recusals": ("clerk-scjg", [of(A, 执法证编号="E1", 回避事由="近亲属在该单位任职", 回避类型="近亲属"),
                                of(A, 执法证编号="E2", 回避事由="曾在该单位任职", 回避类型="曾任职单位")],
                 of("", 执法证编号="E1", 回避事由="近亲属"), ("missing-value", "统一社会信用代码"),
                 [{"subject": A, "kind": "kin"}, {"subject": A, "kind": "employer"}]),
    "experts": ("clerk-scjg", [{"姓名": "某丁", "工作单位": "示范区食品检验所", "专业领域": "食品检验", "部门": "scjg", "身份证号": CITIZEN},
                               {"姓名": "某戊", "工作单位": "示范区特种设备所", "专业领域": "特种设备", "部门": "scjg"}],
                {"姓名": "", "工作单位": "示范区食品检验所", "专业领域": "食品检验"}, ("missing-value", "姓名"),
                [{"name": "某丁", "field": "食品检验"}, {"name": "某戊"}]),
    "agencies": ("clerk-scjg", [of(A, 机构名称="示范区检测有限公司", 资质="检验检测机构资质认定", 联系电话=PHONE), of(B, 机构名称="示范区审计事务所", 资质有效期至="长期")],
                 of(C[:17], 机构名称="示范区无码所"), ("bad-uscc", "统一社会信用代码"),
                 [{"key": A, "name": "示范区检测有限公司"}, {"key": B, "until": "2999-12-31"}]),
    "authorities": ("lead", [{"部门": "scjg", "主体名称": "示范区市场监督管理局", "主体类别": "法定行政机关", "执法依据": "《示范条例》第三条"},
                             {"部门": "jyj", "主体名称": "示范区教育局", "主体类别": "法定行政机关", "执法依据": "《示范条例》第四条"}],
                    {"部门": "lxb", "主体名称": "示范区双随机、一公开联席会议办公室", "主体类别": "法定行政机关", "执法依据": "《示范条例》第五条"},
                    ("not-an-authority", "主体名称"), [{"key": "scjg", "kind": "statutory"}, {"key": "jyj"}]),
    "items": ("clerk-scjg", [{"部门": "scjg", "抽查类别": "食品检查", "抽查事项": "食品销售检查", "检查对象": "食品销售者", "事项类别": "重点检查事项",
                              "检查依据": "《示范条例》第六条"},
                             {"部门": "scjg", "抽查类别": "价格检查", "抽查事项": "明码标价检查", "检查依据": "《示范条例》第七条"}],
              {"部门": "scjg", "抽查事项": "没有依据的检查", "检查依据": ""}, ("missing-value", "检查依据"),
              [{"name": "食品销售检查", "grade": "key"}, {"name": "明码标价检查"}]),
    "joint_items": ("lead", [{"抽查领域": "学校", "抽查事项": "食堂检查", "检查对象": "中小学", "发起部门": "教育局", "配合部门": "市场监管局、卫健局",
                              "检查依据": "《示范条例》第八条"},
                             {"抽查领域": "养老", "抽查事项": "养老机构检查", "检查对象": "养老机构", "发起部门": "民政局", "配合部门": "消防大队",
                              "检查依据": "《示范条例》第九条"}],
                    {"抽查领域": "学校", "抽查事项": "校车检查", "发起部门": ""}, ("missing-value", "发起部门"),
                    [{"field": "学校", "lead": "教育局"}, {"field": "养老"}]),
    "checklists": ("clerk-scjg", [{"事项编号": "S1", "检查内容": "是否亮证经营", "检查标准": "营业执照在醒目位置"}, {"事项编号": "S1", "检查内容": "是否明码标价"}],
                   {"事项编号": "S2", "检查内容": ""}, ("missing-value", "检查内容"), [{"item": "S1", "content": "是否亮证经营"}, {"content": "是否明码标价"}]),
    "regions": ("lead", [{"区划代码": "330199", "区划名称": "示范区"}, {"区划代码": "330198", "区划名称": "旧示范区", "停用日期": "2020-01-01", "变更后代码": "330199"}],
                {"区划代码": "33o1", "区划名称": "不是代码"}, ("bad-region", "区划代码"), [{"name": "示范区", "level": "county"}, {"successor": "330199"}]),
    "calendar": ("lead", [{"日期": "2026-10-01", "是否工作日": "休息日", "节日名称": "国庆节"}, {"日期": "2026-10-10", "是否工作日": "工作日"}],
                 {"日期": "2026-10-11", "是否工作日": "也许"}, ("bad-word", "是否工作日"), [{"working": "f", "name": "国庆节"}, {"working": "t"}]),
    "labels": ("clerk-scjg", [of(A, 标签="food-sale"), of(A, 标签="gathering", 依据="示范文〔2026〕1号")], of(A, 标签="不是标签！"), ("bad-label", "标签"),
               [{"label": "food-sale"}, {"label": "gathering"}]),
    "listings": ("clerk-scjg", [of(A, 名单="经营异常名录", 列入日期="2025-07-09", 决定机关="示范区市场监督管理局"),
                                of(A, 名单="信用激励名单", 列入日期="2024-01-01", 移出日期="2024-12-31")],
                 of(A, 名单="白名单", 列入日期="2025-07-09"), ("bad-word", "名单"),
                 [{"list": "abnormal", "entity": A}, {"list": "incentive", "removed": "2024-12-31"}]),
    "commitments": ("clerk-scjg", [of(A, 承诺类型="告知承诺", 承诺日期="2025-03-01", 履行情况="已履行"), of(A, 承诺类型="信用修复承诺", 承诺日期="2025/4/1", 履行情况="不实承诺")],
                    of(A, 承诺类型="告知承诺", 承诺日期="去年"), ("bad-date", "承诺日期"), [{"outcome": "kept"}, {"outcome": "untrue", "date": "2025-04-01"}]),
    "declarations": ("clerk-scjg", [of(A, 申报项目="从业人数", 申报内容="12", 申报日期="2026-01-05", 是否核实="否"),
                                    of(A, 申报项目="营业面积", 申报内容="80平方米", 申报日期="2026-01-05", 是否核实="是", 核实部门="示范区市场监督管理局")],
                     of(A, 申报项目="从业人数", 申报内容=""), ("missing-value", "申报内容"), [{"verified": "f", "value": "12"}, {"verified": "t"}]),
    "events": ("clerk-scjg", [of(A, 事件类型="行政处罚", 发生日期="2025-05-06", 文书号="示罚〔2025〕1号", 金额="2000.50"), of(A, 事件类型="荣誉表彰", 发生日期="2025-06-07")],
               of(A, 事件类型="传闻", 发生日期="2025-05-06"), ("bad-word", "事件类型"), [{"kind": "penalty", "amount": "200050"}, {"kind": "honour"}]),
    "permits": ("clerk-scjg", [of(A, 许可证名称="食品经营许可证", 许可证编号="JY0000001", 有效期至="2028-01-01", 许可状态="有效"),
                               of(A, 许可证名称="卫生许可证", 许可证编号="WS0000002")],
                of(A, 许可证名称="食品经营许可证", 许可证编号=""), ("missing-value", "许可证编号"), [{"state": "valid"}, {"number": "WS0000002"}]),
    "checks": ("clerk-scjg", [of(A, 检查日期="2025-09-10", 部门="scjg", 检查事项="食品销售检查", 检查结果="未发现问题", 有因检查="否"),
                              of(A, 检查日期="2025-11-12", 检查机关="某省药品监督管理局", 检查方式="现场检查", 有因检查="是")],
               of(A, 检查日期="", 部门="scjg"), ("missing-value", "检查日期"), [{"department": "scjg", "cause": "f"}, {"mode": "site", "cause": "t"}]),
    "successions": ("clerk-scjg", [{"变更前代码": regno("33019900000009"), "变更后代码": A, "变更类型": "更码", "变更日期": "2016-01-01"},
                                   {"变更前代码": A, "变更后代码": B, "变更类型": "分立", "变更日期": "2026-01-01"}],
                    {"变更前代码": C, "变更后代码": C, "变更类型": "合并"}, ("same-code", "变更后代码"), [{"kind": "recode", "new": A}, {"kind": "split", "old": A}]),
    "exceptions": ("lead", [of(ODD, 例外原因="试点期间赋码"), of(uscc("91330199", "M000000A")[:17] + "A", 例外原因="试点期间赋码", 证明文书="示范文〔2015〕1号")],
                   of(C[:17], 例外原因="少一位"), ("bad-uscc", "统一社会信用代码"), [{"key": ODD, "reason": "试点期间赋码"}, {"document": "示范文〔2015〕1号"}]),
    "grades": ("clerk-scjg", [of(A, 分级来源="food", 专业领域="food-making", 分级结果="B级", 评定日期="2026-01-05", 有效期至="2026-12-31"),
                              of(A, 分级来源="province", 分级结果="C", 评定日期="2026-02-01")],
               of(A, 分级来源="food", 分级结果=""), ("missing-value", "分级结果"),
               [{"source": "food", "value": "B级", "until": "2026-12-31"}, {"source": "province", "date": "2026-02-01"}]),
}


def letters(at):
    return (chr(64 + at // 26) if at >= 26 else "") + chr(65 + at % 26)


def fill(name, template, out):
    _, right, wrong, _, _ = TABLE[name]
    with zipfile.ZipFile(template) as z:
        files = {n: z.read(n) for n in z.namelist()}
    strings = ["".join(t.itertext()) for t in ET.fromstring(files["xl/sharedStrings.xml"])]
    ET.register_namespace("", MAIN)
    sheet = ET.fromstring(files["xl/worksheets/sheet1.xml"])
    data = sheet.find(Q + "sheetData")
    heads = {}
    for i, c in enumerate(data[0]):
        v = "".join(c.itertext())
        heads[re.sub(r"\*$", "", strings[int(v)] if c.get("t") == "s" else v)] = i
    for n, cells in enumerate(right + [wrong], start=2):
        row = ET.SubElement(data, Q + "row", {"r": str(n)})
        for column, v in sorted(cells.items(), key=lambda x: heads[x[0]]):
            c = ET.SubElement(row, Q + "c", {"r": letters(heads[column]) + str(n), "t": "inlineStr"})
            ET.SubElement(ET.SubElement(c, Q + "is"), Q + "t").text = v
    files["xl/worksheets/sheet1.xml"] = ET.tostring(sheet, encoding="utf-8", xml_declaration=True)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        for n, content in files.items():
            z.writestr(n, content)


def dry(name, path):
    said = bureau.load(path)
    errors = [(e["row"], e["code"], e["column"]) for e in said["errors"] if e["severity"] == "error"]
    wanted = (4,) + TABLE[name][3]
    check(name + ": two of three rows would go in", (said["rows"], said["accepted"], said["refused"]) == (3, 2, 1),
          json.dumps(said, ensure_ascii=False)[:600])
    check(name + ": the third is refused with its reason", errors == [wanted], "%s, wanted %s" % (errors, wanted))


def rows(name, path):
    told = bureau.load(path)
    told = told if isinstance(told, list) else told["rows"]
    missing = [facts for facts in TABLE[name][4] if not any(all(str(r.get(k)) == v for k, v in facts.items()) for r in told)]
    check(name + ": its rows are told", len(told) == 2 and not missing, "%d rows; not found %s in %s" % (len(told), missing, told[:2]))
    check(name + ": each with its batch and row", all(r.get("import") and r.get("row") in (2, 3) for r in told),
          [(r.get("import"), r.get("row")) for r in told])


def main():
    command, rest = sys.argv[1], sys.argv[2:]
    if command == "names":
        print("\n".join("%s %s" % (name, row[0]) for name, row in TABLE.items()))
    elif command == "personal":
        print(CITIZEN + "\n" + PHONE)
    elif command == "code":
        print(A)
    else:
        {"fill": fill, "dry": dry, "rows": rows}[command](*rest)
    return bureau.failures > 0


if __name__ == "__main__":
    sys.exit(main())
