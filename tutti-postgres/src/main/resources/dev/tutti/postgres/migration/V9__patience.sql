-- An append waits about a second for a stream that another transaction has locked, and then lets its caller decide: the
-- other streams of the same append must not wait for it any longer.
alter function tutti.append(text[], text[], text[], bytea[]) set lock_timeout = '1s';
