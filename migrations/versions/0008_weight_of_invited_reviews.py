"""Invited reviews weigh less: the stars of a listing, and the part of its decayed sums that invited reviews make.

Computed here from the published reviews. What the columns before held stays as it was: `rating_sum` and `review_count` of all
counted reviews, `rating_weight` and `rating_weighted` as if each counted fully.

Revision ID: 0008
"""
import math
from collections import defaultdict
from datetime import UTC, date

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


EPOCH = date(2026, 1, 1)
HALF_LIFE_DAYS = 540


def upgrade():
    with op.batch_alter_table('listing', schema=None) as batch_op:
        batch_op.add_column(sa.Column('rating_average', sa.Double(), nullable=True))
        batch_op.add_column(sa.Column('invited_weight', sa.Double(), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('invited_weighted', sa.Double(), server_default='0', nullable=False))
    review = sa.table(
        'review',
        *(sa.column(name) for name in ('listing_id', 'rating', 'level', 'status')),
        sa.column('published_at', sa.DateTime(timezone=True)),
    )
    counted = sa.select(review.c.listing_id, review.c.rating, review.c.level, review.c.published_at).where(
        review.c.status == 'published',
        review.c.published_at.is_not(None),
        review.c.level.in_(('confirmed', 'invited', 'documented')),
    )
    reviews = defaultdict(list)
    for row in op.get_bind().execute(counted):
        reviews[row.listing_id].append(row)
    listing = sa.table(
        'listing', *(sa.column(name) for name in ('id', 'rating_average', 'invited_weight', 'invited_weighted'))
    )
    for listing_id, rows in reviews.items():
        op.execute(listing.update().where(listing.c.id == listing_id).values(**_sums(rows)))


def _sums(rows):
    invited = [row for row in rows if row.level == 'invited']
    proven = [row.rating for row in rows if row.level != 'invited']
    weights = [2.0 ** ((_day(row.published_at) - EPOCH).days / HALF_LIFE_DAYS) for row in invited]
    weight, weighted = float(len(proven)), float(sum(proven))
    if invited:
        counts = min(0.5 * len(invited), 0.25 * len(proven) + 1)
        weight += counts
        weighted += sum(row.rating for row in invited) * counts / len(invited)
    return {
        'rating_average': weighted / weight,
        'invited_weight': math.fsum(weights),
        'invited_weighted': math.fsum(one * row.rating for one, row in zip(weights, invited)),
    }


def _day(moment):
    """In UTC; SQLite gives moments without a time zone, PostgreSQL in the session's."""
    return moment.date() if moment.tzinfo is None else moment.astimezone(UTC).date()


def downgrade():
    with op.batch_alter_table('listing', schema=None) as batch_op:
        batch_op.drop_column('invited_weighted')
        batch_op.drop_column('invited_weight')
        batch_op.drop_column('rating_average')
