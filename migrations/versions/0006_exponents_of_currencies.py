"""What a stored amount means is written down: the exponents of ISO 4217, one row a currency.

Until now minor units were cut by the display precision of a library's edition. Where that edition differed from ISO 4217,
stored prices and reported costs are multiplied, so that they mean what they meant. What was sent to Stripe is not: there an
amount always meant what Stripe says.

Revision ID: 0006
"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None

# As this release's table has them; it stays as it is.
CODES = {
    0: 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF',
    2: (
        'AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF'
        ' CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG'
        ' HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR'
        ' MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD'
        ' SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XCD XCG'
        ' YER ZAR ZMW ZWG'
    ),
    3: 'BHD IQD JOD KWD LYD OMR TND',
    4: 'CLF UYW',
}
# Those that had no decimals before, and what their amounts are multiplied with.
GREW = {code: 100 for code in 'AFN ALL IRR KPW LAK LBP MGA MMK RSD SOS SYP YER'.split()} | {'IQD': 1000}
AMOUNTS = {
    ('listing', 'currency'): ('fee_min', 'fee_max', 'official_fee', 'reported_cost'),
    ('listing_edit', 'currency'): ('fee_min', 'fee_max', 'official_fee'),
    ('review', 'real_currency'): ('real_cost',),
    ('review_edit', 'real_currency'): ('real_cost',),
    ('review_version', 'real_currency'): ('real_cost',),
}


def upgrade():
    table = op.create_table('currency_exponent',
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('digits', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('currency', name=op.f('pk_currency_exponent'))
    )
    op.bulk_insert(
        table,
        [{'currency': code, 'digits': digits} for digits, codes in CODES.items() for code in codes.split()],
    )
    _scale('*')


def downgrade():
    _scale('/')
    op.drop_table('currency_exponent')


def _scale(sign):
    for (table, currency), columns in AMOUNTS.items():
        for code, factor in GREW.items():
            changes = ', '.join(f'{column} = {column} {sign} {factor}' for column in columns)
            op.execute(f"UPDATE {table} SET {changes} WHERE {currency} = '{code}'")
    _scale_drawn_values(sign)


def _scale_drawn_values(sign):
    listing = sa.table('listing', sa.column('id'), sa.column('currency'), sa.column('report_values', sa.JSON))
    database = op.get_bind()
    for row in database.execute(sa.select(listing).where(listing.c.currency.in_(GREW))).all():
        factor = GREW[row.currency]
        drawn = row.report_values or {}
        if 'cost' in drawn:
            moved = [[value * factor if sign == '*' else value / factor, count] for value, count in drawn['cost']]
            change = sa.update(listing).where(listing.c.id == row.id).values(report_values={**drawn, 'cost': moved})
            database.execute(change)
