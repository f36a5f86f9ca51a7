"""In which account and mode of Stripe each id stands.

Revision ID: 0020
"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0020'
down_revision = '0019'
branch_labels = None
depends_on = None


def upgrade():
    account = dict(type_=sa.String(length=100), nullable=False, server_default='')
    for table in ('placement_price', 'placement', 'billing_customer'):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column('account', **account))
            if table == 'placement':
                batch_op.add_column(sa.Column('parked_state', sa.String(length=10), nullable=True))
            if table == 'billing_customer':
                batch_op.drop_constraint(batch_op.f('pk_billing_customer'), type_='primary')
                batch_op.create_primary_key(batch_op.f('pk_billing_customer'), ['provider_id', 'account'])
    for table in ('placement_price', 'placement', 'billing_customer'):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.alter_column(
                'account', server_default=None, existing_type=sa.String(length=100), existing_nullable=False
            )


def downgrade():
    op.execute(
        "DELETE FROM billing_customer WHERE EXISTS (SELECT 1 FROM billing_customer AS other"
        " WHERE other.provider_id = billing_customer.provider_id AND other.account > billing_customer.account)"
    )
    with op.batch_alter_table('billing_customer', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('pk_billing_customer'), type_='primary')
        batch_op.create_primary_key(batch_op.f('pk_billing_customer'), ['provider_id'])
        batch_op.drop_column('account')
    with op.batch_alter_table('placement', schema=None) as batch_op:
        batch_op.drop_column('parked_state')
        batch_op.drop_column('account')
    with op.batch_alter_table('placement_price', schema=None) as batch_op:
        batch_op.drop_column('account')
