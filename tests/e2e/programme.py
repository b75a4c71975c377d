#!/usr/bin/env python3
"""A year for twelve departments out of a real list of inspection items.

    programme.py ITEMS.csv DISTRICT.conf FOLDER

writes base.conf (the sample's rules, with departments and items of the list), schemes.conf (44 of them), items.csv (the
list as it is imported, with ids) and tasks-DEPARTMENT.csv, and prints departments, schemes, days."""
import csv
import sys

UNITS = {  # who made the list: a department of the sample
    "省市场监管局": "scjg", "省人力资源和社会保障厅": "rsj", "省交通运输厅": "jtys", "省农业农村厅": "nync",
    "省公安厅": "gaj", "省商务厅": "swj", "省教育厅": "jyj", "省住房和城乡建设厅": "zjj", "省卫健委": "wsjk",
    "省生态环境厅": "sthj", "省消防救援总队": "xfjy", "省应急管理厅": "yjgl",
}
SCHEMES = 44
DAYS = [("2026-03-05", "2026-03-16", "2026-04-30"), ("2026-04-07", "2026-04-15", "2026-05-29"),
        ("2026-05-11", "2026-05-18", "2026-07-10"), ("2026-06-15", "2026-06-22", "2026-08-14"),
        ("2026-08-03", "2026-08-10", "2026-09-30"), ("2026-09-14", "2026-09-21", "2026-11-13")]


def cut(text, size=200):
    """As much of a text as a policy takes."""
    text = " ".join(text.split()).replace('"', "”").replace("\\", "")
    while len(text.encode()) > size:
        text = text[:-1]
    return text.strip()


def read(path):
    items = []
    with open(path, encoding="utf-8-sig", newline="") as f:
        for row in csv.DictReader(f):
            department = UNITS.get(row["编制单位名称"])
            if department and row["检查依据"].strip() and row["抽查事项"].strip():
                items.append({"id": f"{department}-{len(items) + 1:03}", "department": department,
                              "category": row["抽查类别"], "name": cut(row["抽查事项"]), "basis": cut(row["检查依据"]),
                              "key": "重点" in row["事项类别"]})
    return items


def schemes_of(items):
    """Groups of a department, its own in turn with the others', until there are 44; some with an item of another."""
    groups = {}
    for item in items:
        groups.setdefault(item["department"], {}).setdefault(item["category"], []).append(item)
    queues = {d: list(g.values()) for d, g in sorted(groups.items())}
    made = []
    while len(made) < SCHEMES and any(queues.values()):
        for department, queue in queues.items():
            if queue and len(made) < SCHEMES:
                made.append((department, queue.pop(0)[:3]))
    # where a department has fewer groups than its turn, single items of the longest list go on
    used = {i["id"] for _, g in made for i in g}
    rest = [i for i in items if i["id"] not in used]
    while len(made) < SCHEMES:
        item = rest.pop(0)
        made.append((item["department"], [item]))
    others = [i for i in items if i["id"] not in {x["id"] for _, g in made for x in g}]
    for n, (department, group) in enumerate(made):
        if n % 3 == 0:
            partner = next((i for i in others if i["department"] != department), None)
            if partner:
                others.remove(partner)
                group.append(partner)
    return made


def main():
    items = read(sys.argv[1])
    sample = open(sys.argv[2], encoding="utf-8").read()
    folder = sys.argv[3]
    made = schemes_of(items)
    used = {i["id"]: i for _, g in made for i in g}
    with open(f"{folder}/base.conf", "w", encoding="utf-8") as f:
        f.write(sample[:sample.index("\ndepartment:\n{\n\tscjg")])
        f.write("\ndepartment:\n{\n")
        for department in sorted({i["department"] for i in used.values()}):
            f.write(f'\t{department}: {{ name = "{department}"; }};\n')
        f.write("};\nitem:\n{\n")
        for item in used.values():
            f.write(f'\t{item["id"]}: {{ department = "{item["department"]}"; name = "{item["name"]}"; '
                    f'basis = "{item["basis"]}"; kind = "{"key" if item["key"] else "general"}"; }};\n')
        f.write("};\n")
    with open(f"{folder}/schemes.conf", "w", encoding="utf-8") as f:
        f.write('title = "抽查方案";\ndefaults: { scheme: { category = "daily"; level = "county"; class = "worst"; draws = 1;'
                ' frequency = 1; minimum = "0%"; kinds = "*"; industries = "*"; regions = "*"; labels = "*"; officers = 2;'
                ' safety = false; ratio: { A = "1%"; B = "2%"; C = "4%"; D = "8%"; };'
                ' mode: { A = "offsite"; B = "onsite"; C = "onsite"; D = "onsite"; };'
                ' measures: { A = "非现场"; B = "常规"; C = "提高比例"; D = "严格监管"; }; }; };\nscheme:\n{\n')
        for n, (department, group) in enumerate(made):
            ids = ", ".join(f'"{i["id"]}"' for i in group)
            f.write(f'\ts{n + 1:02}: {{ name = "{cut(group[0]["category"] or group[0]["name"], 150)}"; '
                    f'lead = "{department}"; items = [{ids}]; }};\n')
        f.write("};\n")
    with open(f"{folder}/items.csv", "w", encoding="utf-8", newline="") as f:
        out = csv.writer(f)
        out.writerow(["事项编号", "部门", "抽查事项", "检查依据", "生效日期"])
        for item in used.values():
            out.writerow([item["id"], item["department"], item["name"], item["basis"], "2026-01-01"])
    for department in sorted({d for d, _ in made}):
        with open(f"{folder}/tasks-{department}.csv", "w", encoding="utf-8", newline="") as f:
            out = csv.writer(f)
            out.writerow(["抽查方案", "种类", "抽查类型", "抽查模式", "责任处室", "抽取日期", "检查时间"])
            for n, (lead, _) in enumerate(made):
                if lead == department:
                    on, first, last = DAYS[n % len(DAYS)]
                    out.writerow([f"s{n + 1:02}", "日常", "不定向", "县抽县查", "监管科", on, f"{first}至{last}"])
    print(len({d for d, _ in made}), len(made), len(DAYS))


main()
