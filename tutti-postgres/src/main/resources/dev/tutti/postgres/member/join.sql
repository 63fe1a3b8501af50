select tutti.join_members(
    :process, :incarnation, :instance, :address, :role, :draining, :revision, :sessions,
    make_interval(secs => :silence))
