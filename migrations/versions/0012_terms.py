"""Versions of the terms: when members were told and from when they apply, and the version that a member accepted.

Where there are members already, the first version applies until they are told of the next one.

Revision ID: 0012
"""
from datetime import UTC, datetime

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None


def upgrade():
    notice = op.create_table('terms_notice',
    sa.Column('version', sa.String(length=10), nullable=False),
    sa.Column('told_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('applies_on', sa.Date(), nullable=False),
    sa.PrimaryKeyConstraint('version', name=op.f('pk_terms_notice'))
    )
    op.add_column('user', sa.Column('terms_version', sa.String(length=10), nullable=True))
    if op.get_bind().execute(sa.text('SELECT 1 FROM "user" LIMIT 1')).first() is not None:
        first = datetime(2026, 1, 1, tzinfo=UTC)
        op.bulk_insert(notice, [{'version': '1', 'told_at': first, 'applies_on': first.date()}])


def downgrade():
    with op.batch_alter_table('user', schema=None) as batch_op:
        batch_op.drop_column('terms_version')
    op.drop_table('terms_notice')
