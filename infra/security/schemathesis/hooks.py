"""Puts what the demo shop knows into valid requests, so that they get past "there is no such SKU" and stateful runs go on from there."""

import uuid

import schemathesis
from schemathesis import GenerationMode

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


@schemathesis.hook
def before_call(context, case, **kwargs):
    """Leaves invalid requests as they are: they are there to be refused."""
    if case.meta is not None and case.meta.generation.mode == GenerationMode.POSITIVE:
        case.body = with_known(case.body)
