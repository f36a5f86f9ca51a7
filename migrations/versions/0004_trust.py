"""Reviews people can trust: edits and versions, replies, votes, invitations, proofs, receipts, flags, appeals, the log.

The log of actions can only be added to: triggers refuse every change and deletion. Whoever rebuilds `action_log` in a batch
on SQLite must make them anew. Going back fails while there are decisions of the new kinds: none is thrown away.

Revision ID: 0004
"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


ACTION = (
    "action IN ('publish', 'reject', 'document', 'suspend', 'reinstate', 'hide', 'restore',"
    " 'uphold', 'dismiss', 'warn', 'clear', 'undo')"
)
FORMER_ACTION = "action IN ('publish', 'reject', 'document', 'suspend', 'reinstate')"


def upgrade():
    op.create_table('action_log',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('actor_id', sa.Integer(), nullable=True),
    sa.Column('action', sa.String(length=20), nullable=False),
    sa.Column('subject', sa.String(length=20), nullable=False),
    sa.Column('subject_id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=True),
    sa.Column('ground', sa.String(length=40), nullable=True),
    sa.Column('decision_id', sa.Integer(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_action_log'))
    )
    with op.batch_alter_table('action_log', schema=None) as batch_op:
        batch_op.create_index('ix_action_log_subject', ['subject', 'subject_id'], unique=False)

    op.create_table('invite_opt_out',
    sa.Column('address_hash', sa.String(length=64), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('address_hash', name=op.f('pk_invite_opt_out'))
    )
    op.create_table('signing_key',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('public_key', sa.String(length=64), nullable=False),
    sa.Column('first_used_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_signing_key'))
    )
    op.create_table('appeal',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('decision_id', sa.Integer(), nullable=False),
    sa.Column('provider_id', sa.Integer(), nullable=False),
    sa.Column('listing_id', sa.Integer(), nullable=True),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('language', sa.String(length=12), nullable=False),
    sa.Column('status', sa.String(length=10), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("status IN ('pending', 'upheld', 'dismissed')", name=op.f('ck_appeal_status')),
    sa.ForeignKeyConstraint(['decision_id'], ['decision.id'], name=op.f('fk_appeal_decision_id_decision'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['listing_id'], ['listing.id'], name=op.f('fk_appeal_listing_id_listing'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['provider_id'], ['provider.id'], name=op.f('fk_appeal_provider_id_provider'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_appeal_user_id_user'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_appeal')),
    sa.UniqueConstraint('decision_id', 'user_id', name=op.f('uq_appeal_decision_id_user_id'))
    )
    with op.batch_alter_table('appeal', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_appeal_listing_id'), ['listing_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_appeal_provider_id'), ['provider_id'], unique=False)
        batch_op.create_index('ix_appeal_status_submitted_at', ['status', 'submitted_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_appeal_user_id'), ['user_id'], unique=False)

    op.create_table('decision_undo',
    sa.Column('decision_id', sa.Integer(), nullable=False),
    sa.Column('until', sa.DateTime(timezone=True), nullable=False),
    sa.Column('before', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['decision_id'], ['decision.id'], name=op.f('fk_decision_undo_decision_id_decision'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('decision_id', name=op.f('pk_decision_undo'))
    )
    op.create_table('invite_batch',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('listing_id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.Column('period_from', sa.Date(), nullable=False),
    sa.Column('period_to', sa.Date(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('period_from <= period_to', name=op.f('ck_invite_batch_period')),
    sa.ForeignKeyConstraint(['listing_id'], ['listing.id'], name=op.f('fk_invite_batch_listing_id_listing'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_invite_batch_user_id_user'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_invite_batch')),
    sa.UniqueConstraint('listing_id', 'period_from', name=op.f('uq_invite_batch_listing_id_period_from'))
    )
    with op.batch_alter_table('invite_batch', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_invite_batch_user_id'), ['user_id'], unique=False)

    op.create_table('invite',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('batch_id', sa.Integer(), nullable=False),
    sa.Column('address', sa.String(length=255), nullable=True),
    sa.Column('address_hash', sa.String(length=64), nullable=False),
    sa.Column('language', sa.String(length=12), nullable=False),
    sa.Column('nonce', sa.String(length=32), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reminded_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('review_id', sa.Integer(), nullable=True),
    sa.CheckConstraint("state IN ('waiting', 'sent', 'used', 'expired', 'opted_out')", name=op.f('ck_invite_state')),
    sa.ForeignKeyConstraint(['batch_id'], ['invite_batch.id'], name=op.f('fk_invite_batch_id_invite_batch'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['review_id'], ['review.id'], name=op.f('fk_invite_review_id_review'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_invite')),
    sa.UniqueConstraint('batch_id', 'address_hash', name=op.f('uq_invite_batch_id_address_hash'))
    )
    with op.batch_alter_table('invite', schema=None) as batch_op:
        batch_op.create_index('ix_invite_address_hash', ['address_hash'], unique=False)
        batch_op.create_index(batch_op.f('ix_invite_review_id'), ['review_id'], unique=False)
        batch_op.create_index('ix_invite_state_sent_at', ['state', 'sent_at'], unique=False)

    op.create_table('proof',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('review_id', sa.Integer(), nullable=True),
    sa.Column('name', sa.String(length=64), nullable=False),
    sa.Column('media_type', sa.String(length=40), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('uploaded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('seen_by', sa.Integer(), nullable=True),
    sa.Column('deleted_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['review_id'], ['review.id'], name=op.f('fk_proof_review_id_review'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['seen_by'], ['user.id'], name=op.f('fk_proof_seen_by_user'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_proof')),
    sa.UniqueConstraint('name', name=op.f('uq_proof_name'))
    )
    with op.batch_alter_table('proof', schema=None) as batch_op:
        batch_op.create_index('ix_proof_deleted_at', ['deleted_at', 'uploaded_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_proof_review_id'), ['review_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_proof_seen_by'), ['seen_by'], unique=False)

    op.create_table('receipt',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('review_id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('decision_id', sa.Integer(), nullable=False),
    sa.Column('key_id', sa.String(length=32), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('signature', sa.String(length=128), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['key_id'], ['signing_key.id'], name=op.f('fk_receipt_key_id_signing_key')),
    sa.ForeignKeyConstraint(['review_id'], ['review.id'], name=op.f('fk_receipt_review_id_review'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_receipt_user_id_user'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_receipt')),
    sa.UniqueConstraint('decision_id', name=op.f('uq_receipt_decision_id'))
    )
    with op.batch_alter_table('receipt', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_receipt_review_id'), ['review_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_receipt_user_id'), ['user_id'], unique=False)

    op.create_table('reply',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('review_id', sa.Integer(), nullable=False),
    sa.Column('provider_id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('shown_text', sa.Text(), nullable=True),
    sa.Column('language', sa.String(length=12), nullable=False),
    sa.Column('shown_language', sa.String(length=12), nullable=True),
    sa.Column('status', sa.String(length=10), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('edited_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("status IN ('pending', 'published', 'rejected', 'hidden', 'withdrawn')", name=op.f('ck_reply_status')),
    sa.ForeignKeyConstraint(['provider_id'], ['provider.id'], name=op.f('fk_reply_provider_id_provider'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['review_id'], ['review.id'], name=op.f('fk_reply_review_id_review'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_reply_user_id_user'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reply')),
    sa.UniqueConstraint('review_id', name=op.f('uq_reply_review_id'))
    )
    with op.batch_alter_table('reply', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_reply_provider_id'), ['provider_id'], unique=False)
        batch_op.create_index('ix_reply_status_submitted_at', ['status', 'submitted_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_reply_user_id'), ['user_id'], unique=False)

    op.create_table('review_band',
    sa.Column('review_id', sa.Integer(), nullable=False),
    sa.Column('band', sa.Integer(), nullable=False),
    sa.Column('hash', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['review_id'], ['review.id'], name=op.f('fk_review_band_review_id_review'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('review_id', 'band', name=op.f('pk_review_band'))
    )
    with op.batch_alter_table('review_band', schema=None) as batch_op:
        batch_op.create_index('ix_review_band_band_hash', ['band', 'hash'], unique=False)

    op.create_table('review_edit',
    sa.Column('review_id', sa.Integer(), nullable=False),
    sa.Column('status', sa.String(length=10), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('risk', sa.Integer(), nullable=False),
    sa.Column('risk_reasons', sa.JSON(), nullable=False),
    sa.Column('rating', sa.Integer(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('language', sa.String(length=12), nullable=False),
    sa.Column('experience_on', sa.Date(), nullable=False),
    sa.Column('real_cost', sa.BigInteger(), nullable=True),
    sa.Column('real_currency', sa.String(length=3), nullable=True),
    sa.Column('real_time', sa.Integer(), nullable=True),
    sa.Column('real_time_unit', sa.String(length=14), nullable=True),
    sa.Column('outcome', sa.String(length=120), nullable=False),
    sa.CheckConstraint("status IN ('pending', 'rejected')", name=op.f('ck_review_edit_status')),
    sa.CheckConstraint('(real_cost IS NULL) = (real_currency IS NULL)', name=op.f('ck_review_edit_real_cost')),
    sa.CheckConstraint('(real_time IS NULL) = (real_time_unit IS NULL)', name=op.f('ck_review_edit_real_time')),
    sa.CheckConstraint('rating BETWEEN 1 AND 5', name=op.f('ck_review_edit_rating')),
    sa.CheckConstraint('risk BETWEEN 0 AND 100', name=op.f('ck_review_edit_risk')),
    sa.ForeignKeyConstraint(['review_id'], ['review.id'], name=op.f('fk_review_edit_review_id_review'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('review_id', name=op.f('pk_review_edit'))
    )
    op.create_table('review_signature',
    sa.Column('review_id', sa.Integer(), nullable=False),
    sa.Column('scheme', sa.Integer(), nullable=False),
    sa.Column('signature', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['review_id'], ['review.id'], name=op.f('fk_review_signature_review_id_review'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('review_id', name=op.f('pk_review_signature'))
    )
    op.create_table('review_version',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('review_id', sa.Integer(), nullable=False),
    sa.Column('cause', sa.String(length=10), nullable=False),
    sa.Column('replaced_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('rating', sa.Integer(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('language', sa.String(length=12), nullable=False),
    sa.Column('experience_on', sa.Date(), nullable=False),
    sa.Column('real_cost', sa.BigInteger(), nullable=True),
    sa.Column('real_currency', sa.String(length=3), nullable=True),
    sa.Column('real_time', sa.Integer(), nullable=True),
    sa.Column('real_time_unit', sa.String(length=14), nullable=True),
    sa.Column('outcome', sa.String(length=120), nullable=False),
    sa.CheckConstraint("cause IN ('edited', 'masked')", name=op.f('ck_review_version_cause')),
    sa.CheckConstraint('(real_cost IS NULL) = (real_currency IS NULL)', name=op.f('ck_review_version_real_cost')),
    sa.CheckConstraint('(real_time IS NULL) = (real_time_unit IS NULL)', name=op.f('ck_review_version_real_time')),
    sa.CheckConstraint('rating BETWEEN 1 AND 5', name=op.f('ck_review_version_rating')),
    sa.ForeignKeyConstraint(['review_id'], ['review.id'], name=op.f('fk_review_version_review_id_review'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_review_version'))
    )
    with op.batch_alter_table('review_version', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_review_version_review_id'), ['review_id'], unique=False)

    op.create_table('review_vote',
    sa.Column('review_id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['review_id'], ['review.id'], name=op.f('fk_review_vote_review_id_review'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_review_vote_user_id_user'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('review_id', 'user_id', name=op.f('pk_review_vote'))
    )
    with op.batch_alter_table('review_vote', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_review_vote_user_id'), ['user_id'], unique=False)

    op.create_table('flag',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('subject', sa.String(length=10), nullable=False),
    sa.Column('review_id', sa.Integer(), nullable=True),
    sa.Column('reply_id', sa.Integer(), nullable=True),
    sa.Column('listing_id', sa.Integer(), nullable=True),
    sa.Column('provider_id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.Column('by_provider_id', sa.Integer(), nullable=True),
    sa.Column('email', sa.String(length=255), nullable=True),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('language', sa.String(length=12), nullable=False),
    sa.Column('reason', sa.String(length=40), nullable=False),
    sa.Column('explanation', sa.Text(), nullable=False),
    sa.Column('nonce', sa.String(length=32), nullable=False),
    sa.Column('status', sa.String(length=12), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("status IN ('unconfirmed', 'pending', 'upheld', 'dismissed')", name=op.f('ck_flag_status')),
    sa.CheckConstraint("subject IN ('review', 'reply', 'listing', 'provider')", name=op.f('ck_flag_subject')),
    sa.ForeignKeyConstraint(['by_provider_id'], ['provider.id'], name=op.f('fk_flag_by_provider_id_provider'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['listing_id'], ['listing.id'], name=op.f('fk_flag_listing_id_listing'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['provider_id'], ['provider.id'], name=op.f('fk_flag_provider_id_provider'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['reply_id'], ['reply.id'], name=op.f('fk_flag_reply_id_reply'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['review_id'], ['review.id'], name=op.f('fk_flag_review_id_review'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_flag_user_id_user'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_flag'))
    )
    with op.batch_alter_table('flag', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_flag_by_provider_id'), ['by_provider_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_flag_listing_id'), ['listing_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_flag_provider_id'), ['provider_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_flag_reply_id'), ['reply_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_flag_review_id'), ['review_id'], unique=False)
        batch_op.create_index('ix_flag_status_submitted_at', ['status', 'submitted_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_flag_user_id'), ['user_id'], unique=False)

    op.create_table('reply_version',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('reply_id', sa.Integer(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('language', sa.String(length=12), nullable=False),
    sa.Column('replaced_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['reply_id'], ['reply.id'], name=op.f('fk_reply_version_reply_id_reply'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reply_version'))
    )
    with op.batch_alter_table('reply_version', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_reply_version_reply_id'), ['reply_id'], unique=False)

    with op.batch_alter_table('decision', schema=None) as batch_op:
        batch_op.add_column(sa.Column('asked_by', sa.String(length=10), server_default='moderator', nullable=False))
        batch_op.add_column(sa.Column('rating', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('reverses_id', sa.Integer(), nullable=True))
        batch_op.drop_constraint(op.f('ck_decision_action'), type_='check')
        batch_op.create_check_constraint(op.f('ck_decision_action'), ACTION)
        batch_op.create_check_constraint(op.f('ck_decision_asked_by'), "asked_by IN ('author', 'provider', 'reader', 'moderator')")
        batch_op.create_index('ix_decision_decided_at', ['decided_at'], unique=False)
        batch_op.create_unique_constraint(batch_op.f('uq_decision_reverses_id'), ['reverses_id'])
        batch_op.create_foreign_key(batch_op.f('fk_decision_reverses_id_decision'), 'decision', ['reverses_id'], ['id'])

    with op.batch_alter_table('listing', schema=None) as batch_op:
        batch_op.add_column(sa.Column('priced_count', sa.Integer(), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('within_quote', sa.Integer(), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('timed_count', sa.Integer(), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('on_time', sa.Integer(), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('report_values', sa.JSON(), server_default='{}', nullable=False))
        batch_op.add_column(sa.Column('invited_count', sa.Integer(), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('answered_count', sa.Integer(), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('invited_days', sa.Integer(), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('invited_from', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('invited_to', sa.Date(), nullable=True))

    with op.batch_alter_table('provider', schema=None) as batch_op:
        batch_op.add_column(sa.Column('warned_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('flags_made', sa.Integer(), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('flags_upheld', sa.Integer(), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('flags_dismissed', sa.Integer(), server_default='0', nullable=False))

    with op.batch_alter_table('review', schema=None) as batch_op:
        batch_op.add_column(sa.Column('edited_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('helpful_count', sa.Integer(), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('risk', sa.Integer(), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('risk_reasons', sa.JSON(), server_default='[]', nullable=False))
        batch_op.add_column(sa.Column('network', sa.String(length=64), nullable=True))
        batch_op.create_check_constraint(op.f('ck_review_risk'), 'risk BETWEEN 0 AND 100')
        batch_op.create_index('ix_review_network', ['network', 'submitted_at'], unique=False)
        batch_op.drop_index('ix_review_listing_id_status')
        batch_op.create_index('ix_review_listing_id_status', ['listing_id', 'status', 'published_at', 'level', 'rating', 'helpful_count', 'real_cost', 'real_currency', 'real_time', 'real_time_unit'], unique=False)

    op.execute(
        "UPDATE decision SET asked_by = CASE WHEN subject = 'review' THEN 'author' ELSE 'provider' END "
        "WHERE action IN ('publish', 'reject')"
    )
    op.execute(
        "UPDATE decision SET rating = (SELECT review.rating FROM review WHERE review.id = decision.subject_id) "
        "WHERE subject = 'review'"
    )
    op.execute(
        "INSERT INTO action_log (at, actor_id, action, subject, subject_id, version, ground, decision_id) "
        "SELECT decided_at, actor_id, action, subject, subject_id, version, ground, id FROM decision ORDER BY id"
    )
    _refuse_changes()


def _refuse_changes():
    if op.get_bind().dialect.name == 'postgresql':
        op.execute(
            'CREATE TRIGGER action_log_append_only BEFORE UPDATE OR DELETE ON action_log '
            'FOR EACH ROW EXECUTE FUNCTION refuse_change()'
        )
        op.execute(
            'CREATE TRIGGER action_log_no_truncate BEFORE TRUNCATE ON action_log '
            'FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()'
        )
    else:
        for change in ('UPDATE', 'DELETE'):
            op.execute(
                f'CREATE TRIGGER action_log_no_{change.lower()} BEFORE {change} ON action_log '
                "BEGIN SELECT RAISE(ABORT, 'action_log can only be added to'); END"
            )


def downgrade():
    if op.get_bind().dialect.name == 'postgresql':
        op.execute('DROP TRIGGER action_log_append_only ON action_log')
        op.execute('DROP TRIGGER action_log_no_truncate ON action_log')
    with op.batch_alter_table('review', schema=None) as batch_op:
        batch_op.drop_index('ix_review_listing_id_status')
        batch_op.create_index('ix_review_listing_id_status', ['listing_id', 'status', 'published_at'], unique=False)
        batch_op.drop_index('ix_review_network')
        batch_op.drop_constraint(op.f('ck_review_risk'), type_='check')
        batch_op.drop_column('network')
        batch_op.drop_column('risk_reasons')
        batch_op.drop_column('risk')
        batch_op.drop_column('helpful_count')
        batch_op.drop_column('edited_at')

    with op.batch_alter_table('provider', schema=None) as batch_op:
        batch_op.drop_column('flags_dismissed')
        batch_op.drop_column('flags_upheld')
        batch_op.drop_column('flags_made')
        batch_op.drop_column('warned_at')

    with op.batch_alter_table('listing', schema=None) as batch_op:
        batch_op.drop_column('report_values')
        batch_op.drop_column('invited_to')
        batch_op.drop_column('invited_from')
        batch_op.drop_column('invited_days')
        batch_op.drop_column('answered_count')
        batch_op.drop_column('invited_count')
        batch_op.drop_column('on_time')
        batch_op.drop_column('timed_count')
        batch_op.drop_column('within_quote')
        batch_op.drop_column('priced_count')

    with op.batch_alter_table('decision', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_decision_reverses_id_decision'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('uq_decision_reverses_id'), type_='unique')
        batch_op.drop_index('ix_decision_decided_at')
        batch_op.drop_constraint(op.f('ck_decision_asked_by'), type_='check')
        batch_op.drop_constraint(op.f('ck_decision_action'), type_='check')
        batch_op.create_check_constraint(op.f('ck_decision_action'), FORMER_ACTION)
        batch_op.drop_column('reverses_id')
        batch_op.drop_column('rating')
        batch_op.drop_column('asked_by')

    with op.batch_alter_table('reply_version', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_reply_version_reply_id'))

    op.drop_table('reply_version')
    with op.batch_alter_table('flag', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_flag_user_id'))
        batch_op.drop_index('ix_flag_status_submitted_at')
        batch_op.drop_index(batch_op.f('ix_flag_review_id'))
        batch_op.drop_index(batch_op.f('ix_flag_reply_id'))
        batch_op.drop_index(batch_op.f('ix_flag_provider_id'))
        batch_op.drop_index(batch_op.f('ix_flag_listing_id'))
        batch_op.drop_index(batch_op.f('ix_flag_by_provider_id'))

    op.drop_table('flag')
    with op.batch_alter_table('review_vote', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_review_vote_user_id'))

    op.drop_table('review_vote')
    with op.batch_alter_table('review_version', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_review_version_review_id'))

    op.drop_table('review_version')
    op.drop_table('review_signature')
    op.drop_table('review_edit')
    with op.batch_alter_table('review_band', schema=None) as batch_op:
        batch_op.drop_index('ix_review_band_band_hash')

    op.drop_table('review_band')
    with op.batch_alter_table('reply', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_reply_user_id'))
        batch_op.drop_index('ix_reply_status_submitted_at')
        batch_op.drop_index(batch_op.f('ix_reply_provider_id'))

    op.drop_table('reply')
    with op.batch_alter_table('receipt', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_receipt_user_id'))
        batch_op.drop_index(batch_op.f('ix_receipt_review_id'))

    op.drop_table('receipt')
    with op.batch_alter_table('proof', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_proof_seen_by'))
        batch_op.drop_index(batch_op.f('ix_proof_review_id'))
        batch_op.drop_index('ix_proof_deleted_at')

    op.drop_table('proof')
    with op.batch_alter_table('invite', schema=None) as batch_op:
        batch_op.drop_index('ix_invite_state_sent_at')
        batch_op.drop_index(batch_op.f('ix_invite_review_id'))
        batch_op.drop_index('ix_invite_address_hash')

    op.drop_table('invite')
    with op.batch_alter_table('invite_batch', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_invite_batch_user_id'))

    op.drop_table('invite_batch')
    op.drop_table('decision_undo')
    with op.batch_alter_table('appeal', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_appeal_user_id'))
        batch_op.drop_index('ix_appeal_status_submitted_at')
        batch_op.drop_index(batch_op.f('ix_appeal_provider_id'))
        batch_op.drop_index(batch_op.f('ix_appeal_listing_id'))

    op.drop_table('appeal')
    op.drop_table('signing_key')
    op.drop_table('invite_opt_out')
    with op.batch_alter_table('action_log', schema=None) as batch_op:
        batch_op.drop_index('ix_action_log_subject')

    op.drop_table('action_log')
