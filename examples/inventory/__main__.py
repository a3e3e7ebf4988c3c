"""A day in the warehouse.

$ python -m jitc_import run -m inventory
"""

import asyncio
from datetime import date
from decimal import Decimal

from .items import Perishable
from .stock import OutOfStockError, Stock, restock


def main() -> None:
    stock = Stock()
    came = asyncio.run(restock(stock, ["nails;0.10", "", "hammer;24.90"], quantity=12))
    stock.add(Perishable("milk", Decimal("1.20"), date(2026, 5, 10)), 5)
    print(f"{came} items delivered, the stock is worth {stock.value()}")
    print(f"three hammers cost {stock.take('hammer', 3)}")
    try:
        with stock.reserved("milk", 4) as cost:
            print(f"four of milk reserved for {cost}; running low: {', '.join(stock.running_low(5))}")
            raise RuntimeError("the customer changed her mind")
    except RuntimeError as error:
        print(f"{error}: {stock.counts['milk']} of milk again")
    try:
        stock.take("hammer", 100)
    except OutOfStockError as error:
        print(f"out of stock: {error}")


if __name__ == "__main__":
    main()
