"""openapi.json for the tests: its form is checked, and replies are held to it."""

import json
import re

import jsonschema

METHODS = ("get", "post", "put", "delete")


# ---- the form of the document ------------------------------------------------------------------

TEXT = {"type": "string", "minLength": 1}
REF = {
    "type": "object",
    "properties": {"$ref": {"type": "string", "pattern": "^#/components/"}},
    "required": ["$ref"],
    "additionalProperties": False,
}
SCHEMA = {
    "type": ["object", "boolean"],
    "properties": {
        "$ref": {"type": "string", "pattern": "^#/components/schemas/"},
        "type": {
            "anyOf": [
                {"enum": ["string", "integer", "boolean", "array", "object"]},
                {"type": "array", "minItems": 2, "maxItems": 2, "prefixItems": [TEXT, {"const": "null"}]},
            ]
        },
        "format": {"enum": ["int64", "unix-time"]},
        "pattern": TEXT,
        "enum": {"type": "array", "minItems": 1, "uniqueItems": True},
        "minimum": {"type": "integer"},
        "maximum": {"type": "integer"},
        "minLength": {"type": "integer", "minimum": 0},
        "maxLength": {"type": "integer", "minimum": 0},
        "default": True,
        "items": {"$ref": "#/$defs/schema"},
        "properties": {"type": "object", "additionalProperties": {"$ref": "#/$defs/schema"}},
        "required": {"type": "array", "items": TEXT, "uniqueItems": True},
        "additionalProperties": {"$ref": "#/$defs/schema"},
        "description": TEXT,
        "x-zh": TEXT,
        "x-bytes": {"type": "array", "items": {"type": "integer"}, "minItems": 2, "maxItems": 2},
    },
    "additionalProperties": False,
}
PARAMETER = {
    "type": "object",
    "properties": {
        "name": TEXT,
        "in": {"enum": ["path", "query", "header"]},
        "required": {"type": "boolean"},
        "description": TEXT,
        "x-zh": TEXT,
        "schema": {"$ref": "#/$defs/schema"},
    },
    "required": ["name", "in", "required", "description", "x-zh", "schema"],
    "additionalProperties": False,
    "if": {"properties": {"in": {"const": "path"}}},
    "then": {"properties": {"required": {"const": True}}},
}
CONTENT = {
    "type": "object",
    "minProperties": 1,
    "propertyNames": {"pattern": "^[a-z]+/[a-z0-9.+-]+$"},
    "additionalProperties": {
        "type": "object",
        "properties": {"schema": {"$ref": "#/$defs/schema"}},
        "required": ["schema"],
        "additionalProperties": False,
    },
}
RESPONSE = {
    "type": "object",
    "properties": {
        "description": TEXT,
        "headers": {"type": "object", "additionalProperties": REF},
        "content": {"$ref": "#/$defs/content"},
        "x-errors": {"type": "array", "items": TEXT, "minItems": 1, "uniqueItems": True},
    },
    "required": ["description"],
    "additionalProperties": False,
}
OPERATION = {
    "type": "object",
    "properties": {
        "operationId": {"type": "string", "pattern": r"^[a-z]+\.[a-z-]+$"},
        "tags": {"type": "array", "items": TEXT, "minItems": 1, "maxItems": 1},
        "summary": TEXT,
        "x-zh": TEXT,
        "x-path": {"type": "string", "pattern": "^/"},
        "x-kind": {"enum": ["read", "again", "once", "open"]},
        "x-roles": {"type": "array", "items": TEXT, "minItems": 1, "uniqueItems": True},
        "x-scope": {"type": "string", "pattern": "^[a-z]+:(read|write)$"},
        "security": {
            "type": "array",
            "items": {
                "type": "object",
                "propertyNames": {"enum": ["session", "csrf", "token"]},
                "additionalProperties": {"type": "array", "maxItems": 0},
            },
        },
        "parameters": {"type": "array", "items": {"anyOf": [REF, {"$ref": "#/$defs/parameter"}]}},
        "requestBody": {
            "type": "object",
            "properties": {
                "required": {"type": "boolean"},
                "content": {"$ref": "#/$defs/content"},
                "x-max-bytes": {"type": "integer", "minimum": 1},
            },
            "required": ["required", "content", "x-max-bytes"],
            "additionalProperties": False,
        },
        "responses": {
            "type": "object",
            "propertyNames": {"pattern": "^[2345][0-9][0-9]$"},
            "additionalProperties": {"$ref": "#/$defs/response"},
        },
    },
    "required": ["operationId", "tags", "summary", "x-zh", "x-path", "x-kind", "x-roles", "security",
                 "parameters", "responses"],
    "additionalProperties": False,
}
NAMED = {"type": "object", "minProperties": 1, "propertyNames": {"pattern": "^[a-zA-Z0-9._-]+$"}}
DOCUMENT = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "$defs": {"schema": SCHEMA, "parameter": PARAMETER, "content": CONTENT, "response": RESPONSE,
              "operation": OPERATION},
    "type": "object",
    "properties": {
        "openapi": {"const": "3.1.0"},
        "info": {"type": "object", "required": ["title", "version", "description", "x-zh"]},
        "servers": {"type": "array", "minItems": 1},
        "tags": {
            "type": "array",
            "items": {"type": "object", "required": ["name", "description", "x-zh"]},
            "uniqueItems": True,
        },
        "paths": {
            "type": "object",
            "propertyNames": {"pattern": r"^((/[A-Za-z0-9._{}-]+)+|/)$"},
            "additionalProperties": {
                "type": "object",
                "minProperties": 1,
                "propertyNames": {"enum": list(METHODS)},
                "additionalProperties": {"$ref": "#/$defs/operation"},
            },
        },
        "components": {
            "type": "object",
            "properties": {
                "schemas": {**NAMED, "additionalProperties": {"$ref": "#/$defs/schema"}},
                "parameters": {**NAMED, "additionalProperties": {"$ref": "#/$defs/parameter"}},
                "headers": {
                    **NAMED,
                    "additionalProperties": {"type": "object", "required": ["description", "schema"]},
                },
                "securitySchemes": {
                    **NAMED,
                    "additionalProperties": {
                        "type": "object",
                        "properties": {"type": {"enum": ["apiKey", "http"]}},
                        "required": ["type", "description"],
                    },
                },
            },
            "required": ["schemas", "parameters", "headers", "securitySchemes"],
            "additionalProperties": False,
        },
        "x-roles": {
            "type": "array",
            "items": {"type": "object", "required": ["name", "zh", "en", "scoped", "granted"]},
        },
        "x-errors": {
            "type": "object",
            "additionalProperties": {
                "type": "object",
                "required": ["status", "zh", "en", "remedy_zh", "remedy_en"],
            },
        },
    },
    "required": ["openapi", "info", "servers", "tags", "paths", "components", "x-roles", "x-errors"],
    "additionalProperties": False,
}


