from __future__ import annotations

import inspect
import re

from flask import Flask

from marketplace.core.errors import Invalid
from marketplace.reviews.proofs import pdf as proof_pdf
from marketplace.reviews.proofs import services as proofs
from marketplace.reviews.proofs import types as proof_types
from marketplace.reviews.proofs.forms import NAME_SHOWN, proof_words, shown_name


def test_every_refusal_has_words(app: Flask) -> None:
    source = "".join(inspect.getsource(module) for module in (proof_pdf, proof_types, proofs))
    codes = set(re.findall(r'"((?:file|picture|pdf|proof|proofs)_[a-z]+)"', source)) - {"proof_id"}
    assert len(codes) >= 9
    with app.test_request_context("/"):
        for code in codes:
            assert proof_words(Invalid(code)).endswith(".")


def test_a_name_is_shown_as_one_short_line(app: Flask) -> None:
    with app.test_request_context("/"):
        assert shown_name("a\r\nb\t\0c.pdf") == "a b c.pdf"
        assert len(shown_name("x" * 500)) == NAME_SHOWN
        assert shown_name(None) == "A file without a name"
