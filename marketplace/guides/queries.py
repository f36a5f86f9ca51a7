"""What is asked of topics and guides."""

from __future__ import annotations

from sqlalchemy import select

from marketplace.extensions import db
from marketplace.guides.models import Guide


def language_has_guides(language: str) -> bool:
    """Whether any guide that is not retired is in this language."""
    query = select(Guide.id).where(Guide.language == language, Guide.retired_at.is_(None)).limit(1)
    return db.session.scalar(query) is not None


def guide_languages() -> list[str]:
    """Languages that have guides, in alphabetical order."""
    query = select(Guide.language).where(Guide.retired_at.is_(None)).distinct().order_by(Guide.language)
    return list(db.session.scalars(query))
