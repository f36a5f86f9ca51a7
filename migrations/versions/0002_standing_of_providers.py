"""Decisions that suspend and reinstate providers.

Going back fails while there are such decisions: none is thrown away.

Revision ID: 0002
Revises: 0001
"""
from alembic import op


# revision identifiers, used by Alembic.
revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade():
    allow("'publish', 'reject', 'document', 'suspend', 'reinstate'")


def downgrade():
    allow("'publish', 'reject', 'document'")


def allow(actions):
    with op.batch_alter_table('decision', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_decision_action'), type_='check')
        batch_op.create_check_constraint(op.f('ck_decision_action'), f'action IN ({actions})')
