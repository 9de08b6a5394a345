# SQLite: inserts one by one, an index, and selects with joins and groups
insert_and_select() { rm -f "$SCRATCH/database" && sqlite3 "$SCRATCH/database" </bench/rows.sql; }
measure insert_and_select
