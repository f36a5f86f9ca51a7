"""The log of actions is chained, and what is only added to is guarded against replacing too.

On SQLite, INSERT OR REPLACE deletes a row without its delete trigger: a trigger before the insert refuses an id or a unique
value that is there. Decisions move from pending to what became of them, and forget a moderator who closed the account;
nothing else of them changes. A receipt goes with its author's account or its review only.

The links of the lines that are there are computed here, in the format that moderation’s `ledger.services` tells.

Revision ID: 0010
"""
import hashlib
import json
from datetime import UTC, datetime

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


# Tables, each with what makes one of its rows that is there stand in the way of another.
TAKEN = {
    'action_log': ('id = NEW.id',),
    'action_log_seal': (
        'position = NEW.position',
        'entry_id = NEW.entry_id',
        'previous = NEW.previous',
        'digest = NEW.digest',
    ),
    'decision': (
        'id = NEW.id',
        'reverses_id = NEW.reverses_id',
        "state = 'pending' AND NEW.state = 'pending' AND subject = NEW.subject AND subject_id = NEW.subject_id",
    ),
    'payment_entry': ('id = NEW.id',),
    'receipt': ('id = NEW.id', 'decision_id = NEW.decision_id'),
}
FIXED = (
    'id', 'subject', 'subject_id', 'version', 'action', 'ground', 'statement', 'asked_by', 'rating', 'reverses_id',
    'decided_at',
)
ENTRY = ('id', 'actor_id', 'action', 'subject', 'subject_id', 'version', 'ground', 'decision_id')


