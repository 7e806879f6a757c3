"""Pictures: one small drawing for each term, of shapes and computed curves. Looks at the palette alone."""
