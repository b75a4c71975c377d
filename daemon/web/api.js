'use strict';

/* The page of the API: reads openapi.json, lists the routes by area, tries them out with the
 * session's cookie or with an access token. Texts go in as text, never as markup. */

const texts = {
	zh: {
		skip: '跳到接口列表', title: '接口', who: '以谁的身份试用', account: '账号', password: '密码',
		intro: '双随机、一公开联合抽查。本页与 openapi.json 由程序自身的表生成。',
		code: '动态验证码（如已启用）', 'sign-in': '登录', 'sign-out': '退出登录', routes: '接口',
		token: '或使用访问令牌（只留在本页内存中）', find: '查找', role: '角色', areas: '分类',
		loading: '正在读取…', all: '全部', nobody: '未登录：只能试用公开的接口。',
		'as-token': '使用访问令牌。', 'as-session': '已登录：', restricted: '（尚须更改初始密码或启用动态验证码，此前没有角色）',
		count: (n, all) => `显示 ${n} 个接口，共 ${all} 个`,
		parameters: '参数', body: '请求内容', reply: '答复', errors: '可能的错误', roles: '角色',
		scope: '令牌范围', must: '必填', null: '（可为 null）', try: '试一试', send: '发送',
		sending: '正在发送…', failed: '没有收到答复：', bytes: '字节', number: '整数', text: '文本',
		flag: '是或否', list: '列表', object: '对象', any: '任意', time: '时间（1970 年起的秒数）',
		empty: '（没有内容）', file: '文件内容', changed: '这会更改数据。',
		kinds: { read: '只读', again: '更改，可重发', once: '更改，须防重键（自动填写）', open: '登录' },
		error: '无法读取接口说明：', 'not-set': '不填',
	},
	en: {
		skip: 'Go to the routes', title: 'API', who: 'Try as', account: 'Account', password: 'Password',
		intro: 'Joint random inspections. This page and openapi.json are made from the tables the program works by.',
		code: 'One-time code (if in use)', 'sign-in': 'Sign in', 'sign-out': 'Sign out', routes: 'Routes',
		token: 'or use an access token (kept in the memory of this page only)', find: 'Find', role: 'Role',
		areas: 'Areas', loading: 'Reading…', all: 'all',
		nobody: 'Not signed in: only what is public can be tried.',
		'as-token': 'Using the access token.', 'as-session': 'Signed in: ',
		restricted: ' (a new password or the second factor is missing, so there are no roles)',
		count: (n, all) => `${n} of ${all} routes`,
		parameters: 'Parameters', body: 'Body', reply: 'Reply', errors: 'Possible errors', roles: 'Roles',
		scope: 'Scope of a token', must: 'required', null: '(may be null)', try: 'Try it', send: 'Send',
		sending: 'Sending…', failed: 'No reply: ', bytes: 'bytes', number: 'integer', text: 'text',
		flag: 'true or false', list: 'list', object: 'object', any: 'anything',
		time: 'time (seconds since 1970)', empty: '(nothing)',
		file: 'bytes of a file', changed: 'This changes data.',
		kinds: { read: 'reads', again: 'a change, may be sent again',
			once: 'a change, with an idempotency key (filled in)', open: 'signs in' },
		error: 'The description cannot be read: ', 'not-set': 'not set',
	},
};

const page = {
	language: stored('language') === 'en' ? 'en' : 'zh',
	api: null,
	operations: [],
	session: null, /* what GET /session told */
	etags: new Map(), /* by path, of what was read here */
};

function stored(name) {
	try {
		return localStorage.getItem('drawd-' + name);
	} catch (e) {
		return null;
	}
}

function store(name, value) {
	try {
		localStorage.setItem('drawd-' + name, value);
	} catch (e) {
		/* a browser without storage forgets the language */
	}
}

const t = (name) => texts[page.language][name];
const byId = (id) => document.getElementById(id);
/* Of an object with x-zh and description (or summary). */
const told = (o) => (page.language === 'zh' ? o['x-zh'] : o.description || o.summary) || o.description || '';

/* An element: attributes, then children; texts become text nodes. */
function el(name, attributes, ...children) {
	const e = document.createElement(name);
	for (const [key, value] of Object.entries(attributes || {})) {
		if (value === true)
			e.setAttribute(key, '');
		else if (value !== false && value !== undefined && value !== null)
			e.setAttribute(key, value);
	}
	e.append(...children.filter((c) => c !== null && c !== undefined));
	return e;
}

