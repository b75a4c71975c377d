"""Lists of the API against what the database holds: pages, sorts, filters, cursors, files.

Called by lists.sh: lists.py SOCKET PSQL [ACCOUNT=TOKEN]..., PSQL being a command that reads SQL.
The order of a list is computed here from its values alone: numbers as numbers, texts bytewise by their
first 200 characters, nothing last; then the key."""
import base64
import csv
import http.client
import io
import json
import random
import re
import socket
import subprocess
import sys
import urllib.parse
import zipfile
import xml.etree.ElementTree as ET

SOCKET, PSQL = sys.argv[1], sys.argv[2].split()
TOKENS = dict(a.split("=", 1) for a in sys.argv[3:])
BIG = 100000
# path, member of the reply, view, key
LISTS = [
    ("/jobs", "jobs", "job_list", ["id"]),
    ("/imports", "imports", "import_list", ["id"]),
    ("/imports/4/errors", "errors", "import_error_list", ["ordinal"]),
    ("/uploads", "uploads", "upload_list", ["id"]),
    ("/rounds", "rounds", "round_list", ["id"]),
    ("/rounds/2026-0001/visits", "visits", "visit_list", ["object", "ordinal"]),
    ("/motions", "motions", "motion_list", ["id"]),
    ("/accounts", "accounts", "account_list", ["id"]),
    ("/roles", "roles", "account_role_list", ["id"]),
    ("/departments", "departments", "department_list", ["id"]),
    ("/sessions", "sessions", "session_list", ["id"]),
    ("/tokens", "tokens", "access_token_list", ["id"]),
    ("/proposals", "proposals", "proposal_list", ["id"]),
    ("/audit", "audit", "audit_list", ["seq"]),
]
WITHIN = {"import_error_list": "import", "visit_list": "round"}
random.seed(7)


class Unix(http.client.HTTPConnection):
    def __init__(self):
        super().__init__("localhost", timeout=60)

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(60)
        self.sock.connect(SOCKET)


def get(path, who="auditor", headers=None, **query):
    c = Unix()
    h = {"Authorization": "Bearer " + TOKENS[who]} if who else {}
    h.update(headers or {})
    target = "/api/v1" + path + ("?" + urllib.parse.urlencode(query) if query else "")
    c.request("GET", target, headers=h)
    r = c.getresponse()
    body = r.read()
    c.close()
    return r.status, r.headers, body


def sql(text):
    out = subprocess.run(PSQL, input="SET search_path = drawd;\n" + text, capture_output=True, text=True)
    if out.returncode != 0:
        sys.exit(out.stderr)
    return [line.split("|") for line in out.stdout.splitlines()]


def page(path, member, who="auditor", **query):
    status, headers, body = get(path, who, **query)
    if status != 200:
        raise AssertionError(f"{path} {query}: {status} {body[:300]!r}")
    o = json.loads(body)
    assert set(o) == {member, "next"}, o.keys()
    return o[member], o["next"]


def pages(path, member, limit, who="auditor", between=None, **query):
    rows, after = [], None
    while True:
        q = dict(query, limit=limit() if callable(limit) else limit)
        if after is not None:
            q["after"] = after
        some, after = page(path, member, who, **q)
        assert len(some) <= q["limit"]
        assert some or not rows, "an empty page behind another"
        rows += some
        if after is None:
            return rows
        assert re.fullmatch("[A-Za-z0-9_-]+", after), after
        if between is not None:
            between()


failures = 0


def check(name, run, *args):
    global failures
    try:
        run(*args)
        print("ok", name, flush=True)
    except Exception as e:  # every failure is told, and the next case runs
        failures += 1
        print("not ok", name + ":", type(e).__name__, str(e).replace("\n", " ")[:900], flush=True)


def measure(v, cut):
    if isinstance(v, str):
        return (v[:200] if cut else v).encode()
    return v


