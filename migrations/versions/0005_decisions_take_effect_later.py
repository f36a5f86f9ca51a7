"""A decision takes effect after the undo time: until then it is pending, and nothing of its subject has changed.

What undos kept is not needed any more: a decision that is undone had no effect. Decisions made before have taken effect, or
were undone. Going back loses who waits: decisions that are pending or lapsed are deleted, as they changed nothing.

Revision ID: 0005
"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table('decision', schema=None) as batch_op:
        batch_op.add_column(sa.Column('state', sa.String(length=10), server_default='effective', nullable=False))
        batch_op.create_check_constraint('state', "state IN ('pending', 'effective', 'undone', 'lapsed')")
    op.execute(
        "UPDATE decision SET state = 'undone' WHERE id IN"
        " (SELECT reverses_id FROM decision WHERE reverses_id IS NOT NULL)"
    )
    op.create_index(
        'ix_decision_pending',
        'decision',
        ['subject', 'subject_id'],
        unique=True,
        sqlite_where=sa.text("state = 'pending'"),
        postgresql_where=sa.text("state = 'pending'"),
    )
    op.drop_table('decision_undo')


def downgrade():
    op.create_table('decision_undo',
    sa.Column('decision_id', sa.Integer(), nullable=False),
    sa.Column('until', sa.DateTime(timezone=True), nullable=False),
    sa.Column('before', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['decision_id'], ['decision.id'], name=op.f('fk_decision_undo_decision_id_decision'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('decision_id', name=op.f('pk_decision_undo'))
    )
    op.execute("DELETE FROM job WHERE task = 'moderation.apply_decision'")
    op.execute("DELETE FROM decision WHERE state IN ('pending', 'lapsed')")
    op.drop_index('ix_decision_pending', table_name='decision')
    with op.batch_alter_table('decision', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_decision_state'), type_='check')
        batch_op.drop_column('state')
