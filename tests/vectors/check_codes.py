#!/usr/bin/env python3
"""Holds `drawctl code` against python3-stdnum, the checks of other people.

    check_codes.py [COUNT]

COUNT (100,000) USCCs are generated and spoilt, as many 注册号 and citizen IDs at a tenth of it. What
stdnum looks at and what it does not:

  USCC (stdnum.cn.uscc)   length, alphabet, last check character. Not: the check character of the
                          organisation code (17th, GB 11714), which is computed here once more. It
                          refuses letters among the first two characters, which GB 32100 has (Y1 …):
                          for those its check character alone is compared.
  注册号 (ISO 7064)       stdnum.iso7064.mod_11_10, the whole check
  citizen ID              stdnum.cn.ric: length, birthday, check character; also the place of birth, by
                          a list of its own, so that a place it does not know proves nothing
"""

import json
import os
import random
import subprocess
import sys

SYSTEM = "/usr/bin/python3"
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"

try:
    from stdnum.cn import ric, uscc
    from stdnum.exceptions import InvalidComponent, InvalidFormat, InvalidLength
    from stdnum.exceptions import ValidationError
    from stdnum.iso7064 import mod_11_10
except ImportError:
    if os.path.exists(SYSTEM) and os.path.realpath(sys.executable) != os.path.realpath(SYSTEM):
        os.execv(SYSTEM, [SYSTEM, *sys.argv])
    print("skipped codes: python3-stdnum is not installed (make setup)")
    sys.exit(0)


def org_digit(org):
    """GB 11714, from the standard's text."""
    total = sum(int(c, 36) * w for c, w in zip(org, (3, 7, 9, 10, 5, 8, 4, 2)))
    return "0123456789X"[(11 - total % 11) % 11]


# ---- what is asked ----


def a_code(rnd):
    start = rnd.choice(("91", "91", "91", "92", "93", "51", "11", "12", "Y1", "N1"))
    region = f"{rnd.randrange(110000, 660000):06}"
    org = "".join(rnd.choice(ALPHABET if rnd.random() < 0.5 else "0123456789") for _ in range(8))
    body = start + region + org
    body += org_digit(org)
    return body + uscc.calc_check_digit(body)


def another(rnd, old, among):
    return rnd.choice([c for c in among if c != old])


def substituted(rnd, code, among=LETTERS):
    i = rnd.randrange(len(code))
    return code[:i] + another(rnd, code[i], among) + code[i + 1 :]


def swapped(rnd, code):
    i = rnd.randrange(len(code) - 1)
    return code[:i] + code[i + 1] + code[i] + code[i + 2 :]


def shortened(rnd, code):
    i = rnd.randrange(len(code))
    return code[:i] + code[i + 1 :]


def lengthened(rnd, code):
    i = rnd.randrange(len(code) + 1)
    return code[:i] + rnd.choice(LETTERS) + code[i:]


def blank(rnd, code):
    i = rnd.randrange(len(code) + 1)
    return code[:i] + " " * rnd.randrange(1, 3) + code[i:]


def cut(rnd, code):
    return code[:15] + "000"


def wrong_org(rnd, code):
    body = code[:16] + another(rnd, code[16], "0123456789X")
    return body + uscc.calc_check_digit(body)


def lower(rnd, code):
    return code.lower()


def whole(rnd, code):
    return code


def of_region(rnd, code):
    i = rnd.randrange(2, 8)
    body = code[:i] + rnd.choice("ABCDEFGHJ") + code[i + 1 : 17]
    return body + uscc.calc_check_digit(body)


SPOIL = (whole, whole, whole, substituted, substituted, swapped, shortened, lengthened, blank, cut)
SPOIL += (wrong_org, wrong_org, lower, of_region)


def a_regno(rnd):
    body = f"{rnd.randrange(10**13, 7 * 10**13)}"
    number = body + mod_11_10.calc_check_digit(body)
    return number if rnd.random() < 0.4 else substituted(rnd, number, "0123456789")


