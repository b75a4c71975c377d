#!/usr/bin/env python3
"""Holds verify.py to exclude_rules.txt, which was written by hand from PROTOCOL.md.

    check_exclude.py [--check]
"""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.dont_write_bytecode = True
sys.path.insert(0, HERE)

import make_vectors as m  # noqa: E402
import verify as v  # noqa: E402

DATE = "2026-06-01"
OBJECT = dict.fromkeys(v.FACTS, "")
OBJECT.update({"object": "91371002MA3C00000X", "entity": "91371002MA3C00000X", "region": "371002",
               "status": "open", "class": "A", "reserved": "0"})


def pairs(text):
    return [part.split("=", 1) for part in text.split()]


def code_of(sample, settings, facts):
    policy, date, found = dict(sample), DATE, dict(OBJECT)
    for name, value in pairs(settings):
        if name == "date":
            date = value
            continue
        path = name if name in policy else "task.t." + name
        if path not in policy:
            raise KeyError(path)
        policy[path] = value
    for name, value in pairs(facts):
        if name not in found:
            raise KeyError(name)
        found[name] = value
    values = list(found.values())
    v.check_form("facts", 1, v.FACTS, values, v.FACT_FORMS)
    read = v.parse_policy(sorted(policy.items()))
    return v.task_code(v.Facts(values), read.tasks["t"], read, date)


def rules():
    """(line, settings, facts, code) of every case, and the sample policy."""
    sample, cases = {}, []
    with open(os.path.join(HERE, "exclude_rules.txt"), encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            line = line.rstrip("\n")
            if line.startswith("policy "):
                _, path, value = line.split(" ", 2)
                sample[path] = value
            elif line and line[0] != "#":
                settings, facts, code, _ = line.split("|")
                cases.append((number, settings, facts, code.strip()))
    return sample, cases


def main():
    sample, cases = rules()
    wrong, seen = [], set()
    for number, settings, facts, wanted in cases:
        try:
            found = code_of(sample, settings, facts)
        except (v.Fault, KeyError) as error:
            found = "refused: %s" % error
        seen.add(found)
        if found != wanted:
            wrong.append("line %d: %s, expected %s" % (number, found, wanted))
    for text in wrong:
        print("# exclude_rules.txt, " + text)
    good = m.tell(not wrong, "%d exclusion rules on the second implementation" % len(cases))
    codes = set(v.RULES) | {"mode-calm", "mode-observation", "mode-tolerance", "cap-desk",
                            "cap-door"}
    good = m.tell(codes <= seen, "every code is the answer of a case") and good
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main() if sys.argv[1:] in ([], ["--check"]) else print(__doc__) or 2)
