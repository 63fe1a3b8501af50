-- Drops one partition that is too old; null if there is none.
select tutti.drop_expired(
    :kinds, (select array_agg(age * interval '1 second') from unnest(:ages) as age), :other_age * interval '1 second')