function deref(o) {
	if (!o || !o.$ref)
		return o || {};
	return o.$ref.slice(2).split('/').reduce((at, part) => at[part], page.api);
}

/* ---- schemas ---- */

function typeOf(schema) {
	const types = [].concat(schema.type || []);
	const words = { integer: t('number'), string: t('text'), boolean: t('flag'), array: t('list'),
		object: t('object') };
	let text = schema.format === 'unix-time' ? t('time')
		: types.filter((x) => x !== 'null').map((x) => words[x]).join(' / ') || t('any');
	if (schema.enum)
		text = schema.enum.filter((x) => x !== null).join(' | ');
	if (schema.maximum !== undefined && schema.maximum < 1e15)
		text += ` ${schema.minimum}–${schema.maximum}`;
	if (schema['x-bytes'])
		text += ` ${schema['x-bytes'][0]}–${schema['x-bytes'][1]} ${t('bytes')}`;
	if (types.includes('null'))
		text += ` ${t('null')}`;
	if (schema.default !== undefined)
		text += ` = ${schema.default}`;
	return text;
}

/* The members of an object below `schema`, if it is one or a list of them. */
function membersOf(schema) {
	const s = deref(schema);
	if (s.properties)
		return s;
	return s.items && deref(s.items).properties ? deref(s.items) : null;
}

/* What is sent says which members it needs; what is told, which may be null. */
function memberList(schema, sent) {
	const list = el('dl', { class: 'members' });
	for (const [name, s] of Object.entries(schema.properties)) {
		list.append(row(name, s, told(s), sent && (schema.required || []).includes(name)));
		const inner = membersOf(s);
		if (inner)
			list.append(memberList(inner, sent));
	}
	return list;
}

function row(name, schema, text, must) {
	const part = document.createDocumentFragment();
	part.append(el('dt', {}, el('code', {}, name), must ? el('span', { class: 'must' }, ` ${t('must')}`) : null),
		el('dd', {}, text, ' ', el('span', { class: 'type' }, typeOf(schema))));
	return part;
}

/* ---- one route ---- */

function roleNames(operation) {
	return operation['x-roles'].map((name) => {
		const role = page.api['x-roles'].find((r) => r.name === name);
		return role ? role[page.language] : name;
	}).join(page.language === 'zh' ? '、' : ', ');
}

function parametersOf(operation) {
	return (operation.parameters || []).map(deref);
}

function section(title, ...content) {
	const part = document.createDocumentFragment();
	part.append(el('h4', {}, title), ...content);
	return part;
}

function parameterPart(o) {
	const all = parametersOf(o.operation);
	if (all.length === 0)
		return null;
	const list = el('dl', { class: 'members' });
	for (const p of all)
		list.append(row(p.name, p.schema, told(p), p.required));
	return section(t('parameters'), list);
}

function bodyOf(operation) {
	const content = operation.requestBody && operation.requestBody.content;
	if (!content)
		return null;
	const json = content['application/json'];
	return { json: json ? deref(json.schema) : null, max: operation.requestBody['x-max-bytes'] };
}

function bodyPart(o) {
	const body = bodyOf(o.operation);
	if (!body)
		return null;
	const limit = el('p', { class: 'type' }, `≤ ${body.max} ${t('bytes')}`);
	return section(t('body'), body.json ? memberList(body.json, true) : el('p', {}, t('file')), limit);
}

function successOf(operation) {
	return Object.entries(operation.responses).find(([status]) => status[0] === '2' || status === '303');
}

function replyPart(o) {
	const [status, response] = successOf(o.operation);
	const content = Object.entries(response.content || {});
	const part = section(t('reply'), el('p', {}, `${status} `, content.length === 0 ? t('empty')
		: content.map(([type]) => type.split(';')[0]).join(', ')));
	const members = content.length > 0 ? membersOf(content[0][1].schema) : null;
	if (members)
		part.append(memberList(members, false));
	return part;
}