def references(value):
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for inner in value.values():
            yield from references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from references(inner)


def find(document, reference):
    at = document
    for part in reference[2:].split("/"):
        at = at[part]
    return at


def faults(document):
    """What is wrong with the document, as sentences."""
    validator = jsonschema.Draft202012Validator(DOCUMENT)
    for error in sorted(validator.iter_errors(document), key=lambda e: list(map(str, e.path))):
        yield f"{'/'.join(map(str, error.absolute_path))}: {error.message[:200]}"
    for reference in references(document):
        try:
            find(document, reference)
        except KeyError:
            yield f"{reference} points to nothing"
    for name, schema in document["components"]["schemas"].items():
        try:
            jsonschema.Draft202012Validator.check_schema(schema)
        except jsonschema.SchemaError as error:
            yield f"schema {name}: {error.message[:200]}"
    schemes = document["components"]["securitySchemes"]
    for name, scheme in schemes.items():
        if not {"apiKey": {"name", "in"}, "http": {"scheme"}}[scheme["type"]] <= set(scheme):
            yield f"security scheme {name}"
    tags = {tag["name"] for tag in document["tags"]}
    roles = {role["name"] for role in document["x-roles"]}
    seen = set()
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            name = operation["operationId"]
            if name in seen:
                yield f"operationId {name} stands twice"
            seen.add(name)
            for way in operation["security"]:
                if not set(way) <= set(schemes):
                    yield f"{name}: unknown security scheme"
            yield from operation_faults(document, path, method, operation, tags, roles)
    used = set(references(document))
    for name in document["components"]["schemas"]:
        if f"#/components/schemas/{name}" not in used:
            yield f"schema {name} is used by nobody"


def is_success(status):
    return status[0] == "2" or status == "303"


def operation_faults(document, path, method, operation, tags, roles):
    name = operation["operationId"]
    if operation["tags"][0] not in tags:
        yield f"{name}: no tag {operation['tags'][0]}"
    if not set(operation["x-roles"]) <= roles:
        yield f"{name}: unknown role"
    parameters = [find(document, p["$ref"]) if "$ref" in p else p for p in operation["parameters"]]
    places = [(p["in"], p["name"]) for p in parameters]
    if len(set(places)) != len(places):
        yield f"{name}: a parameter stands twice"
    if {n for i, n in places if i == "path"} != set(re.findall(r"{([a-z0-9]+)}", path)):
        yield f"{name}: parts of the path and parameters differ"
    good = [status for status in operation["responses"] if is_success(status)]
    if len(good) != 1:
        yield f"{name}: {len(good)} replies of success"
    if (method == "get") != (operation["x-kind"] == "read"):
        yield f"{name}: {method} is {operation['x-kind']}"
    if (operation["x-kind"] == "once") != (("header", "Idempotency-Key") in places):
        yield f"{name}: Idempotency-Key"
    for status, response in operation["responses"].items():
        for code in response.get("x-errors", ()):
            if document["x-errors"].get(code, {}).get("status") != int(status):
                yield f"{name}: {code} is not of {status}"


