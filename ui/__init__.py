"""What people touch: the Streamlit pages and the `doithoai` command."""