def upgrade():
    op.create_table(
        'action_log_seal',
        sa.Column('position', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('entry_id', sa.Integer(), nullable=False),
        sa.Column('previous', sa.String(length=64), nullable=False),
        sa.Column('digest', sa.String(length=64), nullable=False),
        sa.Column('sealed_at', sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint('position', name=op.f('pk_action_log_seal')),
        sa.UniqueConstraint('digest', name=op.f('uq_action_log_seal_digest')),
        sa.UniqueConstraint('entry_id', name=op.f('uq_action_log_seal_entry_id')),
        sa.UniqueConstraint('previous', name=op.f('uq_action_log_seal_previous')),
    )
    op.create_index('ix_action_log_seal_sealed_at', 'action_log_seal', ['sealed_at'])
    _chain()
    if op.get_bind().dialect.name == 'postgresql':
        _guard_postgresql()
    else:
        _guard_sqlite()


def _chain():
    """Seal the lines that are there, in the order of their ids."""
    at = sa.column('at', sa.DateTime(timezone=True))
    log = sa.table('action_log', at, *(sa.column(name) for name in ENTRY))
    seal = sa.table(
        'action_log_seal',
        *(sa.column(name) for name in ('position', 'entry_id', 'previous', 'digest')),
        sa.column('sealed_at', sa.DateTime(timezone=True)),
    )
    bind, now, previous, links = op.get_bind(), datetime.now(UTC), '0' * 64, []
    moment = now.replace(tzinfo=None) if bind.dialect.name == 'sqlite' else now
    for position, row in enumerate(bind.execute(sa.select(log).order_by(log.c.id)).mappings(), start=1):
        said = {name: row[name] for name in ENTRY}
        said |= {'format': 1, 'position': position, 'previous': previous}
        said |= {'at': _written(row['at']), 'sealed_at': _written(now)}
        text = json.dumps(said, sort_keys=True, separators=(',', ':'), ensure_ascii=False)
        digest = hashlib.sha256(text.encode()).hexdigest()
        links.append(
            {'position': position, 'entry_id': row['id'], 'previous': previous, 'digest': digest, 'sealed_at': moment}
        )
        previous = digest
    if links:
        op.bulk_insert(seal, links)


def _written(moment):
    aware = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return aware.strftime('%Y-%m-%dT%H:%M:%S.%fZ')


def _forbidden(differs):
    """The condition that a change of a decision is none that may happen."""
    return ' OR '.join(
        (
            *(f'NEW.{name} {differs} OLD.{name}' for name in FIXED),
            f"(OLD.state <> 'pending' AND (NEW.state {differs} OLD.state OR NEW.effective_at {differs} OLD.effective_at))",
            f'(NEW.actor_id IS NOT NULL AND NEW.actor_id {differs} OLD.actor_id)',
        )
    )


def _guard_postgresql():
    refuse = 'EXECUTE FUNCTION refuse_change()'
    changes = {'action_log_seal': 'UPDATE OR DELETE', 'decision': 'DELETE', 'receipt': 'UPDATE'}
    for table, change in changes.items():
        op.execute(f'CREATE TRIGGER {table}_append_only BEFORE {change} ON {table} FOR EACH ROW {refuse}')
        op.execute(f'CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {refuse}')
    op.execute(
        f'CREATE TRIGGER decision_fixed BEFORE UPDATE ON decision FOR EACH ROW '
        f"WHEN ({_forbidden('IS DISTINCT FROM')}) {refuse}"
    )
    op.execute(
        'CREATE FUNCTION refuse_receipt_deletion() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN '
        'IF EXISTS (SELECT 1 FROM "user" WHERE id = OLD.user_id) '
        'AND EXISTS (SELECT 1 FROM review WHERE id = OLD.review_id) THEN '
        "RAISE EXCEPTION 'receipt can only be added to'; END IF; RETURN OLD; END $$"
    )
    op.execute(
        'CREATE TRIGGER receipt_no_delete BEFORE DELETE ON receipt '
        'FOR EACH ROW EXECUTE FUNCTION refuse_receipt_deletion()'
    )


def _guard_sqlite():
    def guard(name, change, table, when=None, way='ABORT'):
        raised = f"RAISE(ABORT, '{table} can only be added to')" if way == 'ABORT' else f'RAISE({way})'
        condition = f'WHEN {when} ' if when else ''
        op.execute(f'CREATE TRIGGER {name} BEFORE {change} ON {table} {condition}BEGIN SELECT {raised}; END')

    for table, conditions in TAKEN.items():
        taken = ' OR '.join(f'EXISTS (SELECT 1 FROM {table} WHERE {condition})' for condition in conditions)
        guard(f'{table}_no_replace', 'INSERT', table, taken)
    # An entry that is booked already is booked once more by nobody, and without an error: that is how it is told apart.
    guard(
        'payment_entry_booked',
        'INSERT',
        'payment_entry',
        'EXISTS (SELECT 1 FROM payment_entry WHERE stripe_id = NEW.stripe_id)',
        way='IGNORE',
    )
    for change in ('UPDATE', 'DELETE'):
        guard(f'action_log_seal_no_{change.lower()}', change, 'action_log_seal')
    guard('decision_fixed', 'UPDATE', 'decision', _forbidden('IS NOT'))
    guard('decision_no_delete', 'DELETE', 'decision')
    guard('receipt_no_update', 'UPDATE', 'receipt')
    guard(
        'receipt_no_delete',
        'DELETE',
        'receipt',
        'EXISTS (SELECT 1 FROM user WHERE id = OLD.user_id) '
        'AND EXISTS (SELECT 1 FROM review WHERE id = OLD.review_id)',
    )


def downgrade():
    if op.get_bind().dialect.name == 'postgresql':
        for table, names in {
            'action_log_seal': ('append_only', 'no_truncate'),
            'decision': ('append_only', 'no_truncate', 'fixed'),
            'receipt': ('append_only', 'no_truncate', 'no_delete'),
        }.items():
            for name in names:
                op.execute(f'DROP TRIGGER {table}_{name} ON {table}')
        op.execute('DROP FUNCTION refuse_receipt_deletion()')
    else:
        for table in TAKEN:
            op.execute(f'DROP TRIGGER {table}_no_replace')
        for name in (
            'payment_entry_booked', 'action_log_seal_no_update', 'action_log_seal_no_delete', 'decision_fixed',
            'decision_no_delete', 'receipt_no_update', 'receipt_no_delete',
        ):
            op.execute(f'DROP TRIGGER {name}')
    op.drop_table('action_log_seal')
