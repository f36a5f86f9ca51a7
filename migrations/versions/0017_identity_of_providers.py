"""What identifies a provider beside its host, and which provider one was merged into.

Of providers that are one, the first gets the plain key; the others are told apart by their ids until somebody merges them.

Revision ID: 0017
"""
import unicodedata

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0017'
down_revision = '0016'
branch_labels = None
depends_on = None


HIDDEN = str.maketrans(dict.fromkeys('\u200c\u200d\u200e\u200f\u061c'))


def key_of(name):
    folded = name
    for _ in range(2):
        folded = unicodedata.normalize('NFKC', folded.casefold())
    return ' '.join(folded.translate(HIDDEN).split())


def upgrade():
    with op.batch_alter_table('provider', schema=None) as batch_op:
        batch_op.add_column(sa.Column('name_key', sa.Text(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('merged_into_id', sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f('fk_provider_merged_into_id_provider'), 'provider', ['merged_into_id'], ['id']
        )
    rows = sa.table(
        'provider', sa.column('id', sa.Integer), sa.column('name', sa.Text), sa.column('host', sa.Text),
        sa.column('name_key', sa.Text),
    )
    taken, keys = set(), []
    for number, name, host in op.get_bind().execute(sa.select(rows.c.id, rows.c.name, rows.c.host).order_by(rows.c.id)):
        key = key_of(name)
        keys.append({'row': number, 'key': f'{key}\x01{number}' if (key, host) in taken else key})
        taken.add((key, host))
    if keys:
        written = sa.update(rows).where(rows.c.id == sa.bindparam('row')).values(name_key=sa.bindparam('key'))
        op.get_bind().execute(written, keys)
    with op.batch_alter_table('provider', schema=None) as batch_op:
        batch_op.alter_column('name_key', server_default=None, existing_type=sa.Text(), existing_nullable=False)
        batch_op.drop_constraint(batch_op.f('uq_provider_name_host'), type_='unique')
        batch_op.create_unique_constraint(batch_op.f('uq_provider_name_key_host'), ['name_key', 'host'])


def downgrade():
    with op.batch_alter_table('provider', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('uq_provider_name_key_host'), type_='unique')
        batch_op.create_unique_constraint(batch_op.f('uq_provider_name_host'), ['name', 'host'])
        batch_op.drop_constraint(batch_op.f('fk_provider_merged_into_id_provider'), type_='foreignkey')
        batch_op.drop_column('merged_into_id')
        batch_op.drop_column('name_key')
