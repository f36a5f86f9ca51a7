"""Keys that sort titles and names; of guides provisional, until the next import reads their files.

Revision ID: 0016
"""
import re
import unicodedata

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None


COLUMNS = {'guide': ('title', 'sort_title'), 'provider': ('name', 'sort_name')}
PARTS = str.maketrans({
    'ł': 'l', 'đ': 'd', 'ø': 'o', 'æ': 'ae', 'œ': 'oe', 'ı': 'i', 'ð': 'd', 'þ': 'th', 'ħ': 'h',
})


def key_of(text):
    words = ' '.join(re.sub(r'[^\w\s]|_', ' ', unicodedata.normalize('NFC', text.casefold())).split())
    parts = unicodedata.normalize('NFKD', words.translate(PARTS))
    letters = ''.join(char for char in parts if not unicodedata.combining(char))
    return (letters if letters == words else f'{letters}\x01{words}')[:400]


def upgrade():
    collation = 'C' if op.get_bind().dialect.name == 'postgresql' else None
    for table, (named, sorting) in COLUMNS.items():
        with op.batch_alter_table(table, schema=None) as batch_op:
            kind = sa.String(length=400, collation=collation)
            batch_op.add_column(sa.Column(sorting, kind, nullable=False, server_default=''))
        rows = sa.table(table, sa.column('id', sa.Integer), sa.column(named, sa.Text), sa.column(sorting, sa.Text))
        written = sa.update(rows).where(rows.c.id == sa.bindparam('row')).values({sorting: sa.bindparam('key')})
        keys = [
            {'row': number, 'key': key_of(text)}
            for number, text in op.get_bind().execute(sa.select(rows.c.id, rows.c[named]))
        ]
        if keys:
            op.get_bind().execute(written, keys)
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.alter_column(sorting, server_default=None, existing_type=kind, existing_nullable=False)


def downgrade():
    for table, (_, sorting) in COLUMNS.items():
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column(sorting)
