-- Those of some feeds that are newer than what is known of them, until their values are so many bytes.
select key, version, value
from (
    select f.key, f.version, f.value,
           sum(coalesce(octet_length(f.value), 0)) over (order by f.key rows unbounded preceding)
               - coalesce(octet_length(f.value), 0) as before
    from unnest(:keys, :versions) as k (key, version)
    join tutti.feed f on f.key = k.key and f.version > k.version::bigint
) newer
where before <= :most_bytes