def in_order(rows, column, down, key):
    """What keyset order is: those with a value, then those without, the key in the same direction."""
    def rank(r):
        return ([measure(r[column], column not in key)] if r[column] is not None else []) + [
            measure(r[k], False) for k in key if k != column]
    have = sorted((r for r in rows if r[column] is not None), key=rank, reverse=down)
    none = sorted((r for r in rows if r[column] is None), key=rank, reverse=down)
    return have + none


def refusal(status, code, path, who="auditor", headers=None, **query):
    got, _, body = get(path, who, headers, **query)
    o = json.loads(body)
    assert (got, o.get("code")) == (status, code), f"{path} {query}: {got} {body[:300]!r}"
    return o


def columns(view):
    return {n: t for n, t in sql(f"""SELECT attname, format_type(atttypid, NULL) FROM pg_attribute
        WHERE attrelid = '{view}'::regclass AND attnum > 0 ORDER BY attnum""") if n != WITHIN.get(view)
        and not n.endswith("_stamp")}


def sorting(path, view):
    """The columns that sort; the others are refused as such."""
    names = []
    for n in columns(view):
        status, _, body = get(path, sort=n, limit=1)
        if status == 200:
            names.append(n)
        else:
            assert json.loads(body)["code"] == "bad-sort", body
    assert names, "nothing sorts"
    return names


# ---- rows ------------------------------------------------------------------------------------------

def whole(path, member, view, key):
    rows, after = page(path, member, limit=BIG)
    where = f' WHERE "{WITHIN[view]}"::text = \'{path.split("/")[2]}\'' if view in WITHIN else ""
    n = int(sql(f"SELECT count(*) FROM {view}{where}")[0][0])
    # reading is noted in the audit log while this runs
    assert after is None and (len(rows) == n or member == "audit" and 0 <= n - len(rows) < 3), (len(rows), n)
    assert len(rows) > 60
    kinds = columns(view)
    for r in rows:
        assert list(r) == list(kinds), (list(r), list(kinds))
        for name, v in r.items():
            want = {"bigint": int, "boolean": bool, "text": str, "json": (dict, list)}[kinds[name]]
            assert v is None or isinstance(v, want) and not (want is int and isinstance(v, bool)), (name, v)
    return rows


def quiet(member, rows):
    """Without what the test itself adds to the audit log and to its own token."""
    if member == "audit":
        return [r for r in rows if r["act"] != "read" or r["seq"] > 100000]
    return [{k: v for k, v in r.items() if k != "used"} for r in rows] if member == "tokens" else rows


def all_sorts(path, member, view, key):
    for column in sorting(path, view):
        for down in (False, True):
            sort = ("-" if down else "") + column
            rows, _ = page(path, member, limit=BIG, sort=sort)
            wanted = in_order(rows, column, down, key)
            assert rows == wanted, (sort, [r for r, w in zip(rows, wanted) if r != w][:2])
            some = pages(path, member, lambda: random.choice((7, 23, 50)), sort=sort)
            assert quiet(member, some) == quiet(member, rows), (sort, len(some), len(rows))
    default = page(path, member, limit=BIG)[0]
    assert default in [in_order(default, key[0], d, key) for d in (False, True)]
    one = pages(path, member, 1, sort=key[0]) if len(default) < 150 else default
    assert len(one) >= len(default)


def edges(path, member, view, key):
    n = len(page(path, member, limit=BIG)[0])
    if member != "audit":
        assert page(path, member, limit=n)[1] is None
        assert len(pages(path, member, n - 1)) == n
    rows, after = page(path, member, limit=1)
    assert len(rows) == 1 and after is not None
    for limit in ("0", "-1", "x", "", "100001", "1.5"):
        refusal(400, "bad-number", path, limit=limit)
    refusal(400, "bad-request", path, before="1")
    refusal(400, "bad-request", path, nothing="1")
    refusal(400, "bad-sort", path, sort="nothing")
    refusal(400, "bad-sort", path, sort="id; DROP TABLE drawd.job")
    refusal(400, "bad-format", path, format="xml")
    o = refusal(400, "bad-request", path + "?limit=1&limit=1")
    assert o["field"] == "limit", o


