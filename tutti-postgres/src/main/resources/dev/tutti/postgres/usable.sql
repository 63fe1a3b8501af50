-- Fails if a table is not there or may not be read; none is read.
select current_setting('transaction_read_only')::boolean as read_only
where not exists (select from tutti.stream where false)
  and not exists (select from tutti.event where false)
  and not exists (select from tutti.instance where false)
  and not exists (select from tutti.lease where false)
  and not exists (select from tutti.feed where false)
  and not exists (select from tutti.rate_limit where false)
  and not exists (select from tutti.session_attributes where false)
