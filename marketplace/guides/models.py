"""Topics, their guides in each language, and the files of the guides."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.core.database import UTCDateTime, by_code_points
from marketplace.core.extensions import db
from marketplace.core.revisions import Revised
from marketplace.guides.hugo.publication import Listed
from marketplace.i18n.collation import KEY_LENGTH, sort_key


class Topic(Revised, db.Model):
    """One procedure in one country, independent of language. Listings and placements belong to it.

    `revision` is raised in the same transaction as any change that is visible on the topic's pages.
    """

    __tablename__ = "topic"
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(255), unique=True)
    country: Mapped[str] = mapped_column(String(80), index=True)
    guides: Mapped[list[Guide]] = relationship(
        back_populates="topic", order_by="(Guide.language, Guide.stem)"
    )


def _sort_title(context: Any) -> str:
    values = context.get_current_parameters()
    return sort_key(values["title"], values["language"])


class Guide(db.Model):
    """One language version of a topic: one Markdown file, `<language>/<country>/<stem>.md`.

    `html_before` and `html_after` are the sanitized HTML before and after the provider table, rendered at import. `toc` is a
    list of `{id, text, part}`, `header` has the four header cells of the table. `retired_at` is set when the file is gone.

    `shown` is kept by the import and by a job: the file is there, and Hugo would build its page now.
    """

    __tablename__ = "guide"
    __table_args__ = (
        UniqueConstraint("language", "country", "stem"),
        Index("ix_guide_topic_id_language", "topic_id", "language"),
        Index("ix_guide_country_language", "country", "language"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    topic_id: Mapped[int] = mapped_column(ForeignKey("topic.id"))
    language: Mapped[str] = mapped_column(String(12))
    country: Mapped[str] = mapped_column(String(80))
    stem: Mapped[str] = mapped_column(String(200))
    title: Mapped[str] = mapped_column(Text)
    sort_title: Mapped[str] = mapped_column(by_code_points(KEY_LENGTH), default=_sort_title)
    meta_title: Mapped[str] = mapped_column(Text, default="")
    description: Mapped[str] = mapped_column(Text, default="")
    author: Mapped[str] = mapped_column(Text, default="")
    date_text: Mapped[str] = mapped_column(Text, default="")
    search_text: Mapped[str] = mapped_column(Text, default="")
    table_heading: Mapped[str] = mapped_column(Text, default="")
    header: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    toc: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    html_before: Mapped[str] = mapped_column(Text, default="", deferred=True)
    html_after: Mapped[str] = mapped_column(Text, default="", deferred=True)
    retired_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    held: Mapped[bool] = mapped_column(default=False)
    publish_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    listed: Mapped[str] = mapped_column(String(8), default=Listed.ALWAYS)
    shown: Mapped[bool] = mapped_column(default=True)
    topic: Mapped[Topic] = relationship(back_populates="guides")
    file: Mapped[GuideFile] = relationship(back_populates="guide", cascade="all, delete-orphan")


class GuideFile(db.Model):
    """A guide's file as imported: its bytes, a digest of them and of the reader's version, and the original rows region
    (see `hugo`).

    `links` maps each decoded path of the guides' origin that the text links to, to whether that page existed here when the
    guide was last linked. So links can follow guides that are added or removed.
    """

    __tablename__ = "guide_file"
    guide_id: Mapped[int] = mapped_column(ForeignKey("guide.id", ondelete="CASCADE"), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    original_rows: Mapped[bytes | None] = mapped_column(LargeBinary)
    links: Mapped[dict[str, bool]] = mapped_column(JSON, default=dict)
    imported_at: Mapped[datetime] = mapped_column(UTCDateTime)
    guide: Mapped[Guide] = relationship(back_populates="file")


class PublishedRows(db.Model):
    """The SHA-256 of a rows region that we wrote into a guide's file, to recognize our own rows."""

    __tablename__ = "published_rows"
    guide_id: Mapped[int] = mapped_column(ForeignKey("guide.id", ondelete="CASCADE"), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    written_at: Mapped[datetime] = mapped_column(UTCDateTime)