function errorPart(o) {
	const list = el('dl', { class: 'members' });
	for (const [status, response] of Object.entries(o.operation.responses))
		for (const name of response['x-errors'] || []) {
			const e = page.api['x-errors'][name];
			const remedy = e[page.language === 'zh' ? 'remedy_zh' : 'remedy_en'];
			list.append(el('dt', {}, `${status} `, el('code', {}, name)),
				el('dd', {}, e[page.language], el('span', { class: 'type' }, remedy ? ' ' + remedy : '')));
		}
	return section(t('errors'), list);
}

/* ---- trying ---- */

function field(name, schema, attributes, label) {
	let input;
	if (schema.enum || schema.type === 'boolean') {
		input = el('select', { name, ...attributes }, el('option', { value: '' }, t('not-set')));
		for (const word of schema.enum || ['true', 'false'])
			input.append(el('option', { value: word }, String(word)));
	} else if (schema['x-bytes'] && schema['x-bytes'][1] > 1000) {
		input = el('textarea', { name, ...attributes });
	} else {
		input = el('input', { name, autocomplete: 'off', spellcheck: 'false',
			inputmode: schema.type === 'integer' ? 'numeric' : null, ...attributes });
	}
	return el('label', {}, el('span', {}, `${name} — ${label}`), input);
}

function tryPart(o) {
	const form = el('form', { class: 'try' });
	const body = bodyOf(o.operation);
	for (const p of parametersOf(o.operation).filter((x) => x.name !== 'If-None-Match'))
		form.append(field(p.name, p.schema, { 'data-in': p.in, required: p.in === 'path' }, told(p)));
	if (body && body.json)
		for (const [name, s] of Object.entries(body.json.properties))
			form.append(field(name, s, { 'data-in': 'body', 'data-type': s.type,
				required: (body.json.required || []).includes(name) && !(s.minLength === 0) }, told(s)));
	else if (body)
		form.append(el('label', {}, el('span', {}, t('file')), el('input', { type: 'file', 'data-in': 'file' })));
	const reply = el('div', { role: 'status' });
	if (o.method !== 'get')
		form.append(el('p', { class: 'must' }, t('changed')));
	form.append(el('button', { class: 'main' }, t('send')), reply);
	form.addEventListener('submit', (event) => {
		event.preventDefault();
		send(o, form, reply);
	});
	fillIn(form);
	return section(t('try'), form);
}

function newKey() {
	const bytes = crypto.getRandomValues(new Uint8Array(16));
	return Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('');
}

function fillIn(form) {
	const key = form.querySelector('[name="Idempotency-Key"]');
	if (key)
		key.value = newKey();
}

/* An object as it was typed; what is none goes as text, and the service says what is wrong. */
function parsed(value) {
	try {
		return JSON.parse(value);
	} catch (ignored) {
		return value;
	}
}

/* Path, headers and body as the form says. */
function gather(o, form) {
	const query = new URLSearchParams(), headers = {}, object = {};
	let path = o.path, file = null;
	for (const input of form.querySelectorAll('[data-in]')) {
		const value = input.value, where = input.dataset.in;
		if (where === 'file')
			file = input.files[0];
		else if (where === 'path')
			path = path.replace(`{${input.name}}`, value.split('/').map(encodeURIComponent).join('/'));
		else if (value === '' && !(where === 'body' && input.required))
			continue;
		else if (where === 'query')
			query.set(input.name, value);
		else if (where === 'header')
			headers[input.name] = input.name === 'Drawd-Reason' ? encodeURIComponent(value) : value;
		else
			object[input.name] = input.dataset.type === 'integer' ? Number(value)
				: input.dataset.type === 'boolean' ? value === 'true'
				: input.dataset.type === 'object' ? parsed(value) : value;
	}
	const text = query.toString();
	return { path: text === '' ? path : `${path}?${text}`, bare: path, headers, object, file };
}

/* The ETag of the longest part of this path that was read on this page. */
function etagFor(path) {
	for (let at = path; at.length > 1; at = at.slice(0, at.lastIndexOf('/')))
		if (page.etags.has(at))
			return page.etags.get(at);
	return null;
}

function identity(headers, method) {
	const token = byId('token').value.trim();
	if (token !== '')
		headers.Authorization = `Bearer ${token}`;
	else if (method !== 'get' && page.session && page.session.csrf)
		headers['Drawd-CSRF'] = page.session.csrf;
	return token === '' ? 'same-origin' : 'omit';
}

