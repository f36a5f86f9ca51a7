"""Which of the site's languages a text is written in, where that is clear. The model is loaded at the first question."""

from __future__ import annotations

from functools import cache
from typing import Any

LANGUAGES = frozenset("bg cs de el en es fr hr hu it nl pl pt ro sk".split())
# Shorter texts, and names and abbreviations without sentences, are not judged.
LEAST_LENGTH = 80
# By how much the best language is likelier than the one that was said: natural logarithm for each character.
CLEAR_MARGIN = 0.5


def other_language(text: str, said: str, least: int = LEAST_LENGTH) -> str | None:
    """The language of a text where it clearly is another one of ours than was said, else None.

    A language that is none of ours is not judged, nor a text of fewer than `least` characters.
    """
    base = said.split("-")[0].lower()
    if base not in LANGUAGES or len(text) < least:
        return None
    likelihoods: dict[str, float] = dict(_identifier().rank(text))
    best = max(likelihoods, key=likelihoods.__getitem__)
    margin = (likelihoods[best] - likelihoods[base]) / len(text)
    return best if margin >= CLEAR_MARGIN else None


@cache
def _identifier() -> Any:
    # Half a second and numpy: only for who judges texts.
    from py3langid import langid

    identifier = langid.LanguageIdentifier.from_model_file(langid.MODEL_FILE)
    identifier.set_languages(sorted(LANGUAGES))
    return identifier