def filters(path, member, view, key):
    rows, _ = page(path, member, limit=BIG)
    tried = 0
    for name, kind in columns(view).items():
        if name in ("after", "limit", "sort", "format"):
            continue
        status, _, body = get(path, **{name: "5" if kind == "bigint" else "true" if kind == "boolean" else "x"})
        if status == 400:
            code = json.loads(body)["code"]
            assert code == "bad-request" or code == "bad-filter" and kind == "text", (name, body)
        if status == 400 and code == "bad-request":
            continue  # it does not filter
        values = {r[name] for r in rows if r[name] is not None}
        for v in random.sample(sorted(values, key=str), min(4, len(values))):
            if isinstance(v, str) and (v == "" or not v.isprintable() or len(v.encode()) > 600):
                continue
            text = {True: "true", False: "false"}.get(v, v) if isinstance(v, bool) else v
            got, _ = page(path, member, limit=BIG, **{name: text})
            assert quiet(member, got) == quiet(member, [r for r in rows if r[name] == v]), (name, v)
            tried += 1
        if any(r[name] is None for r in rows) or kind == "text":
            status, _, body = get(path, **{name: "", "limit": BIG})
            if status == 200:
                got = json.loads(body)[member]
                assert quiet(member, got) == quiet(member, [r for r in rows if r[name] in (None, "")]), name
        if kind == "bigint" or name in ("day", "reveal_after", "results_due"):
            between(path, member, rows, name)
            tried += 1
    assert tried > 1


