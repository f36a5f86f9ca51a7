"""When a decision took effect, and whether its moderator has seen that it had none.

Decisions made before took effect at once, or after the undo time, which nobody noted: the moment of the decision stands for
both.

Revision ID: 0007
"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table('decision', schema=None) as batch_op:
        batch_op.add_column(sa.Column('effective_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('is_unread', sa.Boolean(), server_default=sa.false(), nullable=False))
    op.execute("UPDATE decision SET effective_at = decided_at WHERE state = 'effective' AND action <> 'undo'")
    op.create_index(
        'ix_decision_unread',
        'decision',
        ['actor_id'],
        sqlite_where=sa.text('is_unread'),
        postgresql_where=sa.text('is_unread'),
    )


def downgrade():
    op.drop_index('ix_decision_unread', table_name='decision')
    with op.batch_alter_table('decision', schema=None) as batch_op:
        batch_op.drop_column('is_unread')
        batch_op.drop_column('effective_at')
