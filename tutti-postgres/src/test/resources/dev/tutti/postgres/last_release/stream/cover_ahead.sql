-- Makes the partitions for now and for what comes next.
select tutti.cover_ahead()