def between(path, member, rows, name):
    values = sorted(r[name] for r in rows if r[name] not in (None, "")) or [5]
    low, high = values[len(values) // 4], values[3 * len(values) // 4]
    def want(a, b):
        return quiet(member, [r for r in rows if r[name] not in (None, "") and a <= r[name] <= b])
    got, _ = page(path, member, limit=BIG, **{name + "_from": low, name + "_to": high})
    assert quiet(member, got) == want(low, high), (name, low, high)
    some = pages(path, member, 13, **{name + "_from": low, name + "_to": high})
    assert quiet(member, some) == want(low, high), (name, "pages")
    if isinstance(low, int):
        for far in ("9223372036854775807", "-9223372036854775808"):
            assert get(path, **{name + "_from": far})[0] == 200
            assert get(path, **{name + "_to": far})[0] == 200
        refusal(400, "bad-filter", path, **{name + "_from": "9223372036854775808"})
        refusal(400, "bad-filter", path, **{name + "_to": "x"})
    else:
        refusal(400, "bad-filter", path, **{name + "_from": "2026-02-30"})


def cursors():
    own = page("/jobs", "jobs", limit=5)[1]
    state = page("/jobs", "jobs", limit=5, state="done")[1]
    created = page("/jobs", "jobs", limit=5, sort="created")[1]
    null = [page("/jobs", "jobs", limit=n, sort="finished")[1] for n in (230, 300)]
    assert page("/jobs", "jobs", limit=3, after=own)[0]
    for n in null:
        assert page("/jobs", "jobs", limit=3, after=n, sort="finished")[0]
    plain = base64.urlsafe_b64decode(own + "=" * (-len(own) % 4))
    forged = [plain[:-1], plain + b"\0x", plain.replace(b"jobs", b"jobz"), plain + b"'", b"", b"\0" * 9,
              plain.rsplit(b"\0", 1)[0] + b"\0" + b"9" * 30, plain.rsplit(b"\0", 1)[0] + b"\0\xff"]
    for text in ["x", "", "====", own[:-2], own + "A", own + "=", "%"] + [
            base64.urlsafe_b64encode(f).rstrip(b"=").decode() for f in forged if f != plain[:-1]]:
        o = refusal(400, "bad-cursor", "/jobs", after=text)
        assert o["field"] == "after"
    refusal(400, "bad-cursor", "/uploads", after=own)
    refusal(400, "bad-cursor", "/jobs", after=own, sort="id")
    refusal(400, "bad-cursor", "/jobs", after=own, sort="created")
    refusal(400, "bad-cursor", "/jobs", after=created, sort="-created")
    refusal(400, "bad-cursor", "/jobs", after=own, state="done")
    refusal(400, "bad-cursor", "/jobs", after=state, state="failed")
    refusal(400, "bad-cursor", "/jobs", after=state)
    other = page("/imports/4/errors", "errors", limit=5)[1]
    assert page("/imports/4/errors", "errors", limit=5, after=other)[0]
    refusal(400, "bad-cursor", "/imports/5/errors", after=other)
    refusal(400, "bad-cursor", "/rounds/2026-0001/visits",
            after=page("/rounds/2026-0002/visits", "visits", limit=5)[1])


def while_rows_come():
    """Rows that are added meanwhile neither hide nor repeat those that were there."""
    for sort in ("-id", "id", "-created", "created", "finished", "-finished", "kind", "-department"):
        before = {r["id"] for r in page("/jobs", "jobs", limit=BIG)[0]}
        def add():
            sql("""SET session_replication_role = replica; INSERT INTO job (kind, state, created_at, finished_at,
                department) SELECT (ARRAY['aaa', 'draw', 'zzz'])[i], 'done', now() - make_interval(days => 100 * i),
                CASE WHEN i > 1 THEN timestamptz '2026-03-02' END, CASE WHEN i > 1 THEN 'jyj' END
                FROM generate_series(1, 3) i""")
        seen = [r["id"] for r in pages("/jobs", "jobs", 90, between=add, sort=sort)]
        assert len(seen) == len(set(seen)), (sort, "twice")
        assert before <= set(seen), (sort, "left out", len(before - set(seen)))
    sql("SET session_replication_role = replica; DELETE FROM job WHERE id > 331")


# ---- files -----------------------------------------------------------------------------------------

def cell(v, kind, name):
    if v is None:
        return ""
    if isinstance(v, bool):
        return "true" if v else "false"
    return str(v) if isinstance(v, int) else v


def attachment(headers, member, ending):
    assert re.fullmatch(rf'attachment; filename="{member}(-[0-9-]+)?\.{ending}"', headers["Content-Disposition"])


def as_csv(path, member, view, key):
    rows, _ = page(path, member, limit=BIG)
    status, headers, body = get(path, format="csv")
    assert status == 200 and headers["Content-Type"] == "text/csv; charset=utf-8", (status, body[:200])
    attachment(headers, member, "csv")
    assert body.startswith(b"\xef\xbb\xbf") and body.endswith(b"\r\n")
    table = list(csv.reader(io.StringIO(body.decode("utf-8-sig"), newline="")))
    assert len({len(r) for r in table}) == 1 and len(table) - 1 >= len(rows), (len(table), len(rows))
    assert all(any("\u4e00" <= c <= "\u9fff" for c in h) for h in table[0]), table[0]
    kinds = columns(view)
    body_rows = quiet_table(member, table[1:], list(rows[0]))
    for r, t in zip(quiet(member, rows), body_rows):
        for (name, v), text in zip(((n, r.get(n)) for n in kinds), t):
            if name not in r or kinds[name] == "json":
                continue
            if isinstance(v, str) and v[:1] in "=+-@\t\r＝＋－＠" and v != "":
                assert text == "'" + v, (name, v, text)
            elif isinstance(v, int) and not isinstance(v, bool) and re.fullmatch(r"\d{4}-\d\d-\d\d .*", text):
                assert text == beijing(v), (name, v, text)
            else:
                assert text == cell(v, kinds[name], name), (name, v, text)
    for r in table[1:]:
        for text in r:
            assert not re.match("[=+@\t\r]", text) and not re.match("-[^0-9]", text), text


def quiet_table(member, table, names):
    if member != "audit":
        return table
    return [t for t in table if t[names.index("act")] != "read" or int(t[0]) > 100000]


def beijing(seconds):
    import datetime
    zone = datetime.timezone(datetime.timedelta(hours=8))
    return datetime.datetime.fromtimestamp(seconds, zone).strftime("%Y-%m-%d %H:%M:%S")


def as_lines(path, member, view, key):
    rows, _ = page(path, member, limit=BIG)
    for how in ({"format": "jsonl"}, None):
        status, headers, body = get(path, headers={} if how else {"Accept": "application/jsonl"}, **(how or {}))
        assert status == 200 and headers["Content-Type"].startswith("application/jsonl"), (status, body[:200])
        attachment(headers, member, "jsonl")
        lines = [json.loads(line) for line in body.splitlines()]
        assert quiet(member, lines) == quiet(member, rows), (len(lines), len(rows))
    status, headers, body = get(path, format="jsonl", limit=3)
    assert len(body.splitlines()) == 3


def sheet_of(body):
    z = zipfile.ZipFile(io.BytesIO(body))
    assert z.testzip() is None
    ns = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
    root = ET.fromstring(z.read("xl/worksheets/sheet1.xml"))
    assert not root.findall(".//m:f", ns), "there is a formula"
    table = []
    for row in root.findall(".//m:row", ns):
        cells = {}
        for c in row.findall("m:c", ns):
            column = 0
            for letter in re.match("[A-Z]+", c.get("r")).group():
                column = 26 * column + ord(letter) - 64
            v, t = c.find("m:v", ns), c.find("m:is/m:t", ns)
            cells[column - 1] = (c.get("t"), t.text if t is not None else v.text)
        table.append(cells)
    return table


def as_xlsx(path, member, view, key):
    rows, _ = page(path, member, limit=BIG)
    status, headers, body = get(path, format="xlsx")
    assert status == 200, body[:300]
    attachment(headers, member, "xlsx")
    table = sheet_of(body)
    kinds = columns(view)
    assert len(table[0]) == len(kinds)
    content = table[1:]
    if member == "audit":
        act = list(kinds).index("act")
        content = [t for t in content if t[act][1] != "read" or float(t[0][1]) > 100000]
    wanted = quiet(member, rows)
    assert len(content) == len(wanted), (len(content), len(wanted))
    for r, t in zip(wanted, content):
        for i, name in enumerate(kinds):
            v, (kind, text) = r.get(name), t.get(i, (None, None))
            if name not in r or kinds[name] == "json":
                continue
            if v is None or v == "":
                assert text is None, (name, v, text)
            elif isinstance(v, bool):
                assert (kind, text) == ("b", "1" if v else "0")
            elif isinstance(v, int) and 10**9 < v < 10**11 and kind is None and "." in text:
                days = (v + 8 * 3600) / 86400 + 25569
                assert abs(float(text) - days) < 1e-5, (name, v, text)
            elif isinstance(v, int):
                assert float(text) == v or abs(float(text) - (v + 8 * 3600) / 86400 - 25569) < 1e-5, (name, v, text)
            elif re.fullmatch(r"\d{4}-\d\d-\d\d", v):
                assert kind is None and text.isdigit() or kind == "inlineStr", (name, v, text)
            else:
                assert kind == "inlineStr", (name, kind)
                # XML has no control characters: the format writes them _x0001_, and readers take CR for LF
                said = re.sub("_x([0-9A-F]{4})_", lambda m: chr(int(m.group(1), 16)), text or "")
                assert said.replace("\r", "\n") == v.replace("\r", "\n"), (name, v, text)


def whose_files():
    """A file tells whoever asks what the pages tell him."""
    for account in ("clerk-jyj", "clerk-scjg", "lead"):
        for path, member, *_ in LISTS:
            status, _, body = get(path, account, limit=BIG)
            csv_status, _, text = get(path, account, format="csv")
            lines_status, _, lines = get(path, account, format="jsonl")
            assert status == csv_status == lines_status, (account, path, status, csv_status)
            if status != 200:
                continue
            rows = json.loads(body)[member]
            assert [json.loads(x) for x in lines.splitlines()] == rows or member in ("audit", "tokens")
            table = list(csv.reader(io.StringIO(text.decode("utf-8-sig"), newline="")))
            assert len(table) - 1 - len(rows) in ((0, 1, 2) if member == "audit" else (0,)), (account, path)
    mine = len(page("/jobs", "jobs", "clerk-jyj", limit=BIG)[0])
    everybody = len(page("/jobs", "jobs", limit=BIG)[0])
    assert 0 < mine < everybody


def public_rounds():
    all_rounds, _ = page("/rounds", "rounds", limit=BIG)
    seen = pages("/rounds", "rounds", 9, who=None)
    assert [r["id"] for r in seen] == [r["id"] for r in all_rounds if r["state"] != "draft"]
    assert all(r["name"] is None and r["departments"] is None and r["created"] is None for r in seen)
    status, _, body = get("/rounds", None, format="csv")
    assert status == 200 and len(list(csv.reader(io.StringIO(body.decode("utf-8-sig"), newline="")))) == len(seen) + 1
    part = pages("/rounds", "rounds", 9, who="clerk-wsjk")
    full = [r["id"] for r in part if r["name"] is not None]
    assert full == [r["id"] for r in all_rounds if r["departments"] == "wsjk"]
    for sort in ("name", "-name", "created", "-created"):
        rows, _ = page("/rounds", "rounds", "clerk-wsjk", limit=BIG, sort=sort)
        assert rows == in_order(rows, sort.lstrip("-"), sort[0] == "-", ["id"])
        assert pages("/rounds", "rounds", 8, who="clerk-wsjk", sort=sort) == rows
    refusal(401, "sign-in-needed", "/jobs", None)
    refusal(401, "sign-in-needed", "/jobs", None, format="xlsx")


def parents():
    refusal(404, "not-found", "/imports/999999/errors")
    refusal(404, "not-found", "/imports/999999/errors", format="csv")
    refusal(404, "no-round", "/rounds/2026-9999/visits")
    for account, there in (("clerk-scjg", True), ("clerk-wsjk", False)):
        # batch 4 is scjg's; another's is as absent as one that is not there
        status, _, body = get("/imports/4/errors", account)
        other, _, absent = get("/imports/999999/errors", account)
        assert (status == 200) == there and other == 404
        if not there:
            a, b = json.loads(body), json.loads(absent)
            a.pop("what", None), b.pop("what", None), a.pop("where", None), b.pop("where", None)
            assert a == b, (a, b)
    assert page("/rounds/2026-0003/visits", "visits")[0] == []
    read = sql("""SELECT account, object_kind, object, count(*) FROM audit WHERE act = 'read' AND seq < 100000
        GROUP BY 1, 2, 3""")
    kinds = {(r[0], r[1], r[2]) for r in read}
    assert {("clerk-scjg", "import", "4"), ("auditor", "visits", "2026-0001")} <= kinds, kinds
    assert ("clerk-wsjk", "import", "4") not in kinds


def languages():
    sql("UPDATE account SET language = 'en' WHERE id = 'auditor'")
    try:
        status, _, body = get("/jobs", format="csv", limit=1)
        assert body.decode("utf-8-sig").splitlines()[0].startswith("number of the job,kind of job,state"), body[:200]
        assert "when it ended (UTC+8)" in body.decode("utf-8-sig").splitlines()[0]
    finally:
        sql("UPDATE account SET language = 'zh' WHERE id = 'auditor'")


def heads():
    for kind in ("json", "jsonl", "csv", "xlsx"):
        c = Unix()
        c.request("HEAD", "/api/v1/jobs?format=" + kind, headers={"Authorization": "Bearer " + TOKENS["auditor"]})
        r = c.getresponse()
        assert r.status == 200 and r.read() == b"", (kind, r.status)
        c.close()


def etags():
    status, headers, _ = get("/departments")
    assert get("/departments", headers={"If-None-Match": headers["ETag"]})[0] == 304
    sql("UPDATE department SET short = 'x' WHERE id = 'd1'")
    assert get("/departments", headers={"If-None-Match": headers["ETag"]})[0] == 200


for path, member, view, key in LISTS:
    for run in (whole, edges, all_sorts, filters, as_csv, as_lines, as_xlsx):
        check(f"{member}: {run.__name__.replace('_', ' ')}", run, path, member, view, key)
for run in (cursors, while_rows_come, whose_files, public_rounds, parents, languages, heads, etags):
    check(run.__name__.replace("_", " "), run)
sys.exit(failures > 0)