async function send(o, form, reply) {
	const what = gather(o, form), body = bodyOf(o.operation);
	const options = { method: o.method.toUpperCase(), headers: what.headers, cache: 'no-store' };
	options.credentials = identity(what.headers, o.method);
	if (body && body.json) {
		what.headers['Content-Type'] = 'application/json';
		options.body = JSON.stringify(what.object);
	} else if (body && what.file) {
		what.headers['Content-Type'] = 'application/octet-stream';
		options.body = what.file;
	}
	const match = form.querySelector('[name="If-Match"]');
	if (match && match.value === '' && etagFor(what.bare))
		what.headers['If-Match'] = match.value = etagFor(what.bare);
	reply.replaceChildren(el('p', {}, t('sending')));
	try {
		await show(await fetch(what.path, options), what, reply);
	} catch (e) {
		reply.replaceChildren(el('p', { class: 'status bad' }, t('failed') + e.message));
	}
	fillIn(form);
}

async function show(response, what, reply) {
	const type = response.headers.get('Content-Type') || '';
	const good = response.status < 400;
	const line = el('p', { class: `status ${good ? 'good' : 'bad'}` }, `${response.status} ${response.statusText}`);
	const headers = ['Drawd-Request', 'ETag', 'Idempotent-Replayed', 'Retry-After']
		.filter((name) => response.headers.get(name))
		.map((name) => `${name}: ${response.headers.get(name)}`);
	if (response.headers.get('ETag'))
		page.etags.set(what.bare, response.headers.get('ETag'));
	reply.replaceChildren(line, el('p', { class: 'type' }, headers.join(' · ')), await content(response, type));
	if (type.startsWith('application/problem+json')) {
		const problem = JSON.parse(reply.querySelector('pre').textContent);
		line.append(` — ${problem[page.language]} ${problem.what}`);
	}
}

async function content(response, type) {
	if (/json|^text\//.test(type)) {
		const text = await response.text();
		let pretty = text;
		try {
			pretty = JSON.stringify(JSON.parse(text), null, 2);
		} catch (e) {
			/* lines of JSON, CSV, plain text: as they came */
		}
		return el('pre', { tabindex: '0' }, pretty === '' ? t('empty') : pretty.slice(0, 200000));
	}
	const blob = await response.blob();
	if (blob.size === 0)
		return el('pre', {}, t('empty'));
	const url = URL.createObjectURL(blob);
	const link = el('a', { href: url, download: 'drawd-reply' }, `${blob.size} ${t('bytes')}`);
	return el('p', {}, link);
}

/* ---- the list ---- */

function inside(o) {
	const scope = o.operation['x-scope'];
	const kind = t('kinds')[o.operation['x-kind']];
	return el('div', { class: 'inside' },
		el('p', {}, `${t('roles')}: ${roleNames(o.operation)}`),
		el('p', { class: 'type' }, scope ? `${kind} · ${t('scope')}: ${scope}` : kind),
		parameterPart(o), bodyPart(o), tryPart(o), replyPart(o), errorPart(o));
}

function routeElement(o) {
	const details = el('details', { id: o.operation.operationId },
		el('summary', {}, el('span', { class: `method ${o.method}` }, o.method.toUpperCase()),
			el('code', { class: 'path' }, o.path), el('span', { class: 'told' }, told(o.operation)),
			el('span', { class: 'roles' }, roleNames(o.operation))));
	details.addEventListener('toggle', () => {
		if (details.open && !details.querySelector('.inside'))
			details.append(inside(o));
	});
	return details;
}

function matches(o) {
	const find = byId('find').value.trim().toLowerCase(), role = byId('role').value;
	const text = [o.path, o.method, o.operation.operationId, o.operation.summary, o.operation['x-zh']]
		.join(' ').toLowerCase();
	const roles = o.operation['x-roles'];
	return text.includes(find) && (role === '' || roles.includes(role) || roles.includes('public'));
}

