-- Fails if a table is not there or may not be read; none is read. Names the functions that are not there, and null if all are.
select current_setting('transaction_read_only')::boolean as read_only,
       (select string_agg('tutti.' || called.name, ', ' order by called.name)
        from unnest(array[
                 'acquire_lease', 'append', 'change_session', 'claim_connections', 'clock', 'committed_since', 'cover_ahead', 'declare',
                 'delete_feed', 'drop_expired', 'flushed', 'forget_leases', 'heartbeat', 'join_members', 'kept_since', 'present_life',
                 'publish', 'publish_feed', 'put_feed', 'read_session', 'rebase', 'replace_session', 'seen', 'take_tokens']) as called (name)
        where not exists (
            select from pg_proc p
            join pg_namespace n on n.oid = p.pronamespace
            where p.proname = called.name::name and n.nspname = 'tutti')) as missing
where not exists (select from tutti.stream where false)
  and not exists (select from tutti.event where false)
  and not exists (select from tutti.streams where false)
  and not exists (select from tutti.events where false)
  and not exists (select from tutti.instance where false)
  and not exists (select from tutti.lease where false)
  and not exists (select from tutti.feed where false)
  and not exists (select from tutti.rate_limit where false)
  and not exists (select from tutti.session_attributes where false)
