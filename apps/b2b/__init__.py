"""The exchange: buyers, prices, routes, sales, deliveries, and what buyers say of them."""
