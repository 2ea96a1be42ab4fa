"""What the demo shop holds: users and orders, in memory and bounded."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Annotated, Generic, Literal, TypeAlias, TypeVar

import msgspec

CREATED_LIMIT = 10_000

Team: TypeAlias = Literal["data", "design", "mobile", "platform"]
OrderStatus: TypeAlias = Literal["open", "paid", "shipped", "cancelled"]
Name: TypeAlias = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class NewUser(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a client may say of a user."""

    name: Name
    email: Annotated[str, msgspec.Meta(pattern=r"^[^@\s]+@[^@\s]+$", max_length=200)]
    team: Team = "platform"
    age: Annotated[int, msgspec.Meta(ge=0, le=150)] | None = None
    tags: Annotated[list[str], msgspec.Meta(max_length=20)] = []
    active: bool = True


class User(msgspec.Struct, frozen=True):
    """A user of the shop."""

    id: int
    name: str
    email: str
    team: Team
    age: int | None
    tags: list[str]
    active: bool
    created: datetime


class OrderItem(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One line of an order; the price is of one piece."""

    sku: Name
    quantity: Annotated[int, msgspec.Meta(ge=1, le=1000)] = 1
    price: Annotated[float, msgspec.Meta(ge=0)] = 9.5


class NewOrder(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a client may say of an order."""

    user_id: int
    items: Annotated[list[OrderItem], msgspec.Meta(min_length=1, max_length=100)]
    status: OrderStatus = "open"
    note: Annotated[str, msgspec.Meta(max_length=1000)] = ""


class Order(msgspec.Struct, frozen=True):
    """An order; total is the sum of its items."""

    id: int
    user_id: int
    items: list[OrderItem]
    status: OrderStatus
    note: str
    total: float
    created: datetime


Row = TypeVar("Row")


class Table(Generic[Row]):
    """Rows by id, with at most CREATED_LIMIT created ones: the oldest of them makes room."""

    def __init__(self, seed: Callable[[], Iterable[Row]]) -> None:
        self._seed = seed
        self.reset()

    def reset(self) -> None:
        """Back to the rows it began with."""
        self.rows: dict[int, Row] = dict(enumerate(self._seed(), 1))
        self._created: deque[int] = deque()
        self._next_id = len(self.rows) + 1

    def add(self, make: Callable[[int], Row]) -> int:
        """Keep the row that `make` makes for a new id."""
        if len(self._created) >= CREATED_LIMIT:
            self.rows.pop(self._created.popleft(), None)
        number, self._next_id = self._next_id, self._next_id + 1
        self.rows[number] = make(number)
        self._created.append(number)
        return number


class Shop:
    """All that the demo API remembers."""

    def __init__(self) -> None:
        self.users: Table[User] = Table(_first_users)
        self.orders: Table[Order] = Table(_first_orders)

    def reset(self) -> None:
        """Forget everything that was created, changed or deleted."""
        self.users.reset()
        self.orders.reset()


_OPENED = datetime(2024, 3, 1, 9, 0, tzinfo=UTC)
_FIRST = ("Ada", "Grace", "Linus", "Barbara", "Edsger", "Margaret", "Alan", "Radia", "Dennis", "Frances")
_LAST = ("Okafor", "Lindqvist", "Moreau", "Tanaka", "Novák", "Silva")
_TEAMS: tuple[Team, ...] = ("platform", "mobile", "data", "design")
_TAGS: tuple[list[str], ...] = (["admin", "early"], ["beta"], [], ["beta", "remote"], ["remote"])
_GOODS = (("keyboard", 89.0), ("mug", 12.5), ("notebook", 4.25), ("lamp", 39.9), ("cable", 7.0))
_STATUSES: tuple[OrderStatus, ...] = ("paid", "open", "shipped", "paid", "cancelled")


def _first_users() -> Iterable[User]:
    for index in range(60):
        first, last = _FIRST[index % 10], _LAST[index % 6]
        yield User(
            id=index + 1,
            name=f"{first} {last}",
            email=f"{first}.{last}{index // 30 or ''}@shop.example".lower().replace("á", "a"),
            team=_TEAMS[index % 4],
            age=21 + (index * 7) % 45,
            tags=list(_TAGS[index % 5]),
            active=index % 9 != 8,
            created=_OPENED + timedelta(days=index, minutes=17 * index),
        )


def _first_orders() -> Iterable[Order]:
    for index in range(30):
        goods = [_GOODS[index % 5], _GOODS[(index * 3 + 1) % 5]][: 1 + index % 2]
        items = [OrderItem(sku, 1 + (index + place) % 3, price) for place, (sku, price) in enumerate(goods)]
        yield Order(
            id=index + 1,
            user_id=1 + (index * 11) % 60,
            items=items,
            status=_STATUSES[index % 5],
            note="",
            total=order_total(items),
            created=_OPENED + timedelta(days=70 + index, hours=index % 9),
        )


def order_total(items: Iterable[OrderItem]) -> float:
    """What the items cost together, in cents' precision."""
    return round(sum(item.quantity * item.price for item in items), 2)
