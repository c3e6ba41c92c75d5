"""Promises, waiting lists and gifts; credit, coupons, carts; what becomes of an order."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


WORDS_BEFORE = {
    'seat': ('state', ('held', 'paid', 'released')),
    'checkout': ('state', ('open', 'paid', 'released')),
    'purchase_order': (
        'state', ('paid', 'packed', 'shipped', 'received', 'cancelled', 'returned')
    ),
    'payment': ('state', ('received', 'fulfilled', 'refunded')),
    'refund': ('reason', ('group_failed', 'difference', 'too_late', 'paid_twice', 'cancelled')),
}
WORDS_AFTER = {
    'seat': ('state', ('held', 'promised', 'paid', 'released')),
    'checkout': ('state', ('open', 'promised', 'by_hand', 'paid', 'released')),
    'purchase_order': (
        'state',
        ('paid', 'packed', 'shipped', 'received', 'cancelled', 'returning', 'returned'),
    ),
    'payment': ('state', ('received', 'late', 'fulfilled', 'refunded')),
    'refund': (
        'reason',
        ('group_failed', 'difference', 'too_late', 'chosen', 'left', 'unclaimed', 'tolerance',
         'surplus', 'paid_twice', 'cancelled', 'returned', 'goodwill'),
    ),
}
CHECKS = {
    'seat': 'ck_seat_seatstate',
    'checkout': 'ck_checkout_checkoutstate',
    'purchase_order': 'ck_purchase_order_orderstate',
    'payment': 'ck_payment_paymentstate',
    'refund': 'ck_refund_refundreason',
}


# Every transaction and currency of the ledger sums to zero when it is committed (decision 0010).
# SQLite: what does not balance yet lies on the scale, in a row whose key points nowhere; a key is
# looked at when the transaction commits, and by then the row must be gone.
LEDGER_UP = {
    'sqlite': (
        """CREATE TABLE ledger_entry_scale (
            id INTEGER PRIMARY KEY,
            transaction_key TEXT NOT NULL, currency TEXT NOT NULL, amount_minor INTEGER NOT NULL,
            zero_id INTEGER NOT NULL DEFAULT 0
                REFERENCES ledger_entry_scale (id) DEFERRABLE INITIALLY DEFERRED,
            UNIQUE (transaction_key, currency))""",
        """CREATE TRIGGER ledger_entry_weigh AFTER INSERT ON ledger_entry BEGIN
            INSERT INTO ledger_entry_scale (transaction_key, currency, amount_minor)
                VALUES (NEW.transaction_key, NEW.currency, NEW.amount_minor)
                ON CONFLICT DO UPDATE SET amount_minor = amount_minor + excluded.amount_minor;
            DELETE FROM ledger_entry_scale WHERE transaction_key = NEW.transaction_key
                AND currency = NEW.currency AND amount_minor = 0; END""",
        # INSERT OR REPLACE deletes without asking the trigger on DELETE.
        """CREATE TRIGGER ledger_entry_no_replace BEFORE INSERT ON ledger_entry
            WHEN EXISTS (SELECT 1 FROM ledger_entry WHERE id = NEW.id
                OR (transaction_key = NEW.transaction_key
                    AND account = NEW.account AND currency = NEW.currency))
            BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END""",
    ),
    'postgresql': (
        """CREATE FUNCTION ledger_entry_balance() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF (SELECT sum(amount_minor) FROM ledger_entry
                    WHERE transaction_key = NEW.transaction_key AND currency = NEW.currency) <> 0
                THEN RAISE EXCEPTION 'the ledger does not balance: %', NEW.transaction_key
                    USING ERRCODE = 'integrity_constraint_violation';
                END IF;
                RETURN NULL;
            END $$""",
        """CREATE CONSTRAINT TRIGGER ledger_entry_balance AFTER INSERT ON ledger_entry
            DEFERRABLE INITIALLY DEFERRED
            FOR EACH ROW EXECUTE FUNCTION ledger_entry_balance()""",
    ),
}
LEDGER_DOWN = {
    'sqlite': (
        'DROP TRIGGER ledger_entry_no_replace',
        'DROP TRIGGER ledger_entry_weigh',
        'DROP TABLE ledger_entry_scale',
    ),
    'postgresql': (
        'DROP TRIGGER ledger_entry_balance ON ledger_entry',
        'DROP FUNCTION ledger_entry_balance()',
    ),
}


def _weigh(statements: dict[str, tuple[str, ...]]) -> None:
    for statement in statements[op.get_bind().dialect.name]:
        op.execute(statement)


def _say(words: dict[str, tuple[str, tuple[str, ...]]]) -> None:
    """What these columns may say from now on."""
    for table, (column, allowed) in words.items():
        name = op.f(CHECKS[table])
        listed = ', '.join(f"'{word}'" for word in allowed)
        with op.batch_alter_table(table) as batch_op:
            batch_op.drop_constraint(name, type_='check')
            batch_op.create_check_constraint(name, f'{column} IN ({listed})')


def upgrade() -> None:
    op.create_table('credit',
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('currency', sqlmodel.sql.sqltypes.AutoString(length=3), nullable=False),
    sa.Column('balance_minor', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('balance_minor >= 0', name=op.f('ck_credit_balance')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_credit_person_id_person')),
    sa.PrimaryKeyConstraint('person_id', 'currency', name=op.f('pk_credit'))
    )
    op.create_table('star_cursor',
    sa.Column('bot_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('looked_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
    sa.PrimaryKeyConstraint('bot_id', name=op.f('pk_star_cursor'))
    )
    op.create_table('shipping_rule',
    sa.Column('brand_id', sa.Integer(), nullable=False),
    sa.Column('country', sqlmodel.sql.sqltypes.AutoString(length=2), nullable=False),
    sa.Column('flat_minor', sa.Integer(), nullable=False),
    sa.Column('free_from_minor', sa.Integer(), nullable=True),
    sa.CheckConstraint('flat_minor >= 0', name=op.f('ck_shipping_rule_flat')),
    sa.ForeignKeyConstraint(['brand_id'], ['brand.id'], name=op.f('fk_shipping_rule_brand_id_brand')),
    sa.PrimaryKeyConstraint('brand_id', 'country', name=op.f('pk_shipping_rule'))
    )
    op.create_table('coupon',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
    sa.Column('word', sqlmodel.sql.sqltypes.AutoString(length=24), nullable=False),
    sa.Column('brand_id', sa.Integer(), nullable=True),
    sa.Column('category_id', sa.Integer(), nullable=True),
    sa.Column('product_id', sa.Integer(), nullable=True),
    sa.Column('currency', sqlmodel.sql.sqltypes.AutoString(length=3), nullable=False),
    sa.Column('percent', sa.Integer(), nullable=False),
    sa.Column('amount_minor', sa.Integer(), nullable=False),
    sa.Column('min_spend_minor', sa.Integer(), nullable=False),
    sa.Column('uses_left', sa.Integer(), nullable=False),
    sa.Column('per_person', sa.Integer(), nullable=False),
    sa.Column('starts_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
    sa.Column('ends_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
    sa.Column('days', sa.Integer(), nullable=True),
    sa.Column('closed', sa.Boolean(), nullable=False),
    sa.Column('created_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
    sa.CheckConstraint('(percent > 0) <> (amount_minor > 0)', name=op.f('ck_coupon_one_kind')),
    sa.CheckConstraint('percent >= 0 AND percent <= 100', name=op.f('ck_coupon_percent')),
    sa.CheckConstraint('uses_left >= 0', name=op.f('ck_coupon_uses_left')),
    sa.ForeignKeyConstraint(['brand_id'], ['brand.id'], name=op.f('fk_coupon_brand_id_brand')),
    sa.ForeignKeyConstraint(['category_id'], ['category.id'], name=op.f('fk_coupon_category_id_category')),
    sa.ForeignKeyConstraint(['product_id'], ['product.id'], name=op.f('fk_coupon_product_id_product')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_coupon')),
    sa.UniqueConstraint('code', name=op.f('uq_coupon_code')),
    sa.UniqueConstraint('word', name=op.f('uq_coupon_word'))
    )
    with op.batch_alter_table('coupon', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_coupon_brand_id'), ['brand_id'], unique=False)

    op.create_table('cart_line',
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('variant_id', sa.Integer(), nullable=False),
    sa.Column('quantity', sa.Integer(), nullable=False),
    sa.Column('created_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
    sa.CheckConstraint('quantity > 0', name=op.f('ck_cart_line_quantity')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_cart_line_person_id_person')),
    sa.ForeignKeyConstraint(['variant_id'], ['variant.id'], name=op.f('fk_cart_line_variant_id_variant')),
    sa.PrimaryKeyConstraint('person_id', 'variant_id', name=op.f('pk_cart_line'))
    )
    with op.batch_alter_table('cart_line', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_cart_line_variant_id'), ['variant_id'], unique=False)

    op.create_table('coupon_taken',
    sa.Column('coupon_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('taken_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
    sa.Column('ends_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
    sa.Column('reminded_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
    sa.ForeignKeyConstraint(['coupon_id'], ['coupon.id'], name=op.f('fk_coupon_taken_coupon_id_coupon')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_coupon_taken_person_id_person')),
    sa.PrimaryKeyConstraint('coupon_id', 'person_id', name=op.f('pk_coupon_taken'))
    )
    with op.batch_alter_table('coupon_taken', schema=None) as batch_op:
        batch_op.create_index('ix_coupon_taken_ends_at', ['ends_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_coupon_taken_person_id'), ['person_id'], unique=False)

    op.create_table('seat_gift',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
    sa.Column('seat_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.Enum('open', 'claimed', 'returned', name='giftstate', native_enum=False, create_constraint=True, length=16), nullable=False),
    sa.Column('friend_id', sa.Integer(), nullable=True),
    sa.Column('expires_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
    sa.Column('created_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['friend_id'], ['person.id'], name=op.f('fk_seat_gift_friend_id_person')),
    sa.ForeignKeyConstraint(['seat_id'], ['seat.id'], name=op.f('fk_seat_gift_seat_id_seat')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_seat_gift')),
    sa.UniqueConstraint('code', name=op.f('uq_seat_gift_code'))
    )
    with op.batch_alter_table('seat_gift', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_seat_gift_seat_id'), ['seat_id'], unique=False)
        batch_op.create_index('ix_seat_gift_state_expires_at', ['state', 'expires_at'], unique=False)

    op.create_table('typed_order',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('chat_id', sa.BigInteger(), nullable=False),
    sa.Column('message_id', sa.BigInteger(), nullable=False),
    sa.Column('group_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('seat_id', sa.Integer(), nullable=True),
    sa.Column('least', sa.Integer(), nullable=False),
    sa.Column('most', sa.Integer(), nullable=False),
    sa.Column('created_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['group_id'], ['group_buy.id'], name=op.f('fk_typed_order_group_id_group_buy')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_typed_order_person_id_person')),
    sa.ForeignKeyConstraint(['seat_id'], ['seat.id'], name=op.f('fk_typed_order_seat_id_seat')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_typed_order')),
    sa.UniqueConstraint('chat_id', 'message_id', name=op.f('uq_typed_order_chat_id_message_id'))
    )
    with op.batch_alter_table('typed_order', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_typed_order_group_id'), ['group_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_typed_order_seat_id'), ['seat_id'], unique=False)

    op.create_table('waiter',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('group_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('bot_id', sa.BigInteger(), nullable=False),
    sa.Column('state', sa.Enum('waiting', 'offered', 'served', 'gone', name='waiterstate', native_enum=False, create_constraint=True, length=16), nullable=False),
    sa.Column('seat_id', sa.Integer(), nullable=True),
    sa.Column('created_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['group_id'], ['group_buy.id'], name=op.f('fk_waiter_group_id_group_buy')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_waiter_person_id_person')),
    sa.ForeignKeyConstraint(['seat_id'], ['seat.id'], name=op.f('fk_waiter_seat_id_seat')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_waiter'))
    )
    with op.batch_alter_table('waiter', schema=None) as batch_op:
        batch_op.create_index('ix_waiter_group_id_state', ['group_id', 'state', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_waiter_person_id'), ['person_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_waiter_seat_id'), ['seat_id'], unique=False)
        batch_op.create_index('uq_waiter_in_line', ['group_id', 'person_id'], unique=True, sqlite_where=sa.text("state IN ('waiting', 'offered')"), postgresql_where=sa.text("state IN ('waiting', 'offered')"))

    op.create_table('checkout_parcel',
    sa.Column('checkout_id', sa.Integer(), nullable=False),
    sa.Column('brand_id', sa.Integer(), nullable=False),
    sa.Column('shipping_minor', sa.Integer(), nullable=False),
    sa.Column('discount_minor', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['brand_id'], ['brand.id'], name=op.f('fk_checkout_parcel_brand_id_brand')),
    sa.ForeignKeyConstraint(['checkout_id'], ['checkout.id'], name=op.f('fk_checkout_parcel_checkout_id_checkout')),
    sa.PrimaryKeyConstraint('checkout_id', 'brand_id', name=op.f('pk_checkout_parcel'))
    )
    with op.batch_alter_table('checkout_parcel', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_checkout_parcel_brand_id'), ['brand_id'], unique=False)

    op.create_table('coupon_use',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('coupon_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('checkout_id', sa.Integer(), nullable=False),
    sa.Column('discount_minor', sa.Integer(), nullable=False),
    sa.Column('given_back', sa.Boolean(), nullable=False),
    sa.Column('created_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['checkout_id'], ['checkout.id'], name=op.f('fk_coupon_use_checkout_id_checkout')),
    sa.ForeignKeyConstraint(['coupon_id'], ['coupon.id'], name=op.f('fk_coupon_use_coupon_id_coupon')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_coupon_use_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_coupon_use')),
    sa.UniqueConstraint('checkout_id', name=op.f('uq_coupon_use_checkout_id'))
    )
    with op.batch_alter_table('coupon_use', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_coupon_use_coupon_id'), ['coupon_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_coupon_use_person_id'), ['person_id'], unique=False)

    op.create_table('order_event',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('order_id', sa.Integer(), nullable=False),
    sa.Column('kind', sqlmodel.sql.sqltypes.AutoString(length=24), nullable=False),
    sa.Column('actor_id', sa.Integer(), nullable=True),
    sa.Column('note', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('amount_minor', sa.Integer(), nullable=False),
    sa.Column('created_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['actor_id'], ['person.id'], name=op.f('fk_order_event_actor_id_person')),
    sa.ForeignKeyConstraint(['order_id'], ['purchase_order.id'], name=op.f('fk_order_event_order_id_purchase_order')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_order_event'))
    )
    with op.batch_alter_table('order_event', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_order_event_order_id'), ['order_id'], unique=False)

    with op.batch_alter_table('brand', schema=None) as batch_op:
        batch_op.add_column(sa.Column('by_hand', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column('by_hand_note', sqlmodel.sql.sqltypes.AutoString(), nullable=False, server_default=''))

    with op.batch_alter_table('checkout') as batch_op:
        batch_op.add_column(sa.Column('discount_minor', sa.Integer(), nullable=False, server_default='0'))
        batch_op.add_column(sa.Column('credit_minor', sa.Integer(), nullable=False, server_default='0'))
        batch_op.add_column(sa.Column('coupon_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('country', sqlmodel.sql.sqltypes.AutoString(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('invoiced', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.create_check_constraint(batch_op.f('ck_checkout_amounts'), 'total_minor >= 0 AND credit_minor >= 0 AND credit_minor <= total_minor')
        batch_op.create_check_constraint(batch_op.f('ck_checkout_discount'), 'discount_minor >= 0')
        batch_op.create_index(batch_op.f('ix_checkout_coupon_id'), ['coupon_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_checkout_coupon_id_coupon'), 'coupon', ['coupon_id'], ['id'])

    with op.batch_alter_table('deal') as batch_op:
        batch_op.add_column(sa.Column('commitment', sa.Enum('pay_now', 'promise', name='commitment', native_enum=False, create_constraint=True, length=16), nullable=False, server_default='pay_now'))
        batch_op.add_column(sa.Column('pay_minutes', sa.Integer(), nullable=False, server_default='30'))

    with op.batch_alter_table('group_buy') as batch_op:
        batch_op.add_column(sa.Column('promised', sa.Integer(), nullable=False, server_default='0'))
        batch_op.add_column(sa.Column('accepted', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.create_check_constraint(batch_op.f('ck_group_buy_promised'), 'promised >= 0 AND paid + promised <= capacity')

    with op.batch_alter_table('payment') as batch_op:
        batch_op.add_column(sa.Column('decide_by', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))
        batch_op.create_index('ix_payment_state_decide_by', ['state', 'decide_by'], unique=False)
        batch_op.create_index('uq_payment_late', ['checkout_id'], unique=True, sqlite_where=sa.text("state = 'late'"), postgresql_where=sa.text("state = 'late'"))

    with op.batch_alter_table('purchase_order') as batch_op:
        batch_op.add_column(sa.Column('discount_minor', sa.Integer(), nullable=False, server_default='0'))
        batch_op.add_column(sa.Column('refunded_minor', sa.Integer(), nullable=False, server_default='0'))
        batch_op.add_column(sa.Column('carrier', sqlmodel.sql.sqltypes.AutoString(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('tracking', sqlmodel.sql.sqltypes.AutoString(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('shipped_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column('received_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))
        batch_op.create_check_constraint(op.f('ck_purchase_order_refunded'), 'refunded_minor >= 0 AND refunded_minor <= total_minor')
        batch_op.create_index('ix_purchase_order_brand_id_state_id', ['brand_id', 'state', 'id'], unique=False)
        batch_op.create_index('ix_purchase_order_on_its_way', ['shipped_at'], unique=False, sqlite_where=sa.text("state = 'shipped'"), postgresql_where=sa.text("state = 'shipped'"))

    with op.batch_alter_table('refund') as batch_op:
        batch_op.add_column(sa.Column('provider', sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('order_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('alerted_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))
        batch_op.create_index(batch_op.f('ix_refund_order_id'), ['order_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_refund_order_id_purchase_order'), 'purchase_order', ['order_id'], ['id'])

    op.execute('UPDATE refund SET provider = (SELECT provider FROM payment WHERE payment.id = refund.payment_id)')
    _say(WORDS_AFTER)
    _weigh(LEDGER_UP)


def downgrade() -> None:
    _weigh(LEDGER_DOWN)
    _say(WORDS_BEFORE)
    with op.batch_alter_table('refund') as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_refund_order_id_purchase_order'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_refund_order_id'))
        batch_op.drop_column('alerted_at')
        batch_op.drop_column('order_id')
        batch_op.drop_column('provider')

    with op.batch_alter_table('purchase_order') as batch_op:
        batch_op.drop_index('ix_purchase_order_on_its_way')
        batch_op.drop_index('ix_purchase_order_brand_id_state_id')
        batch_op.drop_constraint(op.f('ck_purchase_order_refunded'), type_='check')
        batch_op.drop_column('received_at')
        batch_op.drop_column('shipped_at')
        batch_op.drop_column('tracking')
        batch_op.drop_column('carrier')
        batch_op.drop_column('refunded_minor')
        batch_op.drop_column('discount_minor')

    with op.batch_alter_table('payment') as batch_op:
        batch_op.drop_index('uq_payment_late', sqlite_where=sa.text("state = 'late'"), postgresql_where=sa.text("state = 'late'"))
        batch_op.drop_index('ix_payment_state_decide_by')
        batch_op.drop_column('decide_by')

    with op.batch_alter_table('group_buy') as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_group_buy_promised'), type_='check')
        batch_op.drop_column('accepted')
        batch_op.drop_column('promised')

    with op.batch_alter_table('deal') as batch_op:
        batch_op.drop_column('pay_minutes')
        batch_op.drop_constraint(batch_op.f('ck_deal_commitment'), type_='check')
        batch_op.drop_column('commitment')

    with op.batch_alter_table('checkout') as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_checkout_amounts'), type_='check')
        batch_op.drop_constraint(batch_op.f('ck_checkout_discount'), type_='check')
        batch_op.drop_constraint(batch_op.f('fk_checkout_coupon_id_coupon'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_checkout_coupon_id'))
        batch_op.drop_column('invoiced')
        batch_op.drop_column('country')
        batch_op.drop_column('coupon_id')
        batch_op.drop_column('credit_minor')
        batch_op.drop_column('discount_minor')

    with op.batch_alter_table('brand', schema=None) as batch_op:
        batch_op.drop_column('by_hand_note')
        batch_op.drop_column('by_hand')

    with op.batch_alter_table('order_event', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_order_event_order_id'))

    op.drop_table('order_event')
    with op.batch_alter_table('coupon_use', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_coupon_use_person_id'))
        batch_op.drop_index(batch_op.f('ix_coupon_use_coupon_id'))

    op.drop_table('coupon_use')
    with op.batch_alter_table('checkout_parcel', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_checkout_parcel_brand_id'))

    op.drop_table('checkout_parcel')
    with op.batch_alter_table('waiter', schema=None) as batch_op:
        batch_op.drop_index('uq_waiter_in_line', sqlite_where=sa.text("state IN ('waiting', 'offered')"), postgresql_where=sa.text("state IN ('waiting', 'offered')"))
        batch_op.drop_index(batch_op.f('ix_waiter_seat_id'))
        batch_op.drop_index(batch_op.f('ix_waiter_person_id'))
        batch_op.drop_index('ix_waiter_group_id_state')

    op.drop_table('waiter')
    with op.batch_alter_table('typed_order', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_typed_order_seat_id'))
        batch_op.drop_index(batch_op.f('ix_typed_order_group_id'))

    op.drop_table('typed_order')
    with op.batch_alter_table('seat_gift', schema=None) as batch_op:
        batch_op.drop_index('ix_seat_gift_state_expires_at')
        batch_op.drop_index(batch_op.f('ix_seat_gift_seat_id'))

    op.drop_table('seat_gift')
    with op.batch_alter_table('coupon_taken', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_coupon_taken_person_id'))
        batch_op.drop_index('ix_coupon_taken_ends_at')

    op.drop_table('coupon_taken')
    with op.batch_alter_table('cart_line', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_cart_line_variant_id'))

    op.drop_table('cart_line')
    with op.batch_alter_table('coupon', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_coupon_brand_id'))

    op.drop_table('coupon')
    op.drop_table('shipping_rule')
    op.drop_table('star_cursor')
    op.drop_table('credit')
