"""Puts what the demo shop knows into valid requests, so that they get past "there is no such SKU", and on the way along links what our own tests would send."""

import os
import re
import uuid

import requests
import schemathesis
from schemathesis import GenerationMode

INPUTS = os.environ.get("INPUTS_URL")
ID = re.compile(r"\b[a-z]{3}_[0-9a-f]{32}\b")

session = requests.Session()
# Ids that responses named: a parameter with one of them came along a link.
seen = set()

KNOWN = {
    "currency": lambda: "EUR",
    "country": lambda: "DE",
    "sku": lambda: "TEA-GREEN",
    "locale": lambda: "en",
    "template": lambda: "account-exists",
    "quantity": lambda: 1,
    "email": lambda: f"person-{uuid.uuid4().hex[:12]}@example.com",
    "password": lambda: "correct horse battery staple",
    "newPassword": lambda: "correct horse battery staple",
    "code": lambda: f"w{uuid.uuid4().hex[:12]}",
    "slug": lambda: f"w{uuid.uuid4().hex[:12]}",
    "url": lambda: "http://127.0.0.1:9/hook",
    "eventTypes": lambda: ["order.created"],
    "scopes": lambda: ["catalog:read"],
    "city": lambda: "Berlin",
    "postalCode": lambda: "10115",
}


def with_known(value):
    if isinstance(value, list):
        return [with_known(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {name: KNOWN[name]() if name in KNOWN and inner is not None else with_known(inner) for name, inner in value.items()}


def input_for(case, linked):
    """Fields with which the operation succeeds; for what a link leads to the same each time, since the link names the thing."""
    operation = case.operation.definition.raw["operationId"]
    answer = session.get(f"{INPUTS}/{operation}", params={"again": "yes"} if linked else {}, timeout=30)
    return answer.json() if answer.ok else None


def came_along(value):
    return isinstance(value, str) and value in seen


def complete(case):
    """Fills in what no link gave."""
    path = dict(case.path_parameters or {})
    body = case.body if isinstance(case.body, dict) else {}
    linked = any(came_along(value) for value in [*path.values(), *body.values()])
    made = input_for(case, linked)
    if made is None:
        return
    case.path_parameters = {name: value if came_along(value) else made.get(name, value) for name, value in path.items()}
    rest = {name: value for name, value in made.items() if name not in path}
    if case.operation.method.upper() == "GET":
        case.query = rest
    elif isinstance(case.body, dict):
        case.body = {**rest, **{name: value for name, value in body.items() if came_along(value)}}


@schemathesis.hook
def before_call(context, case, **kwargs):
    """Leaves invalid requests as they are: they are there to be refused."""
    if case.meta is None or case.meta.generation.mode != GenerationMode.POSITIVE:
        return
    if INPUTS:
        complete(case)
    else:
        case.body = with_known(case.body)


@schemathesis.hook
def after_call(context, case, response):
    """Learns what the next requests may name."""
    if INPUTS and len(seen) < 100_000:
        seen.update(ID.findall(response.text))
