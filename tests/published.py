"""The JSON Schemas as they are published, to check with what is written."""

from __future__ import annotations

import json
from functools import cache
from typing import Any, cast

from jsonschema import Draft202012Validator

from chatkit_doctor.report.schemas import schema_path


@cache
def schema(name: str) -> dict[str, Any]:
    """The schema of this name."""
    return cast("dict[str, Any]", json.loads(schema_path(name).read_text(encoding="utf-8")))


@cache
def validator(name: str) -> Draft202012Validator:
    """What checks with it."""
    Draft202012Validator.check_schema(schema(name))
    return Draft202012Validator(schema(name))
