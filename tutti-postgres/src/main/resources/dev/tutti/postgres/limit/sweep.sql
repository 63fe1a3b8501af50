-- a bucket that is full is as good as none
delete from tutti.rate_limit
where ctid = any (array(
    select ctid
    from tutti.rate_limit
    where full_at < extract(epoch from tutti.clock()) * 1000000
    limit 10000
    for update skip locked))