def a_citizen(rnd):
    place = rnd.choice(("110105", "310104", "371002", "510116", "440304", "653101"))
    day = f"{rnd.randrange(1900, 2030):04}{rnd.randrange(0, 14):02}{rnd.randrange(0, 33):02}"
    body = place + day + f"{rnd.randrange(1000):03}"
    number = body + ric.calc_check_digit(body + "0")
    return number if rnd.random() < 0.6 else substituted(rnd, number, "0123456789X")


# ---- what the others say ----


def of_uscc(text):
    code = uscc.compact(text)
    if len(code) == 18 and not code[:2].isdigit() and set(code[:2]) <= set(ALPHABET):
        # letters that stdnum does not know there; the rest by its own parts
        if not code[2:8].isdigit() or not set(code) <= set(ALPHABET):
            return "charset"
        if uscc.calc_check_digit(code[:17]) != code[17]:
            return "usccdigit"
    else:
        try:
            uscc.validate(text)
        except InvalidLength:
            return "len"
        except InvalidFormat:
            return "charset"
        except ValidationError:
            return "usccdigit"
    return "ok" if org_digit(code[8:16]) == code[16] else "orgdigit"


def of_regno(text):
    return "ok" if mod_11_10.is_valid(text) else "digit"


def of_citizen(text):
    """None where stdnum has no opinion, or one about centuries of which drawd has none."""
    if text[6:10].isdigit() and not "1900" <= text[6:10] <= "2999":
        return None
    try:
        ric.validate(text)
    except InvalidLength:
        return "len"
    except InvalidFormat:
        return "charset"
    except InvalidComponent:
        try:
            ric.get_birth_date(text)
        except InvalidComponent:
            return "date"
        return None
    except ValidationError:
        return "digit"
    return "ok"


# ---- the comparison ----


def asked(drawctl, kind, texts):
    command = [drawctl, "code", "--kind", kind, "--json", "-"]
    done = subprocess.run(command, input="\n".join(texts) + "\n", text=True, capture_output=True)
    if done.returncode not in (0, 1):
        sys.exit(f"not ok drawctl code: exit {done.returncode} {done.stderr}")
    return [json.loads(line) for line in done.stdout.splitlines()]


def date_first(ours, theirs):
    """Of two faults of a citizen ID either may be named."""
    return {ours, theirs} == {"date", "digit"}


def compare(drawctl, kind, texts, judge):
    answers, differ, seen = asked(drawctl, kind, texts), [], {}
    if len(answers) != len(texts):
        print(f"not ok {kind}: {len(answers)} answers to {len(texts)} questions")
        return False
    for text, answer in zip(texts, answers):
        ours, theirs = answer["verdict"], judge(text)
        seen[ours] = seen.get(ours, 0) + 1
        if theirs is not None and ours != theirs:
            if kind != "citizen" or not date_first(ours, theirs):
                differ.append((text, ours, theirs))
        if ours != "ok" and answer["code"] in answer["candidates"]:
            differ.append((text, "is a candidate of itself", ""))
    for text, ours, theirs in differ[:10]:
        print(f"# {kind} {text!r}: ours {ours}, theirs {theirs}")
    told = ", ".join(f"{name} {n}" for name, n in sorted(seen.items()))
    print(f"{'not ok' if differ else 'ok'} {kind}: {len(texts)} verdicts agree ({told})")
    return not differ


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100000
    top = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    drawctl = os.path.join(os.environ.get("B", os.path.join(top, "build")), "drawctl")
    rnd = random.Random(20260331)
    codes = [rnd.choice(SPOIL)(rnd, a_code(rnd)) for _ in range(count)]
    numbers = [a_regno(rnd) for _ in range(count // 10)]
    persons = [a_citizen(rnd) for _ in range(count // 10)]
    ok = compare(drawctl, "uscc", codes, of_uscc)
    ok = compare(drawctl, "regno", numbers, of_regno) and ok
    ok = compare(drawctl, "citizen", persons, of_citizen) and ok
    return 0 if ok else 1


if __name__ == "__main__":
    sys.exit(main())
