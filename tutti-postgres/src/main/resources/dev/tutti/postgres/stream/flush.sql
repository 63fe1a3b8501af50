-- Writes all that was logged before it to the disk, whatever the session's commits wait for.
with here as materialized (select set_config('synchronous_commit', 'local', true))
select pg_logical_emit_message(true, 'tutti', '') from here
