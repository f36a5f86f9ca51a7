"""When a guide is shown, as its front matter asks for; the next import reads it from the files.

Revision ID: 0015
"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None


NAMES = ('held', 'publish_at', 'expires_at', 'listed', 'shown')


def upgrade():
    with op.batch_alter_table('guide', schema=None) as batch_op:
        batch_op.add_column(sa.Column('held', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column('publish_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('expires_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('listed', sa.String(length=8), nullable=False, server_default='always'))
        batch_op.add_column(sa.Column('shown', sa.Boolean(), nullable=False, server_default=sa.true()))
    op.execute(sa.text('UPDATE guide SET shown = :no WHERE retired_at IS NOT NULL').bindparams(no=False))
    with op.batch_alter_table('guide', schema=None) as batch_op:
        for name in ('held', 'listed', 'shown'):
            batch_op.alter_column(name, server_default=None)


def downgrade():
    with op.batch_alter_table('guide', schema=None) as batch_op:
        for name in NAMES:
            batch_op.drop_column(name)
