"""What pages look up again and again, kept for all readers: by run and step and frozen settings, never by arrays.
Looks at figures, entrance, markdown, wording and core."""

# The only room that may keep anything in a cache of Streamlit. Data are copied for every reader; what is large, or goes
# on growing, is a resource, which all readers share and nobody changes.
