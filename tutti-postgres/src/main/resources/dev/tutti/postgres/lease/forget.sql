select tutti.forget_leases(make_interval(secs => :age), :most)
