"""The page GET /api in a real browser: every route is on it, in both languages, on a narrow screen, in
both colour schemes; it loads nothing from elsewhere and can be used by keyboard; requests can be
tried with a token and with a session.

    page.py PASSWORD [PICTURES]    of clerk-scjg; a folder for pictures"""

import json
import os
import sys

import world
from browser import Browser
from client import Client

the_world = world.load()
ORIGIN = f"http://127.0.0.1:{the_world['port']}"
failures = 0

# contrast of every text on the page to what it stands on, below 4.5 (WCAG 2.2, 1.4.3)
FAINT = """
(() => {
	const rgb = (text) => (text.match(/[\\d.]+/g) || []).map(Number);
	const light = (c) => c.slice(0, 3).map((v) => v / 255)
		.map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
		.reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
	const ground = (e) => {
		for (; e; e = e.parentElement) {
			const c = rgb(getComputedStyle(e).backgroundColor);
			if (c.length === 3 || c[3] === 1) return c;
		}
		return [255, 255, 255];
	};
	const out = [];
	for (const e of document.querySelectorAll('body *')) {
		const text = [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim() !== '');
		if (!text || e.closest('[hidden], noscript') || e.tagName === 'OPTION') continue;
		const [a, b] = [light(rgb(getComputedStyle(e).color)), light(ground(e))];
		const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
		if (ratio < 4.5) out.push(e.tagName + ' ' + e.className + ' ' + ratio.toFixed(2) + ' ' + e.textContent.slice(0, 20));
	}
	return out;
})()"""

UNNAMED = """[...document.querySelectorAll('input, select, textarea')]
	.filter((e) => !e.closest('[hidden]') && (!e.labels || e.labels.length === 0 || e.labels[0].textContent.trim() === ''))
	.map((e) => e.outerHTML)"""

OPEN_ALL = "document.querySelectorAll('details').forEach((d) => { d.open = true; })"
ROUTES = """[...document.querySelectorAll('details')].map((d) =>
	d.querySelector('.method').textContent + ' ' + d.querySelector('.path').textContent)"""


def say(good, name, why=""):
    global failures
    failures += not good
    print(f"{'ok' if good else 'not ok'} {name}" + ("" if good else f": {why}"))


def is_there(b, document):
    wanted = sorted(f"{method.upper()} {path}" for path, methods in document["paths"].items() for method in methods)
    b.wait(f"document.querySelectorAll('details').length === {len(wanted)}")
    say(sorted(b.run(ROUTES)) == wanted, "every route is on the page and no other", b.run(ROUTES))
    say(b.run("document.documentElement.lang") == "zh-CN" and "双人办理：提请与同意" in b.run("document.body.innerText"),
        "Chinese first")


def narrow(b, pictures):
    b.run(OPEN_ALL)
    b.wait("document.querySelectorAll('.inside').length === document.querySelectorAll('details').length")
    width = b.run("document.documentElement.scrollWidth")
    say(width <= 360, "everything open fits 360 px", width)
    wide = b.run("[...document.querySelectorAll('body *')].filter((e) => e.getBoundingClientRect().right > 360.5 && "
                 "!e.closest('pre') && !e.classList.contains('skip')).map((e) => e.outerHTML.slice(0, 100))")
    say(wide == [], "no element sticks out", wide[:3])
    say(b.run(UNNAMED) == [], "every field has a name", b.run(UNNAMED)[:3])
    for scheme in ("light", "dark"):
        b.scheme(scheme)
        faint = b.run(FAINT)
        say(faint == [], f"contrast of the {scheme} page", faint[:5])
        if pictures:
            b.picture(os.path.join(pictures, f"page-{scheme}.png"))
    b.scheme("light")


def in_english(b):
    b.run("document.getElementById('language').click()")
    text = b.wait("document.documentElement.lang === 'en' && document.body.innerText")
    say("signing in and sessions" in text and "Possible errors" not in text and "双人办理：提请与同意" not in text,
        "the switch to English", text[:200])
    left = b.run("[...document.querySelectorAll('body *')].filter((e) => [...e.childNodes].some((n) => n.nodeType === 3 "
                 "&& /[\\u4e00-\\u9fff]/.test(n.data.replace('错误说明', ''))) && e.id !== 'language' && !e.closest('noscript'))"
                 ".map((e) => e.outerHTML.slice(0, 100))")
    say(left == [], "no Chinese is left in it", left[:3])
    b.go(ORIGIN + "/api")
    say(b.wait("document.documentElement.lang === 'en'"), "the language is kept")
    b.run("document.getElementById('language').click()")
    say(b.run("document.documentElement.lang") == "zh-CN", "and back")


