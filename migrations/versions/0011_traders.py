"""Who is behind a provider: the facts of traders, and since when it declares that its services are lawful.

Providers that members manage already are asked and keep publishing; what becomes active later must say it first.

Revision ID: 0011
"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None

TEXTS = {
    'legal_name': sa.String(length=200),
    'legal_form': sa.String(length=100),
    'address': sa.Text(),
    'seat': sa.String(length=2),
    'register_name': sa.String(length=200),
    'register_number': sa.String(length=60),
    'vat_number': sa.String(length=30),
    'contact': sa.String(length=255),
}


def upgrade():
    for table in ('provider', 'provider_edit'):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column('trader', sa.String(length=8), server_default='unknown', nullable=False))
            for name, kind in TEXTS.items():
                batch_op.add_column(sa.Column(name, kind, server_default='', nullable=False))
            batch_op.create_check_constraint('trader', "trader IN ('unknown', 'asked', 'trader', 'private')")
    op.add_column('provider', sa.Column('lawful_at', sa.DateTime(timezone=True), nullable=True))
    op.execute(
        "UPDATE provider SET trader = 'asked' WHERE status IN ('active', 'suspended')"
        " AND id IN (SELECT provider_id FROM provider_member)"
    )


def downgrade():
    with op.batch_alter_table('provider', schema=None) as batch_op:
        batch_op.drop_column('lawful_at')
    for table in ('provider', 'provider_edit'):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_constraint(op.f(f'ck_{table}_trader'), type_='check')
            for name in ('trader', *TEXTS):
                batch_op.drop_column(name)
