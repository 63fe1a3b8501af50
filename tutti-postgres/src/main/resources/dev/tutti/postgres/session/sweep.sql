-- attributes that were not used for too long are as good as none
delete from tutti.session_attributes
where session = any (array(
    select session
    from tutti.session_attributes
    where expires_at < tutti.clock()
    limit 10000
    for update skip locked))