function listRoutes() {
	const shown = page.operations.filter(matches);
	const routes = byId('routes'), areas = byId('areas');
	routes.replaceChildren();
	areas.replaceChildren();
	for (const tag of page.api.tags) {
		const own = shown.filter((o) => o.operation.tags[0] === tag.name);
		if (own.length === 0)
			continue;
		areas.append(el('a', { href: `#area-${tag.name}` }, told(tag)));
		routes.append(el('h3', { id: `area-${tag.name}` }, told(tag)), ...own.map(routeElement));
	}
	byId('count').textContent = t('count')(shown.length, page.operations.length);
}

/* Open the route that the address names: /api#round.get */
function openNamed() {
	const named = byId(decodeURIComponent(location.hash.slice(1)));
	if (named && named.tagName === 'DETAILS') {
		named.open = true;
		if (!named.querySelector('.inside'))
			named.append(inside(page.operations.find((o) => o.operation.operationId === named.id)));
		named.scrollIntoView();
	}
}

function listRoles() {
	const chosen = byId('role').value;
	byId('role').replaceChildren(el('option', { value: '' }, t('all')),
		...page.api['x-roles'].map((r) => el('option', { value: r.name }, r[page.language])));
	byId('role').value = chosen;
}

/* ---- who ---- */

function tellWho() {
	const s = page.session;
	let text = t('nobody');
	if (byId('token').value.trim() !== '')
		text = t('as-token');
	else if (s)
		text = t('as-session') + s.account + (s.restricted ? t('restricted') : ` (${[].concat(s.roles).join(', ')})`);
	byId('who').textContent = text;
	byId('sign-out').hidden = !s;
	byId('sign-in').hidden = Boolean(s);
}

async function whoAmI() {
	const response = await fetch('/api/v1/session', { credentials: 'same-origin', cache: 'no-store' });
	page.session = response.ok ? await response.json() : null;
	tellWho();
}

async function say(response) {
	const problem = await response.json();
	byId('said').textContent = `${problem[page.language]} ${problem[page.language === 'zh' ? 'remedy_zh' : 'remedy_en']}`;
}

async function signIn(event) {
	const form = event.target, body = {};
	event.preventDefault();
	byId('said').textContent = '';
	for (const input of form.querySelectorAll('input'))
		if (input.value !== '')
			body[input.name] = input.value;
	const response = await fetch('/api/v1/session', { method: 'POST', credentials: 'same-origin',
		headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
	if (!response.ok)
		return say(response);
	form.reset();
	return whoAmI();
}

async function signOut() {
	const headers = {};
	identity(headers, 'delete');
	const response = await fetch('/api/v1/session', { method: 'DELETE', credentials: 'same-origin', headers });
	if (!response.ok)
		await say(response);
	await whoAmI();
}

/* ---- the page ---- */

function translate() {
	document.documentElement.lang = page.language === 'zh' ? 'zh-CN' : 'en';
	document.title = `drawd ${t('title')}`;
	for (const e of document.querySelectorAll('[data-t]'))
		e.textContent = t(e.dataset.t);
	for (const e of document.querySelectorAll('[data-label]'))
		e.setAttribute('aria-label', t(e.dataset.label));
	byId('language').textContent = page.language === 'zh' ? 'English' : '中文';
	byId('language').lang = page.language === 'zh' ? 'en' : 'zh-CN';
	tellWho();
	if (page.api) {
		listRoles();
		listRoutes();
		openNamed();
	}
}

async function read() {
	const response = await fetch('/api/v1/openapi.json');
	if (!response.ok)
		throw new Error(String(response.status));
	page.api = await response.json();
	for (const [path, methods] of Object.entries(page.api.paths))
		for (const [method, operation] of Object.entries(methods))
			page.operations.push({ path, method, operation });
	byId('version').textContent = page.api.info.version;
}

async function start() {
	byId('language').addEventListener('click', () => {
		page.language = page.language === 'zh' ? 'en' : 'zh';
		store('language', page.language);
		translate();
	});
	byId('sign-in').addEventListener('submit', signIn);
	byId('sign-out').addEventListener('click', signOut);
	byId('token').addEventListener('input', tellWho);
	byId('find').addEventListener('input', listRoutes);
	byId('role').addEventListener('change', listRoutes);
	window.addEventListener('hashchange', openNamed);
	translate();
	try {
		await read();
		translate();
		await whoAmI();
	} catch (e) {
		byId('routes').replaceChildren(el('p', { class: 'status bad' }, t('error') + e.message));
	}
}

start();
