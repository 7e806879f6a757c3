"""The pages and figures: they read the store, draw and write requests; no maths, and never torch. Looks at core."""
