"""A small world for the tests that walk the API: one account of every role in one department, a twin of
each in another, and objects of both. world.sql makes the objects; here are the sessions, what the
database holds, and the way back to it.

    world.py build      after enrol; writes $TEST_DIR/world.json

Needs TEST_DIR, TOP, and for build: `api` (the Unix socket) and `port`."""

import base64
import hashlib
import json
import os
import subprocess
import sys
import time

from client import Client

TEST_DIR = os.environ["TEST_DIR"]
TOP = os.environ["TOP"]
FILE = os.path.join(TEST_DIR, "world.json")

# role classes: the account that stands for each, and its twin in another department or office
PEOPLE = {
    "administrator": ("admin", "admin2"),
    "coordinator": ("lead", "lead2"),
    "head": ("head-scjg", "head-jyj"),
    "clerk": ("clerk-scjg", "clerk-jyj"),
    "inspector": ("inspector-scjg", "inspector-jyj"),
    "auditor": ("auditor", None),
    "oversight": ("oversight", None),
    "custodian": ("custodian", None),
    "service": ("platform", None),
    "restricted": ("lead-new", None),  # a coordinator whose second factor is missing
}


class Database:
    """A psql that stays open, as the superuser."""

    END = "-- end of the answer --"

    def __init__(self):
        self.process = subprocess.Popen(
            [os.path.join(TOP, "etc/cluster.sh"), "psql", os.path.join(TEST_DIR, "pg"), "-d", "drawd", "-qAtX"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.ask("SET search_path = drawd, pg_catalog; SET client_min_messages = warning;")

    def ask(self, text):
        """Run statements, give the lines that they answer; an error of theirs ends the test."""
        self.process.stdin.write(f"{text}\n\\echo {self.END}\n")
        self.process.stdin.flush()
        lines = []
        while True:
            line = self.process.stdout.readline()
            if not line:
                raise SystemExit("not ok psql ended: " + " ".join(lines))
            if line.rstrip("\n") == self.END:
                break
            lines.append(line.rstrip("\n"))
        if any("ERROR: " in line or "FATAL: " in line for line in lines):
            raise SystemExit(f"not ok {text[:300]}: {lines}")
        return lines


_database = None


def database():
    global _database
    if _database is None:
        _database = Database()
    return _database


# ---- what is in the database -------------------------------------------------------------------

# every table, and its columns that can be written
TABLES = """
	SELECT c.table_name, string_agg(quote_ident(c.column_name), ', ' ORDER BY c.ordinal_position)
	  FROM information_schema.columns c
	  JOIN information_schema.tables t USING (table_schema, table_name)
	 WHERE c.table_schema = 'drawd' AND t.table_type = 'BASE TABLE' AND c.is_generated = 'NEVER'
	 GROUP BY c.table_name ORDER BY c.table_name"""

# when somebody was last seen is no change of anything
MARK = """SELECT '{0}', count(*), md5(coalesce(string_agg(r, '|' ORDER BY r), '')) FROM (
	SELECT (to_jsonb(t) - 'seen_at' - 'used_at')::text AS r FROM drawd.{0} t) x"""

_tables = {}


def tables():
    if not _tables:
        for line in database().ask(TABLES + ";"):
            name, columns = line.split("|")
            _tables[name] = columns
    return _tables


def marks(without=()):
    """Of each table the number of its rows and a hash of them."""
    text = " UNION ALL ".join(MARK.format(name) for name in tables() if name not in without)
    return dict(line.split("|", 1) for line in database().ask(text + ";"))


_kept = {}


def keep():
    """Keep what is in the database for restore()."""
    text = "DROP SCHEMA IF EXISTS kept CASCADE; CREATE SCHEMA kept;"
    for name in tables():
        text += f"CREATE TABLE kept.{name} AS TABLE drawd.{name};"
    database().ask(text)
    _kept.update(marks())


def restore():
    """Back to what was kept: only tables that differ are written; no trigger sees it. The audit log and its
    head go together: the sign-in process writes there behind its answers."""
    changed = {name for name, mark in marks().items() if _kept[name] != mark}
    if not changed:
        return
    if "audit" in changed or "audit_head" in changed:
        changed |= {"audit", "audit_head"}
    text = "BEGIN; SET LOCAL session_replication_role = replica; LOCK TABLE drawd.audit IN ACCESS EXCLUSIVE MODE;"
    for name in sorted(changed):
        text += f"DELETE FROM drawd.{name};"
        text += (f"INSERT INTO drawd.{name} ({tables()[name]}) OVERRIDING SYSTEM VALUE "
                 f"SELECT {tables()[name]} FROM kept.{name};")
    database().ask(text + "COMMIT;")


def revive():
    """Who was signed out or disabled by random requests comes back."""
    database().ask("""
	BEGIN; SET LOCAL session_replication_role = replica;
	UPDATE session SET ended_at = NULL, ended_why = NULL, restricted = restricted WHERE ended_at IS NOT NULL;
	UPDATE access_token SET ended_at = NULL WHERE ended_at IS NOT NULL;
	UPDATE account SET state = 'active' WHERE state <> 'active' AND id NOT LIKE 'old-%';
	UPDATE account_role SET ended_at = NULL WHERE ended_at IS NOT NULL;
	COMMIT;""")


# ---- build -------------------------------------------------------------------------------------

def secret_of(name):
    """43 characters of base64url, the same every time."""
    return base64.urlsafe_b64encode(hashlib.sha256(name.encode()).digest()).rstrip(b"=").decode()


def digest(name):
    """What the database knows of a secret."""
    return hashlib.sha256(secret_of(name).encode()).hexdigest()


def session_of(account, number):
    return f"""
	INSERT INTO session (id, account, hash, csrf, ends_at, idle, restricted, address, agent)
	OVERRIDING SYSTEM VALUE
	SELECT {number}, id, '\\x{digest("session " + account)}',
		'{secret_of("csrf " + account)[:32]}', now() + '1 day', '1 day', {account == "lead-new"}, '127.0.0.1', 'test'
	  FROM account WHERE id = '{account}';"""


def token_of(account, number):
    return f"""
	INSERT INTO access_token (id, account, name, hash, scopes, ends_at) OVERRIDING SYSTEM VALUE VALUES
	({number}, '{account}', 'test', '\\x{digest("token " + account)}', '*', now() + '1 day');"""


def build():
    db = database()
    db.ask("SET session_replication_role = replica;")
    for line in db.ask(f"\\i {os.path.join(TOP, 'tests/http/world.sql')}"):
        print(line)
    accounts = [name for pair in PEOPLE.values() for name in pair if name] + ["lead-same"]
    db.ask("DELETE FROM access_token;")
    for number, account in enumerate(accounts, 1):
        db.ask(session_of(account, number) + token_of(account, number))
    db.ask("""SELECT setval(pg_get_serial_sequence('drawd.' || quote_ident(table_name), column_name), 5000)
	  FROM information_schema.columns
	 WHERE table_schema = 'drawd' AND is_identity = 'YES' AND table_name IN
		('session', 'access_token', 'motion', 'job', 'upload', 'import_batch', 'proposal', 'account_role', 'buffer');
	SET session_replication_role = origin; ANALYZE;""")
    people = {}
    names = [(role + end, account) for role, pair in PEOPLE.items() for end, account in zip(("", "-twin"), pair) if account]
    for name, account in names + [("coordinator-same", "lead-same")]:
        people[name] = {"account": account, "number": accounts.index(account) + 1,
                        "session": secret_of("session " + account), "csrf": secret_of("csrf " + account)[:32],
                        "token": "drawd_" + secret_of("token " + account)}
    put_base(people["coordinator"]["token"])
    for department in ("scjg", "jyj"):
        put_clue(department, people["coordinator"]["token"])
    with open(FILE, "w", encoding="utf-8") as out:
        json.dump({"socket": os.environ["api"], "port": int(os.environ["port"]), "people": people,
                   "grants": {account: int(number) for account, number in (line.split("|") for line in db.ask(
                       "SELECT account, min(id) FROM account_role GROUP BY account;"))},
                   "motions": {"coordinator": 1, "of lead": 17, "lapsed": 13, "declined": 14},
                   "values": values()}, out, ensure_ascii=False, indent=1)


def put_base(token):
    """The base that schemes stand on, in force."""
    body = json.dumps({"source": policy_text()}).encode()
    reply = Client(os.environ["api"]).request(
        "POST", "/api/v1/documents/base",
        [("Authorization", f"Bearer {token}"), ("Idempotency-Key", "world-base")], body)
    if reply.status != 201:
        raise SystemExit(f"not ok the base: {reply.body[:300]}")
    database().ask("UPDATE document SET state = 'agreed', motion = 1, agreed_at = 1 WHERE kind = 'base';")


def put_clue(department, token):
    """A clue that a department deals with: what it says is sealed by the process that opens it."""
    reply = Client(os.environ["api"]).request(
        "POST", "/api/v1/clues", [("Authorization", f"Bearer {token}"), ("Idempotency-Key", f"world-clue-{department}")],
        json.dumps({"source": "report", "text": "内容", "caller": "某人", "department": department}).encode())
    if reply.status != 201:
        raise SystemExit(f"not ok clue of {department}: {reply.body[:300]}")


def policy_text():
    with open(os.path.join(TOP, "etc/policy/district.conf"), encoding="utf-8") as source:
        return source.read()


# a file with a scheme of scjg
TASKS = """code,scheme,kind,targeted,levels,owner,draws,windows
b,drugs,daily,targeted,county-county,科,2030-03-01,2030-03-05..2030-04-01
"""
SCHEME = """scheme: { price: { name = "价格检查"; lead = "scjg"; items = ["scjg-price"]; category = "daily";
level = "county"; class = "worst"; draws = 1; frequency = 1; minimum = "0%"; kinds = "*"; labels = "*"; industries = "*";
regions = "*"; officers = 2; safety = false; ratio: { A = "1%"; B = "2%"; C = "5%"; D = "10%"; };
mode: { A = "network"; B = "network"; C = "paper"; D = "paper"; }; }; };
"""


def values():
    """What stands for a member or a parameter in random requests."""
    policy = policy_text()
    rows = database().ask
    today = time.strftime("%Y-%m-%d", time.gmtime(time.time() + 28800))
    return {
        "id": list(range(1, 17)) + [5001, 5002, 5003],
        "round": rows("SELECT id FROM round;"),
        "sha256": rows("SELECT encode(sha256, 'hex') FROM artefact;"),
        "account": rows("SELECT id FROM account WHERE id ~ 'lead|admin|scjg|jyj|audit|cust|plat|over';"),
        "department": ["scjg", "jyj", "lxb"],
        "rest": ["0/000", "0/000.p/1", "entries/000", "entries/000.p/2", "8/0/x001/234"],
        "policy": [policy],
        "source": [SCHEME, TASKS, "来源"], "document": ["food", "school", "drugs", "main", "none"],
        "schemes": ["*", "drugs", "price"], "base": ["main", "none"], "documents": [{"food": ""}, {"drugs": "1"}],
        "version": [0, 1, 7], "year": [2030, 2032, 2034, 2036, 2040], "verdict": ["agreed", "objected"], "deadline": ["2029-01-31"],
        "pulses": ["dice:1:1790000000", "drand:5000000:1790000000,dice:1:1790000100", "ssq:2026001:1790000000"],
        "kind": ["entities", "inspectors", "recusals", "items", "regions", "person", "service", "base", "scheme", "model"],
        "register": ["entities", "inspectors", "recusals", "regions", "items", "people"],
        "code": ["91330199MA0000001X", "91330199MA0000002X", "330199-0000001"],
        "entity": ["91330199MA0000001X"], "key": ["330199-0000001", "SCJG-0001"],
        "mode": ["preview", "confirm", "dry-run"], "scope": ["update", "full"], "sheet": ["", "1", "表"],
        "mapping": [{}, {"企业名称": "名称"}, {"备注": ""}],
        "figure": ["correctness", "completeness", "unpooled"], "fact": ["", "class"],
        "upload": [1, 2, 3, 5001], "size": [1, 2, 5, 1000], "offset": [0, 1, 5],
        "reveal_after": ["2026-12-31"], "results_due": ["2027-02-28"], "disclosure": ["audit", "public"],
        "password": ["wrong password"], "place": [1, 2], "value": ["3141526253", "1"],
        "cause": ["mistake"], "evidence": ["", "0" * 64], "region": ["330199", "330100"], "level": ["county", "city"],
        "role": ["clerk", "head", "inspector", "auditor", "coordinator"],
        "from": [today], "to": [today], "since": [today], "days": [1, 30],
        "scopes": ["*", "rounds:read", "files:read,files:write", "rounds:read,motions:write"],
        "inspector": ["SCJG-0001", "JYJ-0001"], "object": ["330199-0000001"], "subject": ["330199-0000001"],
        "reason": ["因工作需要", "reason"], "limit": [1, 2, 100],
    }


def load():
    with open(FILE, encoding="utf-8") as source:
        return json.load(source)


if __name__ == "__main__":
    if sys.argv[1:] != ["build"]:
        raise SystemExit(__doc__)
    build()
