"""Files that other people's programs open. One module per format; writers are pure: values in, text out."""
