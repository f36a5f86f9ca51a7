"""Terms that were published are kept with their dates, and reports no longer depend on the terms of today.

A report is held against the terms of its day, and medians have the unit and currency of the reports. What was worked out
by the old rules is emptied; the worker works it out anew as soon as it starts.

Revision ID: 0009
"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None

INDEX = ['listing_id', 'status', 'published_at', 'level', 'rating', 'helpful_count']
REPORTED = ['real_cost', 'real_currency', 'real_time', 'real_time_unit']
UNITS = "'minutes', 'hours', 'days', 'business_days', 'weeks', 'months'"


def upgrade():
    op.create_table('listing_terms',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('listing_id', sa.Integer(), nullable=False),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False),
    sa.Column('service', sa.Text(), nullable=False),
    sa.Column('cost_basis', sa.String(length=12), nullable=False),
    sa.Column('fee_min', sa.BigInteger(), nullable=True),
    sa.Column('fee_max', sa.BigInteger(), nullable=True),
    sa.Column('currency', sa.String(length=3), nullable=True),
    sa.Column('official_fee_kind', sa.String(length=10), nullable=False),
    sa.Column('official_fee', sa.BigInteger(), nullable=True),
    sa.Column('time_min', sa.Integer(), nullable=True),
    sa.Column('time_max', sa.Integer(), nullable=True),
    sa.Column('time_unit', sa.String(length=14), nullable=True),
    sa.Column('time_from', sa.String(length=20), nullable=True),
    sa.Column('languages', sa.JSON(none_as_null=True), nullable=True),
    sa.CheckConstraint("(official_fee_kind = 'extra') = (official_fee IS NOT NULL) AND (official_fee IS NULL OR (official_fee >= 0 AND currency IS NOT NULL))", name=op.f('ck_listing_terms_official_fee')),
    sa.CheckConstraint("(time_min IS NULL AND time_max IS NULL AND time_unit IS NULL) OR (time_min IS NOT NULL AND time_max IS NOT NULL AND time_unit IS NOT NULL AND time_min >= 0 AND time_max >= time_min)", name=op.f('ck_listing_terms_time_order')),
    sa.CheckConstraint("CASE WHEN cost_basis IN ('free', 'on_request') THEN fee_min IS NULL AND fee_max IS NULL WHEN cost_basis = 'range' THEN fee_min IS NOT NULL AND fee_max IS NOT NULL AND currency IS NOT NULL ELSE fee_min IS NOT NULL AND currency IS NOT NULL END", name=op.f('ck_listing_terms_fees_fit_basis')),
    sa.CheckConstraint("cost_basis IN ('fixed', 'from', 'range', 'hourly', 'free', 'on_request')", name=op.f('ck_listing_terms_cost_basis')),
    sa.CheckConstraint('fee_max IS NULL OR fee_max >= fee_min', name=op.f('ck_listing_terms_fee_order')),
    sa.CheckConstraint('fee_min IS NULL OR fee_min >= 0', name=op.f('ck_listing_terms_fee_min')),
    sa.CheckConstraint("official_fee_kind IN ('unknown', 'included', 'extra')", name=op.f('ck_listing_terms_official_fee_kind')),
    sa.CheckConstraint("time_from IS NULL OR time_from IN ('documents_complete', 'order', 'appointment')", name=op.f('ck_listing_terms_time_from')),
    sa.CheckConstraint(f'time_unit IS NULL OR time_unit IN ({UNITS})', name=op.f('ck_listing_terms_time_unit')),
    sa.ForeignKeyConstraint(['listing_id'], ['listing.id'], name=op.f('fk_listing_terms_listing_id_listing'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_listing_terms'))
    )
    op.create_index(op.f('ix_listing_terms_listing_id'), 'listing_terms', ['listing_id'])
    with op.batch_alter_table('listing', schema=None) as batch_op:
        batch_op.add_column(sa.Column('reported_currency', sa.String(length=3), nullable=True))
        batch_op.add_column(sa.Column('cost_reports', sa.Integer(), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('reported_time_unit', sa.String(length=14), nullable=True))
        batch_op.add_column(sa.Column('time_reports', sa.Integer(), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('reported_times', sa.JSON(), server_default='[]', nullable=False))
    with op.batch_alter_table('review', schema=None) as batch_op:
        batch_op.drop_index('ix_review_listing_id_status')
        batch_op.create_index('ix_review_listing_id_status', [*INDEX, 'experience_on', *REPORTED], unique=False)
    _forget_medians()


def _forget_medians():
    op.execute(
        "UPDATE listing SET reported_count = 0, reported_cost = NULL, reported_time = NULL, priced_count = 0,"
        " within_quote = 0, timed_count = 0, on_time = 0, report_values = '{}'"
    )


def downgrade():
    _forget_medians()
    with op.batch_alter_table('review', schema=None) as batch_op:
        batch_op.drop_index('ix_review_listing_id_status')
        batch_op.create_index('ix_review_listing_id_status', [*INDEX, *REPORTED], unique=False)
    with op.batch_alter_table('listing', schema=None) as batch_op:
        for name in ('reported_times', 'time_reports', 'reported_time_unit', 'cost_reports', 'reported_currency'):
            batch_op.drop_column(name)
    op.drop_table('listing_terms')
