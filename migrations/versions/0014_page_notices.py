"""Revisions by longer names, and on PostgreSQL a notice to whoever keeps pages when one is raised.

Revision ID: 0014
"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None


# Tables that hold revisions, each with what is watched. Notices of one transaction to one channel are one.
WATCHED = {
    'revision': 'INSERT OR UPDATE',
    'topic': 'UPDATE OF revision',
    'provider': 'UPDATE OF revision',
}


def upgrade():
    with op.batch_alter_table('revision', schema=None) as batch_op:
        batch_op.alter_column('name', existing_type=sa.String(length=40), type_=sa.String(length=100))
    if op.get_bind().dialect.name != 'postgresql':
        return
    op.execute(
        "CREATE FUNCTION notify_pages() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN PERFORM pg_notify('pages_changed', ''); RETURN NULL; END $$"
    )
    for table, change in WATCHED.items():
        op.execute(
            f'CREATE TRIGGER {table}_notifies_pages AFTER {change} ON "{table}"'
            ' FOR EACH STATEMENT EXECUTE FUNCTION notify_pages()'
        )


def downgrade():
    if op.get_bind().dialect.name == 'postgresql':
        for table in WATCHED:
            op.execute(f'DROP TRIGGER {table}_notifies_pages ON "{table}"')
        op.execute('DROP FUNCTION notify_pages()')
    op.execute("DELETE FROM revision WHERE length(name) > 40")
    with op.batch_alter_table('revision', schema=None) as batch_op:
        batch_op.alter_column('name', existing_type=sa.String(length=100), type_=sa.String(length=40))
