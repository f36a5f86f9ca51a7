"""Featured placements: prices, customers, slots, waiting list, events of Stripe's, the books, alarms.

The books can only be added to: triggers refuse every change and deletion. Whoever rebuilds `payment_entry` in a batch on
SQLite must make them anew.

Revision ID: 0003
"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('placement_price',
    sa.Column('country', sa.String(length=80), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('month_amount', sa.BigInteger(), nullable=True),
    sa.Column('pass_amount', sa.BigInteger(), nullable=True),
    sa.Column('month_price_id', sa.String(length=255), nullable=True),
    sa.Column('pass_price_id', sa.String(length=255), nullable=True),
    sa.Column('topic_slots', sa.Integer(), nullable=False),
    sa.Column('country_slots', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('month_amount > 0 AND pass_amount > 0', name=op.f('ck_placement_price_amounts')),
    sa.CheckConstraint('topic_slots BETWEEN 0 AND 10 AND country_slots BETWEEN 0 AND 10', name=op.f('ck_placement_price_slots')),
    sa.PrimaryKeyConstraint('country', name=op.f('pk_placement_price'))
    )
    op.create_table('billing_customer',
    sa.Column('provider_id', sa.Integer(), nullable=False),
    sa.Column('stripe_customer_id', sa.String(length=255), nullable=False),
    sa.ForeignKeyConstraint(['provider_id'], ['provider.id'], name=op.f('fk_billing_customer_provider_id_provider')),
    sa.PrimaryKeyConstraint('provider_id', name=op.f('pk_billing_customer')),
    sa.UniqueConstraint('stripe_customer_id', name=op.f('uq_billing_customer_stripe_customer_id'))
    )
    op.create_table('placement',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('scope', sa.String(length=100), nullable=False),
    sa.Column('slot_no', sa.Integer(), nullable=False),
    sa.Column('provider_id', sa.Integer(), nullable=False),
    sa.Column('listing_id', sa.Integer(), nullable=True),
    sa.Column('country', sa.String(length=80), nullable=False),
    sa.Column('kind', sa.String(length=5), nullable=False),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('reason', sa.String(length=30), nullable=False),
    sa.Column('session_id', sa.String(length=255), nullable=True),
    sa.Column('session_expires_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('create_params', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('attempt', sa.Integer(), nullable=False),
    sa.Column('subscription_id', sa.String(length=255), nullable=True),
    sa.Column('payment_intent_id', sa.String(length=255), nullable=True),
    sa.Column('period_end', sa.DateTime(timezone=True), nullable=True),
    sa.Column('grace_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('hold_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('hidden', sa.String(length=10), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(listing_id IS NULL) = (substr(scope, 1, 8) = 'country:')", name=op.f('ck_placement_listing_fits_scope')),
    sa.CheckConstraint("kind IN ('month', 'pass')", name=op.f('ck_placement_kind')),
    sa.CheckConstraint("state IN ('reserved', 'pending', 'held', 'active', 'canceling', 'past_due', 'released', 'refunded', 'ended')", name=op.f('ck_placement_state')),
    sa.ForeignKeyConstraint(['listing_id'], ['listing.id'], name=op.f('fk_placement_listing_id_listing')),
    sa.ForeignKeyConstraint(['provider_id'], ['provider.id'], name=op.f('fk_placement_provider_id_provider')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_placement')),
    sa.UniqueConstraint('payment_intent_id', name=op.f('uq_placement_payment_intent_id')),
    sa.UniqueConstraint('session_id', name=op.f('uq_placement_session_id')),
    sa.UniqueConstraint('subscription_id', name=op.f('uq_placement_subscription_id'))
    )
    with op.batch_alter_table('placement', schema=None) as batch_op:
        batch_op.create_index('ix_placement_listing_id', ['listing_id'], unique=False)
        batch_op.create_index('ix_placement_provider_id', ['provider_id'], unique=False)
        batch_op.create_index('ix_placement_state', ['state'], unique=False)
        batch_op.create_index('uq_placement_live_provider', ['scope', 'provider_id'], unique=True, sqlite_where=sa.text("state IN ('reserved', 'pending', 'held', 'active', 'canceling', 'past_due')"), postgresql_where=sa.text("state IN ('reserved', 'pending', 'held', 'active', 'canceling', 'past_due')"))
        batch_op.create_index('uq_placement_live_slot', ['scope', 'slot_no'], unique=True, sqlite_where=sa.text("state IN ('reserved', 'pending', 'held', 'active', 'canceling', 'past_due')"), postgresql_where=sa.text("state IN ('reserved', 'pending', 'held', 'active', 'canceling', 'past_due')"))

    op.create_table('billing_alarm',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=300), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('subject', sa.Text(), nullable=False),
    sa.Column('placement_id', sa.Integer(), nullable=True),
    sa.Column('raised_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('resolved_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['placement_id'], ['placement.id'], name=op.f('fk_billing_alarm_placement_id_placement')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_billing_alarm')),
    sa.UniqueConstraint('key', name=op.f('uq_billing_alarm_key'))
    )
    op.create_table('payment_entry',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('stripe_id', sa.String(length=255), nullable=False),
    sa.Column('charge_id', sa.String(length=255), nullable=False),
    sa.Column('invoice_id', sa.String(length=255), nullable=True),
    sa.Column('placement_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=13), nullable=False),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('occurred_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('booked_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("kind IN ('payment', 'refund', 'refund_failed', 'dispute', 'dispute_won')", name=op.f('ck_payment_entry_kind')),
    sa.ForeignKeyConstraint(['placement_id'], ['placement.id'], name=op.f('fk_payment_entry_placement_id_placement')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_payment_entry')),
    sa.UniqueConstraint('stripe_id', name=op.f('uq_payment_entry_stripe_id'))
    )
    with op.batch_alter_table('payment_entry', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_payment_entry_charge_id'), ['charge_id'], unique=False)
        batch_op.create_index('ix_payment_entry_occurred_at', ['occurred_at'], unique=False)
        batch_op.create_index('ix_payment_entry_placement_id', ['placement_id'], unique=False)

    op.create_table('placement_wait',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('scope', sa.String(length=100), nullable=False),
    sa.Column('provider_id', sa.Integer(), nullable=False),
    sa.Column('listing_id', sa.Integer(), nullable=True),
    sa.Column('country', sa.String(length=80), nullable=False),
    sa.Column('kind', sa.String(length=5), nullable=False),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('placement_id', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("state IN ('waiting', 'offered', 'taken', 'lapsed', 'left')", name=op.f('ck_placement_wait_state')),
    sa.CheckConstraint("kind IN ('month', 'pass')", name=op.f('ck_placement_wait_kind')),
    sa.ForeignKeyConstraint(['listing_id'], ['listing.id'], name=op.f('fk_placement_wait_listing_id_listing')),
    sa.ForeignKeyConstraint(['placement_id'], ['placement.id'], name=op.f('fk_placement_wait_placement_id_placement')),
    sa.ForeignKeyConstraint(['provider_id'], ['provider.id'], name=op.f('fk_placement_wait_provider_id_provider')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_placement_wait'))
    )
    with op.batch_alter_table('placement_wait', schema=None) as batch_op:
        batch_op.create_index('uq_placement_wait_open', ['scope', 'provider_id'], unique=True, sqlite_where=sa.text("state IN ('waiting', 'offered')"), postgresql_where=sa.text("state IN ('waiting', 'offered')"))

    op.create_table('stripe_event',
    sa.Column('event_id', sa.String(length=255), nullable=False),
    sa.Column('type', sa.String(length=80), nullable=False),
    sa.Column('object_id', sa.String(length=255), nullable=False),
    sa.Column('created', sa.DateTime(timezone=True), nullable=False),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('claimed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('error', sa.String(length=80), nullable=False),
    sa.Column('placement_id', sa.Integer(), nullable=True),
    sa.CheckConstraint("state IN ('new', 'working', 'done', 'orphan', 'ignored')", name=op.f('ck_stripe_event_state')),
    sa.ForeignKeyConstraint(['placement_id'], ['placement.id'], name=op.f('fk_stripe_event_placement_id_placement')),
    sa.PrimaryKeyConstraint('event_id', name=op.f('pk_stripe_event'))
    )
    with op.batch_alter_table('stripe_event', schema=None) as batch_op:
        batch_op.create_index('ix_stripe_event_state', ['state'], unique=False)

    if op.get_bind().dialect.name == 'postgresql':
        op.execute(
            "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION '% can only be added to', TG_TABLE_NAME; END $$"
        )
        op.execute(
            'CREATE TRIGGER payment_entry_append_only BEFORE UPDATE OR DELETE ON payment_entry '
            'FOR EACH ROW EXECUTE FUNCTION refuse_change()'
        )
        op.execute(
            'CREATE TRIGGER payment_entry_no_truncate BEFORE TRUNCATE ON payment_entry '
            'FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()'
        )
    else:
        for change in ('UPDATE', 'DELETE'):
            op.execute(
                f'CREATE TRIGGER payment_entry_no_{change.lower()} BEFORE {change} ON payment_entry '
                "BEGIN SELECT RAISE(ABORT, 'payment_entry can only be added to'); END"
            )


def downgrade():
    if op.get_bind().dialect.name == 'postgresql':
        op.execute('DROP TRIGGER payment_entry_append_only ON payment_entry')
        op.execute('DROP TRIGGER payment_entry_no_truncate ON payment_entry')
        op.execute('DROP FUNCTION refuse_change()')
    with op.batch_alter_table('stripe_event', schema=None) as batch_op:
        batch_op.drop_index('ix_stripe_event_state')

    op.drop_table('stripe_event')
    with op.batch_alter_table('placement_wait', schema=None) as batch_op:
        batch_op.drop_index('uq_placement_wait_open', sqlite_where=sa.text("state IN ('waiting', 'offered')"), postgresql_where=sa.text("state IN ('waiting', 'offered')"))

    op.drop_table('placement_wait')
    with op.batch_alter_table('payment_entry', schema=None) as batch_op:
        batch_op.drop_index('ix_payment_entry_placement_id')
        batch_op.drop_index('ix_payment_entry_occurred_at')
        batch_op.drop_index(batch_op.f('ix_payment_entry_charge_id'))

    op.drop_table('payment_entry')
    op.drop_table('billing_alarm')
    with op.batch_alter_table('placement', schema=None) as batch_op:
        batch_op.drop_index('uq_placement_live_slot', sqlite_where=sa.text("state IN ('reserved', 'pending', 'held', 'active', 'canceling', 'past_due')"), postgresql_where=sa.text("state IN ('reserved', 'pending', 'held', 'active', 'canceling', 'past_due')"))
        batch_op.drop_index('uq_placement_live_provider', sqlite_where=sa.text("state IN ('reserved', 'pending', 'held', 'active', 'canceling', 'past_due')"), postgresql_where=sa.text("state IN ('reserved', 'pending', 'held', 'active', 'canceling', 'past_due')"))
        batch_op.drop_index('ix_placement_state')
        batch_op.drop_index('ix_placement_provider_id')
        batch_op.drop_index('ix_placement_listing_id')

    op.drop_table('placement')
    op.drop_table('billing_customer')
    op.drop_table('placement_price')
