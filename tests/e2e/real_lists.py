#!/usr/bin/env python3
"""real_lists.py holidays HOLIDAYS.json OUT.csv: days off and make-up working days as a file of 工作日历.
real_lists.py rows FILE.csv [COLUMN…]: how many rows it has in which these columns are filled in.
real_lists.py figures NAME RESULT.json: what `import --dry-run --json` said, in a line, and what was refused."""
import collections
import csv
import json
import sys


def holidays(path, out):
    with open(path, encoding="utf-8") as f:
        days = json.load(f)
    with open(out, "w", encoding="utf-8-sig", newline="") as f:
        w = csv.writer(f)
        w.writerow(["日期", "是否工作日", "节日名称"])
        for members, working in (("holidays", "休息日"), ("workdays", "工作日")):
            for day, name in sorted(days[members].items()):
                w.writerow([day, working, name.split(",")[1]])


def rows(path, *columns):
    with open(path, encoding="utf-8-sig", newline="") as f:
        print(sum(1 for r in csv.DictReader(f) if all(r[c].strip() for c in columns)))


def figures(name, path):
    with open(path, encoding="utf-8") as f:
        said = json.load(f)
    print("# %s: %d rows, %d accepted, %d repaired, %d refused" % (name, said["rows"], said["accepted"], said["repaired"], said["refused"]))
    kinds = collections.Counter((e["severity"], e["column"], e["code"], e["message"], e["remedy"]) for e in said["errors"])
    for (severity, column, code, message, remedy), n in kinds.most_common():
        print("#   %d %s %s %s: %s。%s" % (n, severity, column, code, message, remedy))
    unexplained = [e["row"] for e in said["errors"] if e["severity"] == "error" and not (e["message"] and e["remedy"])]
    explained = {e["row"] for e in said["errors"] if e["severity"] == "error"}
    if len(explained) == said["refused"] and not unexplained:
        print("ok %s: every refusal is explained" % name)
    else:
        print("not ok %s: %d refused, %d explained" % (name, said["refused"], len(explained)))
        sys.exit(1)


{"holidays": holidays, "rows": rows, "figures": figures}[sys.argv[1]](*sys.argv[2:])
