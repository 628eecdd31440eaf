"""The demo's desk: two months of what families, suppliers and colleagues brought to three stores, and
what stands on the desk today. All of it is said to the product's own verbs at the time it happened."""