# ---- operations --------------------------------------------------------------------------------

def inlined(document, value):
    """The same without references; the document has no cycles."""
    if isinstance(value, dict):
        if "$ref" in value:
            return inlined(document, find(document, value["$ref"]))
        return {key: inlined(document, inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [inlined(document, inner) for inner in value]
    return value


class Operation:
    def __init__(self, document, path, method, raw):
        self.path = path
        self.method = method.upper()
        self.name = raw["operationId"]
        self.kind = raw["x-kind"]
        self.roles = raw["x-roles"]
        self.scope = raw.get("x-scope")
        self.security = raw["security"]
        self.parameters = [inlined(document, p) for p in raw["parameters"]]
        self.arguments = [p for p in self.parameters if p["in"] == "path"]
        self.query = [p for p in self.parameters if p["in"] == "query"]
        self.headers = {p["name"] for p in self.parameters if p["in"] == "header"}
        self.body_max = raw.get("requestBody", {}).get("x-max-bytes", 0)
        content = raw.get("requestBody", {}).get("content", {})
        self.takes_bytes = "application/octet-stream" in content
        self.body = inlined(document, content["application/json"]["schema"]) if (
            "application/json" in content) else None
        self.responses = raw["responses"]
        self.is_list = "text/csv" in raw["responses"].get("200", {}).get("content", {}) and "format" in {
            p["name"] for p in self.query}
        self.success = next(int(s) for s in raw["responses"] if is_success(s))
        self.validators = {}
        for status, response in raw["responses"].items():
            for kind, what in response.get("content", {}).items():
                self.validators[int(status), kind] = jsonschema.Draft202012Validator(
                    inlined(document, what["schema"]))
        self.row = self.is_list and jsonschema.Draft202012Validator(
            row_schema(self.validators[200, "application/json"].schema))

    def target(self, arguments):
        path = self.path
        for name, value in arguments.items():
            path = path.replace("{" + name + "}", str(value))
        return path

    def mismatch(self, status, kind, value, known):
        """Why a value is not what its schema says. Rows of lists come again and again: each is looked at
        once."""
        todo = [(self.validators[status, kind], value)]
        if known is not None and self.is_list and status == 200:
            name = next(iter(value), None)
            rows = value.get(name)
            if isinstance(rows, list):
                fresh = {mark: row for mark, row in ((hash((self.name, repr(row))), row) for row in rows)
                         if mark not in known}
                todo = [(self.validators[status, kind], {**value, name: []})]
                todo += [(self.row, row) for row in fresh.values()]
                known.update(fresh)
        for validator, part in todo:
            error = jsonschema.exceptions.best_match(validator.iter_errors(part))
            if error is not None:
                return f"{status} {'/'.join(map(str, error.absolute_path))}: {error.message[:300]}"
        return None

    def check(self, reply, known=None):
        """Why this reply is not one that the document tells of; None where it is. known: a set
        that keeps what was looked at before."""
        response = self.responses.get(str(reply.status))
        if response is None:
            return f"status {reply.status} {reply.code()} is not told of"
        if not (reply.header("drawd-request") or "").isdigit():
            return "no Drawd-Request"
        kind = (reply.header("content-type") or "").split(";")[0]
        if "content" not in response:
            return None if reply.body == b"" else f"{reply.status} with a body"
        if kind not in response["content"]:
            return f"{reply.status} is {kind}"
        if "json" not in kind or "jsonl" in kind:
            return None
        mark = hash((self.name, reply.status, reply.body))
        if known is not None and mark in known:
            return None
        try:
            value = json.loads(reply.body)
        except ValueError as e:
            return f"not JSON: {e}"
        fault = self.mismatch(reply.status, kind, value, known)
        if fault is not None:
            return fault
        if "x-errors" in response and value["code"] not in response["x-errors"]:
            return f"error {value['code']} ({value['where']} {value['what']}) is not told of"
        if known is not None:
            known.add(mark)
        return None


def row_schema(page):
    """The schema of the rows of a list's page."""
    return next(inner["items"] for inner in page["properties"].values() if inner.get("type") == "array")


def operations(document):
    return [Operation(document, path, method, raw) for path, methods in document["paths"].items()
            for method, raw in methods.items()]
