"""A small warehouse: items, stock with reservations, and asynchronous deliveries."""
