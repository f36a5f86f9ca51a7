"""Where members were seen (keyed hashes of networks), and what stood out in the addresses of a list of clients.

Of lists that were sent before only the size is known.

Revision ID: 0013
"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None


NUMBERS = ('listed', 'near_members', 'own_domain', 'same_mailbox', 'free_mail')


def upgrade():
    op.create_table('network_sighting',
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('network', sa.String(length=64), nullable=False),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_network_sighting_user_id_user'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('user_id', 'network', name=op.f('pk_network_sighting'))
    )
    with op.batch_alter_table('network_sighting', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_network_sighting_network'), ['network'], unique=False)
        batch_op.create_index(batch_op.f('ix_network_sighting_seen_at'), ['seen_at'], unique=False)
    with op.batch_alter_table('invite_batch', schema=None) as batch_op:
        for name in NUMBERS:
            batch_op.add_column(sa.Column(name, sa.Integer(), nullable=True))
    op.execute(
        "UPDATE invite_batch SET listed ="
        " (SELECT count(*) FROM invite WHERE invite.batch_id = invite_batch.id)"
    )


def downgrade():
    with op.batch_alter_table('invite_batch', schema=None) as batch_op:
        for name in NUMBERS:
            batch_op.drop_column(name)
    op.drop_table('network_sighting')
