-- Whether all that was written to the log before this moment is on the disk. Where the server does not tell, it is not
-- taken for granted.
create function tutti.flushed() returns boolean
    language plpgsql volatile
    as $$
begin
    return pg_current_wal_insert_lsn() <= pg_current_wal_flush_lsn();
exception
    when insufficient_privilege or feature_not_supported then
        return false;
end
$$;
