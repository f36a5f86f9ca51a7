"""The first tables.

Revision ID: 0001
"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('exchange_rate',
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('date', sa.Date(), nullable=False),
    sa.Column('rate', sa.Numeric(precision=20, scale=8), nullable=False),
    sa.Column('source', sa.String(length=120), nullable=False),
    sa.PrimaryKeyConstraint('currency', 'date', name=op.f('pk_exchange_rate'))
    )
    op.create_table('job',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('task', sa.String(length=80), nullable=False),
    sa.Column('payload', sa.JSON(), nullable=False),
    sa.Column('key', sa.String(length=200), nullable=True),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('run_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('lease_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('max_attempts', sa.Integer(), nullable=False),
    sa.Column('error', sa.Text(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_job')),
    sa.UniqueConstraint('key', name=op.f('uq_job_key'))
    )
    with op.batch_alter_table('job', schema=None) as batch_op:
        batch_op.create_index('ix_job_state_run_at', ['state', 'run_at'], unique=False)

    op.create_table('provider',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('slug', sa.String(length=80), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('website', sa.String(length=500), nullable=False),
    sa.Column('host', sa.String(length=255), nullable=False),
    sa.Column('description', sa.Text(), nullable=False),
    sa.Column('languages', sa.JSON(), nullable=False),
    sa.Column('countries', sa.JSON(), nullable=False),
    sa.Column('status', sa.String(length=10), nullable=False),
    sa.Column('search_text', sa.Text(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("status IN ('unclaimed', 'pending', 'active', 'suspended', 'removed')", name=op.f('ck_provider_status')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_provider')),
    sa.UniqueConstraint('name', 'host', name=op.f('uq_provider_name_host')),
    sa.UniqueConstraint('slug', name=op.f('uq_provider_slug'))
    )
    with op.batch_alter_table('provider', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_provider_host'), ['host'], unique=False)

    op.create_table('revision',
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('value', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_revision'))
    )
    op.create_table('topic',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=255), nullable=False),
    sa.Column('country', sa.String(length=80), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_topic')),
    sa.UniqueConstraint('key', name=op.f('uq_topic_key'))
    )
    with op.batch_alter_table('topic', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_topic_country'), ['country'], unique=False)

    op.create_table('user',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('email', sa.String(length=255), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('language', sa.String(length=12), nullable=False),
    sa.Column('role', sa.String(length=10), nullable=False),
    sa.Column('password', sa.String(length=255), nullable=True),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('fs_uniquifier', sa.String(length=64), nullable=False),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("role IN ('member', 'moderator', 'admin')", name=op.f('ck_user_role')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_user')),
    sa.UniqueConstraint('email', name=op.f('uq_user_email')),
    sa.UniqueConstraint('fs_uniquifier', name=op.f('uq_user_fs_uniquifier'))
    )
    op.create_table('decision',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('subject', sa.String(length=20), nullable=False),
    sa.Column('subject_id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('action', sa.String(length=10), nullable=False),
    sa.Column('ground', sa.String(length=40), nullable=True),
    sa.Column('statement', sa.Text(), nullable=False),
    sa.Column('actor_id', sa.Integer(), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("action IN ('publish', 'reject', 'document')", name=op.f('ck_decision_action')),
    sa.ForeignKeyConstraint(['actor_id'], ['user.id'], name=op.f('fk_decision_actor_id_user'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_decision'))
    )
    with op.batch_alter_table('decision', schema=None) as batch_op:
        batch_op.create_index('ix_decision_subject_subject_id', ['subject', 'subject_id'], unique=False)

    op.create_table('guide',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('topic_id', sa.Integer(), nullable=False),
    sa.Column('language', sa.String(length=12), nullable=False),
    sa.Column('country', sa.String(length=80), nullable=False),
    sa.Column('stem', sa.String(length=200), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('meta_title', sa.Text(), nullable=False),
    sa.Column('description', sa.Text(), nullable=False),
    sa.Column('author', sa.Text(), nullable=False),
    sa.Column('date_text', sa.Text(), nullable=False),
    sa.Column('search_text', sa.Text(), nullable=False),
    sa.Column('table_heading', sa.Text(), nullable=False),
    sa.Column('header', sa.JSON(), nullable=True),
    sa.Column('toc', sa.JSON(), nullable=False),
    sa.Column('html_before', sa.Text(), nullable=False),
    sa.Column('html_after', sa.Text(), nullable=False),
    sa.Column('retired_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['topic_id'], ['topic.id'], name=op.f('fk_guide_topic_id_topic')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_guide')),
    sa.UniqueConstraint('language', 'country', 'stem', name=op.f('uq_guide_language_country_stem'))
    )
    with op.batch_alter_table('guide', schema=None) as batch_op:
        batch_op.create_index('ix_guide_country_language', ['country', 'language'], unique=False)
        batch_op.create_index('ix_guide_topic_id_language', ['topic_id', 'language'], unique=False)

    op.create_table('listing',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('provider_id', sa.Integer(), nullable=False),
    sa.Column('topic_id', sa.Integer(), nullable=False),
    sa.Column('status', sa.String(length=10), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('referral', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('review_count', sa.Integer(), nullable=False),
    sa.Column('uncounted_count', sa.Integer(), nullable=False),
    sa.Column('rating_sum', sa.Integer(), nullable=False),
    sa.Column('rating_weight', sa.Double(), nullable=False),
    sa.Column('rating_weighted', sa.Double(), nullable=False),
    sa.Column('reported_count', sa.Integer(), nullable=False),
    sa.Column('reported_cost', sa.BigInteger(), nullable=True),
    sa.Column('reported_time', sa.Integer(), nullable=True),
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
    sa.CheckConstraint("(official_fee_kind = 'extra') = (official_fee IS NOT NULL) AND (official_fee IS NULL OR (official_fee >= 0 AND currency IS NOT NULL))", name=op.f('ck_listing_official_fee')),
    sa.CheckConstraint("CASE WHEN cost_basis IN ('free', 'on_request') THEN fee_min IS NULL AND fee_max IS NULL WHEN cost_basis = 'range' THEN fee_min IS NOT NULL AND fee_max IS NOT NULL AND currency IS NOT NULL ELSE fee_min IS NOT NULL AND currency IS NOT NULL END", name=op.f('ck_listing_fees_fit_basis')),
    sa.CheckConstraint("cost_basis IN ('fixed', 'from', 'range', 'hourly', 'free', 'on_request')", name=op.f('ck_listing_cost_basis')),
    sa.CheckConstraint("official_fee_kind IN ('unknown', 'included', 'extra')", name=op.f('ck_listing_official_fee_kind')),
    sa.CheckConstraint("status IN ('draft', 'pending', 'published', 'paused', 'withdrawn', 'rejected')", name=op.f('ck_listing_status')),
    sa.CheckConstraint("time_from IS NULL OR time_from IN ('documents_complete', 'order', 'appointment')", name=op.f('ck_listing_time_from')),
    sa.CheckConstraint("time_unit IS NULL OR time_unit IN ('minutes', 'hours', 'days', 'business_days', 'weeks', 'months')", name=op.f('ck_listing_time_unit')),
    sa.CheckConstraint('(time_min IS NULL AND time_max IS NULL AND time_unit IS NULL) OR (time_min IS NOT NULL AND time_max IS NOT NULL AND time_unit IS NOT NULL AND time_min >= 0 AND time_max >= time_min)', name=op.f('ck_listing_time_order')),
    sa.CheckConstraint('fee_max IS NULL OR fee_max >= fee_min', name=op.f('ck_listing_fee_order')),
    sa.CheckConstraint('fee_min IS NULL OR fee_min >= 0', name=op.f('ck_listing_fee_min')),
    sa.ForeignKeyConstraint(['provider_id'], ['provider.id'], name=op.f('fk_listing_provider_id_provider')),
    sa.ForeignKeyConstraint(['topic_id'], ['topic.id'], name=op.f('fk_listing_topic_id_topic')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_listing')),
    sa.UniqueConstraint('provider_id', 'topic_id', name=op.f('uq_listing_provider_id_topic_id'))
    )
    with op.batch_alter_table('listing', schema=None) as batch_op:
        batch_op.create_index('ix_listing_status_submitted_at', ['status', 'submitted_at'], unique=False)
        batch_op.create_index('ix_listing_topic_id_status', ['topic_id', 'status'], unique=False)

    op.create_table('provider_claim',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('provider_id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('message', sa.Text(), nullable=False),
    sa.Column('status', sa.String(length=10), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("status IN ('pending', 'approved', 'rejected')", name=op.f('ck_provider_claim_status')),
    sa.ForeignKeyConstraint(['provider_id'], ['provider.id'], name=op.f('fk_provider_claim_provider_id_provider'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_provider_claim_user_id_user'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_provider_claim')),
    sa.UniqueConstraint('provider_id', 'user_id', name=op.f('uq_provider_claim_provider_id_user_id'))
    )
    with op.batch_alter_table('provider_claim', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_provider_claim_user_id'), ['user_id'], unique=False)

    op.create_table('provider_edit',
    sa.Column('provider_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('website', sa.String(length=500), nullable=False),
    sa.Column('description', sa.Text(), nullable=False),
    sa.Column('status', sa.String(length=10), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("status IN ('pending', 'rejected')", name=op.f('ck_provider_edit_status')),
    sa.ForeignKeyConstraint(['provider_id'], ['provider.id'], name=op.f('fk_provider_edit_provider_id_provider'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('provider_id', name=op.f('pk_provider_edit'))
    )
    op.create_table('provider_member',
    sa.Column('provider_id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['provider_id'], ['provider.id'], name=op.f('fk_provider_member_provider_id_provider'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_provider_member_user_id_user'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('provider_id', 'user_id', name=op.f('pk_provider_member'))
    )
    with op.batch_alter_table('provider_member', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_provider_member_user_id'), ['user_id'], unique=False)

    op.create_table('guide_file',
    sa.Column('guide_id', sa.Integer(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.Column('original_rows', sa.LargeBinary(), nullable=True),
    sa.Column('links', sa.JSON(), nullable=False),
    sa.Column('imported_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['guide_id'], ['guide.id'], name=op.f('fk_guide_file_guide_id_guide'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('guide_id', name=op.f('pk_guide_file'))
    )
    op.create_table('listing_edit',
    sa.Column('listing_id', sa.Integer(), nullable=False),
    sa.Column('status', sa.String(length=10), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=False),
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
    sa.CheckConstraint("(official_fee_kind = 'extra') = (official_fee IS NOT NULL) AND (official_fee IS NULL OR (official_fee >= 0 AND currency IS NOT NULL))", name=op.f('ck_listing_edit_official_fee')),
    sa.CheckConstraint("CASE WHEN cost_basis IN ('free', 'on_request') THEN fee_min IS NULL AND fee_max IS NULL WHEN cost_basis = 'range' THEN fee_min IS NOT NULL AND fee_max IS NOT NULL AND currency IS NOT NULL ELSE fee_min IS NOT NULL AND currency IS NOT NULL END", name=op.f('ck_listing_edit_fees_fit_basis')),
    sa.CheckConstraint("cost_basis IN ('fixed', 'from', 'range', 'hourly', 'free', 'on_request')", name=op.f('ck_listing_edit_cost_basis')),
    sa.CheckConstraint("official_fee_kind IN ('unknown', 'included', 'extra')", name=op.f('ck_listing_edit_official_fee_kind')),
    sa.CheckConstraint("status IN ('pending', 'rejected')", name=op.f('ck_listing_edit_status')),
    sa.CheckConstraint("time_from IS NULL OR time_from IN ('documents_complete', 'order', 'appointment')", name=op.f('ck_listing_edit_time_from')),
    sa.CheckConstraint("time_unit IS NULL OR time_unit IN ('minutes', 'hours', 'days', 'business_days', 'weeks', 'months')", name=op.f('ck_listing_edit_time_unit')),
    sa.CheckConstraint('(time_min IS NULL AND time_max IS NULL AND time_unit IS NULL) OR (time_min IS NOT NULL AND time_max IS NOT NULL AND time_unit IS NOT NULL AND time_min >= 0 AND time_max >= time_min)', name=op.f('ck_listing_edit_time_order')),
    sa.CheckConstraint('fee_max IS NULL OR fee_max >= fee_min', name=op.f('ck_listing_edit_fee_order')),
    sa.CheckConstraint('fee_min IS NULL OR fee_min >= 0', name=op.f('ck_listing_edit_fee_min')),
    sa.ForeignKeyConstraint(['listing_id'], ['listing.id'], name=op.f('fk_listing_edit_listing_id_listing'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('listing_id', name=op.f('pk_listing_edit'))
    )
    op.create_table('listing_row',
    sa.Column('listing_id', sa.Integer(), nullable=False),
    sa.Column('guide_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('raw', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['guide_id'], ['guide.id'], name=op.f('fk_listing_row_guide_id_guide'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['listing_id'], ['listing.id'], name=op.f('fk_listing_row_listing_id_listing'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('listing_id', 'guide_id', name=op.f('pk_listing_row'))
    )
    op.create_table('published_rows',
    sa.Column('guide_id', sa.Integer(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('written_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['guide_id'], ['guide.id'], name=op.f('fk_published_rows_guide_id_guide'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('guide_id', 'digest', name=op.f('pk_published_rows'))
    )
    op.create_table('review',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('listing_id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.Column('rating', sa.Integer(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('language', sa.String(length=12), nullable=False),
    sa.Column('experience_on', sa.Date(), nullable=False),
    sa.Column('real_cost', sa.BigInteger(), nullable=True),
    sa.Column('real_currency', sa.String(length=3), nullable=True),
    sa.Column('real_time', sa.Integer(), nullable=True),
    sa.Column('real_time_unit', sa.String(length=14), nullable=True),
    sa.Column('outcome', sa.String(length=120), nullable=False),
    sa.Column('level', sa.String(length=12), nullable=False),
    sa.Column('status', sa.String(length=10), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("level IN ('unverified', 'confirmed', 'invited', 'documented')", name=op.f('ck_review_level')),
    sa.CheckConstraint("status IN ('pending', 'published', 'rejected', 'hidden', 'withdrawn')", name=op.f('ck_review_status')),
    sa.CheckConstraint('(real_cost IS NULL) = (real_currency IS NULL)', name=op.f('ck_review_real_cost')),
    sa.CheckConstraint('(real_time IS NULL) = (real_time_unit IS NULL)', name=op.f('ck_review_real_time')),
    sa.CheckConstraint('rating BETWEEN 1 AND 5', name=op.f('ck_review_rating')),
    sa.ForeignKeyConstraint(['listing_id'], ['listing.id'], name=op.f('fk_review_listing_id_listing')),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_review_user_id_user'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_review'))
    )
    with op.batch_alter_table('review', schema=None) as batch_op:
        batch_op.create_index('ix_review_listing_id_status', ['listing_id', 'status', 'published_at'], unique=False)
        batch_op.create_index('ix_review_status_submitted_at', ['status', 'submitted_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_review_user_id'), ['user_id'], unique=False)



def downgrade():
    with op.batch_alter_table('review', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_review_user_id'))
        batch_op.drop_index('ix_review_status_submitted_at')
        batch_op.drop_index('ix_review_listing_id_status')

    op.drop_table('review')
    op.drop_table('published_rows')
    op.drop_table('listing_row')
    op.drop_table('listing_edit')
    op.drop_table('guide_file')
    with op.batch_alter_table('provider_member', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_provider_member_user_id'))

    op.drop_table('provider_member')
    op.drop_table('provider_edit')
    with op.batch_alter_table('provider_claim', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_provider_claim_user_id'))

    op.drop_table('provider_claim')
    with op.batch_alter_table('listing', schema=None) as batch_op:
        batch_op.drop_index('ix_listing_topic_id_status')
        batch_op.drop_index('ix_listing_status_submitted_at')

    op.drop_table('listing')
    with op.batch_alter_table('guide', schema=None) as batch_op:
        batch_op.drop_index('ix_guide_topic_id_language')
        batch_op.drop_index('ix_guide_country_language')

    op.drop_table('guide')
    with op.batch_alter_table('decision', schema=None) as batch_op:
        batch_op.drop_index('ix_decision_subject_subject_id')

    op.drop_table('decision')
    op.drop_table('user')
    with op.batch_alter_table('topic', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_topic_country'))

    op.drop_table('topic')
    op.drop_table('revision')
    with op.batch_alter_table('provider', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_provider_host'))

    op.drop_table('provider')
    with op.batch_alter_table('job', schema=None) as batch_op:
        batch_op.drop_index('ix_job_state_run_at')

    op.drop_table('job')
    op.drop_table('exchange_rate')