def by_keyboard(b):
    b.go(ORIGIN + "/api")
    b.wait("document.querySelectorAll('details').length > 0")
    b.press("Tab")
    say(b.run("document.activeElement.className") == "skip", "Tab leads to the link that skips to the routes")
    b.press("Enter")
    b.wait("document.activeElement.id === 'routes'")
    b.press("Tab")
    say(b.run("document.activeElement.tagName") == "SUMMARY", "and from there to the first route",
        b.run("document.activeElement.outerHTML.slice(0, 200)"))
    b.press("Enter")
    say(b.wait("document.activeElement.parentElement.open && !!document.querySelector('details[open] .try')"),
        "Enter opens it")
    say(b.run("getComputedStyle(document.activeElement).outlineStyle") == "solid", "the focus is seen")


def fill(b, name, values, wait):
    """Open a route, fill its form, send it; the text of the answer."""
    b.run(f"location.hash = ''; location.hash = '#{name}'")
    form = f"document.querySelector('[id=\"{name}\"] form')"
    b.wait(f"!!{form}")
    for field, value in values.items():
        b.run(f"{form}.querySelector('[name=\"{field}\"]').value = {json.dumps(value)}")
    b.run(f"{form}.requestSubmit()")
    b.wait(f"{form}.querySelector('[role=status]').innerText.includes({json.dumps(wait)})")
    return b.run(f"{form}.querySelector('[role=status]').innerText")


def tried(b, password):
    b.go(ORIGIN + "/api")
    b.wait("document.querySelectorAll('details').length > 0")
    say("未登录" in b.run("document.getElementById('who').innerText"), "nobody at first")
    text = fill(b, "round.list", {"limit": "2"}, "200")
    say('"rounds"' in text and "ETag" in text, "a public route without an account", text[:300])
    text = fill(b, "upload.new", {"name": "a.csv", "size": "3"}, "401")
    say("请先登录" in text, "another route says what is missing", text[:300])
    token = the_world["people"]["clerk"]["token"]
    b.run(f"document.getElementById('token').value = {json.dumps(token)}")
    text = fill(b, "upload.new", {"name": "a.csv", "size": "3"}, "201")
    say('"received": 0' in text, "a change with a token", text[:300])
    b.run("document.getElementById('token').value = ''")
    b.run(f"""(() => {{ const f = document.getElementById('sign-in');
		f.elements.account.value = 'clerk-scjg'; f.elements.password.value = {json.dumps(password)}; f.requestSubmit(); }})()""")
    who = b.wait("document.getElementById('who').innerText.includes('clerk-scjg') && document.getElementById('who').innerText")
    say(bool(who), "signing in", b.run("document.getElementById('said').innerText"))
    text = fill(b, "upload.new", {"name": "文件.csv", "size": "3"}, "201")
    say('"received": 0' in text, "a change with the session", text[:300])
    motion = fill(b, "motion.get", {"id": "3"}, "200")
    text = fill(b, "motion.withdraw", {"id": "3", "reason": "试用"}, "200")
    say('"state"' in motion and "withdrawn" in text, "If-Match is what was seen before", text[:300])
    b.run("document.getElementById('sign-out').click()")
    say(b.wait("document.getElementById('who').innerText.includes('未登录')"), "signing out")
    text = fill(b, "session.get", {}, "401")
    say("请先登录" in text, "and out one is", text[:200])


def nothing_else(b):
    urls = {e["params"]["request"]["url"] for e in b.events if e["method"] == "Network.requestWillBeSent"}
    other = sorted(u for u in urls if not u.startswith((ORIGIN + "/", "about:")))
    say(len(urls) > 5 and other == [], "nothing is loaded from elsewhere", other)
    thrown = [e["params"] for e in b.events if e["method"] == "Runtime.exceptionThrown"]
    say(thrown == [], "no error in the script", thrown[:2])
    policy = [e["params"]["entry"]["text"] for e in b.events if e["method"] == "Log.entryAdded" and
              "Content Security Policy" in e["params"]["entry"]["text"]]
    say(policy == [], "nothing that its policy forbids", policy[:2])


def main():
    document = Client(the_world["socket"]).request("GET", "/api/v1/openapi.json").json()
    pictures = sys.argv[2] if len(sys.argv) > 2 else None
    b = Browser()
    try:
        b.size(360, 740)
        b.go(ORIGIN + "/api")
        is_there(b, document)
        narrow(b, pictures)
        in_english(b)
        by_keyboard(b)
        tried(b, sys.argv[1])
        nothing_else(b)
    finally:
        b.close()
    sys.exit(failures > 0)


if __name__ == "__main__":
    main()
