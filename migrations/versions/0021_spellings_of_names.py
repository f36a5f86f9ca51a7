"""Keys of names, what search compares, and the addresses of accounts by rules that do not follow an edition of Unicode; what
listings became part of.

Of providers that are one, the one with the best standing gets the plain key; the others have their ids behind it until
somebody merges them.

Revision ID: 0021
"""
import hashlib
import re
from itertools import groupby
from unicodedata import ucd_3_2_0 as unicode

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0021'
down_revision = '0020'
branch_labels = None
depends_on = None


LENGTH = 240
BLANKS = re.compile('[\t-\r\x1c-\x20\x85\u1680\u2028\u2029]+')
INVISIBLE = re.compile(
    '[\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f'
    '\ufeff\uffa0\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]'
)
FOLDED = {
    **dict.fromkeys('`\xb4\u2018\u2019\u201b\u02b9\u02bb\u02bc\u2032\u2035', "'"),
    **dict.fromkeys('\xab\xbb\u201c\u201d\u201e\u201f\u2033', '"'),
    **dict.fromkeys('\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212\ufe58\ufe63\uff0d', '-'),
    '\u0130': 'i', '\u0131': 'i', '\u1e9e': 'ss',
}


def is_newer(char):
    return not char.isascii() and unicode.category(char) == 'Cn'


def formed(text, form):
    return ''.join(
        ''.join(part) if newer else unicode.normalize(form, ''.join(part)) for newer, part in groupby(text, is_newer)
    )


def fold(text):
    before = None
    while before != text:
        before = text
        text = ''.join(FOLDED.get(c) or (c if is_newer(c) else c.casefold()) for c in text)
        text = formed(re.sub('(?<=i)\u0307', '', INVISIBLE.sub('', text)), 'NFKC')
    return BLANKS.sub(' ', text).strip(' ')


def name_key(name):
    key = fold(name)
    if len(key) <= LENGTH:
        return key
    digest = hashlib.sha256(key.encode()).hexdigest()
    return key[:LENGTH - len(digest)] + digest


def search_text(text):
    if text.isascii() and '`' not in text:
        return text  # folded by the old rules, it is by the new ones
    plain = ''.join(char for char in formed(fold(text), 'NFKD') if not unicode.combining(char))
    return BLANKS.sub(' ', plain).strip(' ')


def address(email):
    local, at, domain = email.rpartition('@')
    labels = (label if label.isascii() else 'xn--' + label.encode('punycode').decode() for label in domain.split('.'))
    return local + at + '.'.join(labels)


def rewrite(table, column, make):
    rows = sa.table(table, sa.column('id', sa.Integer), sa.column(column, sa.Text))
    found = op.get_bind().execute(sa.select(rows.c.id, rows.c[column])).all()
    # An address that another account has stays as it is: its owner can close one of the two.
    taken = {text for _, text in found} if table == 'user' else set()
    made = [(number, text, make(text)) for number, text in found]
    written = [{'row': number, 'text': new} for number, text, new in made if new != text and new not in taken]
    if written:
        changed = sa.update(rows).where(rows.c.id == sa.bindparam('row'))
        op.get_bind().execute(changed.values({column: sa.bindparam('text')}), written)


def rewrite_keys():
    rows = sa.table('provider', *(sa.column(name) for name in ('id', 'name', 'name_key', 'host', 'status', 'merged_into_id')))
    standing = sa.case({'active': 0, 'unclaimed': 1, 'pending': 2, 'suspended': 3}, value=rows.c.status, else_=4)
    taken, keys = set(), []
    for row in op.get_bind().execute(sa.select(rows).order_by(standing, rows.c.id)).all():
        key = '' if row.merged_into_id else name_key(row.name)
        keys.append({'row': row.id, 'key': key if key and (key, row.host) not in taken else f'{key}\x01{row.id}'})
        taken.add((key, row.host))
    if keys:
        written = sa.update(rows).where(rows.c.id == sa.bindparam('row')).values(name_key=sa.bindparam('key'))
        # First a key that nobody else can have: they change one by one.
        op.get_bind().execute(written, [{'row': one['row'], 'key': f"\x01{one['row']}"} for one in keys])
        op.get_bind().execute(written, keys)


def upgrade():
    op.execute("UPDATE provider SET host = '', website = '' WHERE merged_into_id IS NOT NULL")
    with op.batch_alter_table('provider', schema=None) as batch_op:
        batch_op.create_index(op.f('ix_provider_merged_into_id'), ['merged_into_id'], unique=False)
        batch_op.create_check_constraint(op.f('ck_provider_merged'), "merged_into_id IS NULL OR status = 'removed'")
    with op.batch_alter_table('listing', schema=None) as batch_op:
        batch_op.add_column(sa.Column('merged_into_id', sa.Integer(), nullable=True))
        batch_op.create_foreign_key(op.f('fk_listing_merged_into_id_listing'), 'listing', ['merged_into_id'], ['id'])
        batch_op.create_index(op.f('ix_listing_merged_into_id'), ['merged_into_id'], unique=False)
        batch_op.create_check_constraint(op.f('ck_listing_merged'), "merged_into_id IS NULL OR status = 'withdrawn'")
    op.execute(
        "UPDATE listing SET merged_into_id = (SELECT kept.id FROM listing AS kept JOIN provider ON"
        " kept.provider_id = provider.merged_into_id WHERE provider.id = listing.provider_id"
        " AND kept.topic_id = listing.topic_id) WHERE status = 'withdrawn'"
    )
    rewrite_keys()
    rewrite('provider', 'search_text', search_text)
    rewrite('guide', 'search_text', search_text)
    rewrite('user', 'email', address)


def downgrade():
    op.execute("UPDATE provider SET host = 'merged-' || id WHERE merged_into_id IS NOT NULL")
    with op.batch_alter_table('listing', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_listing_merged'), type_='check')
        batch_op.drop_index(op.f('ix_listing_merged_into_id'))
        batch_op.drop_constraint(op.f('fk_listing_merged_into_id_listing'), type_='foreignkey')
        batch_op.drop_column('merged_into_id')
    with op.batch_alter_table('provider', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_provider_merged'), type_='check')
        batch_op.drop_index(op.f('ix_provider_merged_into_id'))
